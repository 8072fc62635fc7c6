// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/planjson.h"
#include "core/plan/json/planwords.h"

#include <QRandomGenerator>
#include <QTest>

using namespace qdrant2pg;

class PlanJsonTest : public QObject {
    Q_OBJECT

private slots:
    void randomPlansRoundTrip();
    void keysInTheDesignsOrder();
    void minimalPlanTakesDefaults();
    void refusals_data();
    void refusals();
    void filterKeepsItsTokens();
    void passwordsAreNotWritten();
    void hashTellsPlansApart();
};

namespace {

class RandomPlan {
public:
    explicit RandomPlan(quint32 seed)
        : m_random(seed)
    {
    }

    MigrationPlan make()
    {
        MigrationPlan plan;
        plan.source = {text(), pick(planwords::transports), {}, maybe(text()), maybe(text()), number(65535)};
        plan.source.url = QStringLiteral("https://host%1:6333/p").arg(number(99));
        plan.source.tls.caFile = maybe(text());
        plan.source.tls.skipVerification = flag();
        plan.target.conninfo = maybe(QStringLiteral("host=localhost dbname=d%1").arg(number(9)));
        plan.target.schema = text();
        plan.target.profile = maybe(text());
        for (int i = number(3); i > 0; --i)
            plan.collections << collection();
        plan.run = {pick(planwords::flows), number(256), number(1000), wide(), pick(planwords::onRejects),
            wide(), flag(), pick(planwords::publishModes), pick(planwords::verifyLevels), wide()};
        return plan;
    }

private:
    CollectionPlan collection()
    {
        CollectionPlan plan;
        plan.name = text();
        plan.table = text();
        plan.preset = anyOf(planwords::presets());
        plan.mode = pick(planwords::tableModes);
        plan.id = {
            text(), pick(planwords::idTypes), pick(planwords::numericIds), maybe(text()), maybe(text())};
        for (int i = number(4); i > 0; --i)
            plan.vectors << VectorPlan{maybe(text()), text(), anyOf(planwords::vectorTypes()),
                number(1'000'000'000), anyOf(planwords::storages()), pick(planwords::missingVectors),
                pick(planwords::nonFinites), maybe(text()), anyOf(planwords::distances())};
        plan.payload.column = maybe(text());
        plan.payload.keep = pick(planwords::keeps);
        plan.payload.nul = pick(planwords::nuls);
        plan.payload.mergeKey = maybe(text());
        for (int i = number(4); i > 0; --i)
            plan.payload.columns << PayloadColumnPlan{text(), text(), anyOf(planwords::payloadTypes()),
                pick(planwords::missingValues), scalar(), pick(planwords::misfits), flag(), maybe(text()),
                maybe(text())};
        plan.shardKeyColumn = maybe(text());
        plan.shardKeyType = flag() ? QStringLiteral("text") : QStringLiteral("jsonb");
        if (flag())
            plan.filterJson =
                R"({"must":[{"has_id":[18446744073709551615]},{"key":"a \" b","range":{"gte":1.50}}]})";
        for (int i = number(4); i > 0; --i) {
            IndexPlan index{maybe(text()), anyOf(planwords::indexKinds()), {}, anyOf(planwords::indexCasts()),
                maybe(text()), maybe(text()), {}, maybe(text())};
            for (int j = number(3); j > 0; --j)
                index.on << text();
            for (int j = number(3); j > 0; --j)
                index.with.insert(text(), scalar());
            plan.indexes << index;
        }
        plan.parents = pick(planwords::parents);
        plan.searchFunctions = flag();
        plan.analyze = flag();
        for (int i = number(3); i > 0; --i)
            plan.aliasViews << text();
        plan.comment = maybe(text());
        return plan;
    }

    int number(int limit) { return static_cast<int>(m_random.bounded(limit + 1)); }
    qint64 wide() { return static_cast<qint64>(m_random.generate64() >> 1); }
    bool flag() { return m_random.bounded(2) == 1; }
    QString maybe(const QString& value) { return flag() ? value : QString(); }
    QString anyOf(const QStringList& words)
    {
        return words.at(m_random.bounded(static_cast<int>(words.size())));
    }
    template <class Enum, std::size_t size> Enum pick(const std::array<planwords::Word<Enum>, size>& table)
    {
        return table.at(static_cast<std::size_t>(m_random.bounded(static_cast<int>(size)))).value;
    }
    QString text()
    {
        static const QString letters = QStringLiteral("aZ09_-. \"\\/\t\n\u0001äß名🚀{}[],:'");
        QString word;
        for (int i = 1 + number(12); i > 0; --i) {
            const int at = m_random.bounded(static_cast<int>(letters.size()));
            const QChar c = letters.at(at);
            if (!c.isSurrogate())
                word += c;
        }
        return word.isEmpty() ? QStringLiteral("🚀") : word;
    }
    QJsonValue scalar()
    {
        switch (number(5)) {
        case 0:
            return QJsonValue::Null;
        case 1:
            return flag();
        case 2:
            return wide();
        case 3:
            return 0.1 + number(1000);
        case 4:
            return -static_cast<qint64>(wide());
        default:
            return text();
        }
    }

    QRandomGenerator m_random;
};

