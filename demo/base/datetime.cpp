// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/base/datetime.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace qdrant2pg::demo {

namespace {

/// Reads fixed pieces off the front of a text.
class Reader {
public:
    explicit Reader(std::string_view text)
        : m_text(text)
    {
    }
    [[nodiscard]] bool atEnd() const { return m_text.empty(); }
    [[nodiscard]] char peek() const { return m_text.empty() ? '\0' : m_text.front(); }
    bool take(char c)
    {
        if (peek() != c || m_text.empty())
            return false;
        m_text.remove_prefix(1);
        return true;
    }
    bool takeWord(std::string_view word)
    {
        if (!m_text.starts_with(word))
            return false;
        m_text.remove_prefix(word.size());
        return true;
    }
    bool number(std::size_t leastDigits, std::size_t mostDigits, std::int64_t& value)
    {
        std::size_t count = 0;
        value = 0;
        while (count < mostDigits && count < m_text.size()
            && std::isdigit(static_cast<unsigned char>(m_text[count])) != 0)
            value = value * 10 + (m_text[count++] - '0');
        m_text.remove_prefix(count);
        return count >= leastDigits;
    }

private:
    std::string_view m_text;
};

std::int64_t daysSinceEpoch(std::int64_t year, std::int64_t month, std::int64_t day)
{
    year -= month <= 2 ? 1 : 0;
    const std::int64_t era = (year >= 0 ? year : year - 399) / 400;
    const std::int64_t yearOfEra = year - era * 400;
    const std::int64_t dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719468;
}

bool validDay(std::int64_t year, std::int64_t month, std::int64_t day)
{
    static constexpr std::array<std::int64_t, 12> lengths{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (month < 1 || month > 12 || day < 1)
        return false;
    const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return day <= lengths[static_cast<std::size_t>(month - 1)] + (month == 2 && leap ? 1 : 0);
}

bool readZone(Reader& reader, std::int64_t& offsetSeconds)
{
    const bool spaced = reader.take(' ');
    if (reader.take('Z') || reader.take('z') || (spaced && reader.takeWord("UTC")))
        return reader.atEnd();
    const std::int64_t sign = reader.peek() == '-' ? -1 : 1;
    if (!reader.take('+') && !reader.take('-'))
        return !spaced && reader.atEnd();
    std::int64_t hours = 0;
    std::int64_t minutes = 0;
    if (!reader.number(2, 2, hours))
        return false;
    if (!reader.atEnd()) {
        reader.take(':');
        if (!reader.number(2, 2, minutes))
            return false;
    }
    offsetSeconds = sign * (hours * 3600 + minutes * 60);
    return reader.atEnd() && hours < 24 && minutes < 60;
}

} // namespace

std::optional<std::int64_t> parseDatetime(std::string_view text)
{
    Reader reader(text);
    while (reader.take(' ')) { }
    const bool minus = reader.peek() == '-';
    const bool signedYear = reader.take('-') || reader.take('+');
    std::int64_t year = 0;
    std::int64_t month = 0;
    std::int64_t day = 0;
    if (!reader.number(4, signedYear ? 6 : 4, year) || !reader.take('-') || !reader.number(2, 2, month)
        || !reader.take('-') || !reader.number(2, 2, day))
        return std::nullopt;
    if (minus)
        year = -year;
    if (!validDay(year, month, day))
        return std::nullopt;
    const std::int64_t midnight = daysSinceEpoch(year, month, day) * 86400;
    if (reader.atEnd())
        return midnight * 1000000;
    if (!reader.take('T') && !reader.take('t') && !reader.take(' '))
        return std::nullopt;
    std::int64_t hour = 0;
    std::int64_t minute = 0;
    std::int64_t second = 0;
    if (!reader.number(2, 2, hour) || !reader.take(':') || !reader.number(2, 2, minute) || hour > 23
        || minute > 59)
        return std::nullopt;
    std::int64_t micros = 0;
    std::int64_t offset = 0;
    if (!reader.atEnd()) {
        if (!reader.take(':') || !reader.number(2, 2, second) || second > 60)
            return std::nullopt;
        if (reader.take('.')) {
            std::int64_t digits = 0;
            std::int64_t scale = 100000;
            if (!reader.number(1, 1, digits))
                return std::nullopt;
            micros = digits * scale;
            while (reader.number(1, 1, digits)) {
                scale /= 10;
                micros += digits * scale;
            }
        }
        if (!readZone(reader, offset))
            return std::nullopt;
    }
    return (midnight + hour * 3600 + minute * 60 + second - offset) * 1000000 + micros;
}

} // namespace qdrant2pg::demo
