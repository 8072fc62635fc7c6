// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/fieldtext.h"

#include "core/postgres/bytekernels.h"

#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <limits>

namespace qdrant2pg {

namespace {

constexpr std::int64_t postgresEpochMicros = 946'684'800'000'000;
constexpr std::int64_t microsPerDay = 86'400'000'000;

std::uint64_t load64(const char* in)
{
    return (std::uint64_t{bytes::load32(in)} << 32) | bytes::load32(in + 4);
}

template <class Number> void appendInteger(std::string& out, Number value)
{
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    out.append(text, end);
}

template <class Real> void appendReal(std::string& out, Real value)
{
    if (std::isnan(value)) {
        out += "NaN";
    } else if (std::isinf(value)) {
        out += value < 0 ? "-Infinity" : "Infinity";
    } else {
        char text[32];
        const auto end = std::to_chars(text, text + sizeof text, value).ptr;
        out.append(text, end);
    }
}

void appendPadded(std::string& out, std::int64_t value, int width)
{
    char text[24];
    const auto end = std::to_chars(text, text + sizeof text, value).ptr;
    const auto length = static_cast<int>(end - text);
    if (length < width)
        out.append(static_cast<std::size_t>(width - length), '0');
    out.append(text, end);
}

bool appendUuid(std::string& out, std::string_view field)
{
    if (field.size() != 16)
        return false;
    static constexpr char digits[] = "0123456789abcdef";
    for (std::size_t i = 0; i < 16; ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10)
            out += '-';
        const auto byte = static_cast<unsigned char>(field[i]);
        out += digits[byte >> 4];
        out += digits[byte & 15];
    }
    return true;
}

bool appendNumeric(std::string& out, std::string_view field)
{
    if (field.size() < 8)
        return false;
    const std::size_t count = bytes::load16(field.data());
    const int weight = static_cast<std::int16_t>(bytes::load16(field.data() + 2));
    const std::uint16_t sign = bytes::load16(field.data() + 4);
    const int scale = bytes::load16(field.data() + 6);
    if (field.size() != 8 + 2 * count)
        return false;
    switch (sign) {
    case 0x0000:
        break;
    case 0x4000:
        out += '-';
        break;
    case 0xC000:
        out += "NaN";
        return true;
    case 0xD000:
        out += "Infinity";
        return true;
    case 0xF000:
        out += "-Infinity";
        return true;
    default:
        return false;
    }
    const auto group = [&](int index) -> std::int64_t {
        if (index < 0 || index >= static_cast<int>(count))
            return 0;
        return bytes::load16(field.data() + 8 + 2 * index);
    };
    if (weight < 0) {
        out += '0';
    } else {
        appendInteger(out, group(0));
        for (int i = 1; i <= weight; ++i)
            appendPadded(out, group(i), 4);
    }
    if (scale > 0) {
        out += '.';
        const std::size_t start = out.size();
        const int groups = (scale + 3) / 4;
        for (int i = 0; i < groups; ++i)
            appendPadded(out, group(weight + 1 + i), 4);
        out.resize(start + static_cast<std::size_t>(scale));
    }
    return true;
}

void appendFloats(std::string& out, std::string_view elements)
{
    out += '[';
    for (std::size_t at = 0; at < elements.size(); at += 4) {
        if (at != 0)
            out += ',';
        appendReal(out, std::bit_cast<float>(bytes::load32(elements.data() + at)));
    }
    out += ']';
}

bool appendVector(std::string& out, std::string_view field)
{
    if (field.size() < 4 || field.size() != 4 + 4 * std::size_t{bytes::load16(field.data())})
        return false;
    appendFloats(out, field.substr(4));
    return true;
}

bool appendHalfvec(std::string& out, std::string_view field)
{
    if (field.size() < 4 || field.size() != 4 + 2 * std::size_t{bytes::load16(field.data())})
        return false;
    out += '[';
    for (std::size_t at = 4; at < field.size(); at += 2) {
        if (at != 4)
            out += ',';
        appendReal(out, bytes::fromHalf(bytes::load16(field.data() + at)));
    }
    out += ']';
    return true;
}

bool appendSparsevec(std::string& out, std::string_view field)
{
    if (field.size() < 12)
        return false;
    const std::uint32_t dimensions = bytes::load32(field.data());
    const std::size_t count = bytes::load32(field.data() + 4);
    if (count > field.size() || field.size() != 12 + 8 * count)
        return false;
    const char* const indices = field.data() + 12;
    const char* const values = indices + 4 * count;
    out += '{';
    for (std::size_t i = 0; i < count; ++i) {
        if (i != 0)
            out += ',';
        appendInteger(out, std::uint64_t{bytes::load32(indices + 4 * i)} + 1);
        out += ':';
        appendReal(out, std::bit_cast<float>(bytes::load32(values + 4 * i)));
    }
    out += "}/";
    appendInteger(out, dimensions);
    return true;
}

/// Array elements stand in quotes unless they are plain words; quoting always is just as good and simpler to
/// read back.
void appendQuotedElement(std::string& out, std::string_view text)
{
    out += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\')
            out += '\\';
        out += c;
    }
    out += '"';
}

