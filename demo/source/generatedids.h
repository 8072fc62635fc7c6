// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/source/generator.h"

namespace qdrant2pg::demo {

/// Points with ids of that kind and serial numbers from 0, in no particular order.
[[nodiscard]] std::vector<StoredPoint> generatedPoints(std::uint64_t count, IdKind kind, std::uint64_t seed);

} // namespace qdrant2pg::demo
