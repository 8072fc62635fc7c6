// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/ledgersql.h"

#include "core/postgres/identifiers.h"

#include <libpq-fe.h>

#include <algorithm>

namespace qdrant2pg::ledgersql {

namespace {

__extension__ typedef unsigned __int128 Wide;

} // namespace

QString tableName(const QString& schema, const char* name)
{
    const QString prefix = schema == QLatin1String("qdrant2pg") ? QString() : QStringLiteral("qdrant2pg_");
    return prefix + QLatin1String(name);
}

QByteArray table(const QString& schema, const char* name)
{
    return qualifiedName(schema, tableName(schema, name)).toUtf8();
}

QByteArray micros(const char* column)
{
    return "(extract(epoch FROM " + QByteArray(column) + ") * 1000000)::bigint";
}

QDateTime toTime(const QueryResult& result, int row, int column)
{
    if (result.isNull(row, column))
        return {};
    return QDateTime::fromMSecsSinceEpoch(result.integer(row, column) / 1000, Qt::UTC);
}

SqlParameter parameter(const QString& text)
{
    if (!text.contains(QChar(u'\0')))
        return text.toUtf8();
    return QString(text).replace(QChar(u'\0'), QLatin1String("\\u0000")).toUtf8();
}

SqlParameter parameter(qint64 number)
{
    return QByteArray::number(number);
}

QByteArray decimalFromDigest(std::uint64_t high, std::uint64_t low)
{
    Wide value = (static_cast<Wide>(high) << 64U) | low;
    QByteArray digits;
    do {
        digits += static_cast<char>('0' + static_cast<int>(value % 10));
        value /= 10;
    } while (value != 0);
    std::reverse(digits.begin(), digits.end());
    return digits;
}

bool digestFromDecimal(const QByteArray& decimal, std::uint64_t& high, std::uint64_t& low)
{
    Wide value = 0;
    for (const char digit : decimal) {
        if (digit < '0' || digit > '9')
            return false;
        const Wide next = value * 10 + static_cast<unsigned>(digit - '0');
        if (value > ~Wide(0) / 10 || next < value)
            return false;
        value = next;
    }
    high = static_cast<std::uint64_t>(value >> 64U);
    low = static_cast<std::uint64_t>(value);
    return !decimal.isEmpty();
}

Result<void> inTransaction(Connection& connection, const std::function<Result<void>()>& body)
{
    if (PQtransactionStatus(connection.handle()) != PQTRANS_IDLE)
        return body();
    if (auto begun = connection.begin(); !begun)
        return begun;
    if (auto done = body(); !done) {
        connection.rollback();
        return done;
    }
    return connection.commit();
}

} // namespace qdrant2pg::ledgersql
