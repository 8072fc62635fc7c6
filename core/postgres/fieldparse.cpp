// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/fieldtext.h"

#include <charconv>
#include <chrono>
#include <cmath>
#include <deque>
#include <limits>
#include <vector>

namespace qdrant2pg {

namespace {

EncodeProblem problem(const char* sqlState, QString reason)
{
    return EncodeProblem{sqlState, std::move(reason)};
}

QString quotedSample(std::string_view text)
{
    constexpr std::size_t longest = 40;
    QString sample = QString::fromUtf8(text.data(), static_cast<qsizetype>(std::min(text.size(), longest)));
    if (text.size() > longest)
        sample += QChar(0x2026);
    return QLatin1Char('"') + sample + QLatin1Char('"');
}

EncodeProblem notA(const QString& what, std::string_view text)
{
    return problem("22P02", QStringLiteral("%1 is not %2").arg(quotedSample(text), what));
}

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && isSpace(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && isSpace(text.back()))
        text.remove_suffix(1);
    return text;
}

template <class Number> bool wholeNumber(std::string_view text, Number& value)
{
    if (text.starts_with('+') && text.size() > 1 && text[1] != '-')
        text.remove_prefix(1);
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    return error == std::errc() && end == text.data() + text.size();
}

/// Like wholeNumber for float and double; a value too small for the type is the nearest one (0 or a
/// subnormal).
template <class Real> bool wholeReal(std::string_view text, Real& value)
{
    if (text.starts_with('+') && text.size() > 1 && text[1] != '-')
        text.remove_prefix(1);
    const auto [end, error] =
        std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::general);
    return error == std::errc() && end == text.data() + text.size();
}

