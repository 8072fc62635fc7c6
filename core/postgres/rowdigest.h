// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/canonicaljson.h"
#include "core/postgres/columntype.h"

#include <QByteArray>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace qdrant2pg {

/// A sum modulo 2^128 of row hashes: independent of order, can be continued. Text form: 32 hex digits,
/// big-endian.
struct DigestSum {
    std::uint64_t high = 0;
    std::uint64_t low = 0;

    DigestSum& operator+=(const DigestSum& other);
    DigestSum& operator-=(const DigestSum& other);
    bool operator==(const DigestSum&) const = default;
    QByteArray toHex() const;
    static DigestSum fromHex(const QByteArray& hex);
};

/// The digest of rows in binary COPY form (int16 field count, fields), the same for a row that we encoded and
/// for the row that COPY TO sends back. Definition, version "xxh3-128/1", in docs/digest.md: XXH3-128 over
/// the canonical form of each field; vectors and scalars by their bits, jsonb and numeric by value. Reuses
/// its buffers; one per thread.
///
/// A value that the target rounds or cuts (a numeric column with a scale, a trigger, a default) is another
/// value: it shows as a difference.
class RowDigest {
public:
    static const char* algorithm();

    explicit RowDigest(std::span<const ColumnType> columns);
    /// The row without stream header; must hold exactly the columns given. A row that does not is hashed as
    /// it is.
    DigestSum hash(std::string_view row);
    /// What is hashed; valid until the next call.
    std::string_view canonicalRow(std::string_view row);

    /// Appends the canonical form of a JSON text: keys sorted by length and bytes, duplicates last wins,
    /// numbers by decimal value. Invalid JSON is appended as it is.
    static void appendCanonicalJson(std::string& out, std::string_view json);
    /// Canonical form of a decimal number token: sign, digits without leading or trailing zeros, exponent.
    /// Anything else is appended as it is.
    static void appendCanonicalNumber(std::string& out, std::string_view token);

private:
    char* grow(std::size_t size);
    char* appendField(char* out, ColumnType type, std::string_view value);

    std::vector<ColumnType> m_columns;
    bool m_asIs = true;
    CanonicalJson m_json;
    std::vector<char> m_scratch;
};

} // namespace qdrant2pg
