// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/errormapping.h"
#include "core/qdrant/rest/httpreplyparser.h"
#include "core/qdrant/rest/resttransport.h"

#include <QObject>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpSocket>
#include <QTimer>

#include <deque>

namespace qdrant2pg {

struct RestJob {
    HttpRequest request;
    std::shared_ptr<PendingReply> reply;
};

/// What callers and the network thread share. Under its mutex alone.
struct RestQueue {
    std::mutex mutex;
    std::deque<RestJob> jobs;
    /// The transport goes away: the worker drops everything and ends its thread.
    bool ending = false;
    /// Null once the transport ends.
    QObject* receiver = nullptr;

    /// Tells the network thread to look at the jobs.
    void wake();
};

/// The network side of RestTransport: owns socket, timers and the job under way. Lives in the transport's
/// thread; only posted events reach it from outside.
class RestWorker : public QObject {
    Q_OBJECT

public:
    RestWorker(const SourceOptions& options, std::shared_ptr<RestQueue> queue);
    ~RestWorker() override;

protected:
    void customEvent(QEvent* event) override;

private:
    void lookAtJobs();
    /// Cancels everything, closes the connection at once and ends the thread.
    void shutDown();
    void startJob();
    void connectToServer();
    void writeRequest();
    void onReadyRead();
    void onSocketError(QAbstractSocket::SocketError error);
    void onTimeout();
    void probeTls(const QString& detail);
    void endProbe(bool speaksTls, const QString& detail);

    void handleStep(HttpReplyParser::Step step);
    void replyComplete();
    /// Sends the job once more on a new connection; false when that was done already.
    bool sendAgain();
    void failJob(Error error);
    void failConnection(ConnectionFault fault, const QString& detail, std::chrono::milliseconds limit = {});
    void finishJob(Result<HttpReply> result);
    /// Ends the connection without its signals; `hard` resets it, so that the server notices.
    void dropConnection(bool hard);

    SourceOptions m_options;
    Endpoint m_endpoint;
    QByteArray m_fixedHeaders;
    QByteArray m_pathPrefix;
    /// An option that makes every request fail (address, key, TLS files).
    std::optional<Error> m_optionError;
    QSslConfiguration m_tls;

    std::shared_ptr<RestQueue> m_queue;
    std::optional<RestJob> m_job;
    std::unique_ptr<QTcpSocket> m_socket;
    std::unique_ptr<QSslSocket> m_probe;
    QTimer m_timer;
    QList<QSslError> m_certificateErrors;
    HttpReplyParser m_parser;
    bool m_connected = false;
    /// The connection carried a request before the present one.
    bool m_reused = false;
    bool m_sentAgain = false;
};

/// TLS settings of the options; an error when a file cannot be read or does not hold what it should.
[[nodiscard]] Result<QSslConfiguration> tlsConfiguration(const TlsOptions& options);

} // namespace qdrant2pg
