// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <QTcpServer>
#include <QTest>

#include "core/common/redaction.h"
#include "core/qdrant/rest/resttransport.h"
#include "core/qdrant/transport.h"
#include "tests/support/passproxy.h"
#include "tests/unit/qdrant/scriptedserver.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

const QByteArray canary = "canary p/w@9";

Result<HttpReply> askThrough(const QUrl& server, const QString& proxy)
{
    SourceOptions options;
    options.url = server;
    options.tls.skipVerification = true;
    auto parsed = parseProxy(proxy);
    if (!parsed)
        return fail(parsed.error());
    options.proxy = *parsed;
    RestTransport transport(options);
    HttpRequest request;
    request.target = "/collections";
    return transport.send(request)->wait();
}

} // namespace

/// Requests to Qdrant through a proxy, and the words about proxies.
class ProxyTest : public QObject {
    Q_OBJECT

private slots:
    void readsAddresses_data();
    void readsAddresses();
    void refusesOtherText_data();
    void refusesOtherText();
    void keepsThePasswordToItself();
    void asksThroughTheProxy_data();
    void asksThroughTheProxy();
    void tellsARefusedLogin_data();
    void tellsARefusedLogin();
    void tellsADenial_data();
    void tellsADenial();
    void tellsAProxyThatIsNotThere();
    void takesRestInsteadOfGrpc();
    void setsTimeLimits();
};

void ProxyTest::readsAddresses_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<ProxyOptions>("proxy");
    using Kind = ProxyOptions::Kind;
    const auto row = [](const char* text, const ProxyOptions& proxy) {
        QTest::newRow(text) << QString::fromUtf8(text) << proxy;
    };
    row("", {});
    row("proxy.example", {Kind::Http, QStringLiteral("proxy.example"), 3128, {}, {}});
    row("http://proxy.example:8080/", {Kind::Http, QStringLiteral("proxy.example"), 8080, {}, {}});
    row("socks5://10.0.0.1", {Kind::Socks5, QStringLiteral("10.0.0.1"), 1080, {}, {}});
    row("socks5h://u@[::1]:9050", {Kind::Socks5, QStringLiteral("::1"), 9050, QStringLiteral("u"), {}});
    row("http://u:p%40%2F@proxy:1", {Kind::Http, QStringLiteral("proxy"), 1, QStringLiteral("u"), "p@/"});
}

void ProxyTest::readsAddresses()
{
    QFETCH(QString, text);
    QFETCH(ProxyOptions, proxy);
    const auto parsed = parseProxy(text);
    QVERIFY(parsed.has_value());
    QCOMPARE(*parsed, proxy);
}

void ProxyTest::refusesOtherText_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("scheme") << QStringLiteral("https://u:canary@proxy:1");
    QTest::newRow("no host") << QStringLiteral("socks5://");
    QTest::newRow("path") << QStringLiteral("http://u:canary@proxy:1/pac.js");
    QTest::newRow("port") << QStringLiteral("http://u:canary@proxy:port");
    QTest::newRow("slash in password") << QStringLiteral("http://u:canary/x@proxy:1");
}

void ProxyTest::refusesOtherText()
{
    QFETCH(QString, text);
    const auto parsed = parseProxy(text);
    QVERIFY(!parsed);
    QCOMPARE(parsed.error().kind, ErrorKind::Usage);
    QVERIFY(!parsed.error().toText().contains(QStringLiteral("canary")));
}

void ProxyTest::keepsThePasswordToItself()
{
    const auto proxy = parseProxy(QStringLiteral("socks5://user:canary@proxy:1081"));
    QVERIFY(proxy.has_value());
    QCOMPARE(proxy->url(), QStringLiteral("socks5://user@proxy:1081"));
    QCOMPARE(proxy->label(), QStringLiteral("proxy:1081"));
    QVERIFY(
        !redacted(QStringLiteral("via socks5://user:canary@proxy:1081")).contains(QStringLiteral("canary")));
}

void ProxyTest::asksThroughTheProxy_data()
{
    QTest::addColumn<PassProxy::Kind>("kind");
    QTest::addColumn<QByteArray>("user");
    QTest::addColumn<bool>("tls");
    QTest::newRow("HTTP") << PassProxy::Kind::Http << QByteArray() << false;
    QTest::newRow("HTTP, TLS to the server") << PassProxy::Kind::Http << QByteArray() << true;
    QTest::newRow("HTTP with a login") << PassProxy::Kind::Http << QByteArray("me") << false;
    QTest::newRow("SOCKS5") << PassProxy::Kind::Socks5 << QByteArray() << false;
    QTest::newRow("SOCKS5, TLS to the server") << PassProxy::Kind::Socks5 << QByteArray() << true;
    QTest::newRow("SOCKS5 with a login") << PassProxy::Kind::Socks5 << QByteArray("me") << true;
}

