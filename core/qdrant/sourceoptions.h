// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QByteArray>
#include <QNetworkProxy>
#include <QString>
#include <QUrl>

#include <chrono>

namespace qdrant2pg {

/// TLS of a connection to Qdrant. Files are PEM.
struct TlsOptions {
    QString caFile;
    QString certificateFile;
    QString keyFile;
    /// Only on the user's explicit wish, with a warning in the plan.
    bool skipVerification = false;
};

/// A proxy between here and Qdrant: an HTTP proxy that knows CONNECT, or SOCKS5. It looks the server's name
/// up. The password is a secret.
struct ProxyOptions {
    enum class Kind { None, Http, Socks5 };

    Kind kind = Kind::None;
    QString host;
    quint16 port = 0;
    QString user;
    QByteArray password;

    bool operator==(const ProxyOptions&) const = default;
    explicit operator bool() const { return kind != Kind::None; }
    /// "proxy.example:3128".
    QString label() const;
    /// As a URL, with the user but without the password; empty for none.
    QString url() const;
    QNetworkProxy toQt() const;
};

/// "http://proxy:3128", "socks5://user:password@proxy:1080"; without a scheme http is meant, the ports are
/// 3128 and 1080. An empty text is no proxy. Usage errors do not repeat the text, which may hold a password.
[[nodiscard]] Result<ProxyOptions> parseProxy(const QString& text);

/// How this computer gets to the source. It belongs to the place where the program runs, so it is no part of
/// a plan.
struct SourceAccess {
    ProxyOptions proxy;
    /// Seconds; 0 for the default.
    int connectTimeout = 0;
    /// What a request may take, in seconds; 0 for the default.
    int requestTimeout = 0;

    bool operator==(const SourceAccess&) const = default;
};

/// How to reach a Qdrant server. The key is a secret: it is never printed, stored or compared in logs.
struct SourceOptions {
    QUrl url;
    QByteArray apiKey;
    TlsOptions tls;
    /// Number of replicas, majority, quorum or all; empty for the server's default.
    QString consistency;
    /// Sent as `timeout=` with reads (seconds); the server answers with 500 when it passes.
    int serverTimeoutSeconds = 60;
    /// No byte for this long: the request is given up. Larger than serverTimeoutSeconds (qdrant.md 6.2).
    std::chrono::milliseconds stallTimeout{90'000};
    std::chrono::milliseconds connectTimeout{15'000};
    /// Port of the gRPC door when it is not 6334 / the REST port + 1.
    int grpcPort = 0;
    /// For REST. gRPC is not used through a proxy.
    ProxyOptions proxy;

    /// Takes the proxy, and of the time limits those that are not 0. The server is told to give a request up
    /// a little earlier than we do, so that its own words arrive.
    void apply(const SourceAccess& access);
};

} // namespace qdrant2pg
