// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/rowencoder.h"
#include "core/plan/migrationplan.h"
#include "core/plan/targetschema.h"
#include "core/postgres/connection.h"

#include <array>
#include <optional>
#include <set>
#include <vector>

namespace qdrant2pg {

/// The parent rows that a collection's rows refer to: created or looked up, as the plan says, and remembered.
/// Refers to the schema. Belongs to one thread.
class ParentRows {
public:
    using Reference = RowEncoder::ParentReference;

    ParentRows(const TargetSchema& schema, ParentPolicy policy);

    /// Statements of their own, sorted by id, outside the rows' transaction: they are idempotent, and two
    /// lanes never wait for each other's page because of them. One list of references per row.
    [[nodiscard]] Result<void> ensure(
        Connection& connection, const std::vector<std::vector<Reference>>& ofRows);
    /// Creates one parent, if it is not there.
    [[nodiscard]] static Result<void> create(
        Connection& connection, const TargetSchema& schema, const Reference& parent);
    /// Takes over that the parent is there.
    void remember(const Reference& parent);
    /// Why a row with these references cannot be stored under the policy reject, after ensure().
    std::optional<Error> lackOf(const std::vector<Reference>& references) const;

private:
    using Uuid = std::array<std::uint8_t, 16>;
    [[nodiscard]] Result<void> lookUp(
        Connection& connection, int table, const std::vector<const Reference*>& parents);

    const TargetSchema& m_schema;
    ParentPolicy m_policy;
    /// Per parent table.
    std::vector<std::set<Uuid>> m_known;
};

} // namespace qdrant2pg