void ProxyTest::asksThroughTheProxy()
{
    QFETCH(PassProxy::Kind, kind);
    QFETCH(QByteArray, user);
    QFETCH(bool, tls);
    PassProxy proxy(kind, user, canary);
    const auto ask = [&](const QUrl& server) {
        const auto reply = askThrough(server, proxy.url(!user.isEmpty()));
        QVERIFY2(reply.has_value(), reply ? "" : qPrintable(reply.error().toText()));
        QCOMPARE(reply->body, QByteArray("{\"ok\":true}"));
        QCOMPARE(proxy.destinations(), QStringList{server.authority()});
    };
    if (tls) {
        TlsServer server(TlsServer::configuration(false));
        ask(server.url(QStringLiteral("https")));
    } else {
        ScriptedServer server([](ScriptedConnection& connection, int) {
            connection.readRequest();
            connection.reply("{\"ok\":true}");
            connection.readRequest();
        });
        ask(server.url());
    }
}

void ProxyTest::tellsARefusedLogin_data()
{
    QTest::addColumn<PassProxy::Kind>("kind");
    QTest::newRow("HTTP") << PassProxy::Kind::Http;
    QTest::newRow("SOCKS5") << PassProxy::Kind::Socks5;
}

void ProxyTest::tellsARefusedLogin()
{
    QFETCH(PassProxy::Kind, kind);
    PassProxy proxy(kind, "me", "right");
    QString url = proxy.url(true);
    url.replace(QStringLiteral("right"), QStringLiteral("canary"));
    const auto reply = askThrough(QUrl(QStringLiteral("http://127.0.0.1:9")), url);
    QVERIFY(!reply);
    QVERIFY2(reply.error().summary.contains(QStringLiteral("user name and password")),
        qPrintable(reply.error().toText()));
    QVERIFY(reply.error().summary.contains(QString::number(proxy.port())));
    QVERIFY(!reply.error().retryable);
    QVERIFY(!reply.error().toText().contains(QStringLiteral("canary")));
    QVERIFY(proxy.destinations().isEmpty());
}

void ProxyTest::tellsADenial_data()
{
    tellsARefusedLogin_data();
}

void ProxyTest::tellsADenial()
{
    QFETCH(PassProxy::Kind, kind);
    PassProxy proxy(kind);
    proxy.setDenying(true);
    const auto reply = askThrough(QUrl(QStringLiteral("http://127.0.0.1:9")), proxy.url());
    QVERIFY(!reply);
    QVERIFY2(
        reply.error().summary.contains(QStringLiteral("does not let")), qPrintable(reply.error().toText()));
    QVERIFY(!reply.error().retryable);
}

void ProxyTest::tellsAProxyThatIsNotThere()
{
    QTcpServer closed;
    QVERIFY(closed.listen(QHostAddress::LocalHost));
    const QString address = QStringLiteral("127.0.0.1:%1").arg(closed.serverPort());
    closed.close();
    for (const char* scheme : {"http://", "socks5://"}) {
        const auto reply =
            askThrough(QUrl(QStringLiteral("http://127.0.0.1:9")), QLatin1String(scheme) + address);
        QVERIFY(!reply);
        QVERIFY2(reply.error().summary.contains(QStringLiteral("The proxy %1").arg(address)),
            qPrintable(reply.error().toText()));
        QVERIFY(reply.error().retryable);
    }
}

void ProxyTest::takesRestInsteadOfGrpc()
{
    SourceOptions options;
    options.url = QUrl(QStringLiteral("http://127.0.0.1:9"));
    options.proxy = *parseProxy(QStringLiteral("http://127.0.0.1:9"));
    const auto decision = chooseTransport(options, QStringLiteral("game"), true);
    QVERIFY(decision.has_value());
    QCOMPARE(decision->transport, Transport::Rest);
    if (transportHasGrpc())
        QVERIFY(decision->reason.contains(QStringLiteral("proxy")));
    const auto wanted = chooseTransport(options, QStringLiteral("game"), false);
    QVERIFY(!wanted);
    QCOMPARE(wanted.error().kind, ErrorKind::Unsupported);
    QVERIFY(!makePointSource(Transport::Grpc, options, QStringLiteral("game")));
}

void ProxyTest::setsTimeLimits()
{
    using namespace std::chrono_literals;
    SourceOptions options;
    const SourceOptions standard;
    options.apply({});
    QCOMPARE(options.connectTimeout, standard.connectTimeout);
    QCOMPARE(options.stallTimeout, standard.stallTimeout);
    QCOMPARE(options.serverTimeoutSeconds, standard.serverTimeoutSeconds);
    options.apply({{}, 3, 300});
    QCOMPARE(options.connectTimeout, 3s);
    QCOMPARE(options.stallTimeout, 300s);
    QCOMPARE(options.serverTimeoutSeconds, 270);
    // The server's own words must be able to arrive before we hang up, unless there is no time at all.
    for (const int seconds : {2, 3, 10, 90}) {
        options.apply({{}, 0, seconds});
        QVERIFY(options.serverTimeoutSeconds >= 1);
        QVERIFY(std::chrono::seconds(options.serverTimeoutSeconds) < options.stallTimeout);
    }
}

QTEST_GUILESS_MAIN(ProxyTest)
#include "proxytest.moc"
