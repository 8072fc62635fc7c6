// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <string>
#include <thread>

#include <QTest>

#include "core/qdrant/errormapping.h"
#include "core/qdrant/rest/resttransport.h"
#include "tests/unit/qdrant/scriptedserver.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;
using namespace std::chrono_literals;

namespace {

SourceOptions optionsFor(const QUrl& url)
{
    SourceOptions options;
    options.url = url;
    return options;
}

HttpRequest get(qint64 maxReplyBytes = 0)
{
    HttpRequest request;
    request.target = "/collections";
    request.maxReplyBytes = maxReplyBytes;
    return request;
}

HttpRequest post(const QByteArray& body)
{
    HttpRequest request;
    request.method = "POST";
    request.target = "/collections/a%20b/points/scroll?timeout=60";
    request.body = body;
    return request;
}

/// Sends one request and waits for it.
Result<HttpReply> ask(RestTransport& transport, const HttpRequest& request = get())
{
    return transport.send(request)->wait();
}

} // namespace

class RestTransportTest : public QObject {
    Q_OBJECT

private slots:
    void sendsWhatQdrantExpects();
    void keepsTheConnection();
    void servesRequestsInOrder();
    void putsThePathOfTheAddressInFront();
    void asksAgainWhenAKeptConnectionWasClosed();
    void asksAgainOnlyOnce();
    void asksAgainAfterAnEmpty408();
    void handsOutTheSecondEmpty408();
    void connectsAnewAfterAnUnaskedReply();
    void takesAReplyInPieces();
    void takesChunks();
    void takesABodyThatEndsWithTheConnection();
    void takesALargeBody();
    void tellsRefused();
    void tellsHostNotFound();
    void tellsAStall();
    void tellsATruncatedBody();
    void resetsWhatIsTooLarge();
    void resetsChunksThatGrowTooLarge();
    void resetsWhatIsStopped();
    void stopsBeforeItBegins();
    void abortsAQueuedRequestWithoutDisturbingTheFirst();
    void endsWhileARequestIsUnderWay();
    void tellsForeignReplies_data();
    void tellsForeignReplies();
    void tellsClearTextWhereTlsWasAsked();
    void tellsTlsWhereClearTextWasAsked();
    void trustsANamedAuthorityAlone();
    void noticesAnotherHostName();
    void showsAClientCertificate();
    void refusesBadOptions_data();
    void refusesBadOptions();
};

void RestTransportTest::sendsWhatQdrantExpects()
{
    std::string seen;
    ScriptedServer server([&seen](ScriptedConnection& connection, int) {
        seen = connection.readRequest();
        connection.reply("{}", 200, "content-type: application/json\r\nRetry-After: 7\r\n");
        connection.readRequest();
    });
    SourceOptions options = optionsFor(server.url());
    options.apiKey = "the-key";
    RestTransport transport(options);
    const auto reply = ask(transport, post("{\"limit\":1}"));
    QVERIFY(reply.has_value());
    QCOMPARE(reply->status, 200);
    QCOMPARE(reply->body, QByteArray("{}"));
    QCOMPARE(reply->contentType, QByteArray("application/json"));
    QCOMPARE(reply->retryAfterSeconds, std::optional(7));

    const QByteArray request = QByteArray::fromStdString(seen);
    QVERIFY(request.startsWith("POST /collections/a%20b/points/scroll?timeout=60 HTTP/1.1\r\n"));
    QVERIFY(request.endsWith("\r\n\r\n{\"limit\":1}"));
    const QByteArray head = request.left(request.indexOf("\r\n\r\n")).toLower() + "\r\n";
    QVERIFY(head.contains("\r\nhost: 127.0.0.1:" + QByteArray::number(server.url().port()) + "\r\n"));
    QVERIFY(head.contains("\r\napi-key: the-key\r\n"));
    QVERIFY(head.contains("\r\naccept-encoding: identity\r\n"));
    QVERIFY(head.contains("\r\ncontent-type: application/json\r\n"));
    QVERIFY(head.contains("\r\ncontent-length: 11\r\n"));
    QVERIFY(!head.contains("cookie"));
    QVERIFY(!head.contains("connection:"));
}

