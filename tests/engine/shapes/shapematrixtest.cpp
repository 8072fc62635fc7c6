// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "demo/source/recordedanswers.h"
#include "demo/source/recordings.h"
#include "tests/engine/shapes/shapecheck.h"
#include "tests/support/recordings.h"

#include <QDir>
#include <QFile>
#include <QTest>

#include <set>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

/// A topic at one moment of its story.
struct Topic {
    const char* folder;
    /// Exchange up to which changes have happened; 0 = before the first.
    int at;
    const char* about;
};

// clang-format off
const Topic topics[] = {
    {"auth", 0, "behind an API key"},
    {"cluster", 0, "custom shard keys (text and number), one id under two of them; three automatic shards"},
    {"deferred_points", 0, "written points that the server still hides"},
    {"errors", 0, "two named vectors"},
    {"game_collection", 0, "the typical collection: UUIDs, unnamed Cosine, five payload indexes"},
    {"hardware_reporting", 0, "answers with `usage`"},
    {"http_compression", 0, "compressed answers"},
    {"ids_dense", 0, "ids 0 to 299"},
    {"ids_mixed", 0, "numbers and UUIDs as ids"},
    {"ids_mixed_3_shards", 0, "the same over three shards"},
    {"ids_sparse", 0, "numeric ids up to 2^64-1"},
    {"ids_uuid", 0, "UUIDs of every version, nil and all ones"},
    {"indexes", 0, "payload indexes of all types, odd paths"},
    {"live_changes", 0, "before the writes of its story"},
    {"order_by", 0, "no vectors, ordered scrolls"},
    {"payload_1mb", 0, "a string of a million characters"},
    {"payload_datetime", 0, "every datetime spelling, datetime index"},
    {"payload_geo", 0, "every geo spelling, geo index"},
    {"payload_index_values", 0, "odd values under seven indexes"},
    {"payload_types", 0, "every JSON type, big integers, \\u0000, odd keys, deep nesting"},
    {"search_cosine", 0, "Cosine"},
    {"search_dot", 0, "Dot"},
    {"search_euclid", 0, "Euclid"},
    {"search_manhattan", 0, "Manhattan"},
    {"search_sparse", 0, "sparse, plain and with the IDF modifier"},
    {"snapshots", 0, "a plain collection"},
    {"strict_mode", 0, "strict mode: page limit, no exact count, rate limit"},
    {"vec_3072", 0, "3072 dimensions"},
    {"vec_4096", 0, "4096 dimensions"},
    {"vec_cosine", 0, "zero, tiny and huge Cosine vectors"},
    {"vec_default_sparse", 0, "unnamed and sparse: `vector` differs from point to point"},
    {"vec_float16", 0, "float16 beside float32; overflow reads back as null"},
    {"vec_multi", 0, "multivectors beside a plain vector"},
    {"vec_multi_unnamed", 0, "an unnamed multivector, a point without it"},
    {"vec_named", 0, "six named vectors, points with some or none, odd names"},
    {"vec_nan", 0, "NaN and infinities"},
    {"vec_none", 0, "no vectors, numbers and a UUID as ids"},
    {"vec_quantized", 0, "every kind of quantisation"},
    {"vec_sparse", 0, "sparse alone: empty, zeros, indices to 2^32-1, 1,000 non-zeros"},
    {"vec_uint8", 0, "uint8 for every distance"},
    {"vec_unnamed", 0, "subnormals, -0.0, greatest floats; a point without a vector"},
    {"vec_unnamed_plus_named", 0, "unnamed, before a named vector was added"},
    {"vec_unnamed_plus_named", 7, "the unnamed one is called \"\" beside a named and a sparse one"},
    {"vec_unnamed_plus_named", 999, "as it was at the end of its story"},
    {"frameworks/langchain/qdrant_custom_keys", 0, "LangChain, own payload keys"},
    {"frameworks/langchain/qdrant_dense", 0, "LangChain, dense"},
    {"frameworks/langchain/qdrant_hybrid", 0, "LangChain, dense and sparse"},
    {"frameworks/langchain/qdrant_named", 0, "LangChain, a named vector"},
    {"frameworks/llamaindex/qdrant_dense", 0, "LlamaIndex, dense"},
    {"frameworks/llamaindex/qdrant_hybrid", 0, "LlamaIndex, dense and sparse"},
};
// clang-format on

