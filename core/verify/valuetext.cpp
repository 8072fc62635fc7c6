// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/valuetext.h"

#include "core/common/jsontext.h"
#include "core/postgres/bytekernels.h"
#include "core/postgres/fieldtext.h"
#include "core/postgres/rowdigest.h"

#include <bit>
#include <charconv>
#include <map>
#include <vector>

namespace qdrant2pg {

namespace {

constexpr qsizetype longestValue = 300;
constexpr std::size_t mostDifferences = 5;

QString cut(const QString& text)
{
    if (text.size() <= longestValue)
        return text;
    qsizetype end = longestValue;
    if (text.at(end - 1).isHighSurrogate())
        --end;
    return text.left(end) + QChar(0x2026);
}

/// Elements of a dense vector field as their float32 bits.
std::vector<std::uint32_t> elementBits(ColumnType type, std::string_view field)
{
    std::vector<std::uint32_t> bits;
    if (type == ColumnType::Vector) {
        for (std::size_t at = 4; at + 4 <= field.size(); at += 4)
            bits.push_back(bytes::load32(field.data() + at));
    } else {
        for (std::size_t at = 4; at + 2 <= field.size(); at += 2)
            bits.push_back(std::bit_cast<std::uint32_t>(bytes::fromHalf(bytes::load16(field.data() + at))));
    }
    return bits;
}

QString floatText(std::uint32_t bits)
{
    char text[32];
    const auto end = std::to_chars(text, text + sizeof text, std::bit_cast<float>(bits)).ptr;
    return QString::fromLatin1(text, end - text);
}

ValuePair vectorDifference(ColumnType type, std::string_view source, std::string_view target)
{
    const auto a = elementBits(type, source);
    const auto b = elementBits(type, target);
    if (a.size() != b.size())
        return {QStringLiteral("%1 dimensions").arg(a.size()), QStringLiteral("%1 dimensions").arg(b.size())};
    ValuePair pair;
    std::size_t differing = 0;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (a[i] == b[i] || ++differing > mostDifferences)
            continue;
        const QString separator = differing > 1 ? QStringLiteral(", ") : QString();
        pair.source += separator + QStringLiteral("[%1] %2").arg(i + 1).arg(floatText(a[i]));
        pair.target += separator + QStringLiteral("[%1] %2").arg(i + 1).arg(floatText(b[i]));
    }
    const QString total = QStringLiteral(" (%1 of %2 elements differ)").arg(differing).arg(a.size());
    pair.source += (differing > mostDifferences ? QStringLiteral(", \u2026") : QString()) + total;
    pair.target += (differing > mostDifferences ? QStringLiteral(", \u2026") : QString()) + total;
    return pair;
}

std::map<std::string, std::string_view> members(std::string_view object)
{
    std::map<std::string, std::string_view> result;
    jsontext::forEachMember(object, [&result](std::string_view key, std::string_view value) {
        result[jsontext::unescape(key).value_or(std::string(key))] = value;
        return true;
    });
    return result;
}

std::string canonical(std::string_view json)
{
    std::string out;
    RowDigest::appendCanonicalJson(out, json);
    return out;
}

QString objectText(
    const std::map<std::string, std::string_view>& object, const std::vector<std::string>& keys)
{
    std::string text = "{";
    for (const std::string& key : keys) {
        const auto member = object.find(key);
        if (member == object.end())
            continue;
        if (text.size() > 1)
            text += ", ";
        text += jsontext::quoted(key) + ": " + std::string(member->second);
    }
    return cut(QString::fromStdString(text + "}"));
}

ValuePair jsonDifference(std::string_view source, std::string_view target)
{
    const auto a = members(source);
    const auto b = members(target);
    std::vector<std::string> keys;
    for (const auto& [key, value] : a) {
        const auto other = b.find(key);
        if (keys.size() < mostDifferences
            && (other == b.end() || canonical(value) != canonical(other->second)))
            keys.push_back(key);
    }
    for (const auto& [key, value] : b) {
        if (keys.size() < mostDifferences && !a.contains(key))
            keys.push_back(key);
    }
    return {objectText(a, keys), objectText(b, keys)};
}

} // namespace

QString describeValue(ColumnType type, const CopyField& field)
{
    if (!field)
        return QStringLiteral("NULL");
    std::string text;
    if (!appendFieldText(text, type, *field))
        return QStringLiteral("0x")
            + QString::fromLatin1(
                QByteArray(field->data(), static_cast<qsizetype>(std::min<std::size_t>(field->size(), 64)))
                    .toHex());
    return cut(QString::fromStdString(text));
}

ValuePair describeDifference(const ColumnSpec& column, const CopyField& source, const CopyField& target)
{
    if (source && target) {
        if (column.type == ColumnType::Vector || column.type == ColumnType::Halfvec)
            return vectorDifference(column.type, *source, *target);
        if (column.type == ColumnType::Jsonb && source->size() > 1 && target->size() > 1
            && (*source)[1] == '{' && (*target)[1] == '{')
            return jsonDifference(source->substr(1), target->substr(1));
    }
    return {describeValue(column.type, source), describeValue(column.type, target)};
}

} // namespace qdrant2pg
