// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/plancheck.h"
#include "core/plan/estimate.h"
#include "core/plan/planjson.h"
#include "core/plan/proposal.h"
#include "core/plan/targetschema.h"
#include "tests/unit/plan/recordedfacts.h"

#include <QTest>

#include <functional>

using namespace qdrant2pg;

using Change = std::function<void(CheckInput&, CollectionFacts&)>;
Q_DECLARE_METATYPE(Change)

class PlanCheckTest : public QObject {
    Q_OBJECT

private slots:
    void cleanPlanHasNoBlocker();
    void findings_data();
    void findings();
    void fixesTakeTheirFindingAway_data();
    void fixesTakeTheirFindingAway();
    void existingTables_data();
    void existingTables();
    void orderIsBySeverity();
    void everyRecordedCollectionCanMove_data();
    void everyRecordedCollectionCanMove();
    void fixKeepsLargeNumbersOfFilters();
    void fixesAddMissingKeys();
    void estimates();

private:
    static void addCases();
};

namespace {

ServerProfile goodServer()
{
    ServerProfile server;
    server.versionNumber = 160004;
    server.versionText = QStringLiteral("16.4");
    server.user = QStringLiteral("rpg");
    server.database = QStringLiteral("gamedb");
    server.encoding = QStringLiteral("UTF8");
    server.mayCreateInDatabase = true;
    server.vectorAvailable = true;
    server.vectorAvailableVersion = QStringLiteral("0.8.5");
    server.vectorVersion = QVersionNumber(0, 8, 5);
    server.vectorSchema = QStringLiteral("public");
    server.vectorOnSearchPath = true;
    server.maintenanceWorkMem = QStringLiteral("64MB");
    server.maintenanceWorkMemBytes = qint64{64} << 20;
    server.maxParallelMaintenanceWorkers = 2;
    return server;
}

DenseVectorInfo dense(qint64 size)
{
    DenseVectorInfo info;
    info.size = size;
    return info;
}

CollectionFacts goodFacts()
{
    CollectionFacts facts;
    facts.info.name = QStringLiteral("docs");
    facts.info.status = QStringLiteral("green");
    facts.info.vectors << dense(8);
    SparseVectorInfo sparse;
    sparse.name = QStringLiteral("bm25");
    facts.info.sparseVectors << sparse;
    PayloadIndexInfo city;
    city.path = QStringLiteral("city");
    city.dataType = QStringLiteral("keyword");
    facts.info.payloadIndexes << city;
    facts.serverVersion = QVersionNumber(1, 18, 3);
    facts.exactCount = 1000;
    facts.ids.hasUuids = true;
    facts.sampledPoints = 200;
    facts.sampleRate = 1000;
    facts.meanPointBytes = 500;
    facts.meanPayloadBytes = 100;
    for (int i = 0; i < 200; ++i)
        facts.payload.add(R"({"city":"Oslo"})");
    facts.dense << DenseFacts{QString(), 0, 0, 1.0};
    SparseFacts seen;
    seen.name = sparse.name;
    seen.maxIndex = 30521;
    seen.maxNonZeros = 100;
    facts.sparse << seen;
    return facts;
}

CheckInput inputFor(const CollectionFacts& facts, const QString& preset = QStringLiteral("generic"))
{
    CheckInput input;
    input.server = goodServer();
    input.schemaRights = SchemaRights{true, true, true};
    input.writeProbeMade = true;
    const auto plan = proposeCollection(facts, preset, input.server);
    if (!plan)
        qFatal("%s", qPrintable(plan.error().toText()));
    input.plan.collections << *plan;
    input.facts.insert(facts.info.name, facts);
    input.tables.insert(plan->table, std::nullopt);
    return input;
}

const Finding* find(const QList<Finding>& findings, const QString& code)
{
    for (const Finding& finding : findings) {
        if (finding.code == code)
            return &finding;
    }
    return nullptr;
}

QByteArray texts(const QList<Finding>& findings)
{
    QStringList lines;
    for (const Finding& finding : findings)
        lines << QStringLiteral("%1 %2 %3: %4")
                     .arg(severityName(finding.severity), finding.code, finding.path, finding.text);
    return lines.join(QLatin1Char('\n')).toUtf8();
}

ExistingTable tableOf(const CheckInput& input)
{
    const auto schema = targetSchema(input.plan, input.plan.collections.first(), input.server);
    ExistingTable table;
    table.schema = QStringLiteral("public");
    table.name = schema->table.name;
    table.kind = QLatin1Char('r');
    table.primaryKey = schema->table.primaryKey;
    table.mayInsert = true;
    table.maySelect = true;
    for (const ColumnSpec& spec : schema->table.columns) {
        ExistingColumn column;
        column.name = spec.name;
        column.sqlType = spec.sqlType();
        column.type = spec.type;
        column.dimensions = isPgvectorType(spec.type) ? spec.dimensions : 0;
        column.notNull = spec.notNull;
        table.columns << column;
    }
    return table;
}

/// The input after a change, with the facts in it.
CheckInput changed(const Change& change)
{
    CollectionFacts facts = goodFacts();
    CheckInput input = inputFor(facts);
    change(input, facts);
    input.facts.insert(facts.info.name, facts);
    return input;
}

} // namespace

