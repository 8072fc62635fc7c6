// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/copyrow.h"

#include "core/postgres/bytekernels.h"

namespace qdrant2pg {

namespace {

constexpr std::string_view signature{"PGCOPY\n\xFF\r\n\0", 11};
constexpr std::size_t headerSize = 19;

enum class Walk { Complete, Short, Trailer, Damaged };

/// Walks one row; `length` is set for Complete.
Walk walkRow(std::string_view bytes, std::size_t& length)
{
    if (bytes.size() < 2)
        return Walk::Short;
    const auto count = static_cast<std::int16_t>(bytes::load16(bytes.data()));
    if (count == -1)
        return Walk::Trailer;
    if (count < 0)
        return Walk::Damaged;
    std::size_t at = 2;
    for (int i = 0; i < count; ++i) {
        if (bytes.size() - at < 4)
            return Walk::Short;
        const auto size = static_cast<std::int32_t>(bytes::load32(bytes.data() + at));
        at += 4;
        if (size < -1)
            return Walk::Damaged;
        if (size > 0) {
            if (bytes.size() - at < static_cast<std::size_t>(size))
                return Walk::Short;
            at += static_cast<std::size_t>(size);
        }
    }
    length = at;
    return Walk::Complete;
}

} // namespace

bool splitCopyRow(std::string_view row, std::vector<CopyField>& fields)
{
    fields.clear();
    if (row.size() < 2)
        return false;
    const auto count = static_cast<std::int16_t>(bytes::load16(row.data()));
    std::size_t at = 2;
    for (int i = 0; i < count; ++i) {
        if (row.size() - at < 4)
            return false;
        const auto size = static_cast<std::int32_t>(bytes::load32(row.data() + at));
        at += 4;
        if (size == -1) {
            fields.emplace_back(std::nullopt);
            continue;
        }
        if (size < 0 || row.size() - at < static_cast<std::size_t>(size))
            return false;
        fields.emplace_back(row.substr(at, static_cast<std::size_t>(size)));
        at += static_cast<std::size_t>(size);
    }
    return count >= 0 && at == row.size();
}

std::optional<std::size_t> copyRowLength(std::string_view bytes)
{
    std::size_t length = 0;
    switch (walkRow(bytes, length)) {
    case Walk::Complete:
        return length;
    case Walk::Trailer:
        return 0;
    case Walk::Short:
    case Walk::Damaged:
        break;
    }
    return std::nullopt;
}

void CopyRowSplitter::feed(std::string_view bytes)
{
    if (m_view.empty()) {
        m_carry.clear();
        m_view = bytes;
        return;
    }
    // The rest of the last portion moves in front of the new one; it may already lie in the carry.
    std::string joined;
    joined.reserve(m_view.size() + bytes.size());
    joined.append(m_view).append(bytes);
    m_carry = std::move(joined);
    m_view = m_carry;
}

CopyRowSplitter::Status CopyRowSplitter::next(std::string_view& row)
{
    if (m_ended)
        return m_view.empty() ? Status::End : Status::Damaged;
    if (m_headerExpected) {
        if (m_view.size() < headerSize)
            return m_view == signature.substr(0, m_view.size()) || m_view.size() > signature.size()
                ? Status::NeedMore
                : Status::Damaged;
        if (!m_view.starts_with(signature))
            return Status::Damaged;
        const std::uint32_t flags = bytes::load32(m_view.data() + 11);
        const std::uint32_t extension = bytes::load32(m_view.data() + 15);
        if ((flags & 0xFFFF0000U) != 0 || extension > 0x10000U)
            return Status::Damaged;
        if (m_view.size() < headerSize + extension)
            return Status::NeedMore;
        m_view.remove_prefix(headerSize + extension);
        m_consumed += headerSize + extension;
        m_headerExpected = false;
    }
    std::size_t length = 0;
    switch (walkRow(m_view, length)) {
    case Walk::Short:
        return Status::NeedMore;
    case Walk::Damaged:
        return Status::Damaged;
    case Walk::Trailer:
        m_view.remove_prefix(2);
        m_consumed += 2;
        m_ended = true;
        return m_view.empty() ? Status::End : Status::Damaged;
    case Walk::Complete:
        break;
    }
    row = m_view.substr(0, length);
    m_view.remove_prefix(length);
    m_consumed += length;
    return Status::Row;
}

} // namespace qdrant2pg
