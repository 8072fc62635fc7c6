// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/targetschema.h"
#include "core/postgres/connection.h"
#include "core/postgres/copyrow.h"
#include "core/postgres/ledger.h"
#include "core/postgres/rowdigest.h"
#include "core/staged/datamanifest.h"

#include <QList>

#include <array>
#include <set>
#include <span>
#include <string>
#include <vector>

namespace qdrant2pg {

/// Stores portions of a file's rows, each in one transaction with its rejects and the range's new cursor. A
/// row that PostgreSQL refuses is found by halving and rejected; it never costs its neighbours. Belongs to
/// one thread.
class ImportStore {
public:
    enum class Stored {
        Yes,
        /// Somebody else has the range now.
        RangeMoved,
    };

    ImportStore(const CollectionPlan& plan, const TargetSchema& schema, const Ledger& ledger, QString runId,
        OnReject onReject);

    /// The portion that is being put together: binary COPY rows one after another.
    std::string& bytes() { return m_bytes; }
    /// Call after each row appended to bytes(): number of the row in the file.
    void rowAppended(qint64 number);
    void rejected(RejectRow reject) { m_rejects << std::move(reject); }
    const QList<RejectRow>& rejects() const { return m_rejects; }
    bool isEmpty() const { return m_rows.empty() && m_rejects.isEmpty(); }
    void clear();

    /// Creates parents that the converter noted, games first; they are known from then on.
    [[nodiscard]] Result<void> createParents(Connection& connection, const std::vector<ParentRow>& parents);
    /// Stores the portion and moves the range to `cursor`. With OnReject::Stop a reject is a Data error. On
    /// error nothing is stored (or, when the connection was lost in COMMIT, the ledger knows). The portion
    /// stays until clear().
    [[nodiscard]] Result<Stored> store(Connection& connection, LedgerRange& range, const QString& owner,
        const QString& cursor, qint64 fileBytes, bool done, int leaseSeconds);
    /// Forgets what a lost connection knew.
    void connectionLost() { m_stagingReady = false; }

private:
    struct Row {
        std::size_t begin = 0;
        std::size_t end = 0;
        qint64 number = 0;
        DigestSum digest;
    };
    using Uuid = std::array<std::uint8_t, 16>;

    bool merge() const { return m_plan.mode == TableMode::Merge; }
    [[nodiscard]] Result<void> ensureStaging(Connection& connection);
    [[nodiscard]] Result<void> ensureParents(Connection& connection);
    [[nodiscard]] Result<qint64> copyRows(Connection& connection, std::span<const Row> rows);
    [[nodiscard]] Result<bool> transaction(Connection& connection, const LedgerRange& range,
        const QString& owner, RangeProgress& progress, int leaseSeconds);
    [[nodiscard]] Result<void> searchOffenders(
        Connection& connection, std::size_t begin, std::size_t end, std::set<std::size_t>& offenders);
    void reject(const Row& row, const Error& error);
    /// The first reject as an error when rejects are to stop the import.
    [[nodiscard]] Result<void> mayReject() const;

    const CollectionPlan& m_plan;
    const TargetSchema& m_schema;
    const Ledger& m_ledger;
    QString m_runId;
    OnReject m_onReject;
    int m_idIndex = 0;
    RowDigest m_digest;
    std::string m_bytes;
    std::vector<Row> m_rows;
    QList<RejectRow> m_rejects;
    std::vector<CopyField> m_fields;
    /// Per parent table.
    std::vector<std::set<Uuid>> m_knownParents;
    QByteArray m_copySql;
    QByteArray m_createStagingSql;
    QByteArray m_insertFromStagingSql;
    bool m_stagingReady = false;
};

} // namespace qdrant2pg