void PlanCheckTest::addCases()
{
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("severity");
    QTest::addColumn<Change>("change");
    QTest::addColumn<bool>("fixable");
    const auto row = [](const char* code, const char* severity, bool fixable, const Change& change) {
        const QByteArray name = QByteArray(code) + ' ' + severity;
        QTest::newRow(name.constData())
            << QString::fromLatin1(code) << QString::fromLatin1(severity) << change << fixable;
    };
    // The server.
    row("target-not-checked", "info", false, [](CheckInput& i, CollectionFacts&) { i.server.reset(); });
    row("postgres-too-old", "blocker", false,
        [](CheckInput& i, CollectionFacts&) { i.server->versionNumber = 130012; });
    row("postgres-old", "warning", false,
        [](CheckInput& i, CollectionFacts&) { i.server->versionNumber = 150000; });
    row("encoding-not-utf8", "warning", false,
        [](CheckInput& i, CollectionFacts&) { i.server->encoding = QStringLiteral("LATIN1"); });
    row("read-only", "blocker", false, [](CheckInput& i, CollectionFacts&) { i.server->inRecovery = true; });
    row("pooler", "warning", false,
        [](CheckInput& i, CollectionFacts&) { i.server->transactionPooler = true; });
    row("pooler", "blocker", false, [](CheckInput& i, CollectionFacts&) {
        i.server->transactionPooler = true;
        i.plan.collections.first().mode = TableMode::Merge;
    });
    row("statement-timeout", "info", false,
        [](CheckInput& i, CollectionFacts&) { i.server->statementTimeoutMs = 120'000; });
    row("no-parallel-workers", "info", false,
        [](CheckInput& i, CollectionFacts&) { i.server->maxParallelMaintenanceWorkers = 0; });
    row("vector-not-available", "blocker", false, [](CheckInput& i, CollectionFacts&) {
        i.server->vectorAvailable = false;
        i.server->vectorAvailableVersion.clear();
        i.server->vectorVersion.reset();
    });
    row("vector-not-created", "warning", false,
        [](CheckInput& i, CollectionFacts&) { i.server->vectorVersion.reset(); });
    row("vector-will-be-created", "info", false, [](CheckInput& i, CollectionFacts&) {
        i.server->vectorVersion.reset();
        i.server->superuser = true;
    });
    row("vector-in-schema", "info", false, [](CheckInput& i, CollectionFacts&) {
        i.server->vectorOnSearchPath = false;
        i.server->vectorSchema = QStringLiteral("extensions");
    });
    row("vector-too-old", "blocker", true,
        [](CheckInput& i, CollectionFacts&) { i.server->vectorVersion = QVersionNumber(0, 6, 2); });
    row("index-too-new", "blocker", true,
        [](CheckInput& i, CollectionFacts&) { i.server->vectorVersion = QVersionNumber(0, 4, 4); });
    row("vector-cve", "warning", false,
        [](CheckInput& i, CollectionFacts&) { i.server->vectorVersion = QVersionNumber(0, 8, 0); });
    row("vector-no-iterative-scan", "info", false,
        [](CheckInput& i, CollectionFacts&) { i.server->vectorVersion = QVersionNumber(0, 7, 4); });
    row("schema-missing", "blocker", false, [](CheckInput& i, CollectionFacts&) {
        i.schemaRights = SchemaRights{};
        i.server->mayCreateInDatabase = false;
    });
    row("schema-will-be-created", "info", false,
        [](CheckInput& i, CollectionFacts&) { i.schemaRights = SchemaRights{}; });
    row("schema-rights", "blocker", false, [](CheckInput& i, CollectionFacts&) {
        i.schemaRights = SchemaRights{true, false, true};
    });
    row("write-probe", "blocker", false, [](CheckInput& i, CollectionFacts&) {
        i.writeProbe = makeError(ErrorKind::Permission, QStringLiteral("permission denied"));
    });
    row("write-not-tried", "info", false, [](CheckInput& i, CollectionFacts&) { i.writeProbeMade = false; });
    row("tls-unverified", "warning", false,
        [](CheckInput& i, CollectionFacts&) { i.plan.source.tls.skipVerification = true; });
    row("no-collections", "blocker", false,
        [](CheckInput& i, CollectionFacts&) { i.plan.collections.clear(); });
    row("plan-not-usable", "blocker", false,
        [](CheckInput& i, CollectionFacts&) { i.plan.collections.first().payload.column.clear(); });
    // The source.
    row("qdrant-too-old", "blocker", false,
        [](CheckInput&, CollectionFacts& f) { f.serverVersion = QVersionNumber(1, 6, 1); });
    row("empty-collection", "info", false, [](CheckInput&, CollectionFacts& f) {
        f.exactCount = 0;
        f.ids = IdFacts{};
    });
    row("source-status", "warning", false,
        [](CheckInput&, CollectionFacts& f) { f.info.status = QStringLiteral("red"); });
    row("source-status", "info", false,
        [](CheckInput&, CollectionFacts& f) { f.info.status = QStringLiteral("yellow"); });
    row("optimizer-error", "warning", false,
        [](CheckInput&, CollectionFacts& f) { f.info.optimizerError = QStringLiteral("no space"); });
    row("source-warning", "info", false,
        [](CheckInput&, CollectionFacts& f) { f.info.warnings << QStringLiteral("hm"); });
    row("deferred-points", "warning", false, [](CheckInput&, CollectionFacts& f) {
        f.info.preventUnoptimized = true;
        f.info.deferredPoints = 300;
    });
    row("live-queue", "warning", false,
        [](CheckInput&, CollectionFacts& f) { f.info.updateQueueLength = 7; });
    row("shard-transfers", "warning", false, [](CheckInput&, CollectionFacts& f) {
        f.cluster.emplace();
        f.cluster->transfers = 1;
    });
    row("replica-not-active", "warning", false, [](CheckInput&, CollectionFacts& f) {
        f.cluster.emplace();
        f.cluster->shards << ShardInfo{0, {}, QStringLiteral("Dead"), true};
    });
    row("count-estimated", "info", false, [](CheckInput&, CollectionFacts& f) {
        f.exactCount.reset();
        f.info.pointsCount = 1000;
    });
    row("strict-page-limit", "info", false, [](CheckInput&, CollectionFacts& f) {
        f.info.strictMode.enabled = true;
        f.info.strictMode.maxQueryLimit = 20;
    });
    row("strict-rate-limit", "warning", false, [](CheckInput&, CollectionFacts& f) {
        f.info.strictMode.enabled = true;
        f.info.strictMode.readRateLimit = 10;
    });
    row("strict-filter", "info", false, [](CheckInput& i, CollectionFacts& f) {
        f.info.strictMode.enabled = true;
        f.info.strictMode.unindexedFilteringRetrieve = false;
        i.plan.collections.first().filterJson = "{\"must\":[]}";
    });
    row("filtered", "info", false,
        [](CheckInput& i, CollectionFacts&) { i.plan.collections.first().filterJson = "{\"must\":[]}"; });
    row("shard-key-missing", "blocker", true,
        [](CheckInput&, CollectionFacts& f) { f.info.customSharding = true; });
    row("shard-keys", "info", false, [](CheckInput& i, CollectionFacts& f) {
        f.info.customSharding = true;
        i.plan.collections.first().shardKeyColumn = QStringLiteral("shard_key");
    });
    row("shard-keys-clash", "blocker", true, [](CheckInput& i, CollectionFacts& f) {
        f.info.customSharding = true;
        f.shardKeys = {"7", "\"7\""};
        i.plan.collections.first().shardKeyColumn = QStringLiteral("shard_key");
    });
    row("no-shard-keys", "blocker", true, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().shardKeyColumn = QStringLiteral("k");
    });
    row("aliases", "info", true,
        [](CheckInput&, CollectionFacts& f) { f.aliases << QStringLiteral("live"); });
    row("alias-name-taken", "blocker", true, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().aliasViews << QStringLiteral("docs");
    });
    row("metadata", "info", false,
        [](CheckInput& i, CollectionFacts&) { i.plan.collections.first().comment = QStringLiteral("{}"); });
    row("quantization", "info", false,
        [](CheckInput&, CollectionFacts& f) { f.info.quantization = QStringLiteral("scalar"); });
    // Ids.
    row("ids-do-not-fit", "blocker", true,
        [](CheckInput& i, CollectionFacts&) { i.plan.collections.first().id.type = IdType::Bigint; });
    row("ids-uuid5", "warning", false, [](CheckInput& i, CollectionFacts& f) {
        f.ids.hasNumbers = true;
        i.plan.collections.first().id.numericIds = NumericIds::Uuid5;
    });
    row("ids-mixed", "info", false, [](CheckInput& i, CollectionFacts& f) {
        f.ids.hasNumbers = true;
        i.plan.collections.first().id.type = IdType::Text;
    });
    // Vectors.
    row("dimension-differs", "blocker", true,
        [](CheckInput& i, CollectionFacts&) { i.plan.collections.first().vectors.first().dimensions = 768; });
    row("vector-kind", "blocker", false, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().vectors.first().type = QStringLiteral("sparsevec");
    });
    row("vector-unknown", "blocker", false, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().vectors.first().source = QStringLiteral("gone");
    });
    row("vector-not-planned", "warning", false, [](CheckInput&, CollectionFacts& f) {
        f.info.vectors << dense(4);
        f.info.vectors.last().name = QStringLiteral("new");
    });
    row("dimensions-over-16000", "warning", false, [](CheckInput& i, CollectionFacts& f) {
        f.info.vectors.first().size = 20'000;
        i.plan.collections.first().vectors.first().type = QStringLiteral("jsonb");
    });
    row("halfvec-rounds", "warning", false, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().vectors.first().type = QStringLiteral("halfvec");
    });
    row("halfvec-overflow", "blocker", true, [](CheckInput& i, CollectionFacts& f) {
        f.dense.first().largest = 70'000;
        i.plan.collections.first().indexes.first().cast = QStringLiteral("halfvec");
    });
    row("turbo4", "info", false,
        [](CheckInput&, CollectionFacts& f) { f.info.vectors.first().datatype = VectorDatatype::Turbo4; });
    row("narrow-datatype", "info", false,
        [](CheckInput&, CollectionFacts& f) { f.info.vectors.first().datatype = VectorDatatype::Float16; });
    row("cosine-normalised", "info", false, [](CheckInput&, CollectionFacts&) {});
    row("distance-differs", "warning", false,
        [](CheckInput&, CollectionFacts& f) { f.info.vectors.first().distance = Distance::Euclid; });
    row("vectors-missing", "info", false,
        [](CheckInput&, CollectionFacts& f) { f.dense.first().missing = 3; });
    row("vectors-missing", "warning", false, [](CheckInput& i, CollectionFacts& f) {
        f.dense.first().missing = 3;
        i.plan.collections.first().vectors.first().missing = MissingPolicy::Reject;
    });
    row("zero-vectors", "warning", false, [](CheckInput&, CollectionFacts& f) { f.dense.first().zeros = 3; });
    row("non-finite", "warning", true, [](CheckInput&, CollectionFacts& f) { f.nonFinitePoints = 3; });
    row("sparse-idf", "info", false,
        [](CheckInput&, CollectionFacts& f) { f.info.sparseVectors.first().idf = true; });
    row("sparse-zeros", "info", false,
        [](CheckInput&, CollectionFacts& f) { f.sparse.first().hasZeros = true; });
    row("sparse-not-storable", "warning", true,
        [](CheckInput&, CollectionFacts& f) { f.sparse.first().maxNonZeros = 16'001; });
    row("sparse-not-indexable", "blocker", true,
        [](CheckInput&, CollectionFacts& f) { f.sparse.first().maxNonZeros = 1'001; });
    row("sparse-index-too-large", "warning", true, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().vectors.last().dimensions = 30'521;
    });
    row("no-index", "info", false,
        [](CheckInput& i, CollectionFacts&) { i.plan.collections.first().indexes.clear(); });
    row("index-dimensions", "blocker", true, [](CheckInput& i, CollectionFacts& f) {
        f.info.vectors.first().size = 3072;
        i.plan.collections.first().vectors.first().dimensions = 3072;
    });
    row("index-by-halfvec", "info", false, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().indexes.first().cast = QStringLiteral("halfvec");
    });
    row("index-by-bits", "warning", false, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().indexes.first().cast = QStringLiteral("bit");
    });
    // Payload.
    row("path-unreadable", "blocker", false, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().payload.columns.first().path = QStringLiteral("a..b");
    });
    row("required-missing", "warning", false, [](CheckInput& i, CollectionFacts& f) {
        f.payload.add("{}");
        i.plan.collections.first().payload.columns.first().missing = MissingPolicy::Reject;
    });
    row("required-missing", "blocker", false, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().payload.columns.first().missing = MissingPolicy::Reject;
        i.plan.collections.first().payload.columns.first().path = QStringLiteral("country");
    });
    row("default-used", "info", false, [](CheckInput& i, CollectionFacts& f) {
        f.payload.add("{}");
        i.plan.collections.first().payload.columns.first().missing = MissingPolicy::Default;
    });
    row("column-misfit", "info", false, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().payload.columns.first().type = QStringLiteral("bigint");
    });
    row("column-misfit", "warning", false, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().payload.columns.first().type = QStringLiteral("bigint");
        i.plan.collections.first().payload.columns.first().misfit = MisfitPolicy::Reject;
    });
    row("payload-dropped", "warning", true, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().payload.keep = PayloadKeep::None;
        i.plan.collections.first().payload.column.clear();
        i.plan.collections.first().indexes.removeLast();
    });
    row("nul-characters", "warning", true,
        [](CheckInput&, CollectionFacts& f) { f.payload.add(R"({"city":"a\u0000b"})"); });
    row("names-need-quotes", "info", false, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().vectors.first().column = QStringLiteral("order");
    });
    row("parents-created", "info", false, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().preset = QStringLiteral("context_items");
    });
    row("parents-unconstrained", "warning", false, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections.first().preset = QStringLiteral("context_items");
        i.plan.collections.first().parents = ParentPolicy::NoConstraint;
    });
    row("table-twice", "blocker", true, [](CheckInput& i, CollectionFacts&) {
        i.plan.collections << i.plan.collections.first();
        i.plan.collections.last().name = QStringLiteral("other");
    });
    row("estimate", "info", false, [](CheckInput&, CollectionFacts&) {});
    row("index-memory", "warning", false, [](CheckInput&, CollectionFacts& f) { f.exactCount = 50'000'000; });
    row("index-memory-raised", "info", false,
        [](CheckInput&, CollectionFacts& f) { f.exactCount = 200'000; });
}

void PlanCheckTest::cleanPlanHasNoBlocker()
{
    const QList<Finding> findings = checkPlan(inputFor(goodFacts()));
    QVERIFY2(!hasBlocker(findings), texts(findings).constData());
    for (const Finding& finding : findings)
        QVERIFY2(finding.severity == Severity::Info, texts(findings).constData());
}

void PlanCheckTest::findings_data()
{
    addCases();
}

void PlanCheckTest::findings()
{
    QFETCH(QString, code);
    QFETCH(QString, severity);
    QFETCH(Change, change);
    QFETCH(bool, fixable);
    const CheckInput input = changed(change);
    const QList<Finding> findings = checkPlan(input);
    const Finding* finding = find(findings, code);
    QVERIFY2(finding, texts(findings).constData());
    QCOMPARE(severityName(finding->severity), severity);
    QCOMPARE(!finding->fix.isEmpty(), fixable);
    QCOMPARE(finding->fixText.isEmpty(), finding->fix.isEmpty());
    QVERIFY(!finding->text.isEmpty());
    QVERIFY2(!finding->text.contains(QStringLiteral("%1")), qPrintable(finding->text));
    if (finding->severity == Severity::Blocker)
        QVERIFY2(!finding->hint.isEmpty() || !finding->fix.isEmpty()
                || code.startsWith(QLatin1String("vector-kind")) || code == QLatin1String("no-collections")
                || code == QLatin1String("plan-not-usable") || code == QLatin1String("qdrant-too-old")
                || code == QLatin1String("write-probe"),
            "a blocker says what to do");
}

void PlanCheckTest::fixesTakeTheirFindingAway_data()
{
    addCases();
}

void PlanCheckTest::fixesTakeTheirFindingAway()
{
    QFETCH(QString, code);
    QFETCH(Change, change);
    QFETCH(bool, fixable);
    CheckInput input = changed(change);
    if (!fixable)
        return;
    for (int round = 0; round < 5; ++round) {
        const QList<Finding> findings = checkPlan(input);
        const Finding* finding = find(findings, code);
        if (!finding || finding->fix.isEmpty())
            return;
        const auto fixed = applyFix(input.plan, *finding);
        QVERIFY2(fixed.has_value(), qPrintable(fixed ? QString() : fixed.error().toText()));
        QVERIFY(planToJson(*fixed) != planToJson(input.plan));
        input.plan = *fixed;
    }
    if (code != QLatin1String("aliases"))
        QFAIL(texts(checkPlan(input)).constData());
}

void PlanCheckTest::existingTables_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<std::function<void(ExistingTable&)>>("change");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("severity");
    QTest::addColumn<QString>("fixedMode");
    using TableChange = std::function<void(ExistingTable&)>;
    const auto row = [](const char* name, const char* mode, const char* code, const char* severity,
                         const char* fixedMode, const TableChange& change) {
        QTest::newRow(name) << QString::fromLatin1(mode) << change << QString::fromLatin1(code)
                            << QString::fromLatin1(severity) << QString::fromLatin1(fixedMode);
    };
    row("create, empty and fitting", "create", "table-exists", "blocker", "append", [](ExistingTable&) {});
    row("create, with rows", "create", "table-exists", "blocker", "merge",
        [](ExistingTable& t) { t.hasRows = true; });
    row("create, other shape", "create", "table-exists", "blocker", "create",
        [](ExistingTable& t) { t.columns.removeAt(1); });
    row("create, a view", "create", "table-exists", "blocker", "create",
        [](ExistingTable& t) { t.kind = QLatin1Char('v'); });
    row("append, empty", "append", "append-may-collide", "", "", [](ExistingTable&) {});
    row("append, with rows", "append", "append-may-collide", "warning", "",
        [](ExistingTable& t) { t.hasRows = true; });
    row("append, missing column", "append", "column-missing", "blocker", "",
        [](ExistingTable& t) { t.columns.removeAt(1); });
    row("append, other dimensions", "append", "dimension-mismatch", "blocker", "",
        [](ExistingTable& t) { t.columns[1].dimensions = 768; });
    row("append, no dimensions", "append", "dimension-mismatch", "", "",
        [](ExistingTable& t) { t.columns[1].dimensions = 0; });
    row("append, other type", "append", "column-type", "blocker", "", [](ExistingTable& t) {
        t.columns[0].type = ColumnType::Bigint;
        t.columns[0].sqlType = QStringLiteral("bigint");
    });
    row("append, computed column", "append", "column-generated", "blocker", "",
        [](ExistingTable& t) { t.columns[1].generated = true; });
    row("append, another required column", "append", "column-required", "blocker", "", [](ExistingTable& t) {
        ExistingColumn column;
        column.name = QStringLiteral("tenant");
        column.notNull = true;
        t.columns << column;
    });
    row("append, required with default", "append", "column-required", "", "", [](ExistingTable& t) {
        ExistingColumn column;
        column.name = QStringLiteral("tenant");
        column.notNull = true;
        column.hasDefault = true;
        t.columns << column;
    });
    row("append, no right", "append", "insert-not-allowed", "blocker", "",
        [](ExistingTable& t) { t.mayInsert = false; });
    row("append, not readable", "append", "select-not-allowed", "blocker", "",
        [](ExistingTable& t) { t.maySelect = false; });
    row("append, row security", "append", "row-security", "blocker", "",
        [](ExistingTable& t) { t.rowSecurity = true; });
    row("append, triggers", "append", "row-triggers", "warning", "",
        [](ExistingTable& t) { t.hasRowTriggers = true; });
    row("append, no key", "append", "no-matching-key", "warning", "",
        [](ExistingTable& t) { t.primaryKey.clear(); });
    row("append, a view", "append", "not-a-table", "blocker", "",
        [](ExistingTable& t) { t.kind = QLatin1Char('v'); });
    row("append, vector index", "append", "vector-index-present", "warning", "", [](ExistingTable& t) {
        t.indexes << ExistingIndex{QStringLiteral("mine"), QStringLiteral("hnsw"),
            QStringLiteral("CREATE INDEX mine ON docs USING hnsw (embedding vector_cosine_ops)"), true, false,
            false};
    });
    row("append, index twice", "append", "index-twice", "warning", "append", [](ExistingTable& t) {
        t.indexes << ExistingIndex{QStringLiteral("mine"), QStringLiteral("hnsw"),
            QStringLiteral("CREATE INDEX mine ON docs USING hnsw (embedding vector_cosine_ops)"), true, false,
            false};
    });
    row("merge, no key", "merge", "no-matching-key", "blocker", "",
        [](ExistingTable& t) { t.primaryKey.clear(); });
    row("merge, with rows", "merge", "append-may-collide", "", "",
        [](ExistingTable& t) { t.hasRows = true; });
    row("replace", "replace", "replaces-table", "warning", "", [](ExistingTable& t) { t.hasRows = true; });
    row("replace, a view", "replace", "not-a-table", "blocker", "",
        [](ExistingTable& t) { t.kind = QLatin1Char('v'); });
}

