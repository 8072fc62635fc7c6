// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/rest/httpreplyparser.h"

#include <algorithm>
#include <utility>

#include <QList>

namespace qdrant2pg {

namespace {

constexpr qsizetype longestHead = 256 * 1024;
constexpr qsizetype longestLine = 16 * 1024;
/// Reserved at once at most; an announcement is only a promise.
constexpr qint64 largestReservation = 256LL * 1024 * 1024;
constexpr QByteArrayView httpVersion = "HTTP/1.";

QByteArrayView trimmed(QByteArrayView text)
{
    while (!text.isEmpty() && (text.front() == ' ' || text.front() == '\t'))
        text = text.sliced(1);
    while (!text.isEmpty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
        text.chop(1);
    return text;
}

bool same(QByteArrayView a, QByteArrayView b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

/// Digits alone, of the given base; -1 otherwise or when it is out of range.
qint64 parseLength(QByteArrayView text, int base)
{
    bool ok = false;
    const qint64 value = text.toByteArray().toLongLong(&ok, base);
    if (!ok || value < 0 || text.front() == '+')
        return -1;
    return value;
}

} // namespace

void HttpReplyParser::reset(qint64 maxBodyBytes)
{
    *this = HttpReplyParser();
    m_maxBodyBytes = maxBodyBytes;
}

HttpReplyParser::Step HttpReplyParser::feed(QByteArrayView bytes)
{
    Step step = Step::NeedMore;
    m_started = m_started || !bytes.isEmpty();
    while (!bytes.isEmpty() && step == Step::NeedMore) {
        switch (m_part) {
        case Part::Head:
            step = feedHead(bytes);
            break;
        case Part::SizedBody: {
            const auto length = std::min<qint64>(bytes.size(), m_announced - m_reply.body.size());
            step = append(bytes.first(length));
            bytes = bytes.sliced(length);
            if (step == Step::NeedMore && m_reply.body.size() == m_announced) {
                m_part = Part::Done;
                step = Step::Complete;
            }
            break;
        }
        case Part::BodyUntilClose:
            step = append(bytes);
            bytes = {};
            break;
        case Part::Done:
            step = Step::Complete;
            break;
        default:
            step = feedChunked(bytes);
            break;
        }
    }
    if (step == Step::Complete && !bytes.isEmpty())
        m_surplus = true;
    return step;
}

std::span<char> HttpReplyParser::bodyRoom(qint64 available)
{
    if (m_part != Part::SizedBody)
        return {};
    m_bodySize = m_reply.body.size();
    const auto length = std::min<qint64>(available, m_announced - m_bodySize);
    m_reply.body.resize(m_bodySize + length);
    return {m_reply.body.data() + m_bodySize, static_cast<std::size_t>(length)};
}

HttpReplyParser::Step HttpReplyParser::bodyWritten(qint64 bytes)
{
    m_reply.body.resize(m_bodySize + bytes);
    if (m_reply.body.size() < m_announced)
        return Step::NeedMore;
    m_part = Part::Done;
    return Step::Complete;
}

HttpReplyParser::Step HttpReplyParser::closed()
{
    m_keepAlive = false;
    if (m_part == Part::Done)
        return Step::Complete;
    if (m_part != Part::BodyUntilClose)
        return Step::Truncated;
    m_part = Part::Done;
    return Step::Complete;
}

HttpReply HttpReplyParser::takeReply()
{
    return std::exchange(m_reply, {});
}

HttpReplyParser::Step HttpReplyParser::feedHead(QByteArrayView& bytes)
{
    // The end of the head may lie across the border of two reads.
    const qsizetype searchFrom = std::max<qsizetype>(0, m_line.size() - 3);
    const qsizetype before = m_line.size();
    m_line.append(bytes.first(std::min<qsizetype>(bytes.size(), longestHead)));
    const QByteArrayView begin = QByteArrayView(m_line).first(std::min(m_line.size(), httpVersion.size()));
    if (!httpVersion.startsWith(begin))
        return Step::NotHttp;
    const qsizetype end = m_line.indexOf("\r\n\r\n", searchFrom);
    if (end < 0) {
        bytes = {};
        return m_line.size() >= longestHead ? broken("the head of the reply does not end") : Step::NeedMore;
    }
    bytes = bytes.sliced(end + 4 - before);
    const QByteArray head = std::exchange(m_line, {}).left(end);
    return parseHead(head);
}

HttpReplyParser::Step HttpReplyParser::parseHead(QByteArrayView head)
{
    const QByteArray text = head.toByteArray();
    const QList<QByteArray> lines = text.split('\n');
    const QByteArray& statusLine = lines.front();
    bool isNumber = false;
    m_reply = {};
    m_reply.status = statusLine.mid(9, 3).toInt(&isNumber);
    if (!isNumber || statusLine.size() < 12 || statusLine.at(8) != ' ' || m_reply.status < 100)
        return broken("the status line is not HTTP");
    m_keepAlive = statusLine.at(7) != '0';
    m_announced = -1;
    m_chunked = false;
    for (const QByteArray& line : lines.sliced(1)) {
        const qsizetype colon = line.indexOf(':');
        if (colon <= 0)
            return broken("a header has no name");
        const QByteArrayView view(line);
        if (!parseHeader(view.first(colon), trimmed(view.sliced(colon + 1))))
            return Step::Broken;
    }
    // 100 Continue and its kin announce the real reply.
    if (m_reply.status < 200)
        return m_reply.status == 101 ? broken("the server wants to switch protocols") : Step::NeedMore;
    return startBody();
}

bool HttpReplyParser::parseHeader(QByteArrayView name, QByteArrayView value)
{
    if (same(name, "content-length")) {
        const qint64 length = value.isEmpty() ? -1 : parseLength(value, 10);
        if (length < 0 || (m_announced >= 0 && m_announced != length)) {
            broken("the Content-Length is not a number");
            return false;
        }
        m_announced = length;
    } else if (same(name, "transfer-encoding")) {
        m_chunked = same(value, "chunked");
        if (!m_chunked && !same(value, "identity")) {
            broken("the reply has a transfer encoding that was not asked for");
            return false;
        }
    } else if (same(name, "content-encoding")) {
        if (!value.isEmpty() && !same(value, "identity")) {
            broken("the reply is compressed although that was not asked for");
            return false;
        }
    } else if (same(name, "connection")) {
        if (same(value, "close"))
            m_keepAlive = false;
        else if (same(value, "keep-alive"))
            m_keepAlive = true;
    } else if (same(name, "content-type")) {
        m_reply.contentType = value.toByteArray();
    } else if (same(name, "location")) {
        m_reply.location = value.toByteArray();
    } else if (same(name, "retry-after")) {
        m_reply.retryAfterSeconds = std::max(0, value.toByteArray().toInt());
    }
    return true;
}

HttpReplyParser::Step HttpReplyParser::startBody()
{
    if (m_reply.status == 204 || m_reply.status == 304) {
        m_part = Part::Done;
        return Step::Complete;
    }
    if (m_chunked) {
        m_part = Part::ChunkSize;
        return Step::NeedMore;
    }
    if (m_announced < 0) {
        m_part = Part::BodyUntilClose;
        m_keepAlive = false;
        return Step::NeedMore;
    }
    if (m_maxBodyBytes > 0 && m_announced > m_maxBodyBytes)
        return Step::TooLarge;
    if (m_announced == 0) {
        m_part = Part::Done;
        return Step::Complete;
    }
    m_reply.body.reserve(std::min(m_announced, largestReservation));
    m_part = Part::SizedBody;
    return Step::NeedMore;
}

HttpReplyParser::Step HttpReplyParser::feedChunked(QByteArrayView& bytes)
{
    if (m_part == Part::ChunkData) {
        const auto length = std::min<qint64>(bytes.size(), m_chunkLeft);
        const Step step = append(bytes.first(length));
        bytes = bytes.sliced(length);
        m_chunkLeft -= length;
        if (m_chunkLeft == 0)
            m_part = Part::ChunkEnd;
        return step;
    }
    const qsizetype end = bytes.indexOf('\n');
    const qsizetype length = end < 0 ? bytes.size() : end + 1;
    if (m_line.size() + length > longestLine)
        return broken("a line of a chunked reply does not end");
    m_line.append(bytes.first(length));
    bytes = bytes.sliced(length);
    if (end < 0)
        return Step::NeedMore;
    const QByteArray line = std::exchange(m_line, {});
    return chunkLine(trimmed(QByteArrayView(line).chopped(1)));
}

HttpReplyParser::Step HttpReplyParser::chunkLine(QByteArrayView line)
{
    switch (m_part) {
    case Part::ChunkSize: {
        const qsizetype extension = line.indexOf(';');
        const QByteArrayView digits = trimmed(extension < 0 ? line : line.first(extension));
        m_chunkLeft = digits.isEmpty() ? -1 : parseLength(digits, 16);
        if (m_chunkLeft < 0)
            return broken("a chunk has no size");
        m_part = m_chunkLeft == 0 ? Part::Trailer : Part::ChunkData;
        return Step::NeedMore;
    }
    case Part::ChunkEnd:
        if (!line.isEmpty())
            return broken("a chunk is longer than its size");
        m_part = Part::ChunkSize;
        return Step::NeedMore;
    default:
        if (!line.isEmpty())
            return Step::NeedMore;
        m_part = Part::Done;
        return Step::Complete;
    }
}

HttpReplyParser::Step HttpReplyParser::append(QByteArrayView bytes)
{
    if (m_maxBodyBytes > 0 && m_reply.body.size() + bytes.size() > m_maxBodyBytes)
        return Step::TooLarge;
    m_reply.body.append(bytes);
    return Step::NeedMore;
}

HttpReplyParser::Step HttpReplyParser::broken(const char* problem)
{
    m_problem = problem;
    return Step::Broken;
}

} // namespace qdrant2pg
