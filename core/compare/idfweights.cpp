// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/idfweights.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace qdrant2pg {

namespace {

/// Entries whose frequency one statement asks for.
constexpr std::size_t entriesAtOnce = 200;

} // namespace

Result<std::vector<SearchQuery>> weighByIdf(
    Connection& connection, const SearchTarget& target, std::vector<SearchQuery> queries)
{
    std::vector<std::uint32_t> entries;
    for (const SearchQuery& query : queries)
        entries.insert(entries.end(), query.indices.begin(), query.indices.end());
    std::sort(entries.begin(), entries.end());
    entries.erase(std::unique(entries.begin(), entries.end()), entries.end());
    // What the column cannot hold is in no row.
    std::erase_if(
        entries, [&target](std::uint32_t entry) { return qint64{entry} >= target.vector.dimensions; });
    std::map<std::uint32_t, double> weights;
    for (std::size_t from = 0; from < entries.size(); from += entriesAtOnce) {
        const std::size_t to = std::min(entries.size(), from + entriesAtOnce);
        const std::vector<std::uint32_t> part(entries.begin() + static_cast<std::ptrdiff_t>(from),
            entries.begin() + static_cast<std::ptrdiff_t>(to));
        auto counted = connection.execute(target.documentFrequencySql(part));
        if (!counted)
            return fail(counted.error());
        const auto all = static_cast<double>(counted->integer(0, 0));
        for (std::size_t i = 0; i < part.size(); ++i) {
            const auto having = static_cast<double>(counted->integer(0, static_cast<int>(i) + 1));
            weights[part[i]] = std::log((all - having + 0.5) / (having + 0.5) + 1);
        }
    }
    for (SearchQuery& query : queries) {
        for (std::size_t i = 0; i < query.indices.size(); ++i) {
            const auto weight = weights.find(query.indices[i]);
            if (weight != weights.end())
                query.values[i] = static_cast<float>(static_cast<double>(query.values[i]) * weight->second);
        }
    }
    return queries;
}

} // namespace qdrant2pg