void PlanCheckTest::existingTables()
{
    QFETCH(QString, mode);
    QFETCH(std::function<void(ExistingTable&)>, change);
    QFETCH(QString, code);
    QFETCH(QString, severity);
    QFETCH(QString, fixedMode);
    CheckInput input = inputFor(goodFacts());
    CollectionPlan& plan = input.plan.collections.first();
    plan.mode = *tableModeFromName(mode);
    ExistingTable table = tableOf(input);
    change(table);
    input.tables.insert(plan.table, table);
    const QList<Finding> findings = checkPlan(input);
    const Finding* finding = find(findings, code);
    if (severity.isEmpty()) {
        QVERIFY2(!finding, texts(findings).constData());
        QVERIFY2(!hasBlocker(findings), texts(findings).constData());
        return;
    }
    QVERIFY2(finding, texts(findings).constData());
    QCOMPARE(severityName(finding->severity), severity);
    if (fixedMode.isEmpty())
        return;
    const auto fixed = applyFix(input.plan, *finding);
    QVERIFY(fixed.has_value());
    QCOMPARE(tableModeName(fixed->collections.first().mode), fixedMode);
    input.plan = *fixed;
    QVERIFY2(!find(checkPlan(input), code), texts(checkPlan(input)).constData());
}

void PlanCheckTest::orderIsBySeverity()
{
    const CheckInput input = changed([](CheckInput& i, CollectionFacts& f) {
        i.server->inRecovery = true;
        f.nonFinitePoints = 1;
        i.plan.collections.first().id.type = IdType::Bigint;
    });
    const QList<Finding> findings = checkPlan(input);
    int last = 0;
    for (const Finding& finding : findings) {
        QVERIFY(static_cast<int>(finding.severity) >= last);
        last = static_cast<int>(finding.severity);
    }
    QCOMPARE(findings.first().code, QStringLiteral("read-only"));
    QCOMPARE(findings.at(1).path, QStringLiteral("collections[0].id.type"));
    QCOMPARE(findings.at(1).collection, QStringLiteral("docs"));
}

