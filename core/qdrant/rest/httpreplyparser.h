// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/rest/httpmessage.h"

#include <QByteArrayView>

#include <span>

namespace qdrant2pg {

/// Reads one HTTP/1.x reply from the bytes of a connection, as they come. The body is collected in one
/// buffer, of the announced size where there is one, so that a page of 50 MB costs 50 MB. Bodies may be of
/// announced length, chunked (proxies) or ended by the close of the connection. Not thread-safe; reusable
/// after reset().
class HttpReplyParser {
public:
    enum class Step {
        NeedMore,
        Complete,
        /// The first bytes are not HTTP/1.x; firstBytes() says what they are.
        NotHttp,
        /// Against the rules of HTTP; problem() says how.
        Broken,
        /// The connection ended inside the reply.
        Truncated,
        /// The body is longer than allowed; announcedLength() says how long, -1 when it did not say.
        TooLarge,
    };

    void reset(qint64 maxBodyBytes);

    Step feed(QByteArrayView bytes);
    /// Where the next bytes of the body may be read into directly: at most `available`, empty unless inside a
    /// body of announced length. bodyWritten() must follow.
    std::span<char> bodyRoom(qint64 available);
    Step bodyWritten(qint64 bytes);
    /// The server closed the connection.
    Step closed();

    /// A byte of the reply has come.
    bool started() const { return m_started; }
    /// Valid when complete: the connection may carry another request.
    bool keepAlive() const { return m_keepAlive && !m_surplus; }
    qint64 announcedLength() const { return m_announced; }
    QByteArray firstBytes() const { return m_line.left(64); }
    const char* problem() const { return m_problem; }
    HttpReply takeReply();

private:
    enum class Part { Head, SizedBody, ChunkSize, ChunkData, ChunkEnd, Trailer, BodyUntilClose, Done };

    Step feedHead(QByteArrayView& bytes);
    Step parseHead(QByteArrayView head);
    bool parseHeader(QByteArrayView name, QByteArrayView value);
    Step startBody();
    Step feedChunked(QByteArrayView& bytes);
    Step chunkLine(QByteArrayView line);
    Step append(QByteArrayView bytes);
    Step broken(const char* problem);

    Part m_part = Part::Head;
    HttpReply m_reply;
    /// Head, or the line of a chunked body, that is not complete yet.
    QByteArray m_line;
    qint64 m_maxBodyBytes = 0;
    qint64 m_announced = -1;
    qint64 m_chunkLeft = 0;
    /// Without the room that bodyRoom() gave out.
    qsizetype m_bodySize = 0;
    bool m_chunked = false;
    bool m_keepAlive = true;
    bool m_started = false;
    bool m_surplus = false;
    const char* m_problem = "";
};

} // namespace qdrant2pg
