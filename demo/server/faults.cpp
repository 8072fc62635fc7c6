// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/server/faults.h"

#include "demo/base/json.h"

#include <charconv>

namespace qdrant2pg::demo {

namespace {

std::optional<std::int64_t> number(std::string_view text)
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size() ? std::optional(value) : std::nullopt;
}

/// `5`, `5+`, `5x3`
bool readWhen(std::string_view text, FaultRule& rule)
{
    if (text.ends_with('+')) {
        rule.times = 0;
        text.remove_suffix(1);
    } else if (const std::size_t mark = text.find('x'); mark != std::string_view::npos) {
        const auto times = number(text.substr(mark + 1));
        if (!times || *times < 1)
            return false;
        rule.times = static_cast<std::uint64_t>(*times);
        text = text.substr(0, mark);
    }
    const auto first = number(text);
    if (!first || *first < 1)
        return false;
    rule.first = static_cast<std::uint64_t>(*first);
    return true;
}

std::optional<Fault> action(std::string_view name, std::optional<std::string_view> argument)
{
    const auto parsed = argument ? number(*argument) : std::nullopt;
    const bool given = parsed.has_value();
    const std::int64_t value = parsed.value_or(-1);
    if (name == "close")
        return Fault::closeAt(value);
    if (name == "reset")
        return Fault::resetAt(value);
    if (name == "truncate" && given)
        return Fault::closeAt(value);
    if (name == "stall") {
        const std::size_t at = argument ? argument->find('@') : std::string_view::npos;
        const auto milliseconds = argument ? number(argument->substr(0, at)) : std::optional<std::int64_t>(0);
        const auto where =
            at == std::string_view::npos ? std::optional<std::int64_t>(-1) : number(argument->substr(at + 1));
        if (!milliseconds || !where)
            return std::nullopt;
        return Fault::stallAt(*where, std::chrono::milliseconds(*milliseconds));
    }
    if (name == "length" && given)
        return Fault::wrongLength(value);
    if (name == "malformed")
        return Fault::malformed();
    if (name == "null")
        return Fault::prematureEnd(given ? static_cast<std::uint64_t>(value) : 0);
    if (name == "close-after")
        return Fault::closeAfter();
    if (name == "status" && given)
        return Fault::error(static_cast<int>(value), "Service internal error: a fault on demand");
    if (name == "429")
        return Fault::rateLimited(given ? std::optional(static_cast<unsigned>(value)) : std::nullopt);
    if (name == "timeout")
        return Fault::readTimeout();
    if (name == "408")
        return Fault::emptyTimeout();
    return std::nullopt;
}

Fault faultOf(Fault::Kind kind, std::int64_t byte = 0)
{
    Fault fault;
    fault.kind = kind;
    fault.atByte = byte;
    return fault;
}

} // namespace

Fault Fault::closeAt(std::int64_t byte)
{
    return faultOf(Kind::Close, byte);
}

Fault Fault::resetAt(std::int64_t byte)
{
    return faultOf(Kind::Reset, byte);
}

Fault Fault::stallAt(std::int64_t byte, std::chrono::milliseconds duration)
{
    Fault fault = faultOf(Kind::Stall, byte);
    fault.duration = duration;
    return fault;
}

Fault Fault::wrongLength(std::int64_t delta)
{
    Fault fault = faultOf(Kind::WrongLength);
    fault.lengthDelta = delta;
    return fault;
}

Fault Fault::malformed()
{
    return faultOf(Kind::Malformed);
}

Fault Fault::prematureEnd(std::uint64_t keepPoints)
{
    Fault fault = faultOf(Kind::PrematureEnd);
    fault.keepPoints = keepPoints;
    return fault;
}

Fault Fault::closeAfter()
{
    return faultOf(Kind::CloseAfter);
}

Fault Fault::error(int status, const std::string& text)
{
    Fault fault = faultOf(Kind::Reply);
    fault.reply.status = status;
    fault.reply.contentType = "application/json";
    fault.reply.body = R"({"status":{"error":)" + jsonString(text) + R"(},"time":0.0})";
    return fault;
}

Fault Fault::rateLimited(std::optional<unsigned> retryAfterSeconds)
{
    const std::string seconds = std::to_string(retryAfterSeconds.value_or(0));
    Fault fault = error(429,
        retryAfterSeconds
            ? "Rate limiting exceeded: Read rate limit exceeded: Operation requires 1 tokens but only 0.0 "
              "were "
              "available. Retry after "
                + seconds + 's'
            : "Rate limiting exceeded: Read rate limit exceeded, request larger than rate limiter capacity, "
              "please try to split your request");
    if (retryAfterSeconds)
        fault.reply.headers.emplace_back("retry-after", seconds);
    return fault;
}

Fault Fault::readTimeout()
{
    return error(500,
        "Service internal error: 1 of 1 read operations failed:\n  Timeout error: Operation 'scroll_by_id' "
        "timed out after 1s");
}

