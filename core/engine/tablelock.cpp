// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/tablelock.h"

#include <algorithm>

#include <QCryptographicHash>
#include <QDateTime>
#include <QUuid>

namespace qdrant2pg {

qint32 advisoryKey(const QByteArray& text)
{
    const QByteArray hash = QCryptographicHash::hash(text, QCryptographicHash::Sha256);
    qint32 key = 0;
    std::copy_n(hash.constData(), sizeof key, reinterpret_cast<char*>(&key));
    return key;
}

Result<void> holdTable(
    Connection& connection, const QString& runId, const QString& schema, const QString& table)
{
    const QByteArray runKey = QByteArray::number(advisoryKey(runId.toUtf8()));
    const QByteArray tableKey =
        QByteArray::number(advisoryKey("qdrant2pg:" + schema.toUtf8() + '.' + table.toUtf8()));
    auto locked = connection.execute("SELECT pg_advisory_lock_shared(" + tableKey + ", " + runKey + ")");
    if (!locked)
        return fail(locked.error());
    // Keys are signed integers, pg_locks shows them as unsigned oids.
    auto others = connection.execute(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND granted"
        " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        " AND classid = ("
        + tableKey + "::bigint & 4294967295)::oid AND objid <> (" + runKey + "::bigint & 4294967295)::oid");
    if (!others)
        return fail(others.error());
    if (others->integer(0, 0) > 0) {
        Error error = makeError(ErrorKind::Conflict,
            QStringLiteral("Another run is writing to table %1 right now.").arg(table), {},
            QStringLiteral("Wait for it to end, or stop it; `qdrant2pg runs` lists the runs."));
        error.where.table = table;
        return fail(error);
    }
    return {};
}

QString newRunId()
{
    return QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss-"))
        + QUuid::createUuid().toString(QUuid::Id128).left(4);
}

} // namespace qdrant2pg
