// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/api/http.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

struct LoggedRequest {
    std::string method;
    std::string target;
    std::string operation; ///< as FaultRule names it
    std::map<std::string, std::string, std::less<>> headers; ///< names in lower case; keys are left out
    std::string body; ///< its first 64 KiB
    std::uint64_t connection = 0; ///< number of the connection, from 1
    std::chrono::steady_clock::time_point at;
    int status = 0; ///< 0 while unanswered or when a fault cut the connection first
};

/// The requests a server has received, complete heads only, keys left out. Thread-safe; keeps the first
/// 100,000.
class RequestLog {
public:
    /// Returns a number for answered().
    std::size_t add(const HttpRequest& request, std::uint64_t connection);
    void answered(std::size_t number, int status);

    [[nodiscard]] std::vector<LoggedRequest> all() const;
    [[nodiscard]] std::vector<LoggedRequest> of(const std::string& operation) const;
    /// Counts on where the list stops.
    [[nodiscard]] std::uint64_t count(const std::string& operation = {}) const;
    void clear();

private:
    mutable std::mutex m_mutex;
    std::vector<LoggedRequest> m_requests;
    std::vector<std::pair<std::string, std::uint64_t>> m_counts;
    std::uint64_t m_total = 0;
};

} // namespace qdrant2pg::demo