/// Topics that hold no points, or none that are known whole.
const char* const withoutPoints[] = {"empty_collection", "grpc", "metadata_collection", "server", "timeouts"};

QString pathOf(const QString& folder)
{
    return Recordings::directory() + QLatin1Char('/') + folder;
}

/// The records with payload that the real server sent of a collection, at that moment of the
/// story.
std::vector<ServedPoint> recordedBodies(const Topic& topic, const std::string& collection)
{
    std::map<std::pair<demo::PointId, std::string>, ServedPoint> points;
    const auto exchanges = demo::readExchanges(pathOf(QString::fromUtf8(topic.folder)).toStdString());
    for (const demo::RecordedExchange& exchange : exchanges) {
        if (exchange.collection() != collection || !exchange.result)
            continue;
        if (exchange.changes()) {
            if (exchange.number > topic.at)
                break;
            points.clear();
            continue;
        }
        const demo::Json* body = exchange.requestBody ? &*exchange.requestBody : nullptr;
        const demo::Json* list = exchange.result->find("points");
        const auto isTrue = [body](const char* key) {
            const demo::Json* value = body ? body->get(key) : nullptr;
            return value != nullptr && value->isTrue();
        };
        if (list == nullptr || exchange.request.segments().back() != "scroll" || !isTrue("with_payload"))
            continue;
        for (const demo::Json& record : list->items()) {
            auto point = recordedPoint(record);
            if (!point)
                continue;
            ServedPoint& known =
                points.try_emplace(std::pair(point->id, point->shardKey), *point).first->second;
            if (!known.hasVectors && point->hasVectors)
                known = std::move(*point);
        }
    }
    std::vector<ServedPoint> list;
    for (auto& [key, point] : points)
        list.push_back(std::move(point));
    return list;
}

/// The uploaded points of a topic as the server's rules store them in that collection.
std::vector<ServedPoint> uploads(const Topic& topic, const demo::Collection& collection)
{
    std::vector<ServedPoint> points;
    const bool custom =
        collection.read([](const demo::CollectionState& state) { return state.config.customSharding(); });
    std::set<demo::PointId> held;
    for (const ServedPoint& point : servedPoints(collection))
        held.insert(point.id);
    const QDir folder(pathOf(QString::fromUtf8(topic.folder)));
    for (const QString& file :
        folder.entryList({QStringLiteral("expected*.jsonl")}, QDir::Files, QDir::Name)) {
        std::string shardKey;
        if (file.startsWith(QLatin1String("expected-"))) {
            const QString key = file.mid(9).chopped(6);
            bool number = false;
            key.toInt(&number);
            shardKey = number ? key.toStdString() : '"' + key.toStdString() + '"';
        }
        if (custom != !shardKey.empty())
            continue;
        for (const QByteArray& line : Recordings::expectedPoints(QString::fromUtf8(topic.folder), file)) {
            const std::string text = '[' + line.toStdString() + ']';
            const auto parsed = demo::Json::parse(text);
            const auto stored =
                parsed ? collection.uploadedPoints(*parsed, shardKey) : tl::unexpected(std::string());
            for (const demo::Point& uploaded : stored.value_or(std::vector<demo::Point>())) {
                // Some come later in the topic's story.
                if (!held.contains(uploaded.id))
                    continue;
                ServedPoint point{uploaded.id, shardKey, uploaded.payload, {}};
                for (const demo::StoredVector& vector : uploaded.vectors)
                    point.vectors.emplace(vector.name, vector);
                points.push_back(std::move(point));
            }
        }
    }
    return points;
}

