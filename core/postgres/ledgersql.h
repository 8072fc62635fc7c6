// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/connection.h"

#include <QDateTime>
#include <QString>

namespace qdrant2pg::ledgersql {

/// What the parts of the ledger share: names of tables and conversions between their columns and values.

/// The layout of the tables below; a ledger of a higher one was written by a newer program.
inline constexpr int layout = 1;

/// Qualified and quoted name of one of the ledger's tables: meta, run, range, reject, event. In a schema that
/// is not the ledger's own their names carry a prefix, so that they meet nobody else's.
QByteArray table(const QString& schema, const char* name);
/// The same without schema and quotes, for the catalogue.
QString tableName(const QString& schema, const char* name);
/// The expression as whole microseconds since 1970, for toTime().
QByteArray micros(const char* column);
QDateTime toTime(const QueryResult& result, int row, int column);
/// Text as a parameter; NUL characters, which PostgreSQL cannot hold, become the six characters \u0000.
SqlParameter parameter(const QString& text);
SqlParameter parameter(qint64 number);

/// 2^128 in decimal: PostgreSQL adds digests as numbers, modulo this.
inline constexpr char digestModulus[] = "340282366920938463463374607431768211456";
/// The 128 bits of a digest in decimal.
QByteArray decimalFromDigest(std::uint64_t high, std::uint64_t low);
/// False when it is no such number.
bool digestFromDecimal(const QByteArray& decimal, std::uint64_t& high, std::uint64_t& low);

/// Runs the body inside the connection's transaction, or inside one of its own when there is none.
Result<void> inTransaction(Connection& connection, const std::function<Result<void>()>& body);

} // namespace qdrant2pg::ledgersql
