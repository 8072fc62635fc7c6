// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <algorithm>
#include <ctime>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <QTest>

#include "core/postgres/copybuffer.h"
#include "core/postgres/rowdigest.h"
#include "core/postgres/textcheck.h"

using namespace qdrant2pg;

namespace {

constexpr std::size_t pageRows = 256;
constexpr std::size_t dimensions = 768;

struct Point {
    std::array<std::uint8_t, 16> id{};
    std::vector<float> vector;
    /// As Qdrant prints it.
    std::string payload;
    /// As jsonb prints it.
    std::string returned;
};

std::vector<Point> makePoints()
{
    std::mt19937_64 random(768);
    std::normal_distribution<float> normal;
    std::vector<Point> points(pageRows);
    for (Point& point : points) {
        for (auto& byte : point.id)
            byte = static_cast<std::uint8_t>(random());
        point.vector.resize(dimensions);
        for (float& value : point.vector)
            value = normal(random) * 0.036F;
        const std::string user = std::to_string(random() % 100'000);
        // An escaped quote and line end.
        const std::string said = "\"\\\"Ahoy\\\"\\n\"";
        std::string content;
        for (int word = 0; word < 27; ++word)
            content += word % 9 == 3 ? "t\xc3\xa9moin " : "adventure ";
        point.payload = R"({"game_id":"7c9e6679-7425-40de-944b-e07fc1f90ae7","user_id":)" + user
            + R"(,"type":"dialogue","created_at":"2026-03-11T09:26:53.589793Z","content":")" + content
            + R"(","metadata":{"turn":17,"scene":"harbour","tags":["night","rain"],"weight":0.25,"said":)"
            + said + "}}";
        point.returned = R"({"type": "dialogue", "content": ")" + content
            + R"(", "game_id": "7c9e6679-7425-40de-944b-e07fc1f90ae7", "user_id": )" + user
            + R"(, "metadata": {"said": )" + said
            + R"(, "tags": ["night", "rain"], "turn": 17, "scene": "harbour", "weight": 0.25}, "created_at": "2026-03-11T09:26:53.589793Z"})";
    }
    return points;
}

double threadSeconds()
{
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Best of many passes over a page, in nanoseconds per row of this thread's processor time.
template <class F> double nanosecondsPerRow(F pass)
{
    double best = std::numeric_limits<double>::max();
    for (int i = 0; i < 200; ++i) {
        const double begin = threadSeconds();
        pass();
        best = std::min(best, threadSeconds() - begin);
    }
    return best * 1e9 / static_cast<double>(pageRows);
}

} // namespace

/// What a row (uuid, vector(768), jsonb of some 500 bytes) costs between decoder and socket, part by part.
/// Prints, judges nothing but that the digest of both texts of a payload is the same.
class EncodeBench : public QObject {
    Q_OBJECT

private slots:
    void rows()
    {
        const std::vector<Point> points = makePoints();
        const std::vector<ColumnType> columns{ColumnType::Uuid, ColumnType::Vector, ColumnType::Jsonb};
        CopyBuffer buffer;
        RowDigest digest(columns);
        DigestSum sum;
        int refused = 0;
        const auto row = [&](const Point& point, std::string_view payload) {
            buffer.beginRow(3);
            buffer.addUuid(point.id);
            refused += buffer.addVector(point.vector) ? 1 : 0;
            refused += buffer.addJsonb(payload) ? 1 : 0;
            buffer.endRow();
        };
        const auto print = [](const char* name, double nanoseconds) {
            qInfo("%-34s %7.0f ns a row  %11.0f rows/s", name, nanoseconds, 1e9 / nanoseconds);
        };
        qInfo("payload %zu bytes as sent, %zu as returned", points.front().payload.size(),
            points.front().returned.size());

        print("vector(768) encoded", nanosecondsPerRow([&] {
            buffer.clear();
            for (const Point& point : points)
                refused += buffer.addVector(point.vector) ? 1 : 0;
        }));
        bool lossy = false;
        print("halfvec(768) encoded", nanosecondsPerRow([&] {
            buffer.clear();
            for (const Point& point : points)
                refused += buffer.addHalfvec(point.vector, &lossy) ? 1 : 0;
        }));
        print("jsonb checked", nanosecondsPerRow([&] {
            for (const Point& point : points)
                refused += checkJsonb(point.payload) ? 1 : 0;
        }));
        print("jsonb checked and encoded", nanosecondsPerRow([&] {
            buffer.clear();
            for (const Point& point : points)
                refused += buffer.addJsonb(point.payload) ? 1 : 0;
        }));
        CanonicalJson canonical;
        std::vector<char> text(CanonicalJson::capacityFor(4096));
        std::size_t bytes = 0;
        print("canonical JSON, as sent", nanosecondsPerRow([&] {
            for (const Point& point : points)
                bytes += static_cast<std::size_t>(canonical.append(text.data(), point.payload) - text.data());
        }));
        print("canonical JSON, as returned", nanosecondsPerRow([&] {
            for (const Point& point : points)
                bytes +=
                    static_cast<std::size_t>(canonical.append(text.data(), point.returned) - text.data());
        }));
        print("whole row encoded", nanosecondsPerRow([&] {
            buffer.clear();
            for (const Point& point : points)
                row(point, point.payload);
        }));
        print("whole row encoded and digested", nanosecondsPerRow([&] {
            buffer.clear();
            sum = {};
            for (const Point& point : points) {
                row(point, point.payload);
                sum += digest.hash(buffer.lastRow());
            }
        }));
        std::vector<std::string> returned;
        buffer.clear();
        for (const Point& point : points) {
            row(point, point.returned);
            returned.emplace_back(buffer.lastRow());
        }
        DigestSum back;
        print("returned row digested", nanosecondsPerRow([&] {
            back = {};
            for (const std::string& one : returned)
                back += digest.hash(one);
        }));
        const std::vector<ColumnType> plainColumns{ColumnType::Uuid, ColumnType::Vector};
        RowDigest plain(plainColumns);
        const std::string plainRow = [&] {
            buffer.beginRow(2);
            buffer.addUuid(points.front().id);
            refused += buffer.addVector(points.front().vector) ? 1 : 0;
            buffer.endRow();
            return std::string(buffer.lastRow());
        }();
        DigestSum other;
        print("(uuid, vector) row digested", nanosecondsPerRow([&] {
            for (std::size_t i = 0; i < pageRows; ++i)
                other += plain.hash(plainRow);
        }));
        QCOMPARE(back, sum);
        QCOMPARE(refused, 0);
        QVERIFY(bytes > 0);
    }
};

QTEST_GUILESS_MAIN(EncodeBench)
#include "benchencode.moc"
