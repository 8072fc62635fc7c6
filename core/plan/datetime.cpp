// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/payloadvalues.h"

namespace qdrant2pg {

namespace {

constexpr bool isSpace(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

/// Days since 1970-01-01 of a date of the proleptic Gregorian calendar, by counting years from 1 March.
constexpr std::int64_t daysSinceEpoch(std::int64_t year, int month, int day)
{
    const std::int64_t marchYear = month > 2 ? year : year - 1;
    const std::int64_t cycle = (marchYear >= 0 ? marchYear : marchYear - 399) / 400;
    const std::int64_t yearOfCycle = marchYear - cycle * 400;
    const std::int64_t dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    return cycle * 146097 + yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear - 719468;
}

static_assert(daysSinceEpoch(1970, 1, 1) == 0);
static_assert(daysSinceEpoch(2000, 3, 1) == 11017);
static_assert(daysSinceEpoch(0, 1, 1) == -719528);

constexpr int daysInMonth(std::int64_t year, int month)
{
    constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return month == 2 && leap ? 29 : days[month - 1];
}

/// Reads the text from left to right. The server tries a list of formats in turn; some of their liberties
/// exclude each other, which the two flags remember.
class DatetimeReader {
public:
    explicit DatetimeReader(std::string_view text)
        : m_text(text)
    {
    }

    std::optional<std::int64_t> read()
    {
        if (!readDate())
            return std::nullopt;
        if (atEnd())
            return m_relaxedOnly ? std::nullopt : std::optional(result());
        if (!readTime() || !readZone() || !atEnd() || (m_relaxedOnly && m_strictOnly))
            return std::nullopt;
        return result();
    }

private:
    bool atEnd() const { return m_at == m_text.size(); }
    char peek() const { return atEnd() ? '\0' : m_text[m_at]; }
    bool skipSpaces()
    {
        const std::size_t start = m_at;
        while (!atEnd() && isSpace(m_text[m_at]))
            ++m_at;
        return m_at > start;
    }
    bool literal(char c)
    {
        if (skipSpaces())
            m_relaxedOnly = true;
        if (peek() != c)
            return false;
        ++m_at;
        return true;
    }
    /// 1 to maxDigits digits after optional white space.
    bool number(int maxDigits, std::int64_t& value)
    {
        skipSpaces();
        int digits = 0;
        for (value = 0; digits < maxDigits && isDigit(peek()); ++digits)
            value = value * 10 + (m_text[m_at++] - '0');
        return digits > 0;
    }
    bool number(int minimum, int maximum, int& value)
    {
        std::int64_t wide = 0;
        if (!number(2, wide) || wide < minimum || wide > maximum)
            return false;
        value = static_cast<int>(wide);
        return true;
    }

    bool readDate()
    {
        skipSpaces();
        const bool negative = peek() == '-';
        const bool hasSign = negative || peek() == '+';
        if (hasSign) {
            ++m_at;
            if (!isDigit(peek()))
                return false;
        }
        // The server's calendar ends at year 262142; without a sign a year has at most four digits.
        if (!number(hasSign ? 9 : 4, m_year) || m_year > 262142)
            return false;
        if (negative)
            m_year = -m_year;
        return literal('-') && number(1, 12, m_month) && literal('-') && number(1, 31, m_day)
            && m_day <= daysInMonth(m_year, m_month);
    }

    bool readTime()
    {
        if (peek() == 't')
            m_relaxedOnly = true;
        else if (peek() != 'T' && !isSpace(peek()))
            return false;
        ++m_at;
        if (!number(0, 23, m_hour) || !literal(':') || !number(0, 59, m_minute))
            return false;
        if (atEnd())
            return !m_relaxedOnly;
        if (!literal(':') || !number(0, 60, m_second))
            return false;
        if (peek() != '.')
            return true;
        ++m_at;
        int digits = 0;
        for (; isDigit(peek()); ++m_at, ++digits) {
            if (digits < 6)
                m_micros = m_micros * 10 + (m_text[m_at] - '0');
        }
        for (int i = digits; i < 6; ++i)
            m_micros *= 10;
        return digits > 0;
    }

    bool readZone()
    {
        if (atEnd())
            return !m_relaxedOnly;
        skipSpaces();
        const char c = peek();
        if (c == 'Z' || c == 'z') {
            ++m_at;
        } else if (m_text.size() - m_at >= 3 && (c | 0x20) == 'u' && (m_text[m_at + 1] | 0x20) == 't'
            && (m_text[m_at + 2] | 0x20) == 'c') {
            m_at += 3;
            m_relaxedOnly = true;
        } else if (!readOffset()) {
            return false;
        }
        if (skipSpaces())
            m_relaxedOnly = true;
        return true;
    }

    bool readOffset()
    {
        constexpr std::string_view minusSign = "\xE2\x88\x92";
        int sign = 1;
        if (m_text.substr(m_at).starts_with(minusSign)) {
            sign = -1;
            m_at += minusSign.size();
        } else if (peek() == '+' || peek() == '-') {
            sign = peek() == '-' ? -1 : 1;
            ++m_at;
        } else {
            return false;
        }
        int hours = 0;
        int minutes = 0;
        if (!twoDigits(hours) || hours > 23)
            return false;
        while (peek() == ':' || isSpace(peek()))
            ++m_at;
        if (atEnd())
            m_strictOnly = true;
        else if (!twoDigits(minutes) || minutes > 59)
            return false;
        m_offsetSeconds = sign * (hours * 3600 + minutes * 60);
        return true;
    }

    bool twoDigits(int& value)
    {
        if (m_text.size() - m_at < 2 || !isDigit(m_text[m_at]) || !isDigit(m_text[m_at + 1]))
            return false;
        value = (m_text[m_at] - '0') * 10 + (m_text[m_at + 1] - '0');
        m_at += 2;
        return true;
    }

    std::int64_t result() const
    {
        const std::int64_t seconds = daysSinceEpoch(m_year, m_month, m_day) * 86400 + m_hour * 3600
            + m_minute * 60 + m_second - m_offsetSeconds;
        return seconds * 1'000'000 + m_micros;
    }

    std::string_view m_text;
    std::size_t m_at = 0;
    std::int64_t m_year = 0;
    int m_month = 0;
    int m_day = 0;
    int m_hour = 0;
    int m_minute = 0;
    int m_second = 0;
    std::int64_t m_micros = 0;
    int m_offsetSeconds = 0;
    /// Spaces between parts, t, UTC and a trailing space exist in one format only, which wants seconds and a
    /// full zone.
    bool m_relaxedOnly = false;
    /// A zone of hours alone exists in the other formats only.
    bool m_strictOnly = false;
};

} // namespace

std::optional<std::int64_t> parseQdrantDatetime(std::string_view text)
{
    // The shortest form is 0-1-1; everything without a digit or sign in front is no date, which most strings
    // are.
    if (text.size() < 5 || text.size() > 128)
        return std::nullopt;
    const char first = text.front();
    if (!isDigit(first) && first != '+' && first != '-' && !isSpace(first))
        return std::nullopt;
    return DatetimeReader(text).read();
}

bool fitsTimestamptz(std::int64_t unixMicroseconds)
{
    // The upper end, 294276 AD, lies beyond 64 bits of microseconds since 1970.
    constexpr std::int64_t first = daysSinceEpoch(-4713, 11, 24) * 86'400'000'000;
    return unixMicroseconds >= first;
}

} // namespace qdrant2pg
