// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/api/apicall.h"

namespace qdrant2pg::demo {

/// A scroll ordered by a payload key: repeats points with several values, leaves out points without one, and
/// never names a next page.
[[nodiscard]] Answer scrollOrdered(const ApiCall& call, const CollectionState& state,
    const ReadOptions& options, const Json& order, bool hasOffset, std::string& out);

} // namespace qdrant2pg::demo