/// In how many points of a truth the table agrees; the differences go to `differences`.
int agreeing(const ShapeResult& result, const std::vector<ServedPoint>& truth, Likeness likeness,
    QStringList* differences)
{
    int equal = 0;
    for (const ServedPoint& point : truth) {
        const RowKey key = result.keyOf(point);
        if (!result.rows.contains(key)) {
            if (differences && !result.rejects.contains(key))
                *differences << key.first + QStringLiteral(" is in the recordings, not in the table");
            continue;
        }
        const QString difference = result.difference(point, likeness);
        equal += difference.isEmpty() ? 1 : 0;
        if (!difference.isEmpty() && differences)
            *differences << QStringLiteral("unlike the recordings: ") + difference;
    }
    return equal;
}

QString rejectWords(const ShapeResult& result)
{
    QMap<QString, int> groups;
    for (const auto& [key, reject] : result.rejects)
        ++groups[QStringLiteral("%1 (%2)").arg(
            reject.second.section(QLatin1Char('\n'), 0, 0), QString::fromLatin1(reject.first))];
    QStringList words;
    for (auto it = groups.cbegin(); it != groups.cend(); ++it)
        words << QStringLiteral("%1: %2").arg(it.value()).arg(it.key());
    return words.isEmpty() ? QStringLiteral("none") : words.join(QStringLiteral("; "));
}

QString cell(QString text)
{
    return text.replace(QLatin1Char('|'), QStringLiteral("\\|"));
}

} // namespace

/// Every collection that was recorded from a real Qdrant, served by the stand-in, migrated into PostgreSQL
/// and compared point by point. Makes the table of docs/shapes.md.
class ShapeMatrixTest : public QObject {
    Q_OBJECT
private slots:
    void initTestCase();
    void everyFolderIsCovered();
    void everyPointArrives_data();
    void everyPointArrives();
    void documentIsTrue();

private:
    QMap<QString, QString> m_lines;
    int m_expected = 0;
};

void ShapeMatrixTest::initTestCase()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    const TestPostgres database;
    QDRANT2PG_REQUIRE_POSTGRES(database);
}

void ShapeMatrixTest::everyFolderIsCovered()
{
    QStringList known;
    for (const Topic& topic : topics)
        known << QString::fromUtf8(topic.folder);
    for (const char* folder : withoutPoints)
        known << QString::fromUtf8(folder);
    for (const QString& folder : Recordings::folders())
        QVERIFY2(folder == QLatin1String("frameworks") || known.contains(folder), qPrintable(folder));
}

void ShapeMatrixTest::everyPointArrives_data()
{
    QTest::addColumn<int>("index");
    for (int i = 0; i < int(std::size(topics)); ++i) {
        const QString name = topics[i].at == 0
            ? QString::fromUtf8(topics[i].folder)
            : QStringLiteral("%1@%2").arg(QString::fromUtf8(topics[i].folder)).arg(topics[i].at);
        QTest::newRow(qPrintable(name)) << i;
    }
}

