// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/heavy/randomcollection.h"
#include "tests/engine/shapes/shapecheck.h"

#include <QElapsedTimer>
#include <QTest>

#include <random>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

qint64 fromEnvironment(const char* name, qint64 otherwise)
{
    bool ok = false;
    const qint64 value = qEnvironmentVariable(name).toLongLong(&ok);
    return ok ? value : otherwise;
}

} // namespace

/// Random collections through stand-in, migration and back: every point equal, or rejected with the right
/// reason. QDRANT2PG_SEED repeats a run, QDRANT2PG_COUNT or QDRANT2PG_SECONDS says how long.
class PropertyTest : public QObject {
    Q_OBJECT
private slots:
    void everyPointIsEqualOrRejectedRightly();
};

void PropertyTest::everyPointIsEqualOrRejectedRightly()
{
    MigrationBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    const auto first = static_cast<std::uint64_t>(
        fromEnvironment("QDRANT2PG_SEED", static_cast<qint64>(std::random_device()())));
    const qint64 count = fromEnvironment("QDRANT2PG_COUNT", 0);
    const qint64 seconds = fromEnvironment("QDRANT2PG_SECONDS", 60);
    QElapsedTimer timer;
    timer.start();
    qint64 points = 0;
    qint64 rejects = 0;
    std::uint64_t seed = first;
    for (qint64 n = 0; count > 0 ? n < count : timer.elapsed() < seconds * 1000; ++n, ++seed) {
        RandomCollection random(seed);
        // The points depend on the definition that was made first.
        const std::string definition = random.definition();
        const std::string name = "c" + std::to_string(n);
        const auto collection = bench.create(name, definition, random.points());
        for (const auto& [key, type] : {std::pair("word", "\"keyword\""), std::pair("num", "\"integer\""),
                 std::pair("flag", "\"bool\"")}) {
            const std::string schema = type;
            collection->createIndex(key, *demo::Json::parse(schema));
        }
        const ShapeResult result = checkShape(bench, QString::fromStdString(name));
        QVERIFY2(result.differences.isEmpty(),
            qPrintable(QStringLiteral("QDRANT2PG_SEED=%1 QDRANT2PG_COUNT=1:\n%2")
                           .arg(seed)
                           .arg(result.differences.mid(0, 5).join(QLatin1Char('\n')))));
        bench.server.store().drop(name);
        points += result.points;
        rejects += static_cast<qint64>(result.rejects.size());
    }
    qInfo("seeds %llu to %llu: %lld collections, %lld points, %lld rejected rightly",
        static_cast<unsigned long long>(first), static_cast<unsigned long long>(seed - 1),
        static_cast<long long>(seed - first), static_cast<long long>(points),
        static_cast<long long>(rejects));
}

QTEST_GUILESS_MAIN(PropertyTest)
#include "propertytest.moc"
