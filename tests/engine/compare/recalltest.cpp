// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/recall.h"
#include "core/compare/comparisonjson.h"
#include "core/compare/comparisonwords.h"
#include "core/compare/filtersql.h"
#include "core/compare/querytext.h"

#include <QTest>

using namespace qdrant2pg;

namespace {

SearchHits hits(std::initializer_list<std::pair<const char*, double>> list)
{
    SearchHits out;
    for (const auto& [id, score] : list)
        out.push_back({QString::fromLatin1(id), score});
    return out;
}

/// A typed column and the rest of the payload in one jsonb column.
CollectionPlan planWithColumns()
{
    CollectionPlan plan;
    plan.name = QStringLiteral("things");
    plan.id.type = IdType::Bigint;
    PayloadColumnPlan user;
    user.path = QStringLiteral("user");
    user.column = QStringLiteral("user_id");
    user.type = QStringLiteral("bigint");
    PayloadColumnPlan tags;
    tags.path = QStringLiteral("tags");
    tags.column = QStringLiteral("tags");
    tags.type = QStringLiteral("text[]");
    plan.payload.columns = {user, tags};
    return plan;
}

QString idLiteral(const QByteArray& json)
{
    return json.startsWith('"') ? QString() : QString::fromUtf8(json);
}

CurvePoint curvePoint(int setting, double mean)
{
    CurvePoint point;
    point.setting = setting;
    point.measure.recall.mean = mean;
    return point;
}

} // namespace

/// The arithmetic of the comparison, the translation of filters and the forms of a result. No server.
class RecallTest : public QObject {
    Q_OBJECT
private slots:
    void exactAnswers_data();
    void exactAnswers();
    void recall_data();
    void recall();
    void statistics();
    void advice();
    void filters_data();
    void filters();
    void queryTexts_data();
    void queryTexts();
    void verdicts_data();
    void verdicts();
    void jsonRoundTrip();
};

void RecallTest::exactAnswers_data()
{
    QTest::addColumn<SearchHits>("source");
    QTest::addColumn<SearchHits>("target");
    QTest::addColumn<bool>("same");
    const SearchHits three = hits({{"1", 0.9}, {"2", 0.8}, {"3", 0.7}});
    QTest::newRow("equal") << three << three << true;
    QTest::newRow("last digits of a float")
        << three << hits({{"1", 0.9000001}, {"2", 0.8}, {"3", 0.7}}) << true;
    QTest::newRow("another score") << three << hits({{"1", 0.9}, {"2", 0.81}, {"3", 0.7}}) << false;
    QTest::newRow("another point") << three << hits({{"1", 0.9}, {"7", 0.8}, {"3", 0.7}}) << false;
    QTest::newRow("fewer") << three << hits({{"1", 0.9}, {"2", 0.8}}) << false;
    QTest::newRow("two that tie change places")
        << hits({{"1", 0.9}, {"2", 0.8}, {"3", 0.8}, {"4", 0.1}})
        << hits({{"1", 0.9}, {"3", 0.8}, {"2", 0.8}, {"4", 0.1}}) << true;
    QTest::newRow("of those that tie with the last another is shown")
        << hits({{"1", 0.9}, {"2", 0.8}, {"3", 0.8}}) << hits({{"1", 0.9}, {"2", 0.8}, {"4", 0.8}}) << true;
    QTest::newRow("two that do not tie change places")
        << three << hits({{"2", 0.9}, {"1", 0.8}, {"3", 0.7}}) << false;
    QTest::newRow("none on both sides") << SearchHits() << SearchHits() << true;
}

void RecallTest::exactAnswers()
{
    QFETCH(SearchHits, source);
    QFETCH(SearchHits, target);
    QFETCH(bool, same);
    const auto difference =
        exactDifference(source, target, {.relative = 1e-5, .floor = 1, .comparable = true});
    QCOMPARE(!difference.has_value(), same);
    if (difference)
        QVERIFY(!difference->isEmpty());
}

void RecallTest::recall_data()
{
    QTest::addColumn<SearchHits>("found");
    QTest::addColumn<bool>("higherIsBetter");
    QTest::addColumn<double>("expected");
    QTest::newRow("all") << hits({{"1", 0.9}, {"2", 0.8}}) << true << 1.0;
    QTest::newRow("half") << hits({{"1", 0.9}, {"9", 0.5}}) << true << 0.5;
    QTest::newRow("none") << SearchHits() << true << 0.0;
    QTest::newRow("a tie with the last counts") << hits({{"1", 0.9}, {"9", 0.8}}) << true << 1.0;
    QTest::newRow("distances: further is no better") << hits({{"7", 0.95}, {"9", 0.85}}) << false << 0.0;
}

