// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <QJsonDocument>
#include <QJsonObject>
#include <QSslCertificate>
#include <QTest>

#include "core/qdrant/errormapping.h"
#include "tests/support/recordings.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

Endpoint endpoint(quint16 port = 6333, bool tls = false)
{
    Endpoint place;
    place.host = QStringLiteral("db.example");
    place.port = port;
    place.tls = tls;
    place.collection = QStringLiteral("game");
    return place;
}

QByteArray envelope(const char* words)
{
    const QJsonObject status{{QStringLiteral("error"), QString::fromUtf8(words)}};
    return QJsonDocument(QJsonObject{{QStringLiteral("status"), status}, {QStringLiteral("time"), 0.1}})
        .toJson(QJsonDocument::Compact);
}

constexpr int noHeader = -1;

} // namespace

class ErrorMappingTest : public QObject {
    Q_OBJECT

private slots:
    void mapsReplies_data();
    void mapsReplies();
    void mapsConnectionFaults_data();
    void mapsConnectionFaults();
    void tellsSocketErrors_data();
    void tellsSocketErrors();
    void tellsCertificateErrors_data();
    void tellsCertificateErrors();
    void tellsTheGrpcPort();
    void tellsRedirects();
    void keepsSecretsOut();
    void knowsALargeReply();
    void namesTheAddress_data();
    void namesTheAddress();
    void hasWordsForEveryRecordedError();
};

