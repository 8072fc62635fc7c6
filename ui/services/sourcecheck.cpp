// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/sourcecheck.h"

#include "core/qdrant/pointsource.h"
#include "core/qdrant/qdrantclient.h"

#include <QCoreApplication>
#include <QDateTime>
#include <QHostAddress>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLocale>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslSocket>
#include <QTcpSocket>

namespace qdrant2pg {

namespace {

using namespace std::chrono_literals;

constexpr quint16 restPort = 6333;
constexpr quint16 grpcPort = 6334;
constexpr auto grpcLookTime = 1'500ms;
constexpr int daysToWarn = 14;

QString tr(const char* text)
{
    return QCoreApplication::translate("SourceCheck", text);
}

QString subjectOf(const QStringList& names)
{
    return names.isEmpty() ? QString() : names.first();
}

/// What the certificate says. Whether it is trusted is decided by the client's own handshake afterwards.
void lookAtCertificate(CheckRun& run, const SourceOptions& options)
{
    const QString tls = QStringLiteral("tls");
    if (options.url.scheme() != QLatin1String("https")) {
        const bool local =
            options.url.host() == QLatin1String("localhost") || QHostAddress(options.url.host()).isLoopback();
        if (local || options.apiKey.isEmpty())
            run.end(tls, Status::Skipped, tr("not used: the address begins with http"));
        else
            run.end(tls, Status::Warning, tr("The API key travels unencrypted."),
                tr("Use https, if this server offers it."));
        return;
    }
    run.begin(tls);
    QSslSocket socket;
    socket.setProxy(options.proxy.toQt());
    // Looking only: the connection that carries the key verifies for itself.
    socket.setPeerVerifyMode(QSslSocket::QueryPeer);
    if (!options.tls.caFile.isEmpty()) {
        QSslConfiguration configuration = socket.sslConfiguration();
        configuration.addCaCertificates(options.tls.caFile);
        socket.setSslConfiguration(configuration);
    }
    socket.connectToHostEncrypted(options.url.host(), static_cast<quint16>(options.url.port(restPort)));
    while (!run.stopped() && run.elapsed() < options.connectTimeout && !socket.isEncrypted()
        && socket.state() != QAbstractSocket::UnconnectedState)
        socket.waitForEncrypted(100);
    const QSslCertificate certificate = socket.peerCertificate();
    if (certificate.isNull())
        return;
    QStringList words{tr("for %1").arg(subjectOf(certificate.subjectInfo(QSslCertificate::CommonName)))};
    if (const QString issuer = subjectOf(certificate.issuerInfo(QSslCertificate::CommonName));
        !issuer.isEmpty())
        words << tr("issued by %1").arg(issuer);
    const QDateTime expiry = certificate.expiryDate();
    words << tr("valid until %1").arg(QLocale().toString(expiry.date(), QLocale::ShortFormat));
    const QList<QSslError> faults = socket.sslHandshakeErrors();
    if (!faults.isEmpty() && !options.tls.skipVerification)
        return;
    const QString text = words.join(QStringLiteral(", "));
    if (!faults.isEmpty())
        run.end(tls, Status::Warning, text,
            tr("Not verified, as you asked: %1").arg(faults.first().errorString()));
    else if (QDateTime::currentDateTime().daysTo(expiry) < daysToWarn)
        run.end(tls, Status::Warning, text, tr("It expires soon; a long migration may outlive it."));
    else
        run.end(tls, Status::Ok, text);
}

/// The line on which an error of the first request belongs.
QString lineOf(const Error& error)
{
    switch (error.kind) {
    case ErrorKind::Tls:
        return QStringLiteral("tls");
    case ErrorKind::Authentication:
    case ErrorKind::Permission:
        return QStringLiteral("authentication");
    default:
        return QStringLiteral("http");
    }
}

bool answers(const QString& host, quint16 port)
{
    QTcpSocket socket;
    socket.connectToHost(host, port);
    return socket.waitForConnected(static_cast<int>(grpcLookTime.count()));
}

void reportRights(CheckRun& run, QdrantClient& client, SourceOverview& overview)
{
    const QString rights = QStringLiteral("rights");
    run.begin(rights);
    overview.keyScope = client.options().apiKey.isEmpty() ? tr("no key") : jwtScope(client.options().apiKey);
    if (overview.collections.isEmpty()) {
        run.end(rights, Status::Warning, tr("This server has no collections that this key can see."),
            tr("Check that this is the right server, and that the key may see the collections."));
        return;
    }
    const auto cluster = client.clusterInfo(overview.collections.first());
    if (!cluster) {
        if (cluster.error().kind == ErrorKind::Permission)
            run.end(rights, Status::Note, tr("May read points, not the state of the cluster."),
                tr("That is enough; moving shards cannot be noticed beforehand."));
        else
            run.end(rights, Status::Warning, cluster.error().summary, cluster.error().hint,
                cluster.error().detail);
        return;
    }
    qsizetype remote = 0;
    for (const ShardInfo& shard : cluster->shards)
        remote += shard.remote ? 1 : 0;
    overview.clusterMode = remote > 0 ? tr("cluster") : tr("one node");
    QString words = QCoreApplication::translate(
        "SourceCheck", "sees %n collection(s)", nullptr, static_cast<int>(overview.collections.size()));
    if (!overview.keyScope.isEmpty())
        words = tr("%1, %2").arg(words, overview.keyScope);
    run.end(rights, Status::Ok, tr("%1, %2").arg(words, overview.clusterMode));
}

/// Reads one point the way the export will.
std::optional<Error> reportCapability(CheckRun& run, QdrantClient& client, const SourceOverview& overview)
{
    const QString capability = QStringLiteral("capability");
    run.begin(capability);
    if (!overview.collections.isEmpty()) {
        PageRequest request;
        request.limit = 1;
        request.withVectors = false;
        if (auto page = client.scroll(overview.collections.first(), request); !page) {
            run.fail(capability, page.error());
            return page.error();
        }
    }
    const SourceOptions& options = client.options();
    if (options.proxy) {
        run.end(capability, Status::Note, tr("points can be read over REST, through the proxy"),
            tr("gRPC is not used through a proxy. Direct access makes a large migration faster."));
        return std::nullopt;
    }
    const int restOf = options.url.port(restPort);
    const quint16 port = options.grpcPort != 0 ? static_cast<quint16>(options.grpcPort)
        : restOf == restPort                   ? grpcPort
                                               : static_cast<quint16>(restOf + 1);
    if (answers(options.url.host(), port))
        run.end(capability, Status::Ok,
            tr("points can be read; gRPC port %1 is open, which is faster").arg(port));
    else
        run.end(capability, Status::Note,
            tr("points can be read over REST; gRPC port %1 is closed").arg(port),
            tr("Opening it makes a large migration faster and costs the server less."));
    return std::nullopt;
}

} // namespace

QList<CheckLine> sourceCheckLines()
{
    const auto line = [](const char* id, const QString& title) {
        CheckLine made;
        made.id = QLatin1String(id);
        made.title = title;
        return made;
    };
    return {line("resolve", tr("Resolve name")), line("tcp", tr("TCP")), line("tls", tr("TLS")),
        line("http", tr("HTTP")), line("authentication", tr("Authentication")),
        line("version", tr("Version")), line("rights", tr("Rights")), line("capability", tr("Capability"))};
}

SourceCheckResult checkSource(
    const SourceOptions& options, const CheckRun::Report& report, std::stop_token stop)
{
    CheckRun run(sourceCheckLines(), report, stop);
    SourceCheckResult result;
    const auto port = static_cast<quint16>(options.url.port(restPort));
    // The proxy looks the server's name up, so its own door is what can be tried from here.
    result.error = options.proxy
        ? checkReachable(run, options.proxy.host, options.proxy.port, options.connectTimeout, tr("the proxy"))
        : checkReachable(run, options.url.host(), port, options.connectTimeout);
    if (result.error)
        return result;
    lookAtCertificate(run, options);

    QdrantClient client(options, stop);
    const QString http = QStringLiteral("http");
    run.begin(http);
    auto version = client.version();
    if (!version) {
        // Everything before the line that failed went well.
        const QString where = lineOf(version.error());
        run.fail(where, version.error());
        result.error = version.error();
        return result;
    }
    SourceOverview overview;
    overview.version = *version;
    overview.latency = run.elapsed();
    if (options.url.scheme() == QLatin1String("https") && !options.tls.skipVerification)
        run.begin(http);
    run.end(http, Status::Ok, tr("%1 answers").arg(version->title));

    // Only listing needs the key; the version call proves nothing about it.
    const QString authentication = QStringLiteral("authentication");
    run.begin(authentication);
    auto collections = client.collections();
    if (!collections) {
        run.fail(authentication, collections.error());
        result.error = collections.error();
        return result;
    }
    overview.collections = *collections;
    run.end(authentication, Status::Ok,
        options.apiKey.isEmpty() ? tr("the server asks for no key") : tr("the key is accepted"));

    const QString versionLine = QStringLiteral("version");
    const QString versionText = version->version.toString();
    if (version->version < QVersionNumber(1, 7)) {
        result.error = makeError(ErrorKind::Unsupported, tr("Qdrant %1 is too old.").arg(versionText), {},
            tr("Versions from 1.7 on can be read. Upgrade the server, or restore a snapshot on a newer one "
               "and read from there."));
        result.blocked = true;
        run.fail(versionLine, *result.error);
        return result;
    }
    if (version->version >= QVersionNumber(1, 20))
        run.end(versionLine, Status::Warning,
            tr("Qdrant %1 is newer than what this program was tested with (up to 1.19).").arg(versionText),
            tr("It most probably works; the verification at the end will tell."));
    else
        run.end(versionLine, Status::Ok, tr("Qdrant %1").arg(versionText));

    reportRights(run, client, overview);
    if (run.stopped())
        return {std::nullopt, makeError(ErrorKind::Cancelled, tr("The check was cancelled.")), false};
    if ((result.error = reportCapability(run, client, overview)))
        return result;
    result.overview = overview;
    return result;
}

QString jwtScope(const QByteArray& key)
{
    const QList<QByteArray> parts = key.split('.');
    if (parts.size() != 3)
        return {};
    const QJsonObject claims =
        QJsonDocument::fromJson(QByteArray::fromBase64(parts[1], QByteArray::Base64UrlEncoding)).object();
    if (claims.isEmpty())
        return {};
    QStringList words;
    const QJsonValue access = claims.value(QLatin1String("access"));
    if (access.isArray()) {
        QStringList names;
        const QJsonArray list = access.toArray();
        for (const QJsonValue& entry : list)
            names << entry.toObject().value(QLatin1String("collection")).toString();
        words << tr("token for %1").arg(names.join(QStringLiteral(", ")));
    } else {
        words << (access.toString() == QLatin1String("r") ? tr("token for reading everything")
                                                          : tr("token for everything"));
    }
    if (claims.contains(QLatin1String("exp"))) {
        const auto until = QDateTime::fromSecsSinceEpoch(claims.value(QLatin1String("exp")).toInteger());
        words << tr("until %1").arg(QLocale().toString(until, QLocale::ShortFormat));
    }
    return words.join(QStringLiteral(", "));
}

} // namespace qdrant2pg