Fault Fault::emptyTimeout()
{
    Fault fault = faultOf(Kind::Reply);
    fault.reply.status = 408;
    fault.reply.headers.emplace_back("connection", "close");
    return fault;
}

std::size_t FaultPlan::add(FaultRule rule)
{
    const std::lock_guard lock(m_mutex);
    m_entries.push_back({std::move(rule), 0, 0, false});
    return m_entries.size() - 1;
}

void FaultPlan::remove(std::size_t rule)
{
    const std::lock_guard lock(m_mutex);
    if (rule < m_entries.size())
        m_entries[rule].removed = true;
}

void FaultPlan::clear()
{
    const std::lock_guard lock(m_mutex);
    for (Entry& entry : m_entries)
        entry.removed = true;
}

std::uint64_t FaultPlan::hits(std::size_t rule) const
{
    const std::lock_guard lock(m_mutex);
    return rule < m_entries.size() ? m_entries[rule].hits : 0;
}

template <class Matches> std::optional<Fault> FaultPlan::firstStrike(const Matches& matches)
{
    const std::lock_guard lock(m_mutex);
    std::optional<Fault> struck;
    for (Entry& entry : m_entries) {
        if (entry.removed || !matches(entry.rule))
            continue;
        ++entry.matches;
        const FaultRule& rule = entry.rule;
        const bool due =
            entry.matches >= rule.first && (rule.times == 0 || entry.matches < rule.first + rule.times);
        if (due && !struck) {
            ++entry.hits;
            struck = rule.fault;
        }
    }
    return struck;
}

std::optional<Fault> FaultPlan::strike(const HttpRequest& request)
{
    const std::string operation = operationOf(request);
    return firstStrike([&](const FaultRule& rule) {
        return (rule.operation.empty() || rule.operation == operation)
            && (rule.pathContains.empty() || request.target.find(rule.pathContains) != std::string::npos)
            && (!rule.predicate || rule.predicate(request));
    });
}

std::optional<Fault> FaultPlan::strikeConnection()
{
    return firstStrike([](const FaultRule& rule) { return rule.operation == "connect"; });
}

tl::expected<FaultRule, std::string> FaultPlan::parse(const std::string& text)
{
    const std::string_view all = text;
    const std::size_t first = all.find(':');
    const std::size_t second = first == std::string_view::npos ? first : all.find(':', first + 1);
    if (second == std::string_view::npos)
        return tl::unexpected("`" + text + "` is not OPERATION:WHEN:ACTION");
    FaultRule rule;
    rule.operation = all.substr(0, first);
    if (rule.operation == "any")
        rule.operation.clear();
    if (!readWhen(all.substr(first + 1, second - first - 1), rule))
        return tl::unexpected("`" + text + "`: WHEN is N, N+ or NxCOUNT");
    const std::string_view what = all.substr(second + 1);
    const std::size_t equals = what.find('=');
    auto fault = action(what.substr(0, equals),
        equals == std::string_view::npos ? std::nullopt : std::optional(what.substr(equals + 1)));
    if (!fault)
        return tl::unexpected("`" + text + "`: unknown action, or its argument is missing");
    rule.fault = std::move(*fault);
    return rule;
}

std::string FaultPlan::help()
{
    return "  OPERATION  any, connect, collections, info, scroll, count, retrieve, point, query, search, "
           "facet\n"
           "  WHEN       N (the Nth of its kind), N+ (from the Nth on), NxCOUNT\n"
           "  ACTION     close[=BYTE] reset[=BYTE]   end the connection before the answer, or after BYTE "
           "bytes of the body\n"
           "             truncate=BYTE               the same as close=BYTE\n"
           "             stall[=MS[@BYTE]]           pause before the answer or within the body; without MS "
           "for good\n"
           "             length=DELTA                Content-Length too large or too small by DELTA\n"
           "             malformed                   a body that is no JSON\n"
           "             null[=POINTS]               a scroll page that claims to be the last one\n"
           "             close-after                 close after the right answer\n"
           "             status=CODE                 an error answer\n"
           "             429[=SECONDS] 408 timeout   rate limit, empty 408 that closes, 500 with the text of "
           "a timeout\n";
}

std::string operationOf(const HttpRequest& request)
{
    const std::vector<std::string> parts = request.segments();
    if (parts.empty() || parts[0] != "collections")
        return {};
    if (parts.size() == 1)
        return "collections";
    if (parts.size() == 2)
        return request.method == "GET" ? "info" : std::string();
    const std::string& last = parts.back();
    if (last == "scroll" || last == "count" || last == "query" || last == "search" || last == "facet")
        return last;
    if (parts[2] != "points")
        return {};
    if (parts.size() == 3)
        return request.method == "POST" ? "retrieve" : std::string();
    return parts.size() == 4 && request.method == "GET" ? "point" : std::string();
}

} // namespace qdrant2pg::demo