int hexValue(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/// 32 hexadecimal digits, hyphens anywhere between groups, braces around it allowed, as PostgreSQL reads
/// uuid.
bool parseUuid(std::string_view text, std::array<std::uint8_t, 16>& uuid)
{
    if (text.size() >= 2 && text.front() == '{' && text.back() == '}')
        text = text.substr(1, text.size() - 2);
    std::size_t digits = 0;
    for (const char c : text) {
        if (c == '-' && digits > 0 && digits < 32 && digits % 4 == 0)
            continue;
        const int value = hexValue(c);
        if (value < 0 || digits == 32)
            return false;
        if (digits % 2 == 0)
            uuid[digits / 2] = static_cast<std::uint8_t>(value << 4);
        else
            uuid[digits / 2] = static_cast<std::uint8_t>(uuid[digits / 2] | value);
        ++digits;
    }
    return digits == 32;
}

/// "[1,2]" or, when allowed, "{1,2}". The problem names the element.
EncodeResult parseFloats(std::string_view text, std::vector<float>& values, FieldTextNotes* notes)
{
    values.clear();
    std::string_view inside = trimmed(text);
    const bool braced = inside.size() >= 2 && inside.front() == '{' && inside.back() == '}';
    if (!braced && (inside.size() < 2 || inside.front() != '[' || inside.back() != ']'))
        return problem(
            "22P02", QStringLiteral("%1 is not a vector: it must stand in [ and ]").arg(quotedSample(text)));
    if (braced && notes)
        notes->bracedVector = true;
    inside = inside.substr(1, inside.size() - 2);
    while (true) {
        const std::size_t comma = inside.find(',');
        const std::string_view element = trimmed(inside.substr(0, comma));
        float value = 0;
        if (!wholeReal(element, value) || !std::isfinite(value))
            return problem("22P02",
                QStringLiteral("element %1 of the vector, %2, is no finite number of single precision")
                    .arg(values.size() + 1)
                    .arg(quotedSample(element)));
        values.push_back(value);
        if (comma == std::string_view::npos)
            return std::nullopt;
        inside.remove_prefix(comma + 1);
    }
}

EncodeResult addSparse(CopyBuffer& buffer, const ColumnSpec& column, std::string_view text)
{
    const std::string_view whole = trimmed(text);
    const std::size_t close = whole.rfind('}');
    std::int64_t dimensions = 0;
    if (!whole.starts_with('{') || close == std::string_view::npos || close + 1 >= whole.size()
        || whole[close + 1] != '/' || !wholeNumber(whole.substr(close + 2), dimensions))
        return notA(QStringLiteral("a sparse vector of the form {index:value,...}/dimensions"), text);
    if (auto bad = CopyBuffer::checkDimensions(column.dimensions, dimensions))
        return bad;
    std::vector<std::uint32_t> indices;
    std::vector<float> values;
    std::string_view inside = trimmed(whole.substr(1, close - 1));
    while (!inside.empty()) {
        const std::size_t comma = inside.find(',');
        const std::string_view entry = trimmed(inside.substr(0, comma));
        const std::size_t colon = entry.find(':');
        std::uint32_t index = 0;
        float value = 0;
        if (colon == std::string_view::npos || !wholeNumber(trimmed(entry.substr(0, colon)), index)
            || index == 0 || !wholeReal(trimmed(entry.substr(colon + 1)), value))
            return notA(
                QStringLiteral("an index:value pair of a sparse vector (indices count from 1)"), entry);
        indices.push_back(index - 1);
        values.push_back(value);
        if (comma == std::string_view::npos)
            break;
        inside.remove_prefix(comma + 1);
    }
    return buffer.addSparsevec(dimensions, indices, values);
}

/// Elements of a one-dimensional array literal, unescaped; nothing is NULL. False when it is none.
bool parseArray(std::string_view text, std::vector<std::optional<std::string_view>>& elements,
    std::deque<std::string>& store)
{
    elements.clear();
    std::string_view rest = trimmed(text);
    if (rest.size() < 2 || rest.front() != '{' || rest.back() != '}')
        return false;
    rest = rest.substr(1, rest.size() - 2);
    if (trimmed(rest).empty())
        return true;
    std::size_t at = 0;
    while (true) {
        while (at < rest.size() && isSpace(rest[at]))
            ++at;
        if (at < rest.size() && rest[at] == '"') {
            std::string& value = store.emplace_back();
            ++at;
            while (at < rest.size() && rest[at] != '"') {
                if (rest[at] == '\\' && ++at == rest.size())
                    return false;
                value += rest[at++];
            }
            if (at == rest.size())
                return false;
            ++at;
            elements.emplace_back(value);
        } else {
            const std::size_t start = at;
            while (at < rest.size() && rest[at] != ',') {
                if (rest[at] == '"' || rest[at] == '{' || rest[at] == '}' || rest[at] == '\\')
                    return false;
                ++at;
            }
            const std::string_view word = trimmed(rest.substr(start, at - start));
            if (word.empty())
                return false;
            const bool null = word.size() == 4 && (word[0] | 32) == 'n' && (word[1] | 32) == 'u'
                && (word[2] | 32) == 'l' && (word[3] | 32) == 'l';
            if (null)
                elements.emplace_back(std::nullopt);
            else
                elements.emplace_back(word);
        }
        while (at < rest.size() && isSpace(rest[at]))
            ++at;
        if (at == rest.size())
            return true;
        if (rest[at] != ',')
            return false;
        ++at;
    }
}

bool parseBoolean(std::string_view text, bool& value)
{
    std::string word;
    for (const char c : trimmed(text))
        word += (c >= 'A' && c <= 'Z') ? static_cast<char>(c + 32) : c;
    value = word == "t" || word == "true" || word == "1" || word == "yes" || word == "on" || word == "y";
    return value || word == "f" || word == "false" || word == "0" || word == "no" || word == "off"
        || word == "n";
}

bool parseDouble(std::string_view text, double& value)
{
    text = trimmed(text);
    if (text == "NaN") {
        value = std::numeric_limits<double>::quiet_NaN();
        return true;
    }
    if (text == "Infinity" || text == "-Infinity") {
        value = text[0] == '-' ? -std::numeric_limits<double>::infinity()
                               : std::numeric_limits<double>::infinity();
        return true;
    }
    return wholeReal(text, value) && std::isfinite(value);
}

bool parsePoint(std::string_view text, double& x, double& y)
{
    text = trimmed(text);
    if (text.size() >= 2 && text.front() == '(' && text.back() == ')')
        text = text.substr(1, text.size() - 2);
    const std::size_t comma = text.find(',');
    return comma != std::string_view::npos && parseDouble(text.substr(0, comma), x)
        && parseDouble(text.substr(comma + 1), y);
}

template <class Value, class Parse>
bool parseElements(const std::vector<std::optional<std::string_view>>& elements,
    std::vector<std::optional<Value>>& values, Parse&& parse)
{
    for (const auto& element : elements) {
        if (!element) {
            values.emplace_back(std::nullopt);
            continue;
        }
        Value value{};
        if (!parse(*element, value))
            return false;
        values.emplace_back(value);
    }
    return true;
}

EncodeResult addArray(
    CopyBuffer& buffer, const ColumnSpec& column, std::string_view text, std::uint32_t vectorOid)
{
    std::vector<std::optional<std::string_view>> elements;
    std::deque<std::string> store;
    if (!parseArray(text, elements, store))
        return notA(QStringLiteral("an array of the form {a,b}"), text);
    const auto wrongElement = [&] {
        return notA(QStringLiteral("an array of %1").arg(columnTypeName(column.type)), text);
    };
    switch (column.type) {
    case ColumnType::TextArray:
        return buffer.addTextArray(elements);
    case ColumnType::BigintArray: {
        std::vector<std::optional<std::int64_t>> values;
        if (!parseElements(
                elements, values, [](std::string_view e, std::int64_t& v) { return wholeNumber(e, v); }))
            return wrongElement();
        buffer.addBigintArray(values);
        return std::nullopt;
    }
    case ColumnType::DoubleArray: {
        std::vector<std::optional<double>> values;
        if (!parseElements(elements, values, parseDouble))
            return wrongElement();
        buffer.addDoubleArray(values);
        return std::nullopt;
    }
    case ColumnType::BooleanArray: {
        std::vector<std::optional<bool>> values;
        if (!parseElements(elements, values, parseBoolean))
            return wrongElement();
        buffer.addBooleanArray(values);
        return std::nullopt;
    }
    case ColumnType::SmallintArray: {
        std::vector<float> values;
        for (const auto& element : elements) {
            std::int16_t value = 0;
            if (!element || !wholeNumber(*element, value))
                return wrongElement();
            values.push_back(value);
        }
        if (auto bad =
                CopyBuffer::checkDimensions(column.dimensions, static_cast<std::int64_t>(values.size())))
            return bad;
        return buffer.addSmallintArray(values);
    }
    default:
        break;
    }
    std::vector<float> all;
    std::vector<float> row;
    for (const auto& element : elements) {
        if (!element)
            return wrongElement();
        if (auto bad = parseFloats(*element, row, nullptr))
            return bad;
        if (auto bad = CopyBuffer::checkDimensions(column.dimensions, static_cast<std::int64_t>(row.size())))
            return bad;
        if (!all.empty() && row.size() * elements.size() < all.size() + row.size())
            return wrongElement();
        all.insert(all.end(), row.begin(), row.end());
    }
    if (!elements.empty() && all.size() % elements.size() != 0)
        return wrongElement();
    return buffer.addVectorArray(vectorOid, static_cast<std::uint32_t>(elements.size()), all);
}

bool digits(std::string_view& text, int least, int most, std::int64_t& value)
{
    value = 0;
    int count = 0;
    while (count < most && !text.empty() && text.front() >= '0' && text.front() <= '9') {
        value = value * 10 + (text.front() - '0');
        text.remove_prefix(1);
        ++count;
    }
    return count >= least;
}

bool take(std::string_view& text, char c)
{
    if (text.empty() || text.front() != c)
        return false;
    text.remove_prefix(1);
    return true;
}

} // namespace

