// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "core/plan/targetschema.h"
#include "core/postgres/connection.h"
#include "core/postgres/rowdigest.h"

#include <functional>
#include <span>
#include <string_view>

namespace qdrant2pg {

/// One row of a binary COPY, within bytes that hold more of them.
struct CopyRow {
    std::size_t begin = 0;
    std::size_t end = 0;
    /// What its owner knows it by: the point's index in its page, the row's number in its file.
    qint64 number = 0;
    DigestSum digest;
};

/// How rows get into one collection's table by COPY: straight, or in merge mode by way of a temporary table,
/// from which those with new ids are taken. Needs nothing from the connection but the open transaction, so
/// that a pooler in transaction mode may sit in between. Immutable.
class TableCopy {
public:
    TableCopy(const TargetSchema& schema, TableMode mode);

    bool merges() const { return !m_insertSql.isEmpty(); }
    /// Ends with the COPY, for Connection::copyInBegin().
    const QByteArray& sql() const { return m_copySql; }
    /// Copies the rows inside the open transaction; the number stored, in merge mode of those that were new.
    /// Ends with Cancelled as soon as `aborted` says so.
    [[nodiscard]] Result<qint64> copy(Connection& connection, std::string_view bytes,
        std::span<const CopyRow> rows, const std::function<bool()>& aborted = {}) const;
    /// The same where sql() has been sent already.
    [[nodiscard]] Result<qint64> send(Connection& connection, std::string_view bytes,
        std::span<const CopyRow> rows, const std::function<bool()>& aborted = {}) const;
    /// Forgets what was copied in this transaction without being taken over, before more is copied in it.
    [[nodiscard]] Result<void> clear(Connection& connection) const;

private:
    QByteArray m_copySql;
    /// Empty when the COPY goes straight into the table.
    QByteArray m_insertSql;
    QByteArray m_clearSql;
};

} // namespace qdrant2pg
