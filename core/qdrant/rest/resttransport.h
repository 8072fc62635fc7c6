// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/qdrant/rest/httpmessage.h"
#include "core/qdrant/sourceoptions.h"

#include <QString>
#include <QThread>

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>

namespace qdrant2pg {

class RestWorker;
struct RestQueue;

/// The reply to a request under way. Thread-safe; outlives its transport (and is cancelled with it).
class PendingReply {
public:
    explicit PendingReply(std::weak_ptr<RestQueue> queue);

    /// Blocks until the reply is there, the request failed or `stop` is requested, which aborts it. To be
    /// called once: the body is moved out. A reply of any status is a value; only a request without a reply
    /// is an error.
    [[nodiscard]] Result<HttpReply> wait(std::stop_token stop = {});
    bool isFinished() const;
    /// Gives the request up: wait() returns a Cancelled error at once, the connection is reset, so that the
    /// server stops working on it (closing alone does not stop a scroll, qdrant.md 6.2). Does nothing when it
    /// is finished.
    void abort();

    // For the transport.
    void finish(Result<HttpReply> result);
    bool isAborted() const;

private:
    mutable std::mutex m_mutex;
    std::condition_variable_any m_finished;
    std::optional<Result<HttpReply>> m_result;
    bool m_aborted = false;
    std::weak_ptr<RestQueue> m_queue;
};

/// One keep-alive HTTP/1.1 connection to Qdrant's REST door, in clear text or TLS, run by the event loop of a
/// thread of its own: a caller that blocks, for example in a COPY, delays neither the sending of a request
/// nor the receiving of its reply. Requests are served one after another. It connects with the first request
/// and again whenever needed.
///
/// Why not QNetworkAccessManager: giving a request up has to reset the connection, a body should exist once,
/// and a request has to be sent again exactly once when the server closed an idle connection under it.
///
/// Never retries, with two exceptions that say nothing about the server's health: a kept connection that
/// turns out to be closed before any byte of the reply, and the empty 408 of an idle connection
/// (qdrant.md 6.2). Owns the timeouts for connecting and for stalls. Thread-safe; the destructor cancels what
/// is under way and does not wait on the network.
class RestTransport {
public:
    explicit RestTransport(const SourceOptions& options);
    ~RestTransport();
    RestTransport(const RestTransport&) = delete;
    RestTransport& operator=(const RestTransport&) = delete;

    std::shared_ptr<PendingReply> send(HttpRequest request);

private:
    std::shared_ptr<RestQueue> m_queue;
    QThread m_thread;
    std::unique_ptr<RestWorker> m_worker;
};

} // namespace qdrant2pg
