// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/retrypolicy.h"
#include "core/staged/importjob.h"

namespace qdrant2pg {

/// The connection that an import's rows travel on: opened again when it is lost, with the patience of the
/// request's retry limits, and with a note of each wait. One thread.
class ImportLink {
public:
    explicit ImportLink(ImportJob& job)
        : m_job(job)
        , m_retry(job.request.retry)
    {
    }

    /// Work that may be done again on a new connection when the old one is lost in it. `work` takes a
    /// Connection& and returns a Result.
    template <class Work>
    [[nodiscard]] auto repeat(const Work& work) -> decltype(work(std::declval<Connection&>()))
    {
        for (;;) {
            if (!isUsable()) {
                if (auto connected = reconnect(); !connected)
                    return fail(connected.error());
            }
            auto done = work(*m_connection);
            if (done)
                return done;
            if (auto waited = waitOrFail(done.error()); !waited)
                return fail(waited.error());
        }
    }

    bool isUsable() const { return m_connection && m_connection->isUsable(); }
    /// Only once one was opened.
    Connection& connection() { return *m_connection; }
    [[nodiscard]] Result<void> reconnect();
    /// One attempt, without waiting: for last words.
    bool reconnectOnce();
    /// The patience begins anew.
    void succeeded() { m_retry.succeeded(); }
    /// Waits as long as the policy says; the error itself when it is not worth another attempt, a Cancelled
    /// one when the import is stopped.
    [[nodiscard]] Result<void> waitOrFail(const Error& error);
    /// False when the import was stopped meanwhile.
    bool waitFor(std::chrono::milliseconds duration) const;

private:
    ImportJob& m_job;
    RetryPolicy m_retry;
    std::optional<Connection> m_connection;
};

} // namespace qdrant2pg