QByteArray replaced(QByteArray text, const char* from, const char* to)
{
    return text.replace(from, to);
}

const char minimal[] = R"({"version": 1, "source": {"url": "http://localhost:6333"},
  "target": {"conninfo": "dbname=test"},
  "collections": [{"name": "c", "table": "t", "vectors": [{"source": "", "column": "embedding", "dimensions": 4}]}]})";

} // namespace

void PlanJsonTest::randomPlansRoundTrip()
{
    for (quint32 seed = 0; seed < 300; ++seed) {
        const MigrationPlan plan = RandomPlan(seed).make();
        const QByteArray json = planToJson(plan);
        const auto read = planFromJson(json);
        const QByteArray label = "seed " + QByteArray::number(seed) + "\n" + json;
        QVERIFY2(read.has_value(),
            qPrintable(QString::fromUtf8(label) + (read ? QString() : read.error().toText())));
        QVERIFY2(*read == plan, label.constData());
        QCOMPARE(planToJson(*read), json);
        QCOMPARE(planHash(*read), planHash(plan));
    }
}

void PlanJsonTest::keysInTheDesignsOrder()
{
    MigrationPlan plan;
    CollectionPlan collection;
    collection.name = QStringLiteral("game_collection");
    collection.vectors << VectorPlan{};
    collection.payload.columns << PayloadColumnPlan{};
    collection.indexes << IndexPlan{};
    collection.indexes.last().on << QStringLiteral("embedding");
    plan.collections << collection;
    const QByteArray json = planToJson(plan);
    qsizetype at = -1;
    for (const char* key : {"\"version\"", "\"source\"", "\"url\"", "\"transport\"", "\"tls\"",
             "\"consistency\"", "\"target\"", "\"conninfo\"", "\"schema\"", "\"ledgerSchema\"",
             "\"collections\"", "\"name\"", "\"table\"", "\"mode\"", "\"id\"", "\"numericIds\"",
             "\"vectors\"", "\"dimensions\"", "\"storage\"", "\"missing\"", "\"nonFinite\"", "\"payload\"",
             "\"keep\"", "\"nul\"", "\"columns\"", "\"path\"", "\"default\"", "\"misfit\"", "\"shardKey\"",
             "\"filter\"", "\"indexes\"", "\"kind\"", "\"on\": \"embedding\"", "\"with\"", "\"after\"",
             "\"searchFunctions\"", "\"analyze\"", "\"run\"", "\"flow\"", "\"lanes\"", "\"ranges\"",
             "\"pageBytes\"", "\"onReject\"", "\"maxRejects\"", "\"publish\"", "\"verify\""}) {
        const qsizetype next = json.indexOf(key, at + 1);
        QVERIFY2(next > at, key);
        at = next;
    }
}

void PlanJsonTest::minimalPlanTakesDefaults()
{
    const auto plan = planFromJson(minimal);
    QVERIFY2(plan.has_value(), qPrintable(plan ? QString() : plan.error().toText()));
    QCOMPARE(plan->target.schema, QStringLiteral("public"));
    QCOMPARE(plan->collections.first().vectors.first().type, QStringLiteral("vector"));
    QCOMPARE(plan->collections.first().payload.column, QStringLiteral("payload"));
    QCOMPARE(plan->run.maxRejects, qint64(1000));
    QVERIFY(plan->run.verify == VerifyLevel::Digest);
}