void RestTransportTest::keepsTheConnection()
{
    ScriptedServer server([](ScriptedConnection& connection, int) {
        while (!connection.readRequest().empty())
            connection.reply("{}");
    });
    RestTransport transport(optionsFor(server.url()));
    for (int k = 0; k < 5; ++k)
        QVERIFY(ask(transport).has_value());
    QCOMPARE(server.connections(), 1);
}

void RestTransportTest::servesRequestsInOrder()
{
    ScriptedServer server([](ScriptedConnection& connection, int) {
        for (std::string request = connection.readRequest(); !request.empty();
             request = connection.readRequest())
            connection.reply(request.substr(request.find("\r\n\r\n") + 4));
    });
    RestTransport transport(optionsFor(server.url()));
    std::vector<std::shared_ptr<PendingReply>> replies;
    for (int k = 0; k < 20; ++k)
        replies.push_back(transport.send(post(QByteArray::number(k))));
    for (int k = 0; k < 20; ++k)
        QCOMPARE(replies.at(static_cast<std::size_t>(k))->wait()->body, QByteArray::number(k));
}

void RestTransportTest::putsThePathOfTheAddressInFront()
{
    std::string seen;
    ScriptedServer server([&seen](ScriptedConnection& connection, int) {
        seen = connection.readRequest();
        connection.reply("{}");
    });
    QUrl url = server.url();
    url.setPath(QStringLiteral("/vectors/db/"));
    RestTransport transport(optionsFor(url));
    QVERIFY(ask(transport).has_value());
    QVERIFY(QByteArray::fromStdString(seen).startsWith("GET /vectors/db/collections HTTP/1.1\r\n"));
}

void RestTransportTest::asksAgainWhenAKeptConnectionWasClosed()
{
    ScriptedServer server([](ScriptedConnection& connection, int number) {
        connection.readRequest();
        connection.reply(std::to_string(number));
        connection.readRequest();
    });
    RestTransport transport(optionsFor(server.url()));
    QCOMPARE(ask(transport)->body, QByteArray("1"));
    QCOMPARE(ask(transport)->body, QByteArray("2"));
    QCOMPARE(server.connections(), 2);
}

void RestTransportTest::asksAgainOnlyOnce()
{
    std::atomic<int> requests = 0;
    ScriptedServer server([&requests](ScriptedConnection& connection, int number) {
        const auto read = [&] {
            if (connection.readRequest().starts_with("GET"))
                ++requests;
        };
        // The third connection asks whether this is a TLS server.
        if (number > 2)
            return;
        read();
        if (number > 1)
            return;
        connection.reply("{}");
        read();
    });
    SourceOptions options = optionsFor(server.url());
    RestTransport transport(options);
    QVERIFY(ask(transport).has_value());
    const auto reply = ask(transport);
    QVERIFY(!reply.has_value());
    QCOMPARE(reply.error().kind, ErrorKind::Network);
    QVERIFY(reply.error().retryable);
    QVERIFY(reply.error().summary.contains(u"without an answer"));
    QCOMPARE(requests.load(), 3);
}

void RestTransportTest::asksAgainAfterAnEmpty408()
{
    ScriptedServer server([](ScriptedConnection& connection, int number) {
        connection.readRequest();
        connection.reply(
            number == 1 ? "" : "{}", number == 1 ? 408 : 200, number == 1 ? "connection: close\r\n" : "");
    });
    RestTransport transport(optionsFor(server.url()));
    const auto reply = ask(transport);
    QVERIFY(reply.has_value());
    QCOMPARE(reply->status, 200);
    QCOMPARE(server.connections(), 2);
}

void RestTransportTest::handsOutTheSecondEmpty408()
{
    ScriptedServer server([](ScriptedConnection& connection, int) {
        connection.readRequest();
        connection.reply("", 408, "connection: close\r\n");
    });
    RestTransport transport(optionsFor(server.url()));
    const auto reply = ask(transport);
    QVERIFY(reply.has_value());
    QCOMPARE(reply->status, 408);
    QCOMPARE(server.connections(), 2);
}

void RestTransportTest::connectsAnewAfterAnUnaskedReply()
{
    ScriptedServer server([](ScriptedConnection& connection, int number) {
        connection.readRequest();
        connection.reply(std::to_string(number));
        if (number > 1)
            return;
        connection.reply("", 408, "connection: close\r\n");
        connection.waitForReset();
    });
    RestTransport transport(optionsFor(server.url()));
    QCOMPARE(ask(transport)->body, QByteArray("1"));
    QCOMPARE(ask(transport)->body, QByteArray("2"));
}

