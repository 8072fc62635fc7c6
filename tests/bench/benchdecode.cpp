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
#include "tests/unit/qdrant/qdranttext.h"

using namespace qdrant2pg;

namespace {

constexpr int pointsPerPage = 256;
constexpr int dimensions = 768;

/// A page as Qdrant sends it: UUID ids, about 500 bytes of payload, unit vectors.
QByteArray makePage()
{
    std::mt19937_64 random(768);
    std::normal_distribution<float> normal;
    std::string body = R"({"result":{"points":[)";
    for (int k = 0; k < pointsPerPage; ++k) {
        PointId::UuidBytes bytes;
        for (auto& byte : bytes)
            byte = static_cast<std::uint8_t>(random() & 0xff);
        body += (k ? R"(,{"id":)" : R"({"id":)") + PointId::fromUuid(bytes).toJson();
        body += R"(,"payload":{"game_id":"7c9e6679-7425-40de-944b-e07fc1f90ae7","user_id":)"
            + std::to_string(random() % 100'000);
        body += R"(,"type":"dialogue","created_at":"2026-03-11T09:26:53.589793Z","content":")";
        for (int word = 0; word < 44; ++word)
            body += word % 11 == 3 ? "t\xc3\xa9moin " : "adventure ";
        body +=
            R"(","metadata":{"turn":17,"scene":"harbour","tags":["night","rain"],"weight":0.25}},"vector":[)";
        std::vector<float> vector(dimensions);
        float squares = 0;
        for (float& element : vector) {
            element = normal(random);
            squares += element * element;
        }
        for (int element = 0; element < dimensions; ++element) {
            if (element != 0)
                body += ',';
            test::appendQdrantFloat(body, vector[static_cast<std::size_t>(element)] / std::sqrt(squares));
        }
        body += "]}";
    }
    body += R"(],"next_page_offset":"ffffffff-ffff-4fff-bfff-ffffffffffff"},"status":"ok","time":0.0031})";
    return QByteArray::fromStdString(body);
}

double processSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

} // namespace

/// How fast pages over REST are decoded. Compare builds of one sitting on one machine, and only optimised
/// ones.
class BenchDecode : public QObject {
    Q_OBJECT

private slots:
    void decodesPages();
};

void BenchDecode::decodesPages()
{
    const QByteArray body = makePage();
    RestPageDecoder decoder;
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
    QCOMPARE(page.points().size(), std::size_t{pointsPerPage});
    std::printf("decode over REST, %d dimensions, %lld bytes a point: %.0f points/s, %.2f us a point\n",
        dimensions, static_cast<long long>(body.size() / pointsPerPage), best, 1e6 / best);
}

QTEST_GUILESS_MAIN(BenchDecode)
#include "benchdecode.moc"
