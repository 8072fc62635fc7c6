// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/rest/restworker.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include <QFile>
#include <QSslCertificate>
#include <QSslKey>
#include <QThread>

#ifdef Q_OS_UNIX
#include <sys/socket.h>
#endif

namespace qdrant2pg {

namespace {

/// What may wait between the kernel and us; the network thread takes it out at once.
constexpr qint64 readBufferBytes = 1024 * 1024;
constexpr qint64 headChunkBytes = 16 * 1024;
constexpr std::chrono::milliseconds probeTimeout{2'000};

/// Makes the coming close a reset.
void lingerNot(const QAbstractSocket& socket)
{
#ifdef Q_OS_UNIX
    if (const auto descriptor = socket.socketDescriptor(); descriptor >= 0) {
        const linger reset{.l_onoff = 1, .l_linger = 0};
        ::setsockopt(static_cast<int>(descriptor), SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
    }
#else
    Q_UNUSED(socket)
#endif
}

std::optional<Error> checkOptions(const SourceOptions& options)
{
    const QString scheme = options.url.scheme();
    if (scheme != QLatin1String("http") && scheme != QLatin1String("https")) {
        return makeError(ErrorKind::Usage,
            QStringLiteral("The address of Qdrant has to begin with http:// or https://."), {},
            QStringLiteral("A local server is http://localhost:6333."));
    }
    if (options.url.host().isEmpty()) {
        return makeError(ErrorKind::Usage, QStringLiteral("The address of Qdrant names no host."), {},
            QStringLiteral("A local server is http://localhost:6333."));
    }
    const auto isVisible = [](char character) {
        return character > ' ' && character < '\x7f';
    };
    if (!std::all_of(options.apiKey.cbegin(), options.apiKey.cend(), isVisible)) {
        return makeError(ErrorKind::Usage, QStringLiteral("The API key holds characters that no key has."),
            {}, QStringLiteral("Check it for blanks, line breaks and quotes at its ends."));
    }
    return std::nullopt;
}

Result<QByteArray> readPem(const QString& path, const QString& what)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        Error error = makeError(ErrorKind::File,
            QStringLiteral("The file with the %1 cannot be read.").arg(what), file.errorString());
        error.where.file = path;
        return fail(std::move(error));
    }
    return file.readAll();
}

Error pemError(const QString& path, const QString& what)
{
    Error error = makeError(ErrorKind::Tls, QStringLiteral("The file holds no %1 in PEM form.").arg(what));
    error.where.file = path;
    return error;
}

} // namespace

Result<QSslConfiguration> tlsConfiguration(const TlsOptions& options)
{
    QSslConfiguration tls = QSslConfiguration::defaultConfiguration();
    tls.setProtocol(QSsl::TlsV1_2OrLater);
    tls.setAllowedNextProtocols({QByteArrayLiteral("http/1.1")});
    tls.setPeerVerifyMode(options.skipVerification ? QSslSocket::VerifyNone : QSslSocket::VerifyPeer);
    if (!options.caFile.isEmpty()) {
        const QString what = QStringLiteral("certificate authority");
        const auto pem = readPem(options.caFile, what);
        if (!pem)
            return fail(pem.error());
        const QList<QSslCertificate> authorities = QSslCertificate::fromData(*pem, QSsl::Pem);
        if (authorities.isEmpty())
            return fail(pemError(options.caFile, what));
        tls.addCaCertificates(authorities);
    }
    if (!options.certificateFile.isEmpty()) {
        const QString what = QStringLiteral("client certificate");
        const auto pem = readPem(options.certificateFile, what);
        if (!pem)
            return fail(pem.error());
        const QList<QSslCertificate> chain = QSslCertificate::fromData(*pem, QSsl::Pem);
        if (chain.isEmpty())
            return fail(pemError(options.certificateFile, what));
        tls.setLocalCertificateChain(chain);
    }
    if (!options.keyFile.isEmpty()) {
        const QString what = QStringLiteral("client key without a pass phrase");
        const auto pem = readPem(options.keyFile, what);
        if (!pem)
            return fail(pem.error());
        QSslKey key;
        for (const auto algorithm : {QSsl::Rsa, QSsl::Ec, QSsl::Dsa}) {
            if (key.isNull())
                key = QSslKey(*pem, algorithm, QSsl::Pem, QSsl::PrivateKey);
        }
        if (key.isNull())
            return fail(pemError(options.keyFile, what));
        tls.setPrivateKey(key);
    }
    return tls;
}

RestWorker::RestWorker(const SourceOptions& options, std::shared_ptr<RestQueue> queue)
    : m_options(options)
    , m_endpoint(Endpoint::fromUrl(options.url))
    , m_optionError(checkOptions(options))
    , m_queue(std::move(queue))
    , m_timer(this)
{
    if (options.proxy)
        m_endpoint.proxy = options.proxy.label();
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, &RestWorker::onTimeout);
    if (m_endpoint.tls && !m_optionError) {
        if (auto tls = tlsConfiguration(options.tls))
            m_tls = *tls;
        else
            m_optionError = tls.error();
    }
    m_pathPrefix = options.url.path(QUrl::FullyEncoded).toLatin1();
    while (m_pathPrefix.endsWith('/'))
        m_pathPrefix.chop(1);
    m_fixedHeaders = "Host: " + m_endpoint.address().toLatin1()
        + "\r\nUser-Agent: qdrant2pg/" QDRANT2PG_VERSION
        + "\r\nAccept: application/json\r\nAccept-Encoding: identity\r\n";
    if (!options.apiKey.isEmpty())
        m_fixedHeaders += "api-key: " + options.apiKey + "\r\n";
}

