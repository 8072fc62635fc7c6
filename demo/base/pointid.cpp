// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/base/pointid.h"

#include "demo/base/numbers.h"

#include <charconv>

namespace qdrant2pg::demo {

namespace {

int hexDigit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

} // namespace

std::optional<PointId> PointId::fromUuidText(std::string_view text)
{
    if (text.starts_with("urn:uuid:"))
        text.remove_prefix(9);
    else if (text.size() == 38 && text.front() == '{' && text.back() == '}')
        text = text.substr(1, 36);
    if (text.size() != 32 && text.size() != 36)
        return std::nullopt;
    PointId id;
    id.isUuid = true;
    int digits = 0;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text.size() == 36 && (i == 8 || i == 13 || i == 18 || i == 23)) {
            if (text[i] != '-')
                return std::nullopt;
            continue;
        }
        const int value = hexDigit(text[i]);
        if (value < 0)
            return std::nullopt;
        std::uint64_t& half = digits++ < 16 ? id.high : id.low;
        half = half << 4U | static_cast<std::uint64_t>(value);
    }
    return id;
}

std::optional<PointId> PointId::fromPath(std::string_view text)
{
    std::uint64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error == std::errc() && end == text.data() + text.size())
        return number(value);
    return fromUuidText(text);
}

void PointId::appendText(std::string& out) const
{
    if (!isUuid) {
        appendInteger(out, low);
        return;
    }
    static constexpr char digits[] = "0123456789abcdef";
    char text[36];
    int at = 0;
    for (int i = 0; i < 32; ++i) {
        if (i == 8 || i == 12 || i == 16 || i == 20)
            text[at++] = '-';
        const std::uint64_t half = i < 16 ? high : low;
        text[at++] = digits[half >> (60U - 4U * static_cast<unsigned>(i % 16)) & 15U];
    }
    out.append(text, sizeof text);
}

void PointId::appendJson(std::string& out) const
{
    if (isUuid)
        out += '"';
    appendText(out);
    if (isUuid)
        out += '"';
}

std::string PointId::text() const
{
    std::string out;
    appendText(out);
    return out;
}

} // namespace qdrant2pg::demo
