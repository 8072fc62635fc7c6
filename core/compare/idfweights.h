// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/compare/searchtarget.h"

namespace qdrant2pg {

/// The queries with the weights that Qdrant's modifier idf gives them when it searches:
/// ln((N - n + 0.5) / (n + 0.5) + 1) times their own, N rows with the vector, n of them with the entry, both
/// counted in the table. Reads the table once for every 200 different entries.
[[nodiscard]] Result<std::vector<SearchQuery>> weighByIdf(
    Connection& connection, const SearchTarget& target, std::vector<SearchQuery> queries);

} // namespace qdrant2pg
