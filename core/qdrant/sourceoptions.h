// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
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
};

} // namespace qdrant2pg
