// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/rowstore.h"
#include "core/postgres/copyrow.h"
#include "core/staged/datamanifest.h"

#include <string>
#include <vector>

namespace qdrant2pg {

/// Puts portions of a file's rows together and stores each in one transaction. Refers to plan, schema and
/// ledger. Belongs to one thread.
class ImportStore {
public:
    ImportStore(const CollectionPlan& plan, const TargetSchema& schema, const Ledger& ledger, QString runId,
        OnReject onReject, int leaseSeconds);
    ImportStore(const ImportStore&) = delete;
    ImportStore& operator=(const ImportStore&) = delete;

    /// The portion that is being put together: binary COPY rows one after another.
    std::string& bytes() { return m_bytes; }
    /// Call after each row appended to bytes(): number of the row in the file.
    void rowAppended(qint64 number);
    void rejected(RejectRow reject) { m_batch.rejects << std::move(reject); }
    const QList<RejectRow>& rejects() const { return m_batch.rejects; }
    bool isEmpty() const { return m_batch.rows.empty() && m_batch.rejects.isEmpty(); }
    void clear();

    /// Creates parents that the converter noted, games first; they are known from then on.
    [[nodiscard]] Result<void> createParents(Connection& connection, const std::vector<ParentRow>& parents);
    /// Stores the portion and moves the range to `cursor`; errors as for RowStore::store(). The portion stays
    /// until clear().
    [[nodiscard]] Result<RowStore::Stored> store(Connection& connection, LedgerRange& range,
        const QString& owner, const QString& cursor, qint64 fileBytes, bool done);

private:
    std::string_view bytesOf(const CopyRow& row) const;
    RejectRow reject(const CopyRow& row, const Error& error);
    Error refusal(const RejectRow& first) const;
    std::vector<ParentRows::Reference> parentsOf(const CopyRow& row);

    const CollectionPlan& m_plan;
    const TargetSchema& m_schema;
    RowStore m_rows;
    RowDigest m_digest;
    std::string m_bytes;
    RowBatch m_batch;
    std::vector<CopyField> m_fields;
};

} // namespace qdrant2pg