void RestTransportTest::takesAReplyInPieces()
{
    ScriptedServer server([](ScriptedConnection& connection, int) {
        connection.readRequest();
        for (const char byte : std::string("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 201 "
                                           "Created\r\nCONTENT-LENGTH: 11\r\n\r\n{\"ok\":true}"))
            connection.write(std::string(1, byte));
        connection.readRequest();
    });
    RestTransport transport(optionsFor(server.url()));
    const auto reply = ask(transport);
    QVERIFY(reply.has_value());
    QCOMPARE(reply->status, 201);
    QCOMPARE(reply->body, QByteArray("{\"ok\":true}"));
}

void RestTransportTest::takesChunks()
{
    ScriptedServer server([](ScriptedConnection& connection, int) {
        while (!connection.readRequest().empty())
            connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: "
                             "chunked\r\n\r\n4;x=y\r\n{\"a\"\r\n3\r\n:1}\r\n0\r\nTrailer: t\r\n\r\n");
    });
    RestTransport transport(optionsFor(server.url()));
    for (int k = 0; k < 2; ++k)
        QCOMPARE(ask(transport)->body, QByteArray("{\"a\":1}"));
    QCOMPARE(server.connections(), 1);
}

void RestTransportTest::takesABodyThatEndsWithTheConnection()
{
    ScriptedServer server([](ScriptedConnection& connection, int) {
        connection.readRequest();
        connection.write("HTTP/1.0 200 OK\r\n\r\n{\"a\":");
        connection.write("1}");
    });
    RestTransport transport(optionsFor(server.url()));
    QCOMPARE(ask(transport)->body, QByteArray("{\"a\":1}"));
    QCOMPARE(ask(transport)->body, QByteArray("{\"a\":1}"));
}

void RestTransportTest::takesALargeBody()
{
    std::string body(30'000'000, 'x');
    for (std::size_t k = 0; k < body.size(); k += 997)
        body[k] = static_cast<char>('a' + k % 23);
    ScriptedServer server([&body](ScriptedConnection& connection, int) {
        while (!connection.readRequest().empty())
            connection.reply(body);
    });
    RestTransport transport(optionsFor(server.url()));
    for (int k = 0; k < 2; ++k) {
        const auto reply = ask(transport, get(30'000'000));
        QVERIFY(reply.has_value());
        QVERIFY(reply->body.toStdString() == body);
    }
}

void RestTransportTest::tellsRefused()
{
    QUrl url;
    {
        ScriptedServer server([](ScriptedConnection&, int) {});
        url = server.url();
    }
    RestTransport transport(optionsFor(url));
    const auto reply = ask(transport);
    QVERIFY(!reply.has_value());
    QCOMPARE(reply.error().kind, ErrorKind::Network);
    QVERIFY(reply.error().retryable);
    QCOMPARE(
        reply.error().summary, QStringLiteral("Qdrant does not answer at 127.0.0.1:%1.").arg(url.port()));
    QVERIFY(reply.error().hint.contains(u"6333"));
}

void RestTransportTest::tellsHostNotFound()
{
    RestTransport transport(optionsFor(QUrl(QStringLiteral("http://no-such-host.invalid:6333"))));
    const auto reply = ask(transport);
    QVERIFY(!reply.has_value());
    QCOMPARE(reply.error().kind, ErrorKind::Network);
    QVERIFY(reply.error().summary.contains(u"no-such-host.invalid"));
}

void RestTransportTest::tellsAStall()
{
    ScriptedServer server([](ScriptedConnection& connection, int) {
        connection.readRequest();
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
        connection.waitForReset();
    });
    SourceOptions options = optionsFor(server.url());
    options.stallTimeout = 150ms;
    RestTransport transport(options);
    const auto reply = ask(transport);
    QVERIFY(!reply.has_value());
    QCOMPARE(reply.error().kind, ErrorKind::Timeout);
    QVERIFY(reply.error().retryable);
    QVERIFY(reply.error().summary.contains(u"sent nothing"));
}

