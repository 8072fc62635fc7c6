// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/runstate.h"
#include "core/staged/importlink.h"
#include "core/staged/importstore.h"

namespace qdrant2pg {

/// An import as a run of the ledger: one range whose cursor is the place reached in the file, moved in the
/// transaction of the rows. One thread.
class ImportRun {
public:
    ImportRun(ImportJob& job, ImportLink& link);

    const Ledger& ledger() const { return m_ledger; }
    /// The run is in the ledger, from an earlier call or from start().
    bool exists() const { return m_exists; }
    /// All rows are in.
    bool isLoaded() const { return m_loaded; }
    void setLoaded() { m_loaded = true; }

    /// The run of an earlier import of the same file with the same plan into the same table: continued, or
    /// known to be done (the outcome says so).
    [[nodiscard]] Result<void> find(Connection& connection);
    /// Creates table and run in one transaction on the connection that holds the table's lock.
    [[nodiscard]] Result<void> start(Connection& connection);
    /// Takes the only range, also from a process that died with it; waits for one that is alive until its
    /// lease ends.
    [[nodiscard]] Result<void> lease();
    /// Stores a portion. After a lost connection the ledger says whether it is in: its cursor moved with the
    /// rows or not at all.
    [[nodiscard]] Result<void> store(
        ImportStore& store, const InputPosition& position, qint64 fileBytes, bool done);
    [[nodiscard]] Result<void> setState(RunState state);
    /// Says in the ledger how it ended; best effort, the rows and the cursor are what counts.
    void noteEnd(const Error& error);

private:
    /// What became of a portion whose transaction did not answer.
    enum class Landed { Yes, No };
    [[nodiscard]] Result<Landed> lookAgain(const QString& before, const QString& cursor, bool done);

    ImportJob& m_job;
    ImportLink& m_link;
    Ledger m_ledger;
    QString m_owner;
    bool m_exists = false;
    bool m_loaded = false;
};

} // namespace qdrant2pg
