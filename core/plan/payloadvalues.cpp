// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/payloadvalues.h"

#include "core/common/jsontext.h"

#include <QList>

#include <charconv>
#include <cmath>

namespace qdrant2pg {

namespace {

constexpr bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

int hexValue(char c)
{
    if (isDigit(c))
        return c - '0';
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<double> numberFromJson(std::string_view json)
{
    double value = 0;
    const auto [end, error] = std::from_chars(json.data(), json.data() + json.size(), value);
    if (error != std::errc() || end != json.data() + json.size() || json.front() == '+')
        return std::nullopt;
    return value;
}

void findFrom(const std::vector<PayloadPath::Segment>& segments, std::size_t depth, std::string_view value,
    std::vector<std::string_view>& found)
{
    using Kind = PayloadPath::Segment::Kind;
    if (depth == segments.size()) {
        found.push_back(value);
        return;
    }
    const PayloadPath::Segment& segment = segments[depth];
    if (segment.kind == Kind::Key) {
        jsontext::forEachMember(value, [&](std::string_view key, std::string_view member) {
            const bool same = key.find('\\') == std::string_view::npos
                ? key == segment.key
                : jsontext::unescape(key) == segment.key;
            if (same)
                findFrom(segments, depth + 1, member, found);
            return !same;
        });
        return;
    }
    std::size_t index = 0;
    jsontext::forEachElement(value, [&](std::string_view element) {
        const bool every = segment.kind == Kind::Every;
        if (every || index == segment.index)
            findFrom(segments, depth + 1, element, found);
        return every || index++ < segment.index;
    });
}

bool isPlainKeyCharacter(char32_t c)
{
    return QChar::isLetterOrNumber(c) || c == U'_' || c == U'-';
}

} // namespace

std::optional<std::array<std::uint8_t, 16>> parseUuidSpelling(std::string_view text)
{
    constexpr std::string_view urn = "urn:uuid:";
    if (text.starts_with(urn))
        text.remove_prefix(urn.size());
    else if (text.size() == 38 && text.front() == '{' && text.back() == '}')
        text = text.substr(1, 36);
    const bool hyphens = text.size() == 36;
    if (!hyphens && text.size() != 32)
        return std::nullopt;
    std::array<std::uint8_t, 16> bytes{};
    std::size_t at = 0;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (hyphens && (i == 4 || i == 6 || i == 8 || i == 10) && text[at++] != '-')
            return std::nullopt;
        const int high = hexValue(text[at]);
        const int low = hexValue(text[at + 1]);
        if (high < 0 || low < 0)
            return std::nullopt;
        bytes[i] = static_cast<std::uint8_t>(high * 16 + low);
        at += 2;
    }
    return bytes;
}

std::optional<GeoPoint> parseGeoObject(std::string_view json)
{
    if (json.empty() || json.front() != '{')
        return std::nullopt;
    std::optional<double> lon;
    std::optional<double> lat;
    jsontext::forEachMember(json, [&](std::string_view key, std::string_view value) {
        if (key == "lon")
            lon = numberFromJson(value);
        else if (key == "lat")
            lat = numberFromJson(value);
        return true;
    });
    if (!lon || !lat || std::abs(*lon) > 180.0 || std::abs(*lat) > 90.0)
        return std::nullopt;
    return GeoPoint{*lon, *lat};
}

std::optional<std::string> stringFromJson(std::string_view json)
{
    if (json.size() < 2 || json.front() != '"' || json.back() != '"')
        return std::nullopt;
    const std::string_view inside = json.substr(1, json.size() - 2);
    if (inside.find('\\') == std::string_view::npos)
        return std::string(inside);
    return jsontext::unescape(inside);
}

std::optional<std::int64_t> integerFromJson(std::string_view json)
{
    if (json.empty() || (json.front() != '-' && !isDigit(json.front())))
        return std::nullopt;
    std::int64_t value = 0;
    const char* const last = json.data() + json.size();
    const auto [end, error] = std::from_chars(json.data(), last, value);
    if (error == std::errc() && end == last)
        return value;
    if (json.find_first_of(".eE") == std::string_view::npos)
        return std::nullopt;
    const std::optional<double> number = numberFromJson(json);
    constexpr double limit = 9223372036854775808.0;
    if (!number || std::trunc(*number) != *number || *number < -limit || *number >= limit)
        return std::nullopt;
    return static_cast<std::int64_t>(*number);
}

bool PayloadPath::findsMany() const
{
    for (const Segment& segment : m_segments) {
        if (segment.kind == Segment::Kind::Every)
            return true;
    }
    return false;
}

void PayloadPath::find(std::string_view payload, std::vector<std::string_view>& found) const
{
    if (!m_segments.empty())
        findFrom(m_segments, 0, payload, found);
}

QString PayloadPath::toString() const
{
    QString text;
    for (const Segment& segment : m_segments) {
        switch (segment.kind) {
        case Segment::Kind::Key:
            if (!text.isEmpty())
                text += QLatin1Char('.');
            text += payloadPathKey(QString::fromStdString(segment.key));
            break;
        case Segment::Kind::Index:
            text += QStringLiteral("[%1]").arg(segment.index);
            break;
        case Segment::Kind::Every:
            text += QStringLiteral("[]");
            break;
        }
    }
    return text;
}

QString payloadPathKey(const QString& key)
{
    bool plain = !key.isEmpty();
    for (const char32_t c : key.toUcs4())
        plain = plain && isPlainKeyCharacter(c);
    if (plain)
        return key;
    QString quoted = key;
    quoted.replace(QLatin1Char('\\'), QStringLiteral("\\\\"))
        .replace(QLatin1Char('"'), QStringLiteral("\\\""));
    return QLatin1Char('"') + quoted + QLatin1Char('"');
}

Result<PayloadPath> parsePayloadPath(const QString& text)
{
    const QList<uint> characters = text.toUcs4();
    const qsizetype size = characters.size();
    std::vector<PayloadPath::Segment> segments;
    using Kind = PayloadPath::Segment::Kind;
    const auto refuse = [&text](qsizetype at, const QString& why) {
        return fail(ErrorKind::Usage,
            QStringLiteral("The payload path %1 cannot be read: %2 at character %3.")
                .arg(text, why)
                .arg(at + 1),
            {},
            QStringLiteral("Write it as Qdrant does: a.b, a[].b, a[0], or \"odd key\".b for keys with other "
                           "characters than letters, digits, _ and -."));
    };
    if (size == 0)
        return fail(ErrorKind::Usage, QStringLiteral("A payload path is empty."));

    qsizetype at = 0;
    while (at < size) {
        if (!segments.empty() && characters[at] == '[') {
            qsizetype end = at + 1;
            std::size_t index = 0;
            while (end < size && characters[end] >= '0' && characters[end] <= '9' && end - at <= 9)
                index = index * 10 + (characters[end++] - '0');
            if (end >= size || characters[end] != ']')
                return refuse(end, QStringLiteral("a number and ] were expected"));
            segments.push_back({end == at + 1 ? Kind::Every : Kind::Index, {}, index});
            at = end + 1;
            continue;
        }
        if (!segments.empty()) {
            if (characters[at] != '.')
                return refuse(at, QStringLiteral("a dot or [ was expected"));
            ++at;
        }
        QString key;
        const qsizetype start = at;
        if (at < size && characters[at] == '"') {
            ++at;
            while (at < size && characters[at] != '"') {
                if (characters[at] == '\\' && at + 1 < size)
                    ++at;
                key += QString::fromUcs4(reinterpret_cast<const char32_t*>(&characters[at]), 1);
                ++at;
            }
            if (at >= size)
                return refuse(start, QStringLiteral("the quote is not closed"));
            ++at;
        } else {
            while (at < size && isPlainKeyCharacter(characters[at])) {
                key += QString::fromUcs4(reinterpret_cast<const char32_t*>(&characters[at]), 1);
                ++at;
            }
            if (at == start)
                return refuse(at, QStringLiteral("a key was expected"));
        }
        segments.push_back({Kind::Key, key.toStdString(), 0});
    }
    return PayloadPath(std::move(segments));
}

} // namespace qdrant2pg
