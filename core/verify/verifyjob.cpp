// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/verifyjob.h"

#include "core/common/jsontext.h"
#include "core/plan/planjson.h"
#include "core/postgres/identifiers.h"
#include "core/postgres/rowdigest.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QJsonObject>

#include <algorithm>

namespace qdrant2pg {

bool VerifyJob::allRangesDone() const
{
    return std::all_of(ranges.begin(), ranges.end(),
        [](const LedgerRange& range) { return range.state == QLatin1String("done"); });
}

bool VerifyJob::rangesAreIds() const
{
    return std::none_of(ranges.begin(), ranges.end(), [](const LedgerRange& range) {
        return !range.cursor.isEmpty() && !PointId::parse(range.cursor.toStdString());
    });
}

bool VerifyJob::isRejected(const QString& shardKey, const PointId& id) const
{
    return rejects.contains({shardKey.toStdString(), id});
}

Result<Connection> VerifyJob::connect() const
{
    auto connection = Connection::open(request.target);
    if (!connection)
        return connection;
    // Reading a large table takes as long as it takes; what limits the role's everyday statements is not
    // meant for it.
    if (auto set = connection->execute("SET statement_timeout = 0; SET default_transaction_read_only = on");
        !set)
        return fail(set.error());
    return connection;
}

Result<RowEncoder> VerifyJob::encoder(std::int64_t runStart) const
{
    RowEncoder::Options options;
    options.vectorOid = server.vectorOid;
    options.runStartMicros = runStart;
    options.keepRawPoints = false;
    return RowEncoder::create(plan, schema, options);
}

namespace {

Result<void> readLedger(VerifyJob& job, Connection& connection)
{
    const VerifyRequest& request = job.request;
    if (request.runId.isEmpty())
        return {};
    const Ledger ledger(request.plan.target.ledgerSchema);
    auto exists = ledger.exists(connection);
    if (!exists)
        return fail(exists.error());
    if (!*exists)
        return fail(ErrorKind::NotFound,
            QStringLiteral("This database holds no ledger in schema %1.").arg(ledger.schema()), {},
            QStringLiteral("Verify without naming a run: the source is then read again."));
    auto run = ledger.run(connection, request.runId);
    if (!run)
        return fail(run.error());
    if (!*run)
        return fail(ErrorKind::NotFound,
            QStringLiteral("The ledger does not know the run %1.").arg(request.runId), {},
            QStringLiteral("`qdrant2pg runs` lists the runs."));
    job.run = std::move(*run);
    const QJsonObject facts = QJsonDocument::fromJson(job.run->factsJson).object();
    bool known = false;
    const qint64 runStart = facts.value(QStringLiteral("runStartMicros")).toString().toLongLong(&known);
    if (known)
        job.runStartMicros = runStart;
    auto ranges = ledger.ranges(connection, request.runId);
    if (!ranges)
        return fail(ranges.error());
    for (const LedgerRange& range : std::as_const(*ranges)) {
        if (range.collection == job.plan.name)
            job.ranges << range;
    }
    std::sort(job.ranges.begin(), job.ranges.end(), [](const LedgerRange& a, const LedgerRange& b) {
        if (a.shardKey != b.shardKey)
            return a.shardKey < b.shardKey;
        return a.number < b.number;
    });
    auto visited = ledger.visitRejects(connection, request.runId, [&job](const RejectRow& reject) {
        if (reject.collection != job.plan.name)
            return true;
        ++job.rejectCount;
        const QString key = job.plan.shardKeyColumn.isEmpty() ? QString() : reject.shardKey;
        if (const auto id = PointId::parse(reject.pointId.toStdString()))
            job.rejects.emplace(key.toStdString(), *id);
        return true;
    });
    if (!visited)
        return fail(visited.error());
    return {};
}

} // namespace

Result<std::unique_ptr<VerifyJob>> makeVerifyJob(
    const VerifyRequest& request, const CollectionPlan& plan, Connection& connection)
{
    auto job = std::make_unique<VerifyJob>(VerifyJob{.request = request,
        .sources = {},
        .progress = {},
        .stop = {},
        .plan = plan,
        .schema = {},
        .table = {},
        .server = {},
        .existing = {},
        .run = {},
        .ranges = {},
        .rejects = {},
        .runStartMicros = {}});
    auto server = readServerProfile(connection);
    if (!server)
        return fail(server.error());
    job->server = std::move(*server);
    auto schema = targetSchema(request.plan, plan, job->server);
    if (!schema)
        return fail(schema.error());
    job->schema = std::move(*schema);
    job->table = job->schema.table;

    QStringList candidates{job->schema.loadName};
    if (job->schema.table.name != job->schema.loadName)
        candidates << job->schema.table.name;
    for (const QString& name : candidates) {
        auto existing = readTable(connection, job->table.schema, name);
        if (!existing)
            return fail(existing.error());
        if (*existing) {
            job->table.name = name;
            job->existing = std::move(*existing);
            break;
        }
    }
    if (!job->existing) {
        Error error = makeError(ErrorKind::NotFound,
            QStringLiteral("Table %1 does not exist in schema %2.")
                .arg(job->schema.table.name, job->table.schema),
            {}, QStringLiteral("Check the plan's target, or migrate the collection first."));
        error.where.table = job->schema.table.name;
        return fail(std::move(error));
    }
    for (int i = 0; i < job->table.columns.size(); ++i) {
        const ColumnSpec& column = job->table.columns.at(i);
        if (column.name == plan.id.column)
            job->idIndex = i;
        if (!plan.shardKeyColumn.isEmpty() && column.name == plan.shardKeyColumn)
            job->shardKeyIndex = i;
        if (!job->existing->column(column.name)) {
            Error error = makeError(ErrorKind::Schema,
                QStringLiteral("Table %1 has no column %2.").arg(job->table.name, column.name), {},
                QStringLiteral("The table was changed since the plan was made; make the plan anew."));
            error.where.table = job->table.name;
            error.where.column = column.name;
            return fail(std::move(error));
        }
    }
    if (auto ledger = readLedger(*job, connection); !ledger)
        return fail(ledger.error());
    return job;
}

QByteArray checkpointKey(const VerifyJob& job, VerifyLevel level, const QString& state)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    for (const QString& part : {verifyLevelName(level), job.request.runId, planHash(job.request.plan),
             job.table.schema, job.table.name, QString::fromLatin1(RowDigest::algorithm()), state}) {
        hash.addData(part.toUtf8());
        hash.addData(QByteArrayView("\0", 1));
    }
    return hash.result().toHex();
}