void PlanCheckTest::everyRecordedCollectionCanMove_data()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    QTest::addColumn<QString>("info");
    for (const QString& info : test::recordedInfos())
        QTest::newRow(qPrintable(info)) << info;
}

void PlanCheckTest::everyRecordedCollectionCanMove()
{
    QFETCH(QString, info);
    const auto facts = test::recordedFacts(info);
    const QList<Finding> findings = checkPlan(inputFor(*facts));
    QVERIFY2(!hasBlocker(findings), texts(findings).constData());
}

void PlanCheckTest::fixKeepsLargeNumbersOfFilters()
{
    CheckInput input = inputFor(goodFacts());
    input.plan.collections.first().filterJson =
        R"({"must":[{"has_id":[18446744073709551615]},{"key":"}]\"","match":{"value":1.50}}]})";
    input.plan.collections.first().id.type = IdType::Bigint;
    const QList<Finding> findings = checkPlan(input);
    const auto fixed = applyFix(input.plan, *find(findings, QStringLiteral("ids-do-not-fit")));
    QVERIFY2(fixed.has_value(), qPrintable(fixed ? QString() : fixed.error().toText()));
    QCOMPARE(fixed->collections.first().filterJson, input.plan.collections.first().filterJson);
    QVERIFY(fixed->collections.first().id.type == IdType::Uuid);
    MigrationPlan back = *fixed;
    back.collections.first().id.type = IdType::Bigint;
    QVERIFY(back == input.plan);
}