void ErrorMappingTest::mapsReplies_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QByteArray>("body");
    QTest::addColumn<int>("retryAfter");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<bool>("retryable");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, int status, const QByteArray& body, ErrorKind kind, bool retryable,
                         const char* words, int retryAfter = noHeader) {
        QTest::newRow(name) << status << body << retryAfter << kind << retryable << QString::fromUtf8(words);
    };
    const auto final = false;
    const auto again = true;
    row("no key", 401, "Must provide an API key or an Authorization bearer token", ErrorKind::Authentication,
        final, "wants an API key");
    row("wrong key", 401, "Invalid API key or JWT", ErrorKind::Authentication, final,
        "does not accept the API key");
    row("wrong key, 1.7", 403, "Invalid api-key", ErrorKind::Authentication, final,
        "does not accept the API key");
    row("old token", 403, "ExpiredSignature", ErrorKind::Authentication, final, "has expired");
    row("foreign token", 403, "InvalidSignature", ErrorKind::Authentication, final, "not signed");
    row("no rights", 403, envelope("Forbidden: Access to collection game is required"), ErrorKind::Permission,
        final, "does not allow");
    row("strict mode up to 1.13", 403, envelope("Forbidden: Exact search disabled!. Help: Set exact=false."),
        ErrorKind::Unsupported, final, "forbids exact");
    row("no collection", 404, envelope("Not found: Collection `game` doesn't exist!"), ErrorKind::NotFound,
        final, "no collection called \"game\"");
    row("no point", 404, envelope("Not found: No point with id 4242 found"), ErrorKind::NotFound, final,
        "no point");
    row("no snapshot", 404, "Not found: Snapshot x not found", ErrorKind::NotFound, final, "does not have");
    row("unknown route", 404, "", ErrorKind::Unsupported, final, "does not know the request");
    row("another service", 404, "<html><body>nginx</body></html>", ErrorKind::Protocol, final,
        "is not a Qdrant server");
    row("another JSON service", 404, R"({"message":"no Route matched"})", ErrorKind::Protocol, final,
        "is not a Qdrant server");
    row("method", 405, envelope("x"), ErrorKind::Unsupported, final, "does not allow the request");
    row("idle connection", 408, "", ErrorKind::Timeout, again, "idle connection");
    row("local shard timeout", 408,
        envelope("Timeout: Timeout error: Operation 'scroll_by_id' timed out after 1s"), ErrorKind::Timeout,
        again, "ran out of time");
    row("exists", 409, envelope("Wrong input: Collection `x` already exists!"), ErrorKind::Conflict, final,
        "exists");
    row("validation", 422,
        envelope(
            "Validation error in JSON body: [scroll_request.limit: value 0 invalid, must be 1 or larger]"),
        ErrorKind::Usage, final, "does not accept a value");
    row("rate limit", 429, envelope("Rate limiting exceeded: ... Retry after 15s"), ErrorKind::Network, again,
        "rate limit is used up", 15);
    row("rate limit that never fits", 429,
        envelope("Rate limiting exceeded: ... please try to split your request"), ErrorKind::Capacity, final,
        "ever allows");
    row("read timeout", 500,
        envelope("Service internal error: 1 of 1 read operations failed:\n  Timeout error: Operation "
                 "'scroll_by_id' timed out after 1s"),
        ErrorKind::Timeout, again, "ran out of time");
    row("internal", 500, envelope("Service internal error: panic"), ErrorKind::Network, again,
        "failed while it answered");
    row("internal of another service", 500, "oops", ErrorKind::Protocol, again, "is not a Qdrant server");
    row("proxy without server", 502, "<html>Bad Gateway</html>", ErrorKind::Network, again, "proxy in front");
    row("unavailable", 503, envelope("Service unavailable"), ErrorKind::Network, again, "at the moment", 3);
    row("proxy timeout", 504, "", ErrorKind::Network, again, "proxy in front");
    row("quota", 507, envelope("x"), ErrorKind::Capacity, final, "storage limit");
    row("too large for a proxy", 413, "<html>413</html>", ErrorKind::Capacity, final,
        "larger than the server allows");
    row("proxy login", 407, "", ErrorKind::Network, final, "proxy");
    row("clear text to a TLS port of nginx", 400,
        "<html>The plain HTTP request was sent to HTTPS port</html>", ErrorKind::Tls, final,
        "speaks TLS only");
    row("strict limit", 400,
        envelope("Bad request: Limit exceeded 21 > 20 for \"limit\". Help: Reduce the \"limit\" parameter to "
                 "or below 20."),
        ErrorKind::Capacity, final, "fewer points");
    row("strict timeout", 400, envelope("Bad request: Limit exceeded 6 > 5 for \"timeout\". Help: Reduce"),
        ErrorKind::Unsupported, final, "less time");
    row("strict exact", 400, envelope("Bad request: Exact search disabled!. Help: Set exact=false."),
        ErrorKind::Unsupported, final, "forbids exact");
    row("strict filter", 400,
        envelope("Bad request: Index required but not found for \"label\" of one of the following types: "
                 "[keyword]."),
        ErrorKind::Unsupported, final, "without an index");
    row("strict conditions", 400, envelope("Bad request: Filter condition limit reached (3 > 2). Help: x"),
        ErrorKind::Unsupported, final, "fewer conditions");
    row("strict condition size", 400, envelope("Bad request: Condition size limit reached (4 > 3). Help: x"),
        ErrorKind::Unsupported, final, "fewer values");
    row("strict other", 400, envelope("Bad request: Limit exceeded 128 > 64 for \"hnsw_ef\". Help: x"),
        ErrorKind::Unsupported, final, "strict mode forbids");
    row("request too large", 400,
        envelope("JSON payload (34603026 bytes) is larger than allowed (limit: 33554432 bytes)."),
        ErrorKind::Capacity, final, "larger than Qdrant allows");
    row("vector name", 400, envelope("Wrong input: Not existing vector name error: zzz"), ErrorKind::NotFound,
        final, "no vector of that name");
    row("shard key", 400, envelope("Bad request: Shard key \"eu\" not found"), ErrorKind::NotFound, final,
        "no such shard key");
    row("facet", 400, envelope("Wrong input: No appropriate index for faceting: `s`."),
        ErrorKind::Unsupported, final, "without an index");
    row("slice", 400, envelope("Format error in JSON body: Expected some form of condition, which can be"),
        ErrorKind::Usage, final, "the filter");
    row("malformed", 400, envelope("Format error in JSON body: expected value at line 1 column 1"),
        ErrorKind::Protocol, final, "does not accept the request");
    row("teapot", 418, "short and stout", ErrorKind::Protocol, final, "is not a Qdrant server");
}

