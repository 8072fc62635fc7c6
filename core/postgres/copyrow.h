// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qdrant2pg {

/// One field of a binary COPY row; nothing is NULL. A view into the row.
using CopyField = std::optional<std::string_view>;

/// The fields of a row (int16 field count, then per field int32 length and bytes). False when the bytes are
/// not exactly one row; `fields` is then unspecified.
[[nodiscard]] bool splitCopyRow(std::string_view row, std::vector<CopyField>& fields);
/// Bytes of the complete row that the text begins with; nothing when it ends too early or is damaged beyond
/// reading. The trailer (FFFF) is no row: 0.
[[nodiscard]] std::optional<std::size_t> copyRowLength(std::string_view bytes);

/// Cuts a binary COPY stream (file header, rows, trailer), fed in portions of any size, into rows. Copies
/// only rows that cross a border between portions. Not thread-safe.
class CopyRowSplitter {
public:
    enum class Status { NeedMore, Row, End, Damaged };

    /// `headerExpected` is false when reading starts at a row in the middle of a file.
    explicit CopyRowSplitter(bool headerExpected = true)
        : m_headerExpected(headerExpected)
    {
    }

    /// Adds bytes; the views of earlier rows become invalid. `bytes` must stay alive until the
    /// next feed().
    void feed(std::string_view bytes);
    /// The next row, or why there is none.
    Status next(std::string_view& row);
    /// Offset in the stream just behind the last row handed out.
    std::size_t consumed() const { return m_consumed; }
    /// Bytes fed that belong to no complete row yet.
    std::size_t pending() const { return m_view.size(); }

private:
    bool m_headerExpected;
    bool m_ended = false;
    std::string m_carry;
    std::string_view m_view;
    std::size_t m_consumed = 0;
};

} // namespace qdrant2pg