void ShapeMatrixTest::everyPointArrives()
{
    QFETCH(int, index);
    ++m_expected;
    const Topic& topic = topics[index];
    MigrationBench bench;
    const auto names = demo::loadRecordings(
        bench.server.store(), pathOf(QString::fromUtf8(topic.folder)).toStdString(), topic.at);
    QVERIFY2(names, names ? "" : names.error().c_str());
    // No test waits for the recorded rate limits.
    bench.server.stop();
    bench.server.setObserver([&bench](const demo::HttpRequest&) {
        for (const std::string& name : bench.server.store().names())
            bench.server.store().find(name)->refillReadTokens();
    });
    QVERIFY(bench.server.start());
    QStringList differences;
    for (const std::string& name : *names) {
        const auto collection = bench.server.store().find(name);
        if (servedPoints(*collection).empty())
            continue;
        const QString collectionName = QString::fromStdString(name);
        const ShapeResult result = checkShape(bench, collectionName);
        QStringList found = result.differences;
        const auto bodies = recordedBodies(topic, name);
        const int served = agreeing(result, bodies, Likeness::Exact, &found);
        // A later moment of a story is not what was uploaded.
        const auto uploaded = topic.at == 0 ? uploads(topic, *collection) : std::vector<ServedPoint>();
        const int asUploaded = agreeing(result, uploaded, Likeness::AsUploaded, &found);
        for (const QString& difference : found.mid(0, 5))
            differences << collectionName + QStringLiteral(": ") + difference;

        QStringList truth;
        if (served > 0)
            truth << QStringLiteral("served bodies (%1)").arg(served);
        if (asUploaded > 0)
            truth << QStringLiteral("uploaded points (%1)").arg(asUploaded);
        if (truth.isEmpty())
            truth << QStringLiteral("the stand-in's answers");
        const QString key =
            QStringLiteral("%1 %2 %3").arg(index, 3, 10, QLatin1Char('0')).arg(collectionName).arg(topic.at);
        m_lines[key] =
            QStringLiteral("| `%1` | %2 | %3 | %4 | %5 | %6 | %7 | %8 |")
                .arg(cell(collectionName), cell(QString::fromUtf8(topic.about)), result.idColumn(),
                    result.vectorColumns().isEmpty() ? QStringLiteral("none")
                                                     : result.vectorColumns().join(QStringLiteral(", ")))
                .arg(result.points)
                .arg(result.rows.size())
                .arg(cell(rejectWords(result)), truth.join(QStringLiteral(", ")));
    }
    QVERIFY2(differences.isEmpty(), qPrintable(differences.join(QLatin1Char('\n'))));
}

void ShapeMatrixTest::documentIsTrue()
{
    if (m_expected != int(std::size(topics)))
        QSKIP("only a part of the shapes was run");
    QString text = QStringLiteral(
        "# Shapes that were migrated\n\n"
        "Every collection recorded from a real Qdrant 1.18.3, served by the stand-in and migrated into "
        "PostgreSQL with the plan that "
        "`qdrant2pg plan` proposes. Each row was compared with its point: floats bit for bit, JSON by value, "
        "ids. This page is written by the "
        "test `engine_shapematrix` (`QDRANT2PG_UPDATE_DOCS=1`), which fails when it is not true.\n\n"
        "Compared with: *served bodies* are the records that the real server sent in a scroll, equal in "
        "every bit; *uploaded points* are "
        "what went in, equal after the server's own rules (Cosine vectors within 1e-6 of the normalised "
        "upload, float16 and uint8 rounded, "
        "payload doubles within three units in the last place). The number in brackets says for how many "
        "rows that truth was at hand and "
        "agreed. Every reject was announced by the check before the run, and its reason was found in the "
        "point.\n\n"
        "| Collection | Shape | Ids | Vectors | Points | Rows | Rejected | Compared with |\n"
        "| --- | --- | --- | --- | ---: | ---: | --- | --- |\n");
    for (const QString& line : std::as_const(m_lines))
        text += line + QLatin1Char('\n');
    QFile file(QStringLiteral(QDRANT2PG_SOURCE_DIR "/docs/shapes.md"));
    if (qEnvironmentVariableIntValue("QDRANT2PG_UPDATE_DOCS") == 1) {
        QVERIFY(file.open(QIODevice::WriteOnly | QIODevice::Truncate));
        file.write(text.toUtf8());
        return;
    }
    QVERIFY2(file.open(QIODevice::ReadOnly), "docs/shapes.md is missing");
    QCOMPARE(QString::fromUtf8(file.readAll()), text);
}

QTEST_GUILESS_MAIN(ShapeMatrixTest)
#include "shapematrixtest.moc"