void PlanCheckTest::fixesAddMissingKeys()
{
    MigrationPlan plan = inputFor(goodFacts()).plan;
    Finding finding;
    finding.fix.insert(QStringLiteral("collections[0].after.comment"), QStringLiteral("a \"comment\""));
    finding.fix.insert(QStringLiteral("run.maxRejects"), 5);
    const auto fixed = applyFix(plan, finding);
    QVERIFY2(fixed.has_value(), qPrintable(fixed ? QString() : fixed.error().toText()));
    QCOMPARE(fixed->collections.first().comment, QStringLiteral("a \"comment\""));
    QCOMPARE(fixed->run.maxRejects, qint64(5));
    finding.fix.clear();
    finding.fix.insert(QStringLiteral("run.nonsense"), 5);
    QVERIFY(!applyFix(plan, finding));
}

void PlanCheckTest::estimates()
{
    CollectionFacts facts = goodFacts();
    facts.info.vectors.first().size = 768;
    facts.info.sparseVectors.clear();
    facts.info.payloadIndexes.clear();
    facts.meanPayloadBytes = 0;
    facts.exactCount = 100'000;
    const CollectionPlan plan = inputFor(facts).plan.collections.first();
    const CollectionEstimate estimate = estimateCollection(plan, facts, goodServer());
    // Measured (pgvector.md 5.5 and 4.3): 417 MB of heap and TOAST, an index of 390 MB, 3,753 bytes of memory
    // a row.
    const auto near = [](qint64 value, double expected, double tolerance) {
        return std::abs(static_cast<double>(value) / expected - 1) < tolerance;
    };
    QVERIFY2(near(estimate.tableBytes, 417e6, 0.1), QByteArray::number(estimate.tableBytes).constData());
    QVERIFY2(near(estimate.indexBytes, 2 * 195e6 * 1.05, 0.15),
        QByteArray::number(estimate.indexBytes).constData());
    QVERIFY2(near(estimate.indexMemory, 3753.0 * 100'000, 0.05),
        QByteArray::number(estimate.indexMemory).constData());
    QVERIFY(estimate.rowsExact);
    // 1,000 points a second were measured: the range holds what one connection would take.
    QVERIFY(estimate.dataTime->low < std::chrono::seconds(100)
        && estimate.dataTime->high > std::chrono::seconds(100));
    // Measured with two workers and ef_construction 100: 59 s for half of these rows.
    QVERIFY(estimate.indexTime->low < std::chrono::seconds(118)
        && estimate.indexTime->high > std::chrono::seconds(118));

    facts.sampleRate = 0;
    QVERIFY(!estimateCollection(plan, facts, std::nullopt).dataTime);
    facts.exactCount = 0;
    QCOMPARE(estimateCollection(plan, facts, std::nullopt).diskBytes(), qint64(0));
    CollectionPlan bits = plan;
    bits.indexes.first().cast = QStringLiteral("bit");
    facts.exactCount = 100'000;
    QVERIFY(estimateCollection(bits, facts, std::nullopt).indexBytes * 4 < estimate.indexBytes);
}

QTEST_GUILESS_MAIN(PlanCheckTest)
#include "planchecktest.moc"
