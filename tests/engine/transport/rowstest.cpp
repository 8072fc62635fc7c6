// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <QDir>
#include <QTest>

#include "core/postgres/identifiers.h"
#include "demo/source/recordings.h"
#include "tests/engine/shapes/shapefixtures.h"
#include "tests/engine/transport/enginedoors.h"
#include "tests/engine/transport/filterpoints.h"
#include "tests/support/recordings.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

/// What differs between the tables, and between the ledgers, that the two transports made of a collection;
/// empty when nothing does. Each run verifies itself over its own transport. `carried`: gRPC carries the
/// filter; else both runs read over REST.
QString rowDifference(
    EngineDoors& doors, const QString& collection, const QByteArray& filter = {}, bool carried = true)
{
    TestPostgres& database = doors.bench.database;
    QList<RunOutcome> outcomes;
    QStringList rejects;
    RunRequest request;
    for (const TransportChoice transport : {TransportChoice::Rest, TransportChoice::Grpc}) {
        request = doors.request(collection, transport, VerifyLevel::Full);
        request.plan.collections.first().filterJson = filter;
        const std::uint64_t before = doors.door.calls();
        const RunOutcome outcome = doors.bench.run(request);
        if (outcome.state != RunState::Completed && outcome.state != RunState::CompletedWithRejects)
            return errorText(outcome);
        const bool grpc = transport == TransportChoice::Grpc;
        if (outcome.transport != (grpc && carried ? QLatin1String("gRPC") : QLatin1String("REST"))
            || (doors.door.calls() > before) != grpc)
            return QStringLiteral("it was read over ") + outcome.transport;
        const auto& verification = outcome.collections.first().verification;
        if (!verification || verification->result != QLatin1String("identical")
            || verification->transport != outcome.transport)
            return verification ? verification->sentence : QStringLiteral("it was not verified");
        rejects << database.scalar(
            "SELECT string_agg(r, ' ' ORDER BY r) FROM (SELECT shard_key || ' ' || point_id || ' ' || reason "
            "AS r FROM qdrant2pg.reject WHERE run_id = '"
            + outcome.runId.toUtf8() + "') AS rejected");
        outcomes << outcome;
        if (!grpc) {
            const QString table =
                qualifiedName(outcome.collections.first().schema, outcome.collections.first().table);
            if (!database.execute(
                    "DROP SCHEMA IF EXISTS over_rest CASCADE; CREATE SCHEMA over_rest; ALTER TABLE "
                    + table.toUtf8() + " SET SCHEMA over_rest"))
                return QStringLiteral("the table cannot be put aside");
        }
    }
    const CollectionOutcome& rest = outcomes.first().collections.first();
    const CollectionOutcome& grpc = outcomes.last().collections.first();
    if (rest.stored != grpc.stored || rest.rejected != grpc.rejected || rest.digest != grpc.digest)
        return QStringLiteral("%1 rows and %2 rejects with sum %3, %4 and %5 with %6")
            .arg(rest.stored)
            .arg(rest.rejected)
            .arg(rest.digest)
            .arg(grpc.stored)
            .arg(grpc.rejected)
            .arg(grpc.digest);
    if (rejects.first() != rejects.last())
        return QStringLiteral("rejects: %1 and %2").arg(rejects.first(), rejects.last());
    const QByteArray left = qualifiedName(QStringLiteral("over_rest"), rest.table).toUtf8();
    const QByteArray right = qualifiedName(grpc.schema, grpc.table).toUtf8();
    const auto except = [&database](const QByteArray& a, const QByteArray& b) {
        return database.scalar("SELECT count(*) FROM (SELECT t::text FROM " + a
            + " t EXCEPT ALL SELECT t::text FROM " + b + " t) AS only_here");
    };
    const QString only = except(left, right) + QLatin1Char(' ') + except(right, left);
    return only == QLatin1String("0 0") ? QString() : QStringLiteral("rows of one alone: ") + only;
}

} // namespace

/// Both transports make the same table and the same ledger of everything that was recorded of a real Qdrant
/// and of every shape made by hand: row digests, rows and rejects.
class RowsTest : public QObject {
    Q_OBJECT

private slots:
    void recorded_data();
    void recorded();
    void madeByHand_data();
    void madeByHand();
    void filtered_data();
    void filtered();
};

