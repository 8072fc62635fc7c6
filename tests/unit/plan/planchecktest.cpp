// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/plancheck.h"
#include "core/plan/planjson.h"
#include "core/plan/proposal.h"
#include "core/plan/targetschema.h"
#include "tests/unit/plan/checkinputs.h"
#include "tests/unit/plan/recordedfacts.h"

#include <QTest>

#include <functional>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

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
    void orderIsBySeverity();
    void everyRecordedCollectionCanMove_data();
    void everyRecordedCollectionCanMove();
    void fixKeepsLargeNumbersOfFilters();
    void fixesAddMissingKeys();

private:
    static void addCases();
};

namespace {

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
    row("vector-not-permitted", "blocker", false, [](CheckInput& i, CollectionFacts&) {
        i.server->vectorVersion.reset();
        i.vectorProbeMade = true;
        i.vectorProbe = makeError(ErrorKind::Permission, QStringLiteral("permission denied"));
    });
    row("ledger-rights", "blocker", true, [](CheckInput& i, CollectionFacts&) { i.ledgerUsable = false; });
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
    QFAIL(texts(checkPlan(input)).constData());
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

QTEST_GUILESS_MAIN(PlanCheckTest)
#include "planchecktest.moc"
