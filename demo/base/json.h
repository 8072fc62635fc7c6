// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace qdrant2pg::demo {

/// Why a text is not JSON, in the words of the recorded server, and where.
struct JsonError {
    std::string message;
    std::size_t line = 1;
    std::size_t column = 0;
    /// `EOF while parsing a value at line 1 column 13`
    [[nodiscard]] std::string describe() const;
};

/// A JSON value that keeps the exact slice of the text it was read from, so that numbers are passed on
/// untouched. Slices point into the text given to parse(): the text must outlive the value.
class Json {
public:
    enum class Kind : std::uint8_t { Null, Bool, Number, String, Array, Object };
    struct Member;

    /// Depth is limited to 127 as on the server; of duplicate keys the last value wins, at the first one's
    /// place.
    [[nodiscard]] static tl::expected<Json, JsonError> parse(std::string_view text);

    [[nodiscard]] Kind kind() const { return m_kind; }
    [[nodiscard]] bool isNull() const { return m_kind == Kind::Null; }
    [[nodiscard]] bool isBool() const { return m_kind == Kind::Bool; }
    [[nodiscard]] bool isNumber() const { return m_kind == Kind::Number; }
    [[nodiscard]] bool isString() const { return m_kind == Kind::String; }
    [[nodiscard]] bool isArray() const { return m_kind == Kind::Array; }
    [[nodiscard]] bool isObject() const { return m_kind == Kind::Object; }

    [[nodiscard]] std::string_view raw() const { return m_raw; }
    [[nodiscard]] bool isTrue() const { return m_kind == Kind::Bool && m_raw.front() == 't'; }
    /// The decoded string; empty for every other kind.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] const std::vector<Json>& items() const { return m_items; }
    [[nodiscard]] const std::vector<Member>& members() const { return m_members; }
    /// The member of that name, or null.
    [[nodiscard]] const Json* find(std::string_view key) const;
    /// find() that treats an explicit null as absent.
    [[nodiscard]] const Json* get(std::string_view key) const;
    /// Follows member names from object to object.
    [[nodiscard]] const Json* at(std::initializer_list<std::string_view> keys) const;

    /// Only tokens without point and exponent are integers.
    [[nodiscard]] bool isInteger() const;
    [[nodiscard]] std::optional<std::uint64_t> toU64() const;
    [[nodiscard]] std::optional<std::int64_t> toI64() const;
    [[nodiscard]] std::optional<double> toDouble() const;

private:
    friend class JsonReader;
    Kind m_kind = Kind::Null;
    std::string_view m_raw;
    std::vector<Json> m_items;
    std::vector<Member> m_members;
};

struct Json::Member {
    std::string key;
    std::string_view rawKey; ///< with its quotes
    Json value;
};

/// Appends a quoted JSON string with the escapes of the recorded server.
void appendQuoted(std::string& out, std::string_view text);
[[nodiscard]] std::string jsonString(std::string_view text);

/// Appends the value as the server would return it after an upload: no white space, canonical numbers and
/// escapes.
void appendCanonical(std::string& out, const Json& value);

/// Appends the value with the keys of every object in byte order (servers up to 1.10).
void appendSorted(std::string& out, const Json& value);

/// The object's text with one member replaced, added at the end, or (no value) removed.
[[nodiscard]] std::string withMember(
    const Json& object, std::string_view key, std::optional<std::string_view> rawValue);

} // namespace qdrant2pg::demo