void ErrorMappingTest::mapsReplies()
{
    QFETCH(int, status);
    QFETCH(QByteArray, body);
    QFETCH(int, retryAfter);
    QFETCH(ErrorKind, kind);
    QFETCH(bool, retryable);
    QFETCH(QString, words);
    HttpReply reply;
    reply.status = status;
    reply.body = body;
    if (retryAfter != noHeader)
        reply.retryAfterSeconds = retryAfter;
    const Error error = errorFromReply(reply, endpoint());
    QVERIFY2(error.kind == kind, qPrintable(errorKindName(error.kind)));
    QCOMPARE(error.retryable, retryable);
    QVERIFY2(error.summary.contains(words), qPrintable(error.summary));
    QVERIFY(!error.summary.contains(u'%'));
    QCOMPARE(error.httpStatus, status);
    QCOMPARE(error.where.host, QStringLiteral("db.example:6333"));
    QCOMPARE(error.where.collection, QStringLiteral("game"));
    QCOMPARE(error.retryAfterSeconds, std::max(retryAfter, 0));
}

void ErrorMappingTest::mapsConnectionFaults_data()
{
    QTest::addColumn<ConnectionFault>("fault");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<bool>("retryable");
    QTest::addColumn<QString>("words");
    const auto row = [](const char* name, ConnectionFault fault, ErrorKind kind, bool retryable,
                         const char* words) {
        QTest::newRow(name) << fault << kind << retryable << QString::fromUtf8(words);
    };
    row("refused", ConnectionFault::Refused, ErrorKind::Network, true, "Is it running?");
    row("host", ConnectionFault::HostNotFound, ErrorKind::Network, true, "no host at db.example:6333");
    row("unreachable", ConnectionFault::Unreachable, ErrorKind::Network, true, "cannot be reached");
    row("connect timeout", ConnectionFault::ConnectTimeout, ErrorKind::Timeout, true, "within 15 s");
    row("stalled", ConnectionFault::Stalled, ErrorKind::Timeout, true, "nothing for 15 s");
    row("closed", ConnectionFault::ClosedUnanswered, ErrorKind::Network, true, "without an answer");
    row("truncated", ConnectionFault::Truncated, ErrorKind::Network, true, "middle of an answer");
    row("reset", ConnectionFault::Reset, ErrorKind::Network, true, "broke");
    row("TLS not spoken", ConnectionFault::TlsNotSpoken, ErrorKind::Tls, false, "does not speak TLS");
    row("TLS required", ConnectionFault::TlsRequired, ErrorKind::Tls, false, "https://db.example:6333");
    row("not trusted", ConnectionFault::CertificateNotTrusted, ErrorKind::Tls, false, "trusts");
    row("expired", ConnectionFault::CertificateExpired, ErrorKind::Tls, false, "clock");
    row("other host", ConnectionFault::CertificateOtherHost, ErrorKind::Tls, false, "another host name");
    row("client certificate", ConnectionFault::ClientCertificateWanted, ErrorKind::Tls, false,
        "client certificate");
    row("other TLS", ConnectionFault::TlsOther, ErrorKind::Tls, false, "No TLS connection");
    row("HTTP/2", ConnectionFault::SpeaksHttp2, ErrorKind::Protocol, false, "REST port, 6333");
    row("no HTTP", ConnectionFault::NotHttp, ErrorKind::Protocol, false, "not a Qdrant server");
    row("broken HTTP", ConnectionFault::BrokenHttp, ErrorKind::Protocol, true, "not valid HTTP");
    row("proxy", ConnectionFault::ProxyProblem, ErrorKind::Network, false, "proxy");
    row("proxy's login", ConnectionFault::ProxyLogin, ErrorKind::Network, false, "user name and password");
    row("proxy away", ConnectionFault::ProxyUnreachable, ErrorKind::Network, true, "does not answer");
}

void ErrorMappingTest::mapsConnectionFaults()
{
    QFETCH(ConnectionFault, fault);
    QFETCH(ErrorKind, kind);
    QFETCH(bool, retryable);
    QFETCH(QString, words);
    const Error error = errorFromConnection(
        fault, endpoint(), QStringLiteral("the library's words"), std::chrono::seconds(15));
    QVERIFY2(error.kind == kind, qPrintable(errorKindName(error.kind)));
    QCOMPARE(error.retryable, retryable);
    QVERIFY2((error.summary + error.hint).contains(words), qPrintable(error.toText()));
    QVERIFY(error.summary.contains(u"db.example:6333"));
    QVERIFY(!error.hint.isEmpty());
    QVERIFY(!(error.summary + error.hint).contains(u'%'));
    QCOMPARE(error.detail, QStringLiteral("the library's words"));
    QCOMPARE(error.httpStatus, 0);
}

