// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "core/plan/targetschema.h"
#include "core/postgres/copybuffer.h"
#include "core/postgres/ledger.h"
#include "core/qdrant/pointpage.h"

#include <array>
#include <memory>
#include <optional>
#include <vector>

namespace qdrant2pg {

/// The UUID that a numeric id becomes under numericIds = uuid5 (design.md section 9); `collection` in UTF-8.
std::array<std::uint8_t, 16> numericIdAsUuid(const QByteArray& collection, std::uint64_t number);

/// Turns decoded points into rows of the target table, as the plan says. Pure computation: no server, no
/// clock (the run's start is a parameter). Shared by lanes, convert, verify and the wizard's sample
/// conversion. One per thread.
class RowEncoder {
public:
    struct Options {
        /// pg_type OID of `vector`, for vector[] columns.
        std::uint32_t vectorOid = 0;
        /// Value of the default "run-start": microseconds since 1970.
        std::int64_t runStartMicros = 0;
        bool keepRawPoints = true;
    };

    /// Compiles the mapping; Schema or Unsupported errors say which word of the plan is wrong.
    [[nodiscard]] static Result<RowEncoder> create(
        const CollectionPlan& plan, const TargetSchema& schema, const Options& options);
    ~RowEncoder();
    RowEncoder(RowEncoder&&) noexcept;
    RowEncoder& operator=(RowEncoder&&) noexcept;

    /// Appends the point's row to the buffer, or nothing and says why.
    [[nodiscard]] std::optional<RejectRow> encode(
        const PointPage& page, const PointView& point, CopyBuffer& buffer);

    /// After a successful encode: the parents that the row refers to (index into TargetSchema::parents, id,
    /// and the game it belongs to when that parent needs one).
    struct ParentReference {
        int parent = 0;
        std::array<std::uint8_t, 16> id{};
        std::array<std::uint8_t, 16> game{};
        bool hasGame = false;
        std::string name;
    };
    const std::vector<ParentReference>& parents() const;

    /// What was changed on the way, counted since creation: sparse zeros dropped, NULs stripped or replaced,
    /// misfits left in the payload, missing values that took a default.
    struct Changes {
        qint64 sparseZerosDropped = 0;
        qint64 nulsChanged = 0;
        qint64 misfits = 0;
        qint64 defaults = 0;
        qint64 nonFiniteNulled = 0;
        qint64 halfRounded = 0;
    };
    const Changes& changes() const;

private:
    struct State;
    explicit RowEncoder(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace qdrant2pg