bool parseTimestamptz(std::string_view text, std::int64_t& unixMicroseconds)
{
    using namespace std::chrono;
    text = trimmed(text);
    std::int64_t year = 0;
    std::int64_t month = 0;
    std::int64_t day = 0;
    std::int64_t hour = 0;
    std::int64_t minute = 0;
    std::int64_t second = 0;
    std::int64_t micros = 0;
    std::int64_t zoneSeconds = 0;
    if (!digits(text, 4, 6, year) || !take(text, '-') || !digits(text, 2, 2, month) || !take(text, '-')
        || !digits(text, 2, 2, day))
        return false;
    if (take(text, ' ') || take(text, 'T') || take(text, 't')) {
        if (!digits(text, 2, 2, hour) || !take(text, ':') || !digits(text, 2, 2, minute))
            return false;
        if (take(text, ':')) {
            if (!digits(text, 2, 2, second))
                return false;
            if (take(text, '.')) {
                const std::size_t before = text.size();
                if (!digits(text, 1, 6, micros))
                    return false;
                for (std::size_t used = before - text.size(); used < 6; ++used)
                    micros *= 10;
                while (!text.empty() && text.front() >= '0' && text.front() <= '9')
                    text.remove_prefix(1);
            }
        }
        if (take(text, 'Z') || take(text, 'z')) {
            zoneSeconds = 0;
        } else if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
            const int sign = text.front() == '-' ? -1 : 1;
            text.remove_prefix(1);
            std::int64_t zoneHour = 0;
            std::int64_t zoneMinute = 0;
            std::int64_t zoneSecond = 0;
            if (!digits(text, 2, 2, zoneHour))
                return false;
            const bool colon = take(text, ':');
            if (!digits(text, colon ? 2 : 0, 2, zoneMinute))
                return false;
            if (colon && take(text, ':') && !digits(text, 2, 2, zoneSecond))
                return false;
            if (zoneHour > 15 || zoneMinute > 59 || zoneSecond > 59)
                return false;
            zoneSeconds = sign * (zoneHour * 3600 + zoneMinute * 60 + zoneSecond);
        }
    }
    text = trimmed(text);
    if (text == "BC") {
        if (year < 1)
            return false;
        year = 1 - year;
        text = {};
    }
    if (!text.empty() || hour > 24 || minute > 59 || second > 60
        || (hour == 24 && (minute > 0 || second > 0 || micros > 0)))
        return false;
    std::int64_t cycles = year / 400;
    std::int64_t inCycle = year % 400;
    if (inCycle < 0) {
        inCycle += 400;
        --cycles;
    }
    const year_month_day date{std::chrono::year{static_cast<int>(inCycle)},
        std::chrono::month{static_cast<unsigned>(month)}, std::chrono::day{static_cast<unsigned>(day)}};
    if (!date.ok())
        return false;
    const std::int64_t dayNumber = sys_days{date}.time_since_epoch().count() + cycles * 146'097;
    const std::int64_t seconds = dayNumber * 86'400 + hour * 3600 + minute * 60 + second - zoneSeconds;
    if (seconds > std::numeric_limits<std::int64_t>::max() / 1'000'000 - 1
        || seconds < std::numeric_limits<std::int64_t>::min() / 1'000'000 + 1)
        return false;
    unixMicroseconds = seconds * 1'000'000 + micros;
    return true;
}