void ErrorMappingTest::tellsSocketErrors_data()
{
    QTest::addColumn<QAbstractSocket::SocketError>("error");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("connected");
    QTest::addColumn<bool>("started");
    QTest::addColumn<ConnectionFault>("fault");
    const auto row = [](const char* name, QAbstractSocket::SocketError error, const char* text,
                         bool connected, bool started, ConnectionFault fault) {
        QTest::newRow(name) << error << QString::fromUtf8(text) << connected << started << fault;
    };
    row("refused", QAbstractSocket::ConnectionRefusedError, "Connection refused", false, false,
        ConnectionFault::Refused);
    row("host", QAbstractSocket::HostNotFoundError, "Host not found", false, false,
        ConnectionFault::HostNotFound);
    row("timeout while connecting", QAbstractSocket::SocketTimeoutError, "Connection timed out", false, false,
        ConnectionFault::ConnectTimeout);
    row("timeout later", QAbstractSocket::SocketTimeoutError, "Connection timed out", true, false,
        ConnectionFault::Stalled);
    row("network", QAbstractSocket::NetworkError, "Network unreachable", false, false,
        ConnectionFault::Unreachable);
    row("network later", QAbstractSocket::NetworkError, "Unknown error", true, true, ConnectionFault::Reset);
    row("closed", QAbstractSocket::RemoteHostClosedError, "The remote host closed the connection", true,
        false, ConnectionFault::ClosedUnanswered);
    row("closed in the reply", QAbstractSocket::RemoteHostClosedError,
        "The remote host closed the connection", true, true, ConnectionFault::Truncated);
    row("proxy's login", QAbstractSocket::ProxyAuthenticationRequiredError, "Proxy requires authentication",
        false, false, ConnectionFault::ProxyLogin);
    row("proxy away", QAbstractSocket::ProxyConnectionRefusedError, "Proxy connection refused", false, false,
        ConnectionFault::ProxyUnreachable);
    row("proxy says no", QAbstractSocket::SocketAccessError, "Proxy denied connection", false, false,
        ConnectionFault::ProxyProblem);
    row("clear text", QAbstractSocket::SslHandshakeFailedError,
        "Error during SSL handshake: error:0A00010B:SSL routines::wrong version number", false, false,
        ConnectionFault::TlsNotSpoken);
    row("client certificate", QAbstractSocket::SslInternalError,
        "Error while reading: error:0A00045C:SSL routines::tlsv13 alert certificate required", true, false,
        ConnectionFault::ClientCertificateWanted);
    row("other TLS", QAbstractSocket::SslHandshakeFailedError,
        "error:0A000102:SSL routines::unsupported protocol", false, false, ConnectionFault::TlsOther);
    row("other", QAbstractSocket::UnknownSocketError, "Unknown error", true, false, ConnectionFault::Reset);
}

void ErrorMappingTest::tellsSocketErrors()
{
    QFETCH(QAbstractSocket::SocketError, error);
    QFETCH(QString, text);
    QFETCH(bool, connected);
    QFETCH(bool, started);
    QFETCH(ConnectionFault, fault);
    QCOMPARE(faultFromSocket(error, text, {}, connected, started), fault);
}

void ErrorMappingTest::tellsCertificateErrors_data()
{
    QTest::addColumn<QSslError::SslError>("error");
    QTest::addColumn<ConnectionFault>("fault");
    QTest::newRow("self-signed") << QSslError::SelfSignedCertificate
                                 << ConnectionFault::CertificateNotTrusted;
    QTest::newRow("self-signed authority")
        << QSslError::SelfSignedCertificateInChain << ConnectionFault::CertificateNotTrusted;
    QTest::newRow("unknown authority")
        << QSslError::UnableToGetLocalIssuerCertificate << ConnectionFault::CertificateNotTrusted;
    QTest::newRow("expired") << QSslError::CertificateExpired << ConnectionFault::CertificateExpired;
    QTest::newRow("not yet valid") << QSslError::CertificateNotYetValid
                                   << ConnectionFault::CertificateExpired;
    QTest::newRow("other host") << QSslError::HostNameMismatch << ConnectionFault::CertificateOtherHost;
}

