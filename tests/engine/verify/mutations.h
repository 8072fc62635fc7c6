// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/verify/verifier.h"
#include "tests/engine/support/migrationbench.h"

#include <functional>
#include <random>
#include <vector>

namespace qdrant2pg::test {

/// One change to the table "things" (id uuid, embedding, payload) at a random place, and what a full
/// comparison has to say about it: "type id column".
struct Mutation {
    const char* name;
    std::function<bool(MigrationBench& bench, std::mt19937& random, QStringList& expected)> apply;
};

/// Every kind of change that verification has to find.
const std::vector<Mutation>& mutations();

/// The differences of an outcome as mutations expect them, sorted.
QStringList describedMismatches(const VerificationOutcome& outcome);

} // namespace qdrant2pg::test
