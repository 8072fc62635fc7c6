// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <span>

namespace qdrant2pg::test {

/// A small collection and what must become of it.
struct Fixture {
    const char* name;
    const char* definition;
    const char* points;
    int rejected;
    const char* idColumn;
    /// Null: several, not compared.
    const char* vectorColumns;
};

std::span<const Fixture> shapeFixtures();

} // namespace qdrant2pg::test