RestWorker::~RestWorker() = default;

void RestWorker::shutDown()
{
    std::deque<RestJob> abandoned;
    if (m_job)
        abandoned.push_back(std::move(*m_job));
    m_job.reset();
    m_timer.stop();
    m_probe.reset();
    dropConnection(true);
    thread()->quit();
    // Last, because this lock orders all of the above before the destructor.
    {
        const std::scoped_lock lock(m_queue->mutex);
        std::move(m_queue->jobs.begin(), m_queue->jobs.end(), std::back_inserter(abandoned));
        m_queue->jobs.clear();
    }
    for (const RestJob& job : abandoned)
        job.reply->finish(fail(cancelledError()));
}

void RestWorker::customEvent(QEvent* event)
{
    Q_UNUSED(event)
    const bool ending = [this] {
        const std::scoped_lock lock(m_queue->mutex);
        return m_queue->ending;
    }();
    if (ending)
        shutDown();
    else
        lookAtJobs();
}

void RestWorker::lookAtJobs()
{
    if (m_job && m_job->reply->isAborted()) {
        m_job.reset();
        m_timer.stop();
        m_probe.reset();
        dropConnection(true);
    }
    // A busy connection is told to look again by the end of its job.
    if (m_job)
        return;
    {
        const std::scoped_lock lock(m_queue->mutex);
        while (!m_job && !m_queue->jobs.empty()) {
            if (!m_queue->jobs.front().reply->isAborted())
                m_job = std::move(m_queue->jobs.front());
            m_queue->jobs.pop_front();
        }
    }
    if (m_job)
        startJob();
}

void RestWorker::startJob()
{
    m_sentAgain = false;
    if (m_optionError) {
        finishJob(fail(*m_optionError));
        return;
    }
    if (m_socket && m_connected && m_socket->state() == QAbstractSocket::ConnectedState) {
        m_reused = true;
        writeRequest();
    } else {
        connectToServer();
    }
}

