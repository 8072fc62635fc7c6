// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/rowencoder.h"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace qdrant2pg {

/// The payload side of a row: typed columns by path and the jsonb that keeps the rest. load() looks at one
/// payload, the write functions append its fields. Views of the payload must stay valid in between. One per
/// thread.
class PayloadFields {
public:
    struct Problem {
        QString column;
        QByteArray sqlState;
        QString reason;
    };

    [[nodiscard]] static Result<PayloadFields> create(const PayloadPlan& plan, std::int64_t runStartMicros);
    ~PayloadFields();
    PayloadFields(PayloadFields&&) noexcept;
    PayloadFields& operator=(PayloadFields&&) noexcept;

    /// Where changes are counted; must outlive this.
    void setChanges(RowEncoder::Changes* changes);
    /// Converts the typed columns; a problem means that the point is to be rejected.
    [[nodiscard]] std::optional<Problem> load(std::string_view payload);
    [[nodiscard]] EncodeResult writeColumn(int column, CopyBuffer& buffer) const;
    /// The jsonb of the kept keys, with `"key":token` added at the front when one is given.
    [[nodiscard]] EncodeResult writePayload(std::string_view extraMember, CopyBuffer& buffer);
    /// Value of a uuid column; nothing when it is NULL.
    std::optional<std::array<std::uint8_t, 16>> uuidValue(int column) const;
    /// A top-level string member as text; empty when there is none.
    std::string memberText(std::string_view key) const;

private:
    struct State;
    explicit PayloadFields(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace qdrant2pg
