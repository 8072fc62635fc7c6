// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/base/json.h"

#include <string>

namespace qdrant2pg::demo {

/// Compares two answers of the server as values: every number in the same text form and members in the same
/// order, but for what is random or of the moment (`time`, `peer_id`, the order of names in `vector`, of keys
/// in `payload_schema` and of shard keys, hardware counters) and computed scores, which may differ by 1e-6
/// relative, with ids up to ties. Returns where and how they differ, empty when they do not.
[[nodiscard]] std::string differenceOfAnswers(const Json& expected, const Json& actual);

} // namespace qdrant2pg::demo