QString takenOverSentence(int parts, int all)
{
    return QStringLiteral(" %1 of %2 parts were compared by an earlier verification that was interrupted.")
        .arg(parts)
        .arg(all);
}

Result<void> visitRows(
    const VerifyJob& job, Connection& connection, QStringList conditions, const RowVisit& visit)
{
    conditions.removeAll(QString());
    std::vector<CopyField> fields;
    bool damaged = false;
    auto read =
        connection.copyOutRows(copyOutSql(job.table, conditions.join(QStringLiteral(" AND ")), {}).toUtf8(),
            [&](std::string_view row) {
                damaged = !splitCopyRow(row, fields)
                    || fields.size() != static_cast<std::size_t>(job.table.columns.size())
                    || !fields[static_cast<std::size_t>(job.idIndex)];
                if (!damaged)
                    visit(fields, row);
                return !damaged;
            });
    if (damaged)
        return fail(ErrorKind::Protocol,
            QStringLiteral("PostgreSQL sent a row that does not fit the table's columns."));
    if (!read)
        return fail(read.error());
    return {};
}

QString shardCondition(const VerifyJob& job, const QString& shardKey)
{
    if (job.shardKeyIndex < 0 || shardKey.isEmpty())
        return {};
    const ColumnSpec& column = job.table.columns.at(job.shardKeyIndex);
    const QString name = quoteIdentifier(column.name);
    if (column.type == ColumnType::Jsonb)
        return name + QStringLiteral(" = ") + quoteLiteral(shardKey) + QStringLiteral("::jsonb");
    const std::string token = shardKey.toStdString();
    if (token.front() != '"')
        return name + QStringLiteral(" = ") + quoteLiteral(shardKey);
    const auto text = jsontext::unescape(std::string_view(token).substr(1, token.size() - 2));
    return name + QStringLiteral(" = ") + quoteLiteral(QString::fromStdString(text.value_or(std::string())));
}

Result<void> beginSnapshot(Connection& connection, const QString& snapshotId)
{
    if (auto begun = connection.execute("BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY");
        !begun)
        return fail(begun.error());
    if (snapshotId.isEmpty())
        return {};
    if (auto set = connection.execute("SET TRANSACTION SNAPSHOT " + quoteLiteral(snapshotId).toUtf8()); !set)
        return fail(set.error());
    return {};
}

Result<QString> beginSharedSnapshot(Connection& connection)
{
    if (auto begun = beginSnapshot(connection, {}); !begun)
        return fail(begun.error());
    auto exported = connection.execute("SELECT pg_export_snapshot()");
    if (exported && exported->rowCount() == 1)
        return exported->text(0, 0);
    if (!connection.isUsable())
        return fail(exported.error());
    connection.rollback();
    if (auto begun = beginSnapshot(connection, {}); !begun)
        return fail(begun.error());
    return QString();
}

} // namespace qdrant2pg