EncodeResult addFieldText(CopyBuffer& buffer, const ColumnSpec& column, std::string_view text,
    std::uint32_t vectorOid, FieldTextNotes* notes)
{
    switch (column.type) {
    case ColumnType::Uuid: {
        std::array<std::uint8_t, 16> uuid{};
        if (!parseUuid(trimmed(text), uuid))
            return notA(QStringLiteral("a UUID"), text);
        buffer.addUuid(uuid);
        return std::nullopt;
    }
    case ColumnType::Bigint: {
        std::int64_t value = 0;
        if (!wholeNumber(trimmed(text), value))
            return notA(QStringLiteral("a whole number that fits into bigint"), text);
        buffer.addBigint(value);
        return std::nullopt;
    }
    case ColumnType::Numeric: {
        const std::string_view token = trimmed(text);
        if (column.dimensions == 20) {
            std::uint64_t value = 0;
            if (!wholeNumber(token, value))
                return notA(QStringLiteral("a whole number from 0 to 18446744073709551615"), text);
            buffer.addNumeric(value);
            return std::nullopt;
        }
        return buffer.addNumericText(token);
    }
    case ColumnType::Double: {
        double value = 0;
        if (!parseDouble(text, value))
            return notA(QStringLiteral("a number of double precision"), text);
        buffer.addDouble(value);
        return std::nullopt;
    }
    case ColumnType::Text:
        return buffer.addText(text);
    case ColumnType::Boolean: {
        bool value = false;
        if (!parseBoolean(text, value))
            return notA(QStringLiteral("true or false"), text);
        buffer.addBoolean(value);
        return std::nullopt;
    }
    case ColumnType::Timestamptz: {
        std::int64_t micros = 0;
        if (!parseTimestamptz(text, micros))
            return notA(QStringLiteral("a date and time"), text);
        if (auto bad = CopyBuffer::checkTimestamptz(micros))
            return bad;
        buffer.addTimestamptz(micros);
        return std::nullopt;
    }
    case ColumnType::Jsonb:
        return buffer.addJsonb(text);
    case ColumnType::Point: {
        double x = 0;
        double y = 0;
        if (!parsePoint(text, x, y))
            return notA(QStringLiteral("a point of the form (x,y)"), text);
        buffer.addPoint(x, y);
        return std::nullopt;
    }
    case ColumnType::Vector:
    case ColumnType::Halfvec: {
        std::vector<float> values;
        if (auto bad = parseFloats(text, values, notes))
            return bad;
        if (auto bad =
                CopyBuffer::checkDimensions(column.dimensions, static_cast<std::int64_t>(values.size())))
            return bad;
        return column.type == ColumnType::Vector ? buffer.addVector(values) : buffer.addHalfvec(values);
    }
    case ColumnType::Sparsevec:
        return addSparse(buffer, column, text);
    case ColumnType::SmallintArray:
    case ColumnType::VectorArray:
    case ColumnType::TextArray:
    case ColumnType::BigintArray:
    case ColumnType::DoubleArray:
    case ColumnType::BooleanArray:
        return addArray(buffer, column, text, vectorOid);
    }
    return notA(columnTypeName(column.type), text);
}

} // namespace qdrant2pg
