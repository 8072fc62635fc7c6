// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/server/connection.h"

#include "demo/base/json.h"

#include <poll.h>

#include <algorithm>
#include <ctime>

namespace qdrant2pg::demo {

namespace {

constexpr std::string_view vary = "Origin, Access-Control-Request-Method, Access-Control-Request-Headers";

std::string httpDate()
{
    const std::time_t now = std::time(nullptr);
    std::tm parts{};
    gmtime_r(&now, &parts);
    char text[40];
    const std::size_t length = std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts);
    return {text, length};
}

/// The answer to a scroll, cut to fewer points where asked, with the end announced too early.
void endPrematurely(Api& api, const HttpRequest& request, std::uint64_t keepPoints, HttpReply& reply)
{
    HttpRequest changed = request;
    if (keepPoints > 0) {
        if (const auto body = Json::parse(request.body))
            changed.body = withMember(*body, "limit", std::to_string(keepPoints));
    }
    api.handle(changed, reply);
    constexpr std::string_view name = "\"next_page_offset\":";
    const std::size_t at = reply.body.rfind(name);
    if (at == std::string::npos)
        return;
    const std::size_t value = at + name.size();
    reply.body.replace(value, reply.body.find('}', value) - value, "null");
}

} // namespace

Connection::Connection(Context context, Socket socket, std::uint64_t number)
    : m_context(context)
    , m_socket(std::move(socket))
    , m_number(number)
{
}

void Connection::end(bool reset)
{
    m_resetting = m_resetting || reset;
    m_ending = true;
    m_wake.signal();
}

void Connection::releaseStall()
{
    ++m_releases;
    m_wake.signal();
}

Connection::Wait Connection::waitReadable(std::chrono::steady_clock::time_point until)
{
    for (;;) {
        if (m_ending)
            return Wait::Closed;
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (left.count() <= 0)
            return Wait::TimedOut;
        pollfd waits[2] = {{m_socket.get(), POLLIN, 0}, {m_wake.get(), POLLIN, 0}};
        const int ready = poll(waits, 2, static_cast<int>(std::min<std::int64_t>(left.count(), 3600000)));
        if (waits[1].revents != 0)
            m_wake.clear();
        if (ready > 0 && waits[0].revents != 0)
            return Wait::Readable;
    }
}

Connection::Received Connection::receive(RequestReader& reader, HttpRequest& request, bool& keepAlive)
{
    const auto until = std::chrono::steady_clock::now() + m_context.idleTimeout;
    const std::uint64_t limit = m_context.api.settings().maxRequestBytes;
    for (;;) {
        switch (reader.advance(limit)) {
        case RequestReader::State::Done:
            reader.take(request, keepAlive);
            return Received::Request;
        case RequestReader::State::BadHead:
            return Received::BadHead;
        case RequestReader::State::HugeHead:
            return Received::HugeHead;
        case RequestReader::State::WantsContinue:
            if (!send("HTTP/1.1 100 Continue\r\n\r\n"))
                return Received::Closed;
            continue;
        case RequestReader::State::NeedsMore:
            break;
        }
        // Only the head has to come in time.
        const auto patience = reader.headComplete() ? until + std::chrono::hours(1) : until;
        switch (waitReadable(patience)) {
        case Wait::TimedOut:
            return m_used && !reader.started() ? Received::Idle : Received::IdleUnused;
        case Wait::Closed:
            return Received::Closed;
        case Wait::Readable:
            if (m_socket.receive(reader.buffer()) <= 0)
                return Received::Closed;
        }
    }
}

void Connection::run()
{
    const auto struck = m_context.faults.strikeConnection();
    bool open = !struck;
    if (struck) {
        if (struck->kind == Fault::Kind::Reset)
            m_socket.resetOnClose();
        if (struck->kind == Fault::Kind::Stall) {
            stall(struck->duration);
            open = true;
        }
    }
    RequestReader reader;
    HttpRequest request;
    while (open && !m_ending) {
        bool keepAlive = true;
        switch (receive(reader, request, keepAlive)) {
        case Received::Request:
            m_used = true;
            open = answer(request, keepAlive) && keepAlive;
            break;
        case Received::IdleUnused:
        case Received::BadHead:
        case Received::HugeHead: {
            HttpReply reply;
            reply.status = reader.state() == RequestReader::State::HugeHead ? 431
                : reader.state() == RequestReader::State::BadHead           ? 400
                                                                            : 408;
            open = false;
            // The connection closes whether this arrives or not.
            [[maybe_unused]] const bool sent = send(head(reply, 0, false));
            break;
        }
        case Received::Idle:
        case Received::Closed:
            open = false;
        }
    }
    if (m_resetting)
        m_socket.resetOnClose();
    m_socket.close();
    m_finished = true;
}