void PlanJsonTest::refusals_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<int>("kind");
    QTest::addColumn<QStringList>("words");

    const int usage = static_cast<int>(ErrorKind::Usage);
    const auto row = [](const char* name, const QByteArray& json, int kind, const QStringList& words) {
        QTest::newRow(name) << json << kind << words;
    };
    const QByteArray good(minimal);
    row("unknown key", replaced(good, "\"dimensions\"", "\"tpye\""), usage,
        {QStringLiteral("collections[0].vectors[0].tpye"), QStringLiteral("\"type\"")});
    row("unknown key at the top", replaced(good, "\"collections\"", "\"colections\""), usage,
        {QStringLiteral("colections"), QStringLiteral("\"collections\"")});
    row("wrong type", replaced(good, "\"dimensions\": 4", "\"dimensions\": \"four\""), usage,
        {QStringLiteral("collections[0].vectors[0].dimensions"), QStringLiteral("\"four\""),
            QStringLiteral("a whole number")});
    row("fraction", replaced(good, "\"dimensions\": 4", "\"dimensions\": 4.5"), usage,
        {QStringLiteral("dimensions")});
    row("out of range", replaced(good, "\"dimensions\": 4", "\"dimensions\": -1"), usage,
        {QStringLiteral("outside 0")});
    row("object for list",
        replaced(good, "[{\"source\": \"\", \"column\": \"embedding\", \"dimensions\": 4}]", "{}"), usage,
        {QStringLiteral("collections[0].vectors"), QStringLiteral("a list")});
    row("text for object", replaced(good, "{\"url\": \"http://localhost:6333\"}", "\"x\""), usage,
        {QStringLiteral("source"), QStringLiteral("an object")});
    row("unknown word", replaced(good, "\"table\": \"t\"", "\"mode\": \"mrege\""), usage,
        {QStringLiteral("collections[0].mode"), QStringLiteral("mrege"), QStringLiteral("\"merge\"")});
    row("key twice", replaced(good, "\"table\": \"t\"", "\"name\": \"t\""), usage,
        {QStringLiteral("collections[0].name"), QStringLiteral("twice")});
    row("no version", replaced(good, "\"version\": 1, ", ""), usage, {QStringLiteral("no version")});
    row("newer version", replaced(good, "\"version\": 1", "\"version\": 7"),
        static_cast<int>(ErrorKind::Unsupported), {QStringLiteral("version 7"), QStringLiteral("version 1")});
    row("version as text", replaced(good, "\"version\": 1", "\"version\": \"1\""), usage,
        {QStringLiteral("version")});
    row("not JSON", replaced(good, "\"target\":", "\"target\""), usage, {QStringLiteral("line 2")});
    row("truncated", good.left(100), usage, {QStringLiteral("not valid JSON")});
    row("empty", QByteArray(), usage, {QStringLiteral("not valid JSON")});
    row("a list", QByteArray("[1]"), usage, {QStringLiteral("no JSON object")});
    row("filter no object", replaced(good, "\"table\": \"t\"", "\"filter\": [1]"), usage,
        {QStringLiteral("collections[0].filter")});
    row("api key", replaced(good, "\"url\":", "\"apiKey\": \"canary-7\", \"url\":"), usage,
        {QStringLiteral("source.apiKey"), QStringLiteral("QDRANT_API_KEY")});
    row("password key", replaced(good, "\"conninfo\":", "\"password\": \"canary-7\", \"conninfo\":"), usage,
        {QStringLiteral("target.password"), QStringLiteral("PGPASSWORD")});
    row("password in conninfo", replaced(good, "dbname=test", "dbname=test password=canary-7"), usage,
        {QStringLiteral("target.conninfo"), QStringLiteral("PGPASSWORD")});
    row("password in a database URL", replaced(good, "dbname=test", "postgres://u:canary-7@localhost/db"),
        usage, {QStringLiteral("target.conninfo")});
    row("password in the source URL", replaced(good, "http://localhost", "http://u:canary-7@localhost"),
        usage, {QStringLiteral("source.url")});
}

void PlanJsonTest::refusals()
{
    QFETCH(QByteArray, json);
    QFETCH(int, kind);
    QFETCH(QStringList, words);
    const auto plan = planFromJson(json);
    QVERIFY(!plan);
    const QString text = plan.error().toText();
    QVERIFY2(static_cast<int>(plan.error().kind) == kind, qPrintable(text));
    for (const QString& word : words)
        QVERIFY2(text.contains(word), qPrintable(text));
    QVERIFY2(!text.contains(QStringLiteral("canary")), qPrintable(text));
}

void PlanJsonTest::filterKeepsItsTokens()
{
    const auto filter = normalizedFilter("{ \"must\" : [ {\"has_id\": [18446744073709551615, 1.50]} ] }");
    QVERIFY(filter.has_value());
    QCOMPARE(*filter, QByteArray(R"({"must":[{"has_id":[18446744073709551615,1.50]}]})"));
    QVERIFY(!normalizedFilter("[]"));
    QVERIFY(!normalizedFilter("{"));
    QVERIFY(!normalizedFilter(""));
}

void PlanJsonTest::passwordsAreNotWritten()
{
    MigrationPlan plan;
    plan.target.conninfo = QStringLiteral("host=h password=canary-7 dbname=d");
    QVERIFY(!planToJson(plan).contains("canary"));
    QVERIFY(planToJson(plan).contains("dbname"));
}

void PlanJsonTest::hashTellsPlansApart()
{
    MigrationPlan plan = *planFromJson(minimal);
    const QString hash = planHash(plan);
    QCOMPARE(hash.size(), 64);
    plan.collections.first().vectors.first().dimensions = 5;
    QVERIFY(planHash(plan) != hash);
}

QTEST_GUILESS_MAIN(PlanJsonTest)
#include "planjsontest.moc"
