// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/support/migrationbench.h"

#include "core/engine/rowencoder.h"
#include "core/plan/proposal.h"
#include "core/plan/targetschema.h"
#include "core/postgres/copyrow.h"
#include "core/postgres/identifiers.h"
#include "core/postgres/rowdigest.h"
#include "core/qdrant/pointsource.h"
#include "core/qdrant/qdrantclient.h"
#include "core/qdrant/restpointsource.h"
#include "tests/support/patience.h"

#include <QEventLoop>
#include <QTest>
#include <QTimer>

#include <map>

namespace qdrant2pg::test {

MigrationBench::MigrationBench()
{
    if (auto started = server.start(); !started)
        qFatal("the stand-in cannot start: %s", started.error().c_str());
}

MigrationBench::MigrationBench(PostgresServer& postgres)
    : database(postgres)
{
    if (auto started = server.start(); !started)
        qFatal("the stand-in cannot start: %s", started.error().c_str());
}

std::shared_ptr<demo::Collection> MigrationBench::generate(
    const std::string& name, const demo::Recipe& recipe)
{
    auto made = demo::generateCollection(server.store(), name, recipe);
    if (!made)
        qFatal("%s", made.error().c_str());
    return *made;
}

std::shared_ptr<demo::Collection> MigrationBench::create(
    const std::string& name, const std::string& createRequest, const std::string& pointsJson)
{
    auto made = server.store().create(name, createRequest);
    if (!made)
        qFatal("%s", made.error().c_str());
    const auto points = demo::Json::parse(pointsJson);
    if (!points)
        qFatal("the points of %s are no JSON", name.c_str());
    if (auto uploaded = (*made)->upload(*points); !uploaded)
        qFatal("%s", uploaded.error().c_str());
    return *made;
}

SourceOptions MigrationBench::source() const
{
    SourceOptions options;
    options.url = remote.isEmpty() ? QUrl(QString::fromStdString(server.url())) : remote;
    return options;
}

RunRequest MigrationBench::request(const QString& collection, const QString& preset)
{
    return request(QStringList{collection}, preset);
}

RunRequest MigrationBench::request(const QStringList& collections, const QString& preset)
{
    RunRequest request;
    request.source = source();
    request.target = database.options();
    request.plan.source.url = request.source.url.toString();
    request.plan.target.conninfo = request.target.conninfo;
    request.retry = {
        .attempts = 6, .first = std::chrono::milliseconds(5), .cap = std::chrono::milliseconds(50)};
    QdrantClient client(request.source);
    auto connection = Connection::open(request.target);
    if (!connection)
        qFatal("%s", qPrintable(connection.error().toText()));
    auto profile = readServerProfile(*connection);
    if (!profile)
        qFatal("%s", qPrintable(profile.error().toText()));
    for (const QString& name : collections) {
        FactOptions options;
        options.idPass = true;
        auto facts = readCollectionFacts(client, name, options);
        if (!facts)
            qFatal("%s", qPrintable(facts.error().toText()));
        auto plan = proposeCollection(*facts, preset, *profile);
        if (!plan)
            qFatal("%s", qPrintable(plan.error().toText()));
        request.facts.insert(name, *facts);
        request.plan.collections << *plan;
        respectStrictMode(request.source, facts->info);
    }
    request.plan.run.verify = VerifyLevel::None;
    request.sourceFactory = [options = request.source](
                                const QString& name) -> Result<std::unique_ptr<PointSource>> {
        return std::make_unique<RestPointSource>(options, name);
    };
    return request;
}

RunOutcome MigrationBench::run(
    RunRequest request, const std::function<void(MigrationEngine&, const RunProgress&)>& progressed)
{
    states.clear();
    messages.clear();
    MigrationEngine engine(std::move(request));
    RunOutcome outcome;
    bool finished = false;
    int endings = 0;
    QEventLoop loop;
    QObject::connect(&engine, &MigrationEngine::stateChanged, &loop,
        [this](RunState state) { states << runStateName(state); });
    QObject::connect(
        &engine, &MigrationEngine::message, &loop, [this](const QString& text) { messages << text; });
    QObject::connect(&engine, &MigrationEngine::progressed, &loop, [&](const RunProgress& progress) {
        if (progressed && !finished)
            progressed(engine, progress);
    });
    QObject::connect(&engine, &MigrationEngine::finished, &loop, [&](const RunOutcome& result) {
        outcome = result;
        finished = true;
        ++endings;
        loop.quit();
    });
    QTimer::singleShot(
        patience(std::chrono::minutes(4)), &loop, [] { qFatal("a run did not end within its time"); });
    engine.start();
    loop.exec();
    if (endings != 1 || !isTerminal(outcome.state) || states.last() != runStateName(outcome.state))
        qFatal("the engine announced %d ends", endings);
    return outcome;
}

RunOutcome MigrationBench::resume(const QString& runId, RunRequest request)
{
    request.resumeRunId = runId;
    return run(std::move(request));
}

QString MigrationBench::difference(const QString& collection, const QString& table)
{
    RunRequest planned = request(collection);
    CollectionPlan plan = planned.plan.collections.first();
    plan.table = table;
    auto connection = Connection::open(database.options());
    if (!connection)
        return connection.error().toText();
    auto profile = readServerProfile(*connection);
    if (!profile)
        return profile.error().toText();
    auto schema = targetSchema(planned.plan, plan, *profile);
    if (!schema)
        return schema.error().toText();
    RowEncoder::Options options;
    options.vectorOid = profile->vectorOid;
    auto encoder = RowEncoder::create(plan, *schema, options);
    if (!encoder)
        return encoder.error().toText();
    RowDigest digest(schema->table.columnTypes());

    // Digest of every row by what the source serves now, then struck out by what the table holds.
    std::map<QByteArray, qint64> expected;
    qint64 sourceRows = 0;
    QdrantClient client(source());
    CopyBuffer buffer;
    std::optional<PointId> from = PointId();
    while (from) {
        PageRequest page;
        page.from = from;
        page.limit = 1000;
        auto points = client.scroll(collection, page);
        if (!points)
            return points.error().toText();
        if (points->points().empty())
            break;
        for (const PointView& point : points->points()) {
            buffer.clear();
            if (auto reject = encoder->encode(*points, point, buffer))
                continue;
            ++expected[digest.hash(buffer.bytes()).toHex()];
            ++sourceRows;
        }
        from = points->points().back().id.successor();
    }
    qint64 targetRows = 0;
    qint64 strange = 0;
    CopyRowSplitter splitter;
    TableSpec spec = schema->table;
    spec.name = table;
    auto read = connection->copyOut(copyOutSql(spec, {}, {}).toUtf8(), [&](std::string_view message) {
        splitter.feed(message);
        std::string_view row;
        while (splitter.next(row) == CopyRowSplitter::Status::Row) {
            ++targetRows;
            const auto found = expected.find(digest.hash(row).toHex());
            if (found == expected.end() || --found->second < 0)
                ++strange;
        }
        return true;
    });
    if (!read)
        return read.error().toText();
    if (sourceRows == targetRows && strange == 0)
        return {};
    return QStringLiteral("source %1 rows, target %2 rows, %3 of them unlike any point")
        .arg(sourceRows)
        .arg(targetRows)
        .arg(strange);
}

} // namespace qdrant2pg::test
