// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/jsontext.h"
#include "core/compare/filtersql.h"
#include "core/compare/idfweights.h"
#include "core/compare/searchrunner.h"
#include "demo/source/recordings.h"
#include "tests/engine/support/migrationbench.h"
#include "tests/support/recordings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <map>

using namespace qdrant2pg;
using qdrant2pg::test::Exchange;
using qdrant2pg::test::MigrationBench;
using qdrant2pg::test::Recordings;

namespace {

std::string member(std::string_view object, std::string_view name)
{
    std::string found;
    jsontext::forEachMember(object, [&](std::string_view key, std::string_view value) {
        if (key == name)
            found = value;
        return key != name;
    });
    return found;
}

/// One recorded exact search of a vector.
struct RecordedSearch {
    QString name;
    QString collection;
    std::string query;
    QString vector;
    QByteArray filter;
    int limit = 10;
    SearchHits answer;
};

/// Nothing when the exchange is no exact search by a vector that was answered in full.
std::optional<RecordedSearch> searchOf(const Exchange& exchange)
{
    if (exchange.method != "POST" || !exchange.path.endsWith("/points/query") || exchange.status != 200)
        return std::nullopt;
    const std::string_view body(
        exchange.requestBody.constData(), static_cast<std::size_t>(exchange.requestBody.size()));
    const QJsonObject request = QJsonDocument::fromJson(exchange.requestBody).object();
    const QJsonValue query = request[u"query"];
    if (!request[u"params"][u"exact"].toBool() || request.contains(u"score_threshold")
        || !(query.isArray() || (query.isObject() && query[u"indices"].isArray())))
        return std::nullopt;
    RecordedSearch search;
    search.name = exchange.name;
    search.collection = QString::fromUtf8(exchange.path).section(QLatin1Char('/'), 2, 2);
    search.query = member(body, "query");
    search.vector = request[u"using"].toString();
    search.filter = QByteArray::fromStdString(member(body, "filter"));
    search.limit = request[u"limit"].toInt(10);
    const QJsonArray points = QJsonDocument::fromJson(exchange.body)[u"result"][u"points"].toArray();
    for (const QJsonValue point : points) {
        if (!point[u"score"].isDouble())
            return std::nullopt;
        search.answer.push_back(
            {point[u"id"].isString() ? point[u"id"].toString() : QString::number(point[u"id"].toInteger()),
                point[u"score"].toDouble()});
    }
    return search;
}

} // namespace

/// PostgreSQL's exact answers over migrated collections against what a real Qdrant answered.
class RecordedTest : public QObject {
    Q_OBJECT
private slots:
    void exactAnswersAreTheRealServers_data();
    void exactAnswersAreTheRealServers();
};

void RecordedTest::exactAnswersAreTheRealServers_data()
{
    QTest::addColumn<int>("least");
    QTest::newRow("search_cosine") << 20;
    QTest::newRow("search_dot") << 20;
    QTest::newRow("search_euclid") << 20;
    QTest::newRow("search_manhattan") << 20;
    // Plain and with IDF.
    QTest::newRow("search_sparse") << 25;
    QTest::newRow("vec_multi") << 2;
    QTest::newRow("vec_float16") << 1;
    QTest::newRow("vec_uint8") << 3;
    QTest::newRow("game_collection") << 1;
}

void RecordedTest::exactAnswersAreTheRealServers()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    QFETCH(int, least);
    const QString topic = QString::fromLatin1(QTest::currentDataTag());
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const auto loaded = demo::loadRecordings(
        bench.server.store(), (Recordings::directory() + QLatin1Char('/') + topic).toStdString());
    QVERIFY2(loaded.has_value(), loaded ? "" : loaded.error().c_str());

    std::map<QString, std::vector<RecordedSearch>> byCollection;
    for (const QString& name : Recordings::exchanges(topic)) {
        if (const auto exchange = Recordings::exchange(name)) {
            if (auto search = searchOf(*exchange))
                byCollection[search->collection].push_back(std::move(*search));
        }
    }
    int compared = 0;
    for (const auto& [collection, searches] : byCollection) {
        RunRequest request = bench.request(collection);
        request.plan.collections.first().indexes.clear();
        const RunOutcome run = bench.run(request);
        QVERIFY2(run.error == std::nullopt, run.error ? qPrintable(run.error->toText()) : "");
        auto connection = Connection::open(bench.database.options());
        QVERIFY(connection.has_value());
        auto server = readServerProfile(*connection);
        QVERIFY(server.has_value());
        QdrantClient client(bench.source());
        const CollectionPlan& plan = request.plan.collections.first();
        const auto info = client.collectionInfo(collection);
        QVERIFY(info.has_value());
        for (const RecordedSearch& search : searches) {
            const auto vector = std::find_if(plan.vectors.begin(), plan.vectors.end(),
                [&search](const VectorPlan& v) { return v.source == search.vector; });
            QVERIFY2(vector != plan.vectors.end(), qPrintable(search.name));
            auto target = makeSearchTarget(*connection, request.plan, plan, *vector, *server);
            QVERIFY2(target.has_value(), target ? "" : qPrintable(target.error().toText()));
            auto query = queryFromJson(search.query, search.name);
            QVERIFY2(query.has_value(), qPrintable(search.name));
            std::vector<SearchQuery> queries{*query};
            const SparseVectorInfo* sparse = info->sparseVector(search.vector);
            if (sparse && sparse->idf) {
                auto weighed = weighByIdf(*connection, *target, queries);
                QVERIFY(weighed.has_value());
                queries = *weighed;
            }
            auto where = filterSql(plan, search.filter, [&target](const QByteArray& json) {
                const auto id = PointId::parse(json.toStdString());
                return id ? target->idLiteral(*id) : QString();
            });
            QVERIFY2(where.has_value(), where ? "" : qPrintable(where.error().toText()));
            SearchRunner runner(*target, *connection, client, search.limit, {});
            auto answered = runner.askTarget(
                queries, {.scan = ScanChoice::Exact, .setting = 0, .iterativeScan = {}}, *where);
            QVERIFY2(answered.has_value(), answered ? "" : qPrintable(answered.error().toText()));
            const auto difference = exactDifference(search.answer, answered->hits.front(), target->tolerance);
            QVERIFY2(
                !difference, qPrintable(search.name + QStringLiteral(": ") + difference.value_or(QString())));
            ++compared;
        }
    }
    QVERIFY2(compared >= least, qPrintable(QString::number(compared)));
}

QTEST_GUILESS_MAIN(RecordedTest)
#include "recordedtest.moc"
