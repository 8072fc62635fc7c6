// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/base/json.h"

#include "demo/base/jsonreader.h"
#include "demo/base/numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>

namespace qdrant2pg::demo {

std::string JsonError::describe() const
{
    return message + " at line " + std::to_string(line) + " column " + std::to_string(column);
}

std::string Json::text() const
{
    return isString() ? unescaped(m_raw.substr(1, m_raw.size() - 2)) : std::string();
}

const Json* Json::find(std::string_view key) const
{
    for (const Member& member : m_members) {
        if (member.key == key)
            return &member.value;
    }
    return nullptr;
}

const Json* Json::get(std::string_view key) const
{
    const Json* value = find(key);
    return value != nullptr && value->isNull() ? nullptr : value;
}

const Json* Json::at(std::initializer_list<std::string_view> keys) const
{
    const Json* value = this;
    for (const std::string_view key : keys) {
        value = value->find(key);
        if (value == nullptr)
            return nullptr;
    }
    return value;
}

bool Json::isInteger() const
{
    return isNumber() && m_raw.find_first_of(".eE") == std::string_view::npos;
}

std::optional<std::uint64_t> Json::toU64() const
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(m_raw.data(), m_raw.data() + m_raw.size(), value);
    if (!isInteger() || error != std::errc() || end != m_raw.data() + m_raw.size())
        return std::nullopt;
    return value;
}

std::optional<std::int64_t> Json::toI64() const
{
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(m_raw.data(), m_raw.data() + m_raw.size(), value);
    if (!isInteger() || error != std::errc() || end != m_raw.data() + m_raw.size())
        return std::nullopt;
    return value;
}

std::optional<double> Json::toDouble() const
{
    if (!isNumber())
        return std::nullopt;
    double value = 0;
    std::from_chars(m_raw.data(), m_raw.data() + m_raw.size(), value);
    return value;
}

void appendQuoted(std::string& out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        switch (c) {
        case '"':
            out += "\\\"";
            break;
        case '\\':
            out += "\\\\";
            break;
        case '\b':
            out += "\\b";
            break;
        case '\f':
            out += "\\f";
            break;
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (static_cast<unsigned char>(c) < 0x20U) {
                static constexpr char digits[] = "0123456789abcdef";
                out += "\\u00";
                out += digits[static_cast<unsigned char>(c) >> 4U];
                out += digits[static_cast<unsigned char>(c) & 15U];
            } else {
                out += c;
            }
        }
    }
    out += '"';
}

std::string jsonString(std::string_view text)
{
    std::string out;
    appendQuoted(out, text);
    return out;
}

void appendCanonical(std::string& out, const Json& value)
{
    switch (value.kind()) {
    case Json::Kind::Number:
        if (value.raw() != "-0" && (value.toU64() || value.toI64()))
            out += value.raw();
        else
            appendDouble(out, *value.toDouble());
        return;
    case Json::Kind::String:
        appendQuoted(out, value.text());
        return;
    case Json::Kind::Array: {
        char before = '[';
        for (const Json& item : value.items()) {
            out += before;
            appendCanonical(out, item);
            before = ',';
        }
        out += value.items().empty() ? "[]" : "]";
        return;
    }
    case Json::Kind::Object: {
        char before = '{';
        for (const Json::Member& member : value.members()) {
            out += before;
            appendQuoted(out, member.key);
            out += ':';
            appendCanonical(out, member.value);
            before = ',';
        }
        out += value.members().empty() ? "{}" : "}";
        return;
    }
    default:
        out += value.raw();
    }
}

void appendSorted(std::string& out, const Json& value)
{
    if (value.isArray()) {
        char before = '[';
        for (const Json& item : value.items()) {
            out += before;
            appendSorted(out, item);
            before = ',';
        }
        out += value.items().empty() ? "[]" : "]";
    } else if (value.isObject()) {
        std::vector<const Json::Member*> members;
        for (const Json::Member& member : value.members())
            members.push_back(&member);
        std::sort(
            members.begin(), members.end(), [](const auto* a, const auto* b) { return a->key < b->key; });
        char before = '{';
        for (const Json::Member* member : members) {
            out += before;
            out += member->rawKey;
            out += ':';
            appendSorted(out, member->value);
            before = ',';
        }
        out += members.empty() ? "{}" : "}";
    } else {
        out += value.raw();
    }
}

std::string withMember(const Json& object, std::string_view key, std::optional<std::string_view> rawValue)
{
    std::string out = "{";
    const auto add = [&out](std::string_view rawKey, std::string_view value) {
        if (out.size() > 1)
            out += ',';
        out.append(rawKey).append(":").append(value);
    };
    bool found = false;
    for (const Json::Member& member : object.members()) {
        if (member.key != key) {
            add(member.rawKey, member.value.raw());
        } else {
            found = true;
            if (rawValue)
                add(member.rawKey, *rawValue);
        }
    }
    if (!found && rawValue)
        add(jsonString(key), *rawValue);
    return out + "}";
}

} // namespace qdrant2pg::demo