void RowsTest::recorded_data()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    QTest::addColumn<QString>("folder");
    QTest::addColumn<int>("at");
    const auto row = [](const QString& folder, int at = 0) {
        QTest::newRow(qPrintable(at == 0 ? folder : QStringLiteral("%1 at %2").arg(folder).arg(at)))
            << folder << at;
    };
    for (const QString& folder : Recordings::folders()) {
        if (folder != QLatin1String("frameworks") && folder != QLatin1String("grpc"))
            row(folder);
    }
    row(QStringLiteral("vec_unnamed_plus_named"), 7);
    row(QStringLiteral("vec_unnamed_plus_named"), 999);
    const QDir frameworks(Recordings::directory() + QStringLiteral("/frameworks"));
    for (const QString& framework : frameworks.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name)) {
        const QStringList collections = QDir(frameworks.filePath(framework))
                                            .entryList({QStringLiteral("qdrant_*")}, QDir::Dirs, QDir::Name);
        QVERIFY(!collections.isEmpty());
        for (const QString& collection : collections)
            row(QStringLiteral("frameworks/%1/%2").arg(framework, collection));
    }
}

void RowsTest::recorded()
{
    QFETCH(QString, folder);
    QFETCH(int, at);
    EngineDoors doors;
    QDRANT2PG_REQUIRE_POSTGRES(doors.bench.database);
    const auto names = demo::loadRecordings(
        doors.bench.server.store(), (Recordings::directory() + QLatin1Char('/') + folder).toStdString(), at);
    QVERIFY2(names.has_value(), names ? "" : names.error().c_str());
    QVERIFY(doors.door.start().has_value());
    for (const std::string& name : *names) {
        doors.bench.server.store().find(name)->write([](demo::CollectionState& state) {
            return state.config.setMember("strict_mode_config", std::nullopt).has_value();
        });
        const QString words = rowDifference(doors, QString::fromStdString(name));
        QVERIFY2(words.isEmpty(), qPrintable(QString::fromStdString(name) + QStringLiteral(": ") + words));
    }
}

void RowsTest::madeByHand_data()
{
    QTest::addColumn<int>("number");
    for (std::size_t k = 0; k < shapeFixtures().size(); ++k)
        QTest::newRow(shapeFixtures()[k].name) << static_cast<int>(k);
}

void RowsTest::madeByHand()
{
    QFETCH(int, number);
    const Fixture& fixture = shapeFixtures()[static_cast<std::size_t>(number)];
    EngineDoors doors;
    QDRANT2PG_REQUIRE_POSTGRES(doors.bench.database);
    doors.bench.create("fixture", fixture.definition, fixture.points);
    QVERIFY(doors.door.start().has_value());
    const QString words = rowDifference(doors, QStringLiteral("fixture"));
    QVERIFY2(words.isEmpty(), qPrintable(words));
}

void RowsTest::filtered_data()
{
    QTest::addColumn<QByteArray>("filter");
    QTest::addColumn<bool>("carried");
    QTest::newRow("carried") << QByteArray(
        R"({"should":[{"key":"size","range":{"lt":25.5}},{"has_id":[50]}],)"
        R"("must_not":[{"key":"color","match":{"any":["red"]}}]})")
                             << true;
    QTest::newRow("left to REST") << QByteArray(
        R"({"must":[{"key":"when","range":{"lt":"2024-01-15T12:00:00+0100"}}]})")
                                  << false;
}

void RowsTest::filtered()
{
    QFETCH(QByteArray, filter);
    QFETCH(bool, carried);
    EngineDoors doors;
    QDRANT2PG_REQUIRE_POSTGRES(doors.bench.database);
    doors.bench.create("things", filterConfig, filterPoints());
    QVERIFY(doors.door.start().has_value());
    const QString words = rowDifference(doors, QStringLiteral("things"), filter, carried);
    QVERIFY2(words.isEmpty(), qPrintable(words));
    const int rows = doors.bench.database.scalar("SELECT count(*) FROM things").toInt();
    QVERIFY(rows > 0 && rows < filterPointCount);
}

QTEST_GUILESS_MAIN(RowsTest)
#include "rowstest.moc"