void ErrorMappingTest::tellsCertificateErrors()
{
    QFETCH(QSslError::SslError, error);
    QFETCH(ConnectionFault, fault);
    QCOMPARE(faultFromSocket(QAbstractSocket::SslHandshakeFailedError,
                 QStringLiteral("The certificate is bad"), {QSslError(error)}, false, false),
        fault);
}

void ErrorMappingTest::tellsTheGrpcPort()
{
    for (const auto fault : {ConnectionFault::ClosedUnanswered, ConnectionFault::NotHttp}) {
        QVERIFY(errorFromConnection(fault, endpoint(6334)).summary.contains(u"speaks gRPC"));
        QVERIFY(!errorFromConnection(fault, endpoint(6333)).summary.contains(u"speaks gRPC"));
    }
    QVERIFY(!errorFromConnection(ConnectionFault::Refused, endpoint(6334)).summary.contains(u"speaks gRPC"));
}

void ErrorMappingTest::tellsRedirects()
{
    HttpReply reply;
    reply.status = 308;
    reply.location = "https://user:secret@other.example/collections?api-key=secret";
    const Error error = errorFromReply(reply, endpoint());
    QVERIFY(error.detail.contains(u"https://other.example/collections"));
    QVERIFY(!error.toText().contains(u"secret"));
    QVERIFY(!error.retryable);
}

void ErrorMappingTest::keepsSecretsOut()
{
    HttpReply reply;
    reply.status = 400;
    reply.body = envelope("Bad header api-key: very-secret-key in http://u:pass1234@h/");
    const QString text = errorFromReply(reply, endpoint()).toText();
    QVERIFY(!text.contains(u"very-secret-key"));
    QVERIFY(!text.contains(u"pass1234"));
}

void ErrorMappingTest::knowsALargeReply()
{
    QVERIFY(isReplyTooLarge(replyTooLargeError(endpoint(), 5'000'000, 1'000'000)));
    QVERIFY(isReplyTooLarge(replyTooLargeError(endpoint(), -1, 1'000'000)));
    HttpReply reply;
    reply.status = 413;
    QVERIFY(!isReplyTooLarge(errorFromReply(reply, endpoint())));
}

void ErrorMappingTest::namesTheAddress_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("address");
    QTest::newRow("port") << QStringLiteral("http://localhost:7000/x") << QStringLiteral("localhost:7000");
    QTest::newRow("no port") << QStringLiteral("https://abc.cloud.qdrant.io")
                             << QStringLiteral("abc.cloud.qdrant.io:6333");
    QTest::newRow("IPv6") << QStringLiteral("http://[::1]:6333") << QStringLiteral("[::1]:6333");
    QTest::newRow("beyond ASCII") << QStringLiteral("http://bücher.example:1")
                                  << QStringLiteral("xn--bcher-kva.example:1");
}

void ErrorMappingTest::namesTheAddress()
{
    QFETCH(QString, url);
    QFETCH(QString, address);
    QCOMPARE(Endpoint::fromUrl(QUrl(url)).address(), address);
}

void ErrorMappingTest::hasWordsForEveryRecordedError()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
    int errors = 0;
    for (const QString& folder : Recordings::folders()) {
        for (const QString& name : Recordings::exchanges(folder)) {
            const auto exchange = Recordings::exchange(name);
            if (!exchange || exchange->status < 400 || name.contains(u"gzip"))
                continue;
            HttpReply reply;
            reply.status = exchange->status;
            reply.body = exchange->body;
            const Error error = errorFromReply(reply, endpoint());
            ++errors;
            QVERIFY2(!error.summary.isEmpty() && !error.summary.contains(u"not a Qdrant"),
                qPrintable(name + error.toText()));
            if (!exchange->body.isEmpty())
                QVERIFY2(!error.detail.isEmpty(), qPrintable(name));
            QVERIFY2(
                error.retryable == (exchange->status == 500 || exchange->status == 408), qPrintable(name));
        }
    }
    QVERIFY(errors > 80);
}

QTEST_GUILESS_MAIN(ErrorMappingTest)
#include "errormappingtest.moc"
