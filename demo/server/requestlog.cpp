// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/server/requestlog.h"

#include "demo/server/faults.h"

#include <algorithm>

namespace qdrant2pg::demo {

namespace {

constexpr std::size_t kept = 100000;
constexpr std::size_t keptBody = 64U << 10U;

} // namespace

std::size_t RequestLog::add(const HttpRequest& request, std::uint64_t connection)
{
    std::string operation = operationOf(request);
    const std::lock_guard lock(m_mutex);
    ++m_total;
    const auto found = std::find_if(m_counts.begin(), m_counts.end(),
        [&operation](const auto& entry) { return entry.first == operation; });
    if (found == m_counts.end())
        m_counts.emplace_back(operation, 1);
    else
        ++found->second;
    if (m_requests.size() >= kept)
        return kept;
    LoggedRequest logged;
    logged.method = request.method;
    logged.target = request.target;
    logged.operation = std::move(operation);
    logged.headers = request.headers;
    logged.headers.erase("api-key");
    logged.headers.erase("authorization");
    logged.body = request.body.substr(0, keptBody);
    logged.connection = connection;
    logged.at = std::chrono::steady_clock::now();
    m_requests.push_back(std::move(logged));
    return m_requests.size() - 1;
}

void RequestLog::answered(std::size_t number, int status)
{
    const std::lock_guard lock(m_mutex);
    if (number < m_requests.size())
        m_requests[number].status = status;
}

std::vector<LoggedRequest> RequestLog::all() const
{
    const std::lock_guard lock(m_mutex);
    return m_requests;
}

std::vector<LoggedRequest> RequestLog::of(const std::string& operation) const
{
    std::vector<LoggedRequest> out = all();
    std::erase_if(out, [&operation](const LoggedRequest& request) { return request.operation != operation; });
    return out;
}

std::uint64_t RequestLog::count(const std::string& operation) const
{
    const std::lock_guard lock(m_mutex);
    if (operation.empty())
        return m_total;
    const auto found = std::find_if(m_counts.begin(), m_counts.end(),
        [&operation](const auto& entry) { return entry.first == operation; });
    return found == m_counts.end() ? 0 : found->second;
}

void RequestLog::clear()
{
    const std::lock_guard lock(m_mutex);
    m_requests.clear();
    m_counts.clear();
    m_total = 0;
}

} // namespace qdrant2pg::demo
