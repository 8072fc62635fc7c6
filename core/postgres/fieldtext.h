// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/columntype.h"
#include "core/postgres/copybuffer.h"
#include "core/postgres/tablespec.h"

#include <string>
#include <string_view>

namespace qdrant2pg {

/// Appends the text form of one field of a binary COPY row, as PostgreSQL's and pgvector's input functions
/// read it back without any loss: float32 and float64 in the shortest spelling that gives the same bits,
/// integers and numeric digit by digit, jsonb as the text that was written, times in UTC with microseconds.
/// False (nothing appended) when the bytes are no value of that type.
[[nodiscard]] bool appendFieldText(std::string& out, ColumnType type, std::string_view field);

/// How addFieldText met a value.
struct FieldTextNotes {
    /// A vector stood in braces, as the old four-step guide's converter wrote it (six decimals: lossy).
    bool bracedVector = false;
};

/// The reverse: parses the text form of a value for that column and appends the field. The problem says in
/// words what is wrong with it; the buffer is then as it was. `vectorOid` is needed for vector[] alone.
[[nodiscard]] EncodeResult addFieldText(CopyBuffer& buffer, const ColumnSpec& column, std::string_view text,
    std::uint32_t vectorOid, FieldTextNotes* notes = nullptr);

/// "2024-05-17 12:00:00.5+00"; microseconds since 1970-01-01 UTC.
void appendTimestamptz(std::string& out, std::int64_t unixMicroseconds);
/// ISO 8601 with blank or T, optional seconds, fraction (cut after microseconds), zone (UTC when there is
/// none) and " BC".
[[nodiscard]] bool parseTimestamptz(std::string_view text, std::int64_t& unixMicroseconds);

} // namespace qdrant2pg