void RestWorker::connectToServer()
{
    dropConnection(false);
    m_connected = false;
    m_reused = false;
    m_certificateErrors.clear();
    m_parser.reset(0);

    const auto onConnected = [this] {
        m_connected = true;
        m_socket->setSocketOption(QAbstractSocket::LowDelayOption, 1);
        m_socket->setSocketOption(QAbstractSocket::KeepAliveOption, 1);
        writeRequest();
    };
    if (m_endpoint.tls) {
        auto socket = std::make_unique<QSslSocket>();
        socket->setSslConfiguration(m_tls);
        connect(socket.get(), &QSslSocket::encrypted, this, onConnected);
        connect(socket.get(), &QSslSocket::sslErrors, this,
            [this](const QList<QSslError>& errors) { m_certificateErrors = errors; });
        m_socket = std::move(socket);
    } else {
        m_socket = std::make_unique<QTcpSocket>();
        connect(m_socket.get(), &QTcpSocket::connected, this, onConnected);
    }
    m_socket->setProxy(m_options.proxy.toQt());
    m_socket->setReadBufferSize(readBufferBytes);
    connect(m_socket.get(), &QTcpSocket::readyRead, this, &RestWorker::onReadyRead);
    connect(m_socket.get(), &QTcpSocket::bytesWritten, this, [this] {
        if (m_job)
            m_timer.start(m_options.stallTimeout);
    });
    connect(m_socket.get(), &QTcpSocket::errorOccurred, this, &RestWorker::onSocketError);
    connect(m_socket.get(), &QTcpSocket::disconnected, this,
        [this] { onSocketError(QAbstractSocket::RemoteHostClosedError); });

    m_timer.start(m_options.connectTimeout);
    if (auto* tlsSocket = qobject_cast<QSslSocket*>(m_socket.get()))
        tlsSocket->connectToHostEncrypted(m_endpoint.host, m_endpoint.port);
    else
        m_socket->connectToHost(m_endpoint.host, m_endpoint.port);
}

void RestWorker::writeRequest()
{
    const HttpRequest& request = m_job->request;
    m_parser.reset(request.maxReplyBytes);
    QByteArray message =
        request.method + ' ' + m_pathPrefix + request.target + " HTTP/1.1\r\n" + m_fixedHeaders;
    if (!request.body.isEmpty() || request.method != "GET")
        message += "Content-Type: application/json\r\nContent-Length: "
            + QByteArray::number(request.body.size()) + "\r\n";
    message += "\r\n" + request.body;
    m_timer.start(m_options.stallTimeout);
    m_socket->write(message);
}

void RestWorker::onReadyRead()
{
    if (!m_job) {
        // Nothing was asked: the empty 408 of an idle connection, for example.
        dropConnection(false);
        return;
    }
    m_timer.start(m_options.stallTimeout);
    while (m_socket) {
        const qint64 available = m_socket->bytesAvailable();
        if (available <= 0)
            return;
        auto step = HttpReplyParser::Step::NeedMore;
        if (const auto room = m_parser.bodyRoom(available); !room.empty())
            step = m_parser.bodyWritten(
                std::max<qint64>(0, m_socket->read(room.data(), static_cast<qint64>(room.size()))));
        else
            step = m_parser.feed(m_socket->read(headChunkBytes));
        if (step != HttpReplyParser::Step::NeedMore) {
            handleStep(step);
            return;
        }
    }
}

void RestWorker::onSocketError(QAbstractSocket::SocketError error)
{
    if (!m_job) {
        dropConnection(false);
        return;
    }
    const QString text = m_socket->errorString();
    if (m_connected) {
        if (m_socket->bytesAvailable() > 0)
            onReadyRead();
        if (!m_job || !m_socket)
            return;
        if (m_parser.started() && m_parser.closed() == HttpReplyParser::Step::Complete) {
            replyComplete();
            return;
        }
        if (!m_parser.started() && m_reused && sendAgain())
            return;
    }
    const ConnectionFault fault =
        faultFromSocket(error, text, m_certificateErrors, m_connected, m_parser.started());
    if (fault == ConnectionFault::ClosedUnanswered && !m_endpoint.tls)
        probeTls(text);
    else
        failConnection(fault, text);
}

