// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/connection.h"
#include "core/postgres/copybuffer.h"
#include "tests/support/testpostgres.h"

#include <QByteArray>
#include <QTest>

#include <string>
#include <string_view>
#include <vector>

namespace qdrant2pg::test {

/// What tests of the encoders share: one connection, rows in and rows out.

inline Connection openConnection(const TestPostgres& database)
{
    auto connection = Connection::open(database.options());
    if (!connection)
        qFatal("%s", qPrintable(connection.error().toText()));
    return std::move(*connection);
}

/// Rows of a query as COPY TO sends them; an error fails the running test and gives nothing.
inline std::vector<std::string> rowsOut(Connection& connection, const QByteArray& query)
{
    std::vector<std::string> rows;
    const auto count = connection.copyOutRows(
        "COPY (" + query + ") TO STDOUT (FORMAT binary)", [&rows](std::string_view row) {
            rows.emplace_back(row);
            return true;
        });
    if (!count)
        QTest::qFail(qPrintable(count.error().toText()), __FILE__, __LINE__);
    return rows;
}

/// Sends rows (without header and trailer); the SQLSTATE of the refusal, or "" when they were stored.
inline QByteArray copyIn(Connection& connection, const QByteArray& table, std::string_view rows)
{
    if (auto begun = connection.copyInBegin("COPY " + table + " FROM STDIN (FORMAT binary)"); !begun)
        return begun.error().sqlState;
    for (const std::string_view part : {CopyBuffer::header(), rows, CopyBuffer::trailer()}) {
        if (auto written = connection.copyInWrite(part); !written)
            return written.error().sqlState;
    }
    const auto stored = connection.copyInEnd();
    return stored ? QByteArray("") : stored.error().sqlState;
}

inline QByteArray hexOf(std::string_view bytes)
{
    return QByteArray(bytes.data(), static_cast<qsizetype>(bytes.size())).toHex();
}

} // namespace qdrant2pg::test