template <class AppendElement>
bool appendArray(std::string& out, std::string_view field, AppendElement&& appendElement)
{
    if (field.size() < 12)
        return false;
    const std::uint32_t dimensions = bytes::load32(field.data());
    if (dimensions == 0) {
        out += "{}";
        return field.size() == 12;
    }
    if (dimensions != 1 || field.size() < 20)
        return false;
    const std::size_t count = bytes::load32(field.data() + 12);
    std::string_view rest = field.substr(20);
    out += '{';
    for (std::size_t i = 0; i < count; ++i) {
        if (rest.size() < 4)
            return false;
        const auto size = static_cast<std::int32_t>(bytes::load32(rest.data()));
        rest.remove_prefix(4);
        if (i != 0)
            out += ',';
        if (size == -1) {
            out += "NULL";
            continue;
        }
        if (size < 0 || rest.size() < static_cast<std::size_t>(size))
            return false;
        if (!appendElement(rest.substr(0, static_cast<std::size_t>(size))))
            return false;
        rest.remove_prefix(static_cast<std::size_t>(size));
    }
    out += '}';
    return rest.empty();
}

bool appendScalar(std::string& out, ColumnType type, std::string_view field)
{
    switch (type) {
    case ColumnType::Uuid:
        return appendUuid(out, field);
    case ColumnType::Bigint:
        if (field.size() != 8)
            return false;
        appendInteger(out, static_cast<std::int64_t>(load64(field.data())));
        return true;
    case ColumnType::Numeric:
        return appendNumeric(out, field);
    case ColumnType::Double:
        if (field.size() != 8)
            return false;
        appendReal(out, std::bit_cast<double>(load64(field.data())));
        return true;
    case ColumnType::Text:
        out += field;
        return true;
    case ColumnType::Boolean:
        if (field.size() != 1)
            return false;
        out += field[0] != 0 ? "true" : "false";
        return true;
    case ColumnType::Timestamptz: {
        if (field.size() != 8)
            return false;
        const auto micros = static_cast<std::int64_t>(load64(field.data()));
        if (micros == std::numeric_limits<std::int64_t>::max())
            out += "infinity";
        else if (micros == std::numeric_limits<std::int64_t>::min())
            out += "-infinity";
        else if (micros > std::numeric_limits<std::int64_t>::max() - postgresEpochMicros)
            return false;
        else
            appendTimestamptz(out, micros + postgresEpochMicros);
        return true;
    }
    case ColumnType::Jsonb:
        if (field.empty() || field[0] != 1)
            return false;
        out += field.substr(1);
        return true;
    case ColumnType::Point:
        if (field.size() != 16)
            return false;
        out += '(';
        appendReal(out, std::bit_cast<double>(load64(field.data())));
        out += ',';
        appendReal(out, std::bit_cast<double>(load64(field.data() + 8)));
        out += ')';
        return true;
    case ColumnType::Vector:
        return appendVector(out, field);
    case ColumnType::Halfvec:
        return appendHalfvec(out, field);
    case ColumnType::Sparsevec:
        return appendSparsevec(out, field);
    case ColumnType::SmallintArray:
        return appendArray(out, field, [&out](std::string_view element) {
            if (element.size() != 2)
                return false;
            appendInteger(out, static_cast<int>(static_cast<std::int16_t>(bytes::load16(element.data()))));
            return true;
        });
    case ColumnType::VectorArray:
        return appendArray(out, field, [&out](std::string_view element) {
            out += '"';
            const bool good = appendVector(out, element);
            out += '"';
            return good;
        });
    case ColumnType::TextArray:
        return appendArray(out, field, [&out](std::string_view element) {
            appendQuotedElement(out, element);
            return true;
        });
    case ColumnType::BigintArray:
        return appendArray(out, field,
            [&out](std::string_view element) { return appendScalar(out, ColumnType::Bigint, element); });
    case ColumnType::DoubleArray:
        return appendArray(out, field,
            [&out](std::string_view element) { return appendScalar(out, ColumnType::Double, element); });
    case ColumnType::BooleanArray:
        return appendArray(out, field,
            [&out](std::string_view element) { return appendScalar(out, ColumnType::Boolean, element); });
    }
    return false;
}

} // namespace

bool appendFieldText(std::string& out, ColumnType type, std::string_view field)
{
    const std::size_t before = out.size();
    if (appendScalar(out, type, field))
        return true;
    out.resize(before);
    return false;
}

void appendTimestamptz(std::string& out, std::int64_t unixMicroseconds)
{
    using namespace std::chrono;
    std::int64_t days = unixMicroseconds / microsPerDay;
    std::int64_t rest = unixMicroseconds % microsPerDay;
    if (rest < 0) {
        rest += microsPerDay;
        --days;
    }
    // year_month_day carries 16 bits of year, too few for timestamptz; whole 400-year cycles are taken out
    // first.
    constexpr std::int64_t cycleDays = 146'097;
    std::int64_t cycles = days / cycleDays;
    std::int64_t inCycle = days % cycleDays;
    if (inCycle < 0) {
        inCycle += cycleDays;
        --cycles;
    }
    const year_month_day date{sys_days{std::chrono::days{inCycle}}};
    std::int64_t year = static_cast<int>(date.year()) + 400 * cycles;
    const bool beforeChrist = year <= 0;
    if (beforeChrist)
        year = 1 - year;
    appendPadded(out, year, 4);
    out += '-';
    appendPadded(out, static_cast<unsigned>(date.month()), 2);
    out += '-';
    appendPadded(out, static_cast<unsigned>(date.day()), 2);
    out += ' ';
    appendPadded(out, rest / 3'600'000'000, 2);
    out += ':';
    appendPadded(out, rest / 60'000'000 % 60, 2);
    out += ':';
    appendPadded(out, rest / 1'000'000 % 60, 2);
    if (const std::int64_t micros = rest % 1'000'000; micros != 0) {
        out += '.';
        appendPadded(out, micros, 6);
        while (out.back() == '0')
            out.pop_back();
    }
    out += "+00";
    if (beforeChrist)
        out += " BC";
}

} // namespace qdrant2pg
