// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>

#include <optional>

namespace qdrant2pg {

/// One request to the REST door. Address, key and fixed headers come from the transport.
struct HttpRequest {
    QByteArray method = "GET";
    /// Path and query, percent-encoded, relative to the address of the server:
    /// "/collections/a%20b/points/scroll?timeout=60".
    QByteArray target;
    /// JSON; no body when empty.
    QByteArray body;
    /// A reply with a longer body is given up, before it is read when it says its length. 0 = no limit.
    qint64 maxReplyBytes = 0;
};

struct HttpReply {
    int status = 0;
    QByteArray body;
    QByteArray contentType;
    /// Where a redirect points; never followed.
    QByteArray location;
    /// Set when the header was there at all, in seconds (0 when it could not be understood).
    std::optional<int> retryAfterSeconds;
};

} // namespace qdrant2pg
