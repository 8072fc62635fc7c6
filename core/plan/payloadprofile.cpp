// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/payloadprofile.h"

#include "core/common/jsontext.h"
#include "core/plan/payloadvalues.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

constexpr int deepestObject = 4;
constexpr qsizetype mostPaths = 2000;
constexpr std::size_t mostDistinct = 1000;
constexpr int mostElements = 200;
constexpr int exampleLength = 80;

QString exampleText(std::string_view value)
{
    QString text = QString::fromUtf8(
        value.data(), static_cast<qsizetype>(std::min<std::size_t>(value.size(), 4 * exampleLength)));
    if (text.size() > exampleLength)
        text = text.left(exampleLength - 1) + QChar(0x2026);
    return text;
}

bool isUnsignedBeyondInt64(std::string_view token)
{
    return token.front() != '-' && token.size() >= 19 && !integerFromJson(token);
}

} // namespace

void PayloadProfile::add(std::string_view payloadJson)
{
    ++m_points;
    if (jsontext::hasNulEscape(payloadJson))
        ++m_pointsWithNul;
    addObject(payloadJson, QString(), 1);
}

void PayloadProfile::addObject(std::string_view object, const QString& prefix, int depth)
{
    jsontext::forEachMember(object, [&](std::string_view rawKey, std::string_view value) {
        const QString key = QString::fromStdString(jsontext::unescape(rawKey).value_or(std::string(rawKey)));
        const QString segment = payloadPathKey(key);
        addValue(value, prefix.isEmpty() ? segment : prefix + QLatin1Char('.') + segment, depth);
        return true;
    });
}

void PayloadProfile::addValue(std::string_view value, const QString& path, int depth)
{
    auto entry = m_paths.find(path);
    if (entry == m_paths.end()) {
        if (m_paths.size() >= mostPaths)
            return;
        entry = m_paths.insert(path, PathProfile());
        entry->path = path;
    }
    if (m_lastPoint.value(path) != m_points) {
        ++entry->present;
        m_lastPoint.insert(path, m_points);
    }
    if (value == "null") {
        ++entry->nulls;
        return;
    }
    if (value.front() == '[') {
        ++entry->arrays;
        // The map may grow below, which moves nothing: QMap keeps its nodes.
        PathProfile& profile = *entry;
        int elements = 0;
        jsontext::forEachElement(value, [&](std::string_view element) {
            if (element != "null") {
                addScalar(element, profile);
                if (element.front() == '{' && depth < deepestObject)
                    addObject(element, path + QStringLiteral("[]"), depth + 1);
            }
            return ++elements < mostElements;
        });
        return;
    }
    addScalar(value, *entry);
    if (value.front() == '{' && depth < deepestObject)
        addObject(value, path, depth + 1);
}

void PayloadProfile::addScalar(std::string_view value, PathProfile& profile)
{
    switch (value.front()) {
    case '{':
        ++profile.objects;
        if (parseGeoObject(value))
            ++profile.geoObjects;
        break;
    case '[':
        ++profile.objects;
        break;
    case 't':
    case 'f':
        ++profile.booleans;
        break;
    case '"': {
        ++profile.strings;
        const std::optional<std::string> text = stringFromJson(value);
        if (!text)
            break;
        profile.longestString = std::max(profile.longestString, static_cast<qint64>(text->size()));
        if (text->find('\0') != std::string::npos)
            ++profile.nulStrings;
        else if (parseUuidSpelling(*text))
            ++profile.uuidStrings;
        else if (parseQdrantDatetime(*text))
            ++profile.datetimeStrings;
        break;
    }
    default:
        if (value.find_first_of(".eE") != std::string_view::npos) {
            ++profile.floats;
        } else {
            ++profile.integers;
            if (isUnsignedBeyondInt64(value))
                ++profile.bigIntegers;
        }
    }
    if (value.front() == '{' || value.front() == '[') {
        if (profile.examples.isEmpty())
            profile.examples << exampleText(value);
        return;
    }
    std::set<std::string>& distinct = m_distinct[profile.path];
    if (distinct.size() >= mostDistinct) {
        profile.distinctCapped = profile.distinctCapped || !distinct.contains(std::string(value));
        return;
    }
    if (distinct.emplace(value).second) {
        profile.distinct = static_cast<qint64>(distinct.size());
        if (profile.examples.size() < 3)
            profile.examples << exampleText(value);
    }
}

QList<PathProfile> PayloadProfile::paths() const
{
    return m_paths.values();
}

const PathProfile* PayloadProfile::path(const QString& path) const
{
    const auto entry = m_paths.find(path);
    return entry == m_paths.end() ? nullptr : &*entry;
}

qint64 PayloadProfile::valueCount(const PathProfile& profile)
{
    return profile.booleans + profile.integers + profile.floats + profile.strings + profile.objects;
}

QString PayloadProfile::typeWords(const PathProfile& profile)
{
    struct Kind {
        qint64 count;
        QString word;
    };
    QList<Kind> kinds;
    const auto add = [&kinds](qint64 count, const char* word) {
        if (count > 0)
            kinds << Kind{count, QString::fromLatin1(word)};
    };
    const bool allUuids = profile.strings > 0 && profile.uuidStrings == profile.strings;
    const bool allDatetimes = profile.strings > 0 && profile.datetimeStrings == profile.strings;
    const bool allGeo = profile.objects > 0 && profile.geoObjects == profile.objects;
    add(profile.strings, allUuids ? "uuid" : allDatetimes ? "datetime" : "text");
    add(profile.integers, "integer");
    add(profile.floats, "number");
    add(profile.booleans, "boolean");
    add(profile.objects, allGeo ? "geo point" : "object");
    // Whole numbers among fractions are numbers all the same.
    if (profile.integers > 0 && profile.floats > 0) {
        kinds.removeIf([](const Kind& kind) { return kind.word == QLatin1String("integer"); });
    }
    std::stable_sort(
        kinds.begin(), kinds.end(), [](const Kind& a, const Kind& b) { return a.count > b.count; });
    if (kinds.isEmpty())
        return profile.arrays > 0 ? QStringLiteral("empty array") : QStringLiteral("null");
    QString words = kinds.first().word;
    if (kinds.size() > 1) {
        QStringList all;
        for (const Kind& kind : kinds)
            all << kind.word;
        words = QStringLiteral("mixed: ") + all.join(QStringLiteral(", "));
    }
    if (profile.arrays > 0)
        words += profile.arrays == profile.present - profile.nulls ? QStringLiteral(" array")
                                                                   : QStringLiteral(", some in arrays");
    return words;
}

} // namespace qdrant2pg