void RecallTest::recall()
{
    QFETCH(SearchHits, found);
    QFETCH(bool, higherIsBetter);
    QFETCH(double, expected);
    const SearchHits exact = higherIsBetter ? hits({{"1", 0.9}, {"2", 0.8}}) : hits({{"1", 0.1}, {"2", 0.2}});
    QCOMPARE(recallOf(exact, found, higherIsBetter, {}), expected);
}

void RecallTest::statistics()
{
    const RecallStats stats = recallStats({1, 0.5, 0.9, 1, 0.8});
    QCOMPARE(stats.mean, 0.84);
    QCOMPARE(stats.median, 0.9);
    QCOMPARE(stats.min, 0.5);
    QCOMPARE(stats.p5, 0.56);
    QCOMPARE(percentile({}, 0.5), 0.0);
    QCOMPARE(percentile({3}, 0.95), 3.0);
    QCOMPARE(overlapOf(hits({{"1", 1}, {"2", 1}}), hits({{"2", 1}, {"3", 1}})), 0.5);
}

void RecallTest::advice()
{
    const QList<CurvePoint> curve{curvePoint(10, 0.5), curvePoint(20, 0.95), curvePoint(40, 0.99)};
    QCOMPARE(smallestReaching(curve, 0.95), 20);
    QCOMPARE(smallestReaching(curve, 0.951), 40);
    QCOMPARE(smallestReaching(curve, 1), 0);
}

void RecallTest::filters_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<QString>("sql");
    const auto row = [](const char* name, const char* filter, const char* sql) {
        QTest::newRow(name) << QByteArray(filter) << QString::fromUtf8(sql);
    };
    row("none", "", "true");
    row("payload value", R"({"must":[{"key":"group","match":{"value":"b"}}]})",
        R"((((t."payload" @> '{"group":"b"}'::jsonb OR t."payload" @> '{"group":["b"]}'::jsonb))))");
    row("column value", R"({"must":[{"key":"user","match":{"value":7}}]})",
        R"(((t."user_id" = '7'::bigint)))");
    row("list column", R"({"must":[{"key":"tags","match":{"value":"x"}}]})",
        R"((('x'::text = ANY (t."tags"))))");
    row("range in the payload", R"({"must":[{"key":"a.n","range":{"gte":3,"lt":5.5}}]})",
        R"(((jsonb_path_exists(t."payload", '$."a"."n" ? (@ >= 3 && @ < 5.5)'::jsonpath))))");
    row("range in a column", R"({"must":{"key":"user","range":{"gt":3}}})",
        R"((((t."user_id" > '3'::bigint))))");
    row("not", R"({"must_not":[{"key":"user","match":{"value":7}}]})",
        R"(((((t."user_id" = '7'::bigint))) IS NOT TRUE))");
    row("ids", R"({"must":[{"has_id":[1,2]}]})", R"(((t."id" IN (1, 2))))");
    row("ids that the column cannot hold", R"({"must":[{"has_id":["a"]}]})", "((false))");
    row("a quote stays inside", R"({"must":[{"key":"g","match":{"value":"o'x"}}]})",
        R"((((t."payload" @> '{"g":"o''x"}'::jsonb OR t."payload" @> '{"g":["o''x"]}'::jsonb))))");
    row("full-text has no counterpart", R"({"must":[{"key":"g","match":{"text":"x"}}]})", "");
    row("geo has no counterpart", R"({"must":[{"key":"g","geo_radius":{}}]})", "");
    row("no part of a filter", R"({"musty":[]})", "");
    row("no JSON", "{", "");
}

void RecallTest::filters()
{
    QFETCH(QByteArray, filter);
    QFETCH(QString, sql);
    const auto result = filterSql(planWithColumns(), filter, idLiteral);
    if (sql.isEmpty()) {
        QVERIFY(!result);
        QVERIFY(!result.error().summary.isEmpty());
        return;
    }
    QVERIFY2(result.has_value(), result ? "" : qPrintable(result.error().toText()));
    // Brackets around single conditions are no matter of meaning.
    const auto bare = [](QString text) {
        return text.remove(QLatin1Char('(')).remove(QLatin1Char(')'));
    };
    QCOMPARE(bare(*result), bare(sql));
    QCOMPARE(result->count(QLatin1Char('(')), result->count(QLatin1Char(')')));
}

