// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <chrono>
#include <cstdio>
#include <ctime>

#include "core/postgres/identifiers.h"
#include "tests/bench/benchfloors.h"

// What the benchmark suite asks of compiled code: the two floors, and a statement to PostgreSQL. One JSON
// object a line; {"event":"begun"} comes when the measured stretch begins, so that whoever started this
// program can measure the servers over the same stretch. DATABASE_URL and QDRANT_API_KEY name the secrets.

using namespace qdrant2pg;
using namespace qdrant2pg::bench;
using namespace Qt::StringLiterals;

namespace {

void print(const QJsonObject& object)
{
    std::printf("%s\n", QJsonDocument(object).toJson(QJsonDocument::Compact).constData());
    std::fflush(stdout);
}

double wallSeconds()
{
    return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double ownSeconds()
{
    timespec now{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

/// Runs `work` between the line that says so and the line with the result.
template <class Work> Result<void> measured(const Work& work)
{
    print({{u"event"_s, u"begun"_s}});
    const double wall = wallSeconds();
    const double cpu = ownSeconds();
    const Result<Moved> moved = work();
    if (!moved)
        return fail(moved.error());
    print({{u"event"_s, u"ended"_s}, {u"points"_s, moved->points}, {u"bytes"_s, moved->bytes},
        {u"seconds"_s, wallSeconds() - wall}, {u"cpuSeconds"_s, ownSeconds() - cpu}});
    return {};
}

Result<void> copy(const QCommandLineParser& options, const SourceOptions& source, const TargetOptions& target)
{
    const QString schema = options.value(u"schema"_s);
    const QString table = u"copy_floor"_s;
    auto connection = Connection::open(target);
    if (!connection)
        return fail(connection.error());
    const QByteArray drop = "DROP TABLE IF EXISTS " + (quoteIdentifier(schema) + u'.' + table).toUtf8();
    if (auto dropped = connection->execute(drop); !dropped)
        return fail(dropped.error());
    const qint64 points = options.value(u"points"_s).toLongLong();
    const auto rows = encodeRows(source, target, options.value(u"collection"_s), schema, table, points);
    if (!rows)
        return fail(rows.error());
    if (auto done = measured(
            [&] { return copyFloor(*rows, target, points, options.value(u"connections"_s).toInt()); });
        !done)
        return done;
    if (auto dropped = connection->execute(drop); !dropped)
        return fail(dropped.error());
    return {};
}

Result<void> scroll(const QCommandLineParser& options, const SourceOptions& source)
{
    const Transport transport =
        options.value(u"transport"_s) == u"grpc"_s ? Transport::Grpc : Transport::Rest;
    return measured([&] {
        return scrollFloor(transport, source, options.value(u"collection"_s),
            options.value(u"page"_s).toUInt(), options.value(u"connections"_s).toInt());
    });
}

Result<void> sql(const QStringList& statements, const TargetOptions& target)
{
    auto connection = Connection::open(target);
    if (!connection)
        return fail(connection.error());
    for (const QString& statement : statements) {
        const auto result = connection->execute(statement.toUtf8());
        if (!result)
            return fail(result.error());
        QJsonArray rows;
        for (int row = 0; row < result->rowCount(); ++row) {
            QJsonArray values;
            for (int column = 0; column < static_cast<int>(result->m_rows[std::size_t(row)].size()); ++column)
                values.append(result->text(row, column));
            rows.append(values);
        }
        print({{u"rows"_s, rows}});
    }
    return {};
}

} // namespace

int main(int argc, char** argv)
{
    const QCoreApplication application(argc, argv);
    QCommandLineParser options;
    options.setApplicationDescription(u"Floors of the benchmark suite; see tests/bench/suite."_s);
    options.addHelpOption();
    options.addPositionalArgument(u"what"_s, u"copy, scroll, or sql with statements"_s);
    options.addOptions({{u"source"_s, u"URL of Qdrant."_s, u"url"_s},
        {u"grpc-port"_s, u"Port of its gRPC door."_s, u"number"_s, u"0"_s},
        {u"transport"_s, u"rest or grpc."_s, u"word"_s, u"grpc"_s},
        {u"collection"_s, u"Collection."_s, u"name"_s},
        {u"schema"_s, u"Schema of the table of the floor."_s, u"name"_s, u"public"_s},
        {u"points"_s, u"Rows to store."_s, u"number"_s, u"1"_s},
        {u"page"_s, u"Points a request."_s, u"number"_s, u"256"_s},
        {u"connections"_s, u"How many at once."_s, u"number"_s, u"2"_s}});
    options.process(application);

    SourceOptions source;
    source.url = QUrl(options.value(u"source"_s));
    source.grpcPort = options.value(u"grpc-port"_s).toInt();
    source.apiKey = qgetenv("QDRANT_API_KEY");
    TargetOptions target;
    const auto split = splitConninfo(qEnvironmentVariable("DATABASE_URL"));
    if (split) {
        target.conninfo = split->withoutPassword;
        target.password = split->password;
    }
    const QStringList arguments = options.positionalArguments();
    const QString what = arguments.value(0);
    Result<void> done = fail(ErrorKind::Usage, u"The first argument is copy, scroll or sql."_s);
    if (!split)
        done = fail(split.error());
    else if (what == u"copy"_s)
        done = copy(options, source, target);
    else if (what == u"scroll"_s)
        done = scroll(options, source);
    else if (what == u"sql"_s)
        done = sql(arguments.mid(1), target);
    if (done)
        return 0;
    std::fprintf(stderr, "bench_floor: %s\n", qPrintable(done.error().toText()));
    return 1;
}