void RestTransportTest::tellsATruncatedBody()
{
    ScriptedServer server([](ScriptedConnection& connection, int) {
        connection.readRequest();
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"result\":");
    });
    RestTransport transport(optionsFor(server.url()));
    const auto reply = ask(transport);
    QVERIFY(!reply.has_value());
    QCOMPARE(reply.error().kind, ErrorKind::Network);
    QVERIFY(reply.error().retryable);
    QVERIFY(reply.error().summary.contains(u"middle of an answer"));
    QCOMPARE(server.connections(), 1);
}

void RestTransportTest::resetsWhatIsTooLarge()
{
    std::atomic<bool> reset = false;
    ScriptedServer server([&reset](ScriptedConnection& connection, int number) {
        connection.readRequest();
        if (number > 1) {
            connection.reply("{}");
            return;
        }
        connection.write("HTTP/1.1 200 OK\r\nContent-Length: 5000000\r\n\r\n");
        reset = connection.waitForReset();
    });
    RestTransport transport(optionsFor(server.url()));
    const auto reply = ask(transport, get(4'999'999));
    QVERIFY(!reply.has_value());
    QCOMPARE(reply.error().kind, ErrorKind::Capacity);
    QVERIFY(isReplyTooLarge(reply.error()));
    QVERIFY(!reply.error().retryable);
    QVERIFY(ask(transport, get(5'000'000)).has_value());
    QVERIFY(reset);
}

