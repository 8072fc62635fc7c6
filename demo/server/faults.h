// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/api/http.h"

#include <tl/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

/// What goes wrong with one request.
struct Fault {
    enum class Kind : std::uint8_t {
        Close, ///< the connection is closed (FIN) after `atByte` bytes of the body, before the head when
               ///< negative
        Reset, ///< the same with a reset (RST)
        Stall, ///< sending pauses after `atByte` bytes of the body, before the head when negative
        WrongLength, ///< Content-Length is off by `lengthDelta`; the connection closes after the body
        Malformed, ///< a few bytes in the middle of the body are replaced, so that it is no JSON
        Reply, ///< `reply` is sent instead of the answer
        PrematureEnd, ///< a scroll says `next_page_offset: null` although more follows
        CloseAfter ///< the right answer, then the connection closes without having announced it
    };
    Kind kind = Kind::Close;
    std::int64_t atByte = 0;
    std::chrono::milliseconds duration{
        0}; ///< of a stall; 0: until released, the client leaves, or the server stops
    std::int64_t lengthDelta = 0;
    std::uint64_t keepPoints = 0; ///< of a premature end: a shorter page; 0 keeps the page as it is
    HttpReply reply;

    [[nodiscard]] static Fault closeAt(std::int64_t byte);
    [[nodiscard]] static Fault resetAt(std::int64_t byte);
    [[nodiscard]] static Fault stallAt(std::int64_t byte, std::chrono::milliseconds duration = {});
    [[nodiscard]] static Fault wrongLength(std::int64_t delta);
    [[nodiscard]] static Fault malformed();
    [[nodiscard]] static Fault prematureEnd(std::uint64_t keepPoints = 0);
    [[nodiscard]] static Fault closeAfter();
    /// An error answer as the server words it.
    [[nodiscard]] static Fault error(int status, const std::string& text);
    /// 429 with the recorded text; without seconds there is no Retry-After header.
    [[nodiscard]] static Fault rateLimited(std::optional<unsigned> retryAfterSeconds);
    /// 500 with the recorded text of a read timeout.
    [[nodiscard]] static Fault readTimeout();
    /// The empty 408 that closes.
    [[nodiscard]] static Fault emptyTimeout();
};

/// When a fault strikes.
struct FaultRule {
    /// `connect` (at accept), `info`, `collections`, `scroll`, `count`, `retrieve`, `point`, `query`,
    /// `search`, `facet`, or empty for every request.
    std::string operation;
    std::string pathContains; ///< a further condition on the target as sent
    std::function<bool(const HttpRequest&)> predicate; ///< a further condition; called under a lock
    std::uint64_t first =
        1; ///< the first matching request that is hit, counted from 1 since the rule was added
    std::uint64_t times = 1; ///< how many in a row; 0: all from there on
    Fault fault;
};

/// The rules of a server. Thread-safe. The first rule that strikes wins; every rule counts every match.
class FaultPlan {
public:
    /// Returns a number for hits() and remove().
    std::size_t add(FaultRule rule);
    void remove(std::size_t rule);
    void clear();
    /// How often the rule struck.
    [[nodiscard]] std::uint64_t hits(std::size_t rule) const;

    [[nodiscard]] std::optional<Fault> strike(const HttpRequest& request);
    [[nodiscard]] std::optional<Fault> strikeConnection();

    /// `OPERATION:WHEN:ACTION` as the program takes it, for example `scroll:5:reset`, `any:3x2:status=503`,
    /// `scroll:1+:stall=200@1000`. The error says what is wrong.
    [[nodiscard]] static tl::expected<FaultRule, std::string> parse(const std::string& text);
    /// The grammar of parse(), for a help text.
    [[nodiscard]] static std::string help();

private:
    struct Entry {
        FaultRule rule;
        std::uint64_t matches = 0;
        std::uint64_t hits = 0;
        bool removed = false;
    };
    template <class Matches> std::optional<Fault> firstStrike(const Matches& matches);

    mutable std::mutex m_mutex;
    std::vector<Entry> m_entries;
};

/// The operation of a request as FaultRule names it; empty for others.
[[nodiscard]] std::string operationOf(const HttpRequest& request);

} // namespace qdrant2pg::demo
