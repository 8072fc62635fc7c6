// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/base/numbers.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string_view>

namespace qdrant2pg::demo {

namespace {

/// Lays out digits and exponent of std::to_chars's scientific form in the server's way.
void appendScientific(std::string& out, std::string_view text, int plainFrom, int plainBelow)
{
    if (text.front() == '-') {
        out += '-';
        text.remove_prefix(1);
    }
    const std::size_t mark = text.find('e');
    int exponent = 0;
    const char* first = text.data() + mark + 1;
    if (*first == '+')
        ++first;
    std::from_chars(first, text.data() + text.size(), exponent);
    char digits[24];
    int count = 0;
    for (const char c : text.substr(0, mark)) {
        if (c != '.')
            digits[count++] = c;
    }
    if (exponent < plainFrom || exponent >= plainBelow) {
        out += digits[0];
        if (count > 1) {
            out += '.';
            out.append(digits + 1, static_cast<std::size_t>(count - 1));
        }
        out += exponent < 0 ? "e-" : "e+";
        out += std::to_string(std::abs(exponent));
    } else if (exponent < 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-exponent - 1), '0');
        out.append(digits, static_cast<std::size_t>(count));
    } else if (count <= exponent + 1) {
        out.append(digits, static_cast<std::size_t>(count));
        out.append(static_cast<std::size_t>(exponent + 1 - count), '0');
        out += ".0";
    } else {
        out.append(digits, static_cast<std::size_t>(exponent + 1));
        out += '.';
        out.append(digits + exponent + 1, static_cast<std::size_t>(count - exponent - 1));
    }
}

template <class T> void appendNumber(std::string& out, T value, int plainFrom, int plainBelow)
{
    if (!std::isfinite(value)) {
        out += "null";
    } else if (value == T(0)) {
        out += std::signbit(value) ? "-0.0" : "0.0";
    } else {
        char buffer[64];
        const auto end =
            std::to_chars(buffer, buffer + sizeof buffer, value, std::chars_format::scientific).ptr;
        appendScientific(out, {buffer, static_cast<std::size_t>(end - buffer)}, plainFrom, plainBelow);
    }
}

} // namespace

void appendFloat(std::string& out, float value)
{
    appendNumber(out, value, -6, 13);
}

void appendDouble(std::string& out, double value)
{
    appendNumber(out, value, -5, 16);
}

void appendPlain(std::string& out, double value)
{
    appendNumber(out, value, -400, 400);
    if (out.ends_with(".0"))
        out.resize(out.size() - 2);
}

void appendInteger(std::string& out, std::uint64_t value)
{
    char buffer[20];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    out.append(buffer, static_cast<std::size_t>(end - buffer));
}

float roundToHalf(float value)
{
    if (!std::isfinite(value) || value == 0.0F)
        return value;
    int exponent = 0;
    std::frexp(value, &exponent);
    // Half precision keeps 11 significant bits, fewer below 2^-14; nearbyint rounds halves to even as the
    // format asks.
    const int shift = std::max(exponent - 11, -24);
    const float rounded = std::ldexp(std::nearbyint(std::ldexp(value, -shift)), shift);
    return std::fabs(rounded) > 65504.0F ? std::copysign(INFINITY, value) : rounded;
}

float roundToUint8(float value)
{
    if (std::isnan(value) || value <= 0.0F)
        return 0.0F;
    return value >= 255.0F ? 255.0F : std::trunc(value);
}

} // namespace qdrant2pg::demo
