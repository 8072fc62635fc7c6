// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/sourceoptions.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

constexpr int httpProxyPort = 3128;
constexpr int socksProxyPort = 1080;
/// What a server needs to say that its time is over; a third of a short limit.
constexpr int wordSeconds = 30;
constexpr int wordShare = 3;

} // namespace

QString ProxyOptions::label() const
{
    const QString name = host.contains(QLatin1Char(':')) ? QStringLiteral("[%1]").arg(host) : host;
    return name + QLatin1Char(':') + QString::number(port);
}

QString ProxyOptions::url() const
{
    if (kind == Kind::None)
        return {};
    QUrl url;
    url.setScheme(kind == Kind::Http ? QStringLiteral("http") : QStringLiteral("socks5"));
    url.setUserName(user, QUrl::DecodedMode);
    url.setHost(host);
    url.setPort(port);
    return url.toString(QUrl::FullyEncoded);
}

QNetworkProxy ProxyOptions::toQt() const
{
    if (kind == Kind::None)
        return QNetworkProxy(QNetworkProxy::NoProxy);
    return {kind == Kind::Http ? QNetworkProxy::HttpProxy : QNetworkProxy::Socks5Proxy, host, port, user,
        QString::fromUtf8(password)};
}

Result<ProxyOptions> parseProxy(const QString& text)
{
    QString address = text.trimmed();
    if (address.isEmpty())
        return ProxyOptions{};
    if (!address.contains(QLatin1String("://")))
        address.prepend(QLatin1String("http://"));
    const QUrl url(address, QUrl::StrictMode);
    const QString scheme = url.scheme();
    const bool http = scheme == QLatin1String("http");
    const bool socks = scheme == QLatin1String("socks5") || scheme == QLatin1String("socks5h");
    const bool bare = (url.path().isEmpty() || url.path() == QLatin1String("/")) && !url.hasQuery();
    if (!url.isValid() || url.host().isEmpty() || !bare || !(http || socks))
        return fail(ErrorKind::Usage, QStringLiteral("This is not the address of a proxy."), {},
            QStringLiteral("It looks like http://proxy.example:3128 or socks5://user@proxy.example:1080; "
                           "signs such as @ or / in a password are written as %40 and %2F."));
    ProxyOptions proxy;
    proxy.kind = http ? ProxyOptions::Kind::Http : ProxyOptions::Kind::Socks5;
    proxy.host = url.host();
    proxy.port = static_cast<quint16>(url.port(http ? httpProxyPort : socksProxyPort));
    proxy.user = url.userName(QUrl::FullyDecoded);
    proxy.password = url.password(QUrl::FullyDecoded).toUtf8();
    return proxy;
}

void SourceOptions::apply(const SourceAccess& access)
{
    proxy = access.proxy;
    if (access.connectTimeout > 0)
        connectTimeout = std::chrono::seconds(access.connectTimeout);
    if (access.requestTimeout > 0) {
        const int left = std::min(wordSeconds, std::max(1, access.requestTimeout / wordShare));
        stallTimeout = std::chrono::seconds(access.requestTimeout);
        serverTimeoutSeconds = std::max(1, access.requestTimeout - left);
    }
}

} // namespace qdrant2pg