void RestTransportTest::resetsChunksThatGrowTooLarge()
{
    ScriptedServer server([](ScriptedConnection& connection, int) {
        connection.readRequest();
        connection.write("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
        for (int k = 0; k < 20; ++k)
            connection.write("a\r\n0123456789\r\n");
        connection.waitForReset();
    });
    RestTransport transport(optionsFor(server.url()));
    const auto reply = ask(transport, get(100));
    QVERIFY(!reply.has_value());
    QVERIFY(isReplyTooLarge(reply.error()));
}

void RestTransportTest::resetsWhatIsStopped()
{
    std::stop_source stop;
    std::atomic<bool> reset = false;
    ScriptedServer server([&](ScriptedConnection& connection, int number) {
        connection.readRequest();
        if (number > 1) {
            connection.reply("{}");
            return;
        }
        stop.request_stop();
        reset = connection.waitForReset();
    });
    RestTransport transport(optionsFor(server.url()));
    const auto reply = transport.send(get())->wait(stop.get_token());
    QVERIFY(!reply.has_value());
    QCOMPARE(reply.error().kind, ErrorKind::Cancelled);
    QVERIFY(ask(transport).has_value());
    QVERIFY(reset);
}

void RestTransportTest::stopsBeforeItBegins()
{
    std::stop_source stop;
    stop.request_stop();
    ScriptedServer server([](ScriptedConnection& connection, int) { connection.waitForReset(); });
    RestTransport transport(optionsFor(server.url()));
    QCOMPARE(transport.send(get())->wait(stop.get_token()).error().kind, ErrorKind::Cancelled);
}

void RestTransportTest::abortsAQueuedRequestWithoutDisturbingTheFirst()
{
    std::mutex mutex;
    std::condition_variable arrived;
    bool first = false;
    bool mayAnswer = false;
    ScriptedServer server([&](ScriptedConnection& connection, int) {
        for (std::string request = connection.readRequest(); !request.empty();
             request = connection.readRequest()) {
            std::unique_lock lock(mutex);
            first = true;
            arrived.notify_all();
            arrived.wait(lock, [&] { return mayAnswer; });
            connection.reply(request.substr(request.find("\r\n\r\n") + 4));
        }
    });
    RestTransport transport(optionsFor(server.url()));
    const auto one = transport.send(post("1"));
    const auto two = transport.send(post("2"));
    const auto three = transport.send(post("3"));
    {
        std::unique_lock lock(mutex);
        arrived.wait(lock, [&] { return first; });
        two->abort();
        mayAnswer = true;
        arrived.notify_all();
    }
    QCOMPARE(one->wait()->body, QByteArray("1"));
    QCOMPARE(two->wait().error().kind, ErrorKind::Cancelled);
    QCOMPARE(three->wait()->body, QByteArray("3"));
    QCOMPARE(server.connections(), 1);
}

void RestTransportTest::endsWhileARequestIsUnderWay()
{
    std::promise<void> asked;
    ScriptedServer server([&asked](ScriptedConnection& connection, int) {
        connection.readRequest();
        asked.set_value();
        connection.waitForReset();
    });
    auto transport = std::make_unique<RestTransport>(optionsFor(server.url()));
    const auto reply = transport->send(get());
    const auto queued = transport->send(get());
    asked.get_future().wait();
    transport.reset();
    QVERIFY(reply->isFinished());
    QCOMPARE(reply->wait().error().kind, ErrorKind::Cancelled);
    QCOMPARE(queued->wait().error().kind, ErrorKind::Cancelled);
    reply->abort();
}

void RestTransportTest::tellsForeignReplies_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<ErrorKind>("kind");
    QTest::addColumn<QString>("words");
    QTest::newRow("gRPC") << QByteArray::fromHex("00000604000000000000040000ffff") << ErrorKind::Protocol
                          << QStringLiteral("speaks gRPC");
    QTest::newRow("TLS alert") << QByteArray::fromHex("15030100020250") << ErrorKind::Tls
                               << QStringLiteral("speaks TLS only");
    QTest::newRow("SSH") << QByteArray("SSH-2.0-OpenSSH_9.2\r\n") << ErrorKind::Protocol
                         << QStringLiteral("not a Qdrant");
    QTest::newRow("PostgreSQL") << QByteArray("E\0\0\0\x21", 5) << ErrorKind::Protocol
                                << QStringLiteral("not a Qdrant");
    QTest::newRow("no status") << QByteArray("HTTP/1.1 OK\r\n\r\n") << ErrorKind::Protocol
                               << QStringLiteral("not valid HTTP");
    QTest::newRow("no length") << QByteArray("HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n")
                               << ErrorKind::Protocol << QStringLiteral("not valid HTTP");
    QTest::newRow("two lengths") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n")
                                 << ErrorKind::Protocol << QStringLiteral("not valid HTTP");
    QTest::newRow("bad chunk") << QByteArray("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n")
                               << ErrorKind::Protocol << QStringLiteral("not valid HTTP");
    QTest::newRow("long chunk") << QByteArray(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab\r\n")
                                << ErrorKind::Protocol << QStringLiteral("not valid HTTP");
    QTest::newRow("compressed") << QByteArray(
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 1\r\n\r\n")
                                << ErrorKind::Protocol << QStringLiteral("not valid HTTP");
}

void RestTransportTest::tellsForeignReplies()
{
    QFETCH(QByteArray, bytes);
    QFETCH(ErrorKind, kind);
    QFETCH(QString, words);
    ScriptedServer server([&bytes](ScriptedConnection& connection, int) {
        connection.readRequest();
        connection.write(bytes.toStdString());
        connection.waitForReset();
    });
    RestTransport transport(optionsFor(server.url()));
    const auto reply = ask(transport);
    QVERIFY(!reply.has_value());
    QCOMPARE(reply.error().kind, kind);
    QVERIFY2(reply.error().summary.contains(words), qPrintable(reply.error().toText()));
}

void RestTransportTest::tellsClearTextWhereTlsWasAsked()
{
    // As Qdrant does: a handshake is no HTTP request.
    ScriptedServer server([](ScriptedConnection& connection, int) {
        connection.write("HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        connection.waitForReset();
    });
    RestTransport transport(optionsFor(server.url(QStringLiteral("https"))));
    const auto reply = ask(transport);
    QVERIFY(!reply.has_value());
    QCOMPARE(reply.error().kind, ErrorKind::Tls);
    QVERIFY2(reply.error().summary.contains(u"does not speak TLS"), qPrintable(reply.error().toText()));
    QVERIFY(reply.error().hint.contains(server.url().toString()));
}

void RestTransportTest::tellsTlsWhereClearTextWasAsked()
{
    TlsServer server(TlsServer::configuration(false));
    RestTransport transport(optionsFor(server.url(QStringLiteral("http"))));
    const auto reply = ask(transport);
    QVERIFY(!reply.has_value());
    QCOMPARE(reply.error().kind, ErrorKind::Tls);
    QVERIFY2(reply.error().summary.contains(u"speaks TLS only"), qPrintable(reply.error().toText()));
    QVERIFY(reply.error().hint.contains(server.url(QStringLiteral("https")).toString()));
}

void RestTransportTest::trustsANamedAuthorityAlone()
{
    TlsServer server(TlsServer::configuration(false));
    SourceOptions options = optionsFor(server.url(QStringLiteral("https")));
    {
        RestTransport transport(options);
        const auto reply = ask(transport);
        QVERIFY(!reply.has_value());
        QCOMPARE(reply.error().kind, ErrorKind::Tls);
        QVERIFY(!reply.error().retryable);
        QVERIFY2(reply.error().summary.contains(u"nobody this machine trusts"),
            qPrintable(reply.error().toText()));
    }
    options.tls.skipVerification = true;
    {
        RestTransport transport(options);
        QVERIFY(ask(transport).has_value());
    }
    options.tls.skipVerification = false;
    options.tls.caFile = TlsServer::file("ca.pem");
    RestTransport transport(options);
    for (int k = 0; k < 3; ++k) {
        const auto reply = ask(transport);
        QVERIFY2(reply.has_value(), qPrintable(reply ? QString() : reply.error().toText()));
        QCOMPARE(reply->body, QByteArray("{\"ok\":true}"));
    }
}

void RestTransportTest::noticesAnotherHostName()
{
    TlsServer server(TlsServer::configuration(false));
    SourceOptions options = optionsFor(server.url(QStringLiteral("https"), QStringLiteral("127.0.0.1")));
    options.tls.caFile = TlsServer::file("ca.pem");
    RestTransport transport(options);
    const auto reply = ask(transport);
    QVERIFY(!reply.has_value());
    QVERIFY2(reply.error().summary.contains(u"another host name"), qPrintable(reply.error().toText()));
}

void RestTransportTest::showsAClientCertificate()
{
    TlsServer server(TlsServer::configuration(true));
    SourceOptions options = optionsFor(server.url(QStringLiteral("https")));
    options.tls.caFile = TlsServer::file("ca.pem");
    {
        RestTransport transport(options);
        const auto reply = ask(transport);
        QVERIFY(!reply.has_value());
        QVERIFY2((reply.error().summary + reply.error().hint).contains(u"client certificate"),
            qPrintable(reply.error().toText()));
    }
    options.tls.certificateFile = TlsServer::file("client.pem");
    options.tls.keyFile = TlsServer::file("client.key");
    RestTransport transport(options);
    const auto reply = ask(transport);
    QVERIFY2(reply.has_value(), qPrintable(reply ? QString() : reply.error().toText()));
}

void RestTransportTest::refusesBadOptions_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QByteArray>("key");
    QTest::addColumn<QString>("caFile");
    QTest::addColumn<ErrorKind>("kind");
    const QString good = QStringLiteral("https://localhost:6333");
    QTest::newRow("no scheme") << QStringLiteral("localhost:6333") << QByteArray() << QString()
                               << ErrorKind::Usage;
    QTest::newRow("other scheme") << QStringLiteral("ftp://localhost") << QByteArray() << QString()
                                  << ErrorKind::Usage;
    QTest::newRow("no host") << QStringLiteral("http://") << QByteArray() << QString() << ErrorKind::Usage;
    QTest::newRow("key with a line break")
        << good << QByteArray("k\r\nX: y") << QString() << ErrorKind::Usage;
    QTest::newRow("missing CA file") << good << QByteArray() << TlsServer::file("missing.pem")
                                     << ErrorKind::File;
    QTest::newRow("CA file without a certificate")
        << good << QByteArray() << TlsServer::file("README.md") << ErrorKind::Tls;
}

void RestTransportTest::refusesBadOptions()
{
    QFETCH(QString, url);
    QFETCH(QByteArray, key);
    QFETCH(QString, caFile);
    QFETCH(ErrorKind, kind);
    SourceOptions options = optionsFor(QUrl(url));
    options.apiKey = key;
    options.tls.caFile = caFile;
    RestTransport transport(options);
    const auto reply = ask(transport);
    QVERIFY(!reply.has_value());
    QCOMPARE(reply.error().kind, kind);
    QVERIFY(!reply.error().retryable);
    if (!key.isEmpty())
        QVERIFY(!reply.error().toText().contains(QString::fromLatin1(key)));
}

QTEST_GUILESS_MAIN(RestTransportTest)
#include "resttransporttest.moc"