void RestWorker::onTimeout()
{
    if (m_probe)
        endProbe(false, m_probe->errorString());
    else if (!m_connected)
        failConnection(ConnectionFault::ConnectTimeout, {}, m_options.connectTimeout);
    else
        failConnection(ConnectionFault::Stalled, {}, m_options.stallTimeout);
}

/// A TLS port closes without a word when it is spoken to in clear text, and so does a server that is going
/// down. Asking it for a handshake tells them apart; nothing of the request is sent.
void RestWorker::probeTls(const QString& detail)
{
    dropConnection(false);
    m_probe = std::make_unique<QSslSocket>();
    m_probe->setProxy(m_options.proxy.toQt());
    m_probe->setPeerVerifyMode(QSslSocket::VerifyNone);
    connect(m_probe.get(), &QSslSocket::encrypted, this, [this, detail] { endProbe(true, detail); });
    connect(m_probe.get(), &QSslSocket::errorOccurred, this, [this, detail] { endProbe(false, detail); });
    m_timer.start(std::min(probeTimeout, m_options.connectTimeout));
    m_probe->connectToHostEncrypted(m_endpoint.host, m_endpoint.port);
}

void RestWorker::endProbe(bool speaksTls, const QString& detail)
{
    m_probe->disconnect(this);
    m_probe->abort();
    // One of its own signals called us.
    m_probe.release()->deleteLater();
    failConnection(speaksTls ? ConnectionFault::TlsRequired : ConnectionFault::ClosedUnanswered, detail);
}

void RestWorker::handleStep(HttpReplyParser::Step step)
{
    using Step = HttpReplyParser::Step;
    switch (step) {
    case Step::NeedMore:
        return;
    case Step::Complete:
        replyComplete();
        return;
    case Step::NotHttp:
        failConnection(faultFromForeignBytes(m_parser.firstBytes()), {});
        return;
    case Step::Broken:
        failConnection(ConnectionFault::BrokenHttp, QString::fromLatin1(m_parser.problem()));
        return;
    case Step::Truncated:
        failConnection(ConnectionFault::Truncated, {});
        return;
    case Step::TooLarge:
        failJob(replyTooLargeError(m_endpoint, m_parser.announcedLength(), m_job->request.maxReplyBytes));
        return;
    }
}

void RestWorker::replyComplete()
{
    HttpReply reply = m_parser.takeReply();
    // The server's word for "this connection was idle for too long"; the request was not looked at.
    if (reply.status == 408 && reply.body.isEmpty() && sendAgain())
        return;
    if (!m_parser.keepAlive() || m_socket->bytesAvailable() > 0)
        dropConnection(false);
    finishJob(std::move(reply));
}

bool RestWorker::sendAgain()
{
    if (m_sentAgain)
        return false;
    m_sentAgain = true;
    connectToServer();
    return true;
}

void RestWorker::failConnection(ConnectionFault fault, const QString& detail, std::chrono::milliseconds limit)
{
    failJob(errorFromConnection(fault, m_endpoint, detail, limit));
}

void RestWorker::failJob(Error error)
{
    dropConnection(true);
    finishJob(fail(std::move(error)));
}

void RestWorker::finishJob(Result<HttpReply> result)
{
    m_timer.stop();
    const RestJob job = std::move(*m_job);
    m_job.reset();
    job.reply->finish(std::move(result));
    m_queue->wake();
}

void RestWorker::dropConnection(bool hard)
{
    m_connected = false;
    if (!m_socket)
        return;
    m_socket->disconnect(this);
    if (hard)
        lingerNot(*m_socket);
    m_socket->abort();
    // Often called from one of its own signals.
    m_socket.release()->deleteLater();
}

} // namespace qdrant2pg