bool Connection::send(std::string_view head, std::string_view body)
{
    while (!m_ending && m_socket.sendSome(head, body)) {
        if (head.empty() && body.empty())
            return true;
        pollfd waits[2] = {{m_socket.get(), POLLOUT, 0}, {m_wake.get(), POLLIN, 0}};
        poll(waits, 2, -1);
        if (waits[1].revents != 0)
            m_wake.clear();
    }
    return false;
}

std::string Connection::head(const HttpReply& reply, std::size_t length, bool keepAlive)
{
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + ' ';
    text += reasonPhrase(reply.status);
    text += "\r\ncontent-length: " + std::to_string(length);
    for (const auto& [name, value] : reply.headers)
        text.append("\r\n").append(name).append(": ").append(value);
    if (!keepAlive)
        text += "\r\nconnection: close";
    if (!reply.contentType.empty())
        text += "\r\ncontent-type: " + reply.contentType;
    text.append("\r\nvary: ").append(vary);
    text += "\r\ndate: " + httpDate() + "\r\n\r\n";
    return text;
}

bool Connection::answer(const HttpRequest& request, bool keepAlive)
{
    m_context.underWay.enter();
    std::optional<Fault> fault;
    const bool prepared = prepare(request, fault);
    // Before the answer leaves: the next request may be here before send() returns.
    m_context.underWay.leave();
    if (!prepared)
        return false;
    std::size_t length = m_reply.body.size();
    if (fault && fault->kind == Fault::Kind::WrongLength)
        length = static_cast<std::size_t>(
            std::max<std::int64_t>(0, static_cast<std::int64_t>(length) + fault->lengthDelta));
    const std::string top = head(m_reply, length, keepAlive);
    if (request.method == "HEAD")
        return send(top);
    if (fault)
        return sendFaulty(*fault, top, m_reply.body);
    return send(top, m_reply.body);
}

bool Connection::prepare(const HttpRequest& request, std::optional<Fault>& fault)
{
    const std::size_t logged = m_context.log.add(request, m_number);
    if (m_context.observer)
        m_context.observer(request);
    fault = m_context.faults.strike(request);
    if (fault && fault->atByte < 0 && fault->kind == Fault::Kind::Stall)
        stall(fault->duration);
    if (fault && fault->atByte < 0
        && (fault->kind == Fault::Kind::Close || fault->kind == Fault::Kind::Reset)) {
        if (fault->kind == Fault::Kind::Reset)
            m_socket.resetOnClose();
        return false;
    }
    if (fault && fault->kind == Fault::Kind::Reply)
        m_reply = fault->reply;
    else if (fault && fault->kind == Fault::Kind::PrematureEnd)
        endPrematurely(m_context.api, request, fault->keepPoints, m_reply);
    else
        m_context.api.handle(request, m_reply);
    if (fault && fault->kind == Fault::Kind::Malformed)
        m_reply.body.replace(
            m_reply.body.size() / 2, std::min<std::size_t>(4, m_reply.body.size() / 2), "}{\"]");
    m_context.log.answered(logged, m_reply.status);
    return true;
}

bool Connection::sendFaulty(const Fault& fault, const std::string& top, const std::string& body)
{
    const std::string_view all = body;
    const std::size_t cut =
        std::min(all.size(), static_cast<std::size_t>(std::max<std::int64_t>(fault.atByte, 0)));
    switch (fault.kind) {
    case Fault::Kind::Close:
    case Fault::Kind::Reset: {
        const bool sent = send(top, all.substr(0, cut));
        if (sent && fault.kind == Fault::Kind::Reset)
            m_socket.resetOnClose();
        return false;
    }
    case Fault::Kind::Stall:
        if (fault.atByte < 0)
            return send(top, all);
        if (!send(top, all.substr(0, cut)))
            return false;
        stall(fault.duration);
        return !m_ending && send(all.substr(cut));
    case Fault::Kind::WrongLength:
    case Fault::Kind::CloseAfter: {
        [[maybe_unused]] const bool sent = send(top, all);
        return false;
    }
    case Fault::Kind::Reply:
        return send(top, all)
            && std::none_of(fault.reply.headers.begin(), fault.reply.headers.end(),
                [](const auto& header) { return header.first == "connection"; });
    case Fault::Kind::Malformed:
    case Fault::Kind::PrematureEnd:
        break;
    }
    return send(top, all);
}

void Connection::stall(std::chrono::milliseconds duration)
{
    const std::uint64_t releasesBefore = m_releases;
    const auto until =
        std::chrono::steady_clock::now() + (duration.count() > 0 ? duration : std::chrono::hours(24));
    ++m_context.stalled;
    for (;;) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (m_ending || m_releases != releasesBefore || left.count() <= 0)
            break;
        pollfd waits[2] = {{m_socket.get(), POLLRDHUP, 0}, {m_wake.get(), POLLIN, 0}};
        poll(waits, 2, static_cast<int>(std::min<std::int64_t>(left.count(), 3600000)));
        if (waits[1].revents != 0)
            m_wake.clear();
        if (waits[0].revents != 0)
            break;
    }
    --m_context.stalled;
}

} // namespace qdrant2pg::demo
