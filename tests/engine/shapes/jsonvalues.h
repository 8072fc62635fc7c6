// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "demo/base/json.h"

#include <string>

namespace qdrant2pg::test {

/// How near two JSON values must be.
enum class Likeness {
    /// Equal by value: numbers digit by digit, whatever their spelling.
    Exact,
    /// Doubles may differ by the three units in the last place that the recorded server's number reader is
    /// off.
    AsUploaded,
};

/// Empty when the values are equal; else where and how they differ. Written apart from the product's own
/// comparison, which it judges.
std::string differenceOfValues(const demo::Json& wanted, const demo::Json& found, Likeness likeness);

/// A key or a string anywhere in the value holds U+0000.
bool holdsNul(const demo::Json& value);

} // namespace qdrant2pg::test
