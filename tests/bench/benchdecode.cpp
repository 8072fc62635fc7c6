// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <chrono>
#include <cmath>
#include <cstdio>
#include <ctime>
#include <random>
#include <string>

#include <QTest>

#include "core/qdrant/pagedecoder.h"
#ifdef QDRANT2PG_HAVE_GRPC
#include "core/qdrant/grpc/grpcpagedecoder.h"
#include <protozero/pbf_writer.hpp>
#endif
#include "tests/unit/qdrant/qdranttext.h"

using namespace qdrant2pg;

namespace {

constexpr int pointsPerPage = 256;
constexpr int dimensions = 768;

struct Point {
    PointId id;
    std::int64_t user = 0;
    std::string content;
    std::vector<float> vector;
};

/// UUID ids, about 500 bytes of payload, unit vectors.
std::vector<Point> makePoints()
{
    std::mt19937_64 random(768);
    std::normal_distribution<float> normal;
    std::vector<Point> points(pointsPerPage);
    for (Point& point : points) {
        PointId::UuidBytes bytes;
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(random() & 0xff);
        point.id = PointId::fromUuid(bytes);
        point.user = static_cast<std::int64_t>(random() % 100'000);
        for (int word = 0; word < 44; ++word)
            point.content += word % 11 == 3 ? "t\xc3\xa9moin " : "adventure ";
        point.vector.resize(dimensions);
        float squares = 0;
        for (float& element : point.vector) {
            element = normal(random);
            squares += element * element;
        }
        for (float& element : point.vector)
            element /= std::sqrt(squares);
    }
    return points;
}

const std::string gameId = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
const std::string createdAt = "2026-03-11T09:26:53.589793Z";

/// A page as Qdrant sends it over REST.
QByteArray restPage(const std::vector<Point>& points)
{
    std::string body = R"({"result":{"points":[)";
    for (const Point& point : points) {
        body += (body.back() == '[' ? R"({"id":)" : R"(,{"id":)") + point.id.toJson();
        body += R"(,"payload":{"game_id":")" + gameId + R"(","user_id":)" + std::to_string(point.user);
        body += R"(,"type":"dialogue","created_at":")" + createdAt + R"(","content":")" + point.content;
        body +=
            R"(","metadata":{"turn":17,"scene":"harbour","tags":["night","rain"],"weight":0.25}},"vector":[)";
        for (const float element : point.vector) {
            if (body.back() != '[')
                body += ',';
            test::appendQdrantFloat(body, element);
        }
        body += "]}";
    }
    body += R"(],"next_page_offset":"ffffffff-ffff-4fff-bfff-ffffffffffff"},"status":"ok","time":0.0031})";
    return QByteArray::fromStdString(body);
}

#ifdef QDRANT2PG_HAVE_GRPC
using protozero::pbf_writer;

template <class Fill> void addEntry(pbf_writer& map, protozero::pbf_tag_type tag, const char* key, Fill fill)
{
    pbf_writer entry(map, tag);
    entry.add_string(1, key);
    pbf_writer value(entry, 2);
    fill(value);
}

void addText(pbf_writer& map, protozero::pbf_tag_type tag, const char* key, const std::string& text)
{
    addEntry(map, tag, key, [&](pbf_writer& value) { value.add_string(4, text); });
}

/// The same page as it comes over gRPC (field numbers: Qdrant's points.proto and json_with_int.proto).
QByteArray grpcPage(const std::vector<Point>& points)
{
    std::string body;
    pbf_writer reply(body);
    for (const Point& one : points) {
        pbf_writer point(reply, 2);
        {
            pbf_writer id(point, 1);
            id.add_string(2, one.id.toString().toStdString());
        }
        addText(point, 2, "game_id", gameId);
        addEntry(point, 2, "user_id", [&](pbf_writer& value) { value.add_int64(3, one.user); });
        addText(point, 2, "type", "dialogue");
        addText(point, 2, "created_at", createdAt);
        addText(point, 2, "content", one.content);
        addEntry(point, 2, "metadata", [](pbf_writer& value) {
            pbf_writer fields(value, 6);
            addEntry(fields, 1, "turn", [](pbf_writer& turn) { turn.add_int64(3, 17); });
            addText(fields, 1, "scene", "harbour");
            addEntry(fields, 1, "tags", [](pbf_writer& tags) {
                pbf_writer list(tags, 7);
                for (const char* tag : {"night", "rain"}) {
                    pbf_writer element(list, 1);
                    element.add_string(4, tag);
                }
            });
            addEntry(fields, 1, "weight", [](pbf_writer& weight) { weight.add_double(2, 0.25); });
        });
        pbf_writer vectors(point, 4);
        pbf_writer vector(vectors, 1);
        pbf_writer dense(vector, 101);
        dense.add_bytes(
            1, reinterpret_cast<const char*>(one.vector.data()), one.vector.size() * sizeof(float));
    }
    return QByteArray::fromStdString(body);
}
#endif

double processSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

} // namespace

/// How fast pages are decoded. Compare builds of one sitting on one machine, and only optimised ones.
class BenchDecode : public QObject {
    Q_OBJECT

private slots:
    void overRest();
    void overGrpc();

private:
    template <class Decoder> void measure(const char* name, const QByteArray& body);

    const std::vector<Point> m_points = makePoints();
};

template <class Decoder> void BenchDecode::measure(const char* name, const QByteArray& body)
{
    Decoder decoder;
    PointPage page;
    double best = 0;
    for (int round = 0; round < 7; ++round) {
        constexpr int pages = 60;
        const double start = processSeconds();
        for (int k = 0; k < pages; ++k) {
            const auto decoded = decoder.decode(body, page);
            QVERIFY(decoded.has_value());
        }
        best = std::max(best, pages * pointsPerPage / (processSeconds() - start));
    }
    QCOMPARE(page.points().size(), m_points.size());
    for (std::size_t k = 0; k < m_points.size(); ++k)
        QVERIFY(page.points()[k].id == m_points[k].id);
    std::printf("decode over %s, %d dimensions, %lld bytes a point: %.0f points/s, %.2f us a point\n", name,
        dimensions, static_cast<long long>(body.size() / pointsPerPage), best, 1e6 / best);
}

void BenchDecode::overRest()
{
    measure<RestPageDecoder>("REST", restPage(m_points));
}

void BenchDecode::overGrpc()
{
#ifdef QDRANT2PG_HAVE_GRPC
    measure<GrpcPageDecoder>("gRPC", grpcPage(m_points));
#else
    QSKIP("built without gRPC");
#endif
}

QTEST_GUILESS_MAIN(BenchDecode)
#include "benchdecode.moc"