void RecallTest::queryTexts_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<QByteArray>("pg");
    QTest::newRow("dense") << QByteArray("[1, -2.5,0.1]") << QByteArray("[1,-2.5,0.1]");
    QTest::newRow("sparse is sorted and counted from 1")
        << QByteArray(R"({"indices": [7, 0], "values": [0.5, 2]})") << QByteArray("{1:2,8:0.5}/10");
    QTest::newRow("multi") << QByteArray("[[1,2],[3,4]]") << QByteArray(R"({"[1,2]","[3,4]"})");
    QTest::newRow("not square") << QByteArray("[[1,2],[3]]") << QByteArray();
    QTest::newRow("an entry twice") << QByteArray(R"({"indices":[7,7],"values":[1,2]})") << QByteArray();
    QTest::newRow("words") << QByteArray("[\"a\"]") << QByteArray();
    QTest::newRow("empty") << QByteArray("[]") << QByteArray();
}

void RecallTest::queryTexts()
{
    QFETCH(QByteArray, json);
    QFETCH(QByteArray, pg);
    const auto query = queryFromJson(
        std::string_view(json.constData(), static_cast<std::size_t>(json.size())), QStringLiteral("line 1"));
    QCOMPARE(query.has_value(), !pg.isEmpty());
    if (!query) {
        QCOMPARE(query.error().kind, ErrorKind::Usage);
        return;
    }
    QCOMPARE(query->toPgText(10), pg);
    const auto again = queryFromJson(query->toJson(), QStringLiteral("again"));
    QVERIFY(again.has_value());
    QCOMPARE(again->toPgText(10), pg);
}

void RecallTest::verdicts_data()
{
    QTest::addColumn<double>("mean");
    QTest::addColumn<int>("identical");
    QTest::addColumn<QString>("verdict");
    QTest::newRow("good") << 0.97 << 5 << QStringLiteral("pass");
    QTest::newRow("at the threshold") << 0.85 << 5 << QStringLiteral("pass");
    QTest::newRow("below") << 0.84 << 5 << QStringLiteral("look");
    QTest::newRow("bad") << 0.69 << 5 << QStringLiteral("fail");
    QTest::newRow("data before index") << 0.97 << 4 << QStringLiteral("different");
}

void RecallTest::verdicts()
{
    QFETCH(double, mean);
    QFETCH(int, identical);
    QFETCH(QString, verdict);
    SearchComparison comparison;
    comparison.collection = QStringLiteral("things");
    comparison.exactCompared = 5;
    comparison.exactIdentical = identical;
    comparison.settingName = QStringLiteral("hnsw.ef_search");
    comparison.settingNow = 40;
    comparison.curve = {curvePoint(40, mean)};
    judge(comparison);
    QCOMPARE(comparison.verdict, verdict);
    QVERIFY(!comparison.sentence.contains(QLatin1Char('%')));
    QVERIFY(comparisonText(comparison).contains(comparison.sentence));
}

void RecallTest::jsonRoundTrip()
{
    SearchComparison comparison;
    comparison.collection = QStringLiteral("things");
    comparison.vector = QStringLiteral("title");
    comparison.k = 7;
    comparison.exactCompared = 3;
    comparison.differences = {{QStringLiteral("point 1"), QStringLiteral("rank 1")}};
    comparison.curve = {curvePoint(40, 0.5), curvePoint(80, 0.9)};
    comparison.worst = {{QStringLiteral("point 2"), 0.1}};
    comparison.qdrantIndex = IndexMeasure{{1, 1, 1, 1}, {2, 2, 3}, 10};
    FilteredComparison filtered;
    filtered.filterJson = QStringLiteral("{}");
    filtered.matching = 12;
    filtered.modes = {{QStringLiteral("planner"), QStringLiteral("Seq Scan"), {}, 2}};
    comparison.filtered = {filtered};
    comparison.rules = {QStringLiteral("a"), QStringLiteral("b")};
    comparison.elapsed = std::chrono::milliseconds(17);
    QVERIFY(comparisonFromJson(comparisonToJson(comparison)) == comparison);
    QVERIFY(comparisonFromJson({}) == SearchComparison());
}

QTEST_GUILESS_MAIN(RecallTest)
#include "recalltest.moc"
