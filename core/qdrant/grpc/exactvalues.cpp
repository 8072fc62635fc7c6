// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/grpc/exactvalues.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdlib>

namespace qdrant2pg {

namespace {

bool isDigit(char character)
{
    return character >= '0' && character <= '9';
}

template <class T> std::optional<T> wholeToken(std::string_view token)
{
    T value{};
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), value);
    if (error != std::errc() || end != token.data() + token.size())
        return std::nullopt;
    return value;
}

/// Takes fixed pieces off the front of a text.
class Pieces {
public:
    explicit Pieces(std::string_view text)
        : m_rest(text)
    {
    }
    bool atEnd() const { return m_rest.empty(); }
    bool take(char character)
    {
        if (!m_rest.starts_with(character))
            return false;
        m_rest.remove_prefix(1);
        return true;
    }
    std::string_view digits(std::size_t most)
    {
        std::size_t count = 0;
        while (count < std::min(most, m_rest.size()) && isDigit(m_rest[count]))
            ++count;
        const std::string_view taken = m_rest.substr(0, count);
        m_rest.remove_prefix(count);
        return taken;
    }
    /// Exactly so many digits.
    bool number(std::size_t count, int& value)
    {
        const std::string_view taken = digits(count);
        std::from_chars(taken.data(), taken.data() + taken.size(), value);
        return taken.size() == count;
    }

private:
    std::string_view m_rest;
};

/// What stands behind the time; seconds to subtract.
std::optional<int> zoneOffset(Pieces& text)
{
    if (text.atEnd() || (text.take('Z') && text.atEnd()))
        return 0;
    const bool minus = text.take('-');
    int hours = 0;
    int minutes = 0;
    if ((!minus && !text.take('+')) || !text.number(2, hours) || !text.take(':') || !text.number(2, minutes)
        || !text.atEnd() || hours > 23 || minutes > 59)
        return std::nullopt;
    return (minus ? -1 : 1) * (hours * 3600 + minutes * 60);
}

} // namespace

std::optional<std::int64_t> exactInteger(std::string_view token)
{
    return token == "-0" ? std::nullopt : wholeToken<std::int64_t>(token);
}

std::optional<std::uint64_t> exactUnsigned(std::string_view token)
{
    return wholeToken<std::uint64_t>(token);
}

std::optional<double> exactDouble(std::string_view token)
{
    if (const auto integer = exactInteger(token))
        return static_cast<double>(*integer);
    if (const auto integer = exactUnsigned(token))
        return static_cast<double>(*integer);
    constexpr int mostDigits = 15;
    constexpr int mostPower = 22;
    int digits = 0;
    int power = 0;
    bool fraction = false;
    std::size_t at = token.starts_with('-') ? 1 : 0;
    for (; at < token.size() && (isDigit(token[at]) || token[at] == '.'); ++at) {
        if (token[at] == '.') {
            fraction = true;
            continue;
        }
        if (digits > 0 || token[at] != '0')
            ++digits;
        if (fraction)
            --power;
    }
    if (at < token.size()) {
        std::string_view exponent = token.substr(at + 1);
        if (exponent.starts_with('+'))
            exponent.remove_prefix(1);
        const auto shift = wholeToken<int>(exponent);
        if (!shift || std::abs(*shift) > 100)
            return std::nullopt;
        power += *shift;
    }
    if (digits > mostDigits || std::abs(power) > mostPower)
        return std::nullopt;
    return wholeToken<double>(token);
}

std::optional<WireTimestamp> exactTimestamp(std::string_view text)
{
    Pieces pieces(text);
    int year = 0;
    int month = 0;
    int day = 0;
    if (!pieces.number(4, year) || !pieces.take('-') || !pieces.number(2, month) || !pieces.take('-')
        || !pieces.number(2, day))
        return std::nullopt;
    const std::chrono::year_month_day date(std::chrono::year(year),
        std::chrono::month(static_cast<unsigned>(month)), std::chrono::day(static_cast<unsigned>(day)));
    if (year < 1 || !date.ok())
        return std::nullopt;
    WireTimestamp moment;
    moment.seconds = std::int64_t{86400} * std::chrono::sys_days(date).time_since_epoch().count();
    if (pieces.atEnd())
        return moment;
    int hour = 0;
    int minute = 0;
    int second = 0;
    if ((!pieces.take('T') && !pieces.take(' ')) || !pieces.number(2, hour) || !pieces.take(':')
        || !pieces.number(2, minute) || !pieces.take(':') || !pieces.number(2, second) || hour > 23
        || minute > 59 || second > 59)
        return std::nullopt;
    moment.seconds += hour * 3600 + minute * 60 + second;
    if (pieces.take('.')) {
        constexpr std::size_t nanoDigits = 9;
        const std::string_view digits = pieces.digits(nanoDigits);
        if (digits.empty())
            return std::nullopt;
        for (std::size_t k = 0; k < nanoDigits; ++k)
            moment.nanos = moment.nanos * 10 + (k < digits.size() ? digits[k] - '0' : 0);
    }
    const auto offset = zoneOffset(pieces);
    if (!offset)
        return std::nullopt;
    moment.seconds -= *offset;
    return moment;
}

} // namespace qdrant2pg
