// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/json/planreader.h"

#include "core/common/nearestname.h"
#include "core/plan/payloadvalues.h"
#include "core/plan/planjson.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace qdrant2pg {

namespace {

QString textOfSlice(std::string_view slice)
{
    return QString::fromUtf8(slice.data(), static_cast<qsizetype>(slice.size()));
}

QString typeWords(std::string_view slice)
{
    switch (slice.front()) {
    case '{':
        return QStringLiteral("an object");
    case '[':
        return QStringLiteral("a list");
    case '"':
        return QStringLiteral("the text %1").arg(textOfSlice(slice.substr(0, 60)));
    case 'n':
        return QStringLiteral("null");
    default:
        return textOfSlice(slice.substr(0, 60));
    }
}

/// Keys under which people keep secrets, whatever their spelling.
bool isSecretKey(const QString& key)
{
    QString bare = key.toLower();
    bare.remove(QLatin1Char('_')).remove(QLatin1Char('-'));
    static const QStringList secrets{QStringLiteral("apikey"), QStringLiteral("password"),
        QStringLiteral("passwd"), QStringLiteral("secret"), QStringLiteral("token"),
        QStringLiteral("authorization"), QStringLiteral("bearer"), QStringLiteral("pgpassword"),
        QStringLiteral("qdrantapikey"), QStringLiteral("sslpassword")};
    return secrets.contains(bare);
}

} // namespace

void PlanWriter::textList(const char* key, QStringList& list, WhenEmpty empty)
{
    if (list.isEmpty() && empty == WhenEmpty::LeaveOut)
        return;
    OrderedJson array = OrderedJson::array();
    for (const QString& text : list)
        array.append(OrderedJson::text(text));
    m_json.add(key, std::move(array));
}

void PlanWriter::textOrList(const char* key, QStringList& list)
{
    if (list.size() == 1)
        m_json.add(key, OrderedJson::text(list.first()));
    else
        textList(key, list);
}

void PlanWriter::scalarMap(const char* key, QMap<QString, QJsonValue>& map)
{
    OrderedJson object = OrderedJson::object();
    for (auto it = map.cbegin(); it != map.cend(); ++it)
        object.add(it.key().toUtf8(), OrderedJson::scalar(it.value()));
    m_json.add(key, std::move(object));
}

void PlanWriter::filter(const char* key, QByteArray& json)
{
    if (json.isEmpty()) {
        m_json.add(key, OrderedJson::null());
        return;
    }
    const Result<QByteArray> normalized = normalizedFilter(json);
    // What is no filter is written as text, which the reader refuses with its place.
    m_json.add(
        key, normalized ? OrderedJson::token(*normalized) : OrderedJson::text(QString::fromUtf8(json)));
}

PlanReader::PlanReader(std::string_view json, QString path, std::optional<Error>& fault)
    : m_path(std::move(path))
    , m_fault(fault)
{
    jsontext::forEachMember(json, [this](std::string_view rawKey, std::string_view value) {
        const QString key = QString::fromStdString(jsontext::unescape(rawKey).value_or(std::string(rawKey)));
        for (const Member& member : m_members) {
            if (member.key == key)
                refuse(makeError(
                    ErrorKind::Usage, QStringLiteral("The plan has the key %1 twice.").arg(pathOf(key))));
        }
        m_members.push_back({key, value, false});
        return true;
    });
}

void PlanReader::finish()
{
    for (const Member& member : m_members) {
        if (member.used)
            continue;
        const QString path = pathOf(member.key);
        if (isSecretKey(member.key)) {
            refuse(makeError(ErrorKind::Usage,
                QStringLiteral("The plan holds a secret at %1, which it must not.").arg(path), {},
                QStringLiteral(
                    "Take it out of the plan. The Qdrant key comes from --api-key-file, QDRANT_API_KEY or "
                    "the "
                    "keychain, the PostgreSQL password from PGPASSWORD, ~/.pgpass or the keychain.")));
            return;
        }
        const QString near = nearestName(member.key, m_known);
        refuse(makeError(ErrorKind::Usage, QStringLiteral("The plan has an unknown key: %1.").arg(path), {},
            near.isEmpty() ? QStringLiteral("Known there: %1.").arg(m_known.join(QStringLiteral(", ")))
                           : QStringLiteral("Did you mean \"%1\"?").arg(near)));
        return;
    }
}

std::string_view PlanReader::member(const char* key)
{
    const QString name = QString::fromLatin1(key);
    m_known << name;
    for (Member& member : m_members) {
        if (member.key == name) {
            member.used = true;
            return member.value == "null" ? std::string_view() : member.value;
        }
    }
    return {};
}

void PlanReader::refuse(Error error)
{
    if (!m_fault)
        m_fault = std::move(error);
}

void PlanReader::refuseType(const QString& path, std::string_view slice, const QString& expected)
{
    refuse(makeError(ErrorKind::Usage,
        QStringLiteral("The plan has %1 at %2, where %3 belongs.").arg(typeWords(slice), path, expected)));
}

void PlanReader::refuseWord(const char* key, const QString& word, const QStringList& allowed)
{
    const QString near = nearestName(word, allowed);
    refuse(makeError(ErrorKind::Usage,
        QStringLiteral("The plan has \"%1\" at %2, which is none of the words it knows.")
            .arg(word, pathOf(key)),
        {},
        near.isEmpty() ? QStringLiteral("Use one of: %1.").arg(allowed.join(QStringLiteral(", ")))
                       : QStringLiteral("Did you mean \"%1\"? Known: %2.")
                             .arg(near, allowed.join(QStringLiteral(", ")))));
}

bool PlanReader::expect(const char* key, std::string_view slice, char opening)
{
    if (slice.front() == opening)
        return true;
    refuseType(pathOf(key), slice, opening == '{' ? QStringLiteral("an object") : QStringLiteral("a list"));
    return false;
}

bool PlanReader::readText(const char* key, QString& value)
{
    const std::string_view slice = member(key);
    if (slice.empty())
        return false;
    const auto text = stringFromJson(slice);
    if (!text) {
        refuseType(pathOf(key), slice, QStringLiteral("a text"));
        return false;
    }
    value = QString::fromStdString(*text);
    return true;
}

bool PlanReader::readInteger(const char* key, qint64& value, qint64 minimum, qint64 maximum)
{
    const std::string_view slice = member(key);
    if (slice.empty())
        return false;
    const auto number = integerFromJson(slice);
    if (!number) {
        refuseType(pathOf(key), slice, QStringLiteral("a whole number"));
        return false;
    }
    if (*number < minimum || *number > maximum) {
        refuse(makeError(ErrorKind::Usage,
            QStringLiteral("The plan has %1 at %2, outside %3 to %4.")
                .arg(*number)
                .arg(pathOf(key))
                .arg(minimum)
                .arg(maximum)));
        return false;
    }
    value = *number;
    return true;
}

bool PlanReader::isNull(const char* key) const
{
    for (const Member& member : m_members) {
        if (member.value == "null" && member.key == QLatin1String(key))
            return true;
    }
    return false;
}

void PlanReader::text(const char* key, QString& value, WhenEmpty empty)
{
    if (!readText(key, value) && empty == WhenEmpty::WriteNull && isNull(key))
        value.clear();
}

void PlanReader::choice(const char* key, QString& value, const QStringList& allowed, WhenEmpty)
{
    QString read;
    if (!readText(key, read))
        return;
    if (allowed.contains(read))
        value = read;
    else
        refuseWord(key, read, allowed);
}

void PlanReader::flag(const char* key, bool& value, WhenEmpty)
{
    const std::string_view slice = member(key);
    if (slice.empty())
        return;
    if (slice == "true" || slice == "false")
        value = slice == "true";
    else
        refuseType(pathOf(key), slice, QStringLiteral("true or false"));
}

bool PlanReader::readScalar(const QString& path, std::string_view slice, QJsonValue& value)
{
    const bool number = slice.front() == '-' || (slice.front() >= '0' && slice.front() <= '9');
    if (slice.front() == '{' || slice.front() == '[') {
        refuseType(path, slice, QStringLiteral("a single value"));
        return false;
    }
    if (number) {
        if (const auto integer = integerFromJson(slice)) {
            value = static_cast<qint64>(*integer);
            return true;
        }
        if (slice.find_first_of(".eE") == std::string_view::npos) {
            refuseType(path, slice, QStringLiteral("a number of at most 63 bits"));
            return false;
        }
    }
    const QByteArray wrapped = '[' + QByteArray(slice.data(), static_cast<qsizetype>(slice.size())) + ']';
    value = QJsonDocument::fromJson(wrapped).array().at(0);
    return true;
}

void PlanReader::scalar(const char* key, QJsonValue& value)
{
    const std::string_view slice = member(key);
    if (!slice.empty())
        readScalar(pathOf(key), slice, value);
}

bool PlanReader::readTexts(const char* key, std::string_view slice, QStringList& list)
{
    QStringList read;
    bool good = true;
    jsontext::forEachElement(slice, [&](std::string_view element) {
        const auto text = stringFromJson(element);
        if (!text) {
            refuseType(QStringLiteral("%1[%2]").arg(pathOf(key)).arg(read.size()), element,
                QStringLiteral("a text"));
            good = false;
            return false;
        }
        read << QString::fromStdString(*text);
        return true;
    });
    if (good)
        list = read;
    return good;
}

void PlanReader::textList(const char* key, QStringList& list, WhenEmpty)
{
    const std::string_view slice = member(key);
    if (!slice.empty() && expect(key, slice, '['))
        readTexts(key, slice, list);
}

void PlanReader::textOrList(const char* key, QStringList& list)
{
    const std::string_view slice = member(key);
    if (slice.empty())
        return;
    if (slice.front() == '[') {
        readTexts(key, slice, list);
    } else if (const auto text = stringFromJson(slice)) {
        list = QStringList{QString::fromStdString(*text)};
    } else {
        refuseType(pathOf(key), slice, QStringLiteral("a text or a list of texts"));
    }
}

void PlanReader::scalarMap(const char* key, QMap<QString, QJsonValue>& map)
{
    const std::string_view slice = member(key);
    if (slice.empty() || !expect(key, slice, '{'))
        return;
    map.clear();
    jsontext::forEachMember(slice, [&](std::string_view rawKey, std::string_view value) {
        const QString name = QString::fromStdString(jsontext::unescape(rawKey).value_or(std::string()));
        QJsonValue read;
        if (readScalar(pathOf(key) + QLatin1Char('.') + name, value, read))
            map.insert(name, read);
        return true;
    });
}

void PlanReader::filter(const char* key, QByteArray& json)
{
    const std::string_view slice = member(key);
    if (slice.empty() || !expect(key, slice, '{'))
        return;
    const Result<QByteArray> normalized =
        normalizedFilter(QByteArray(slice.data(), static_cast<qsizetype>(slice.size())));
    if (normalized)
        json = *normalized;
    else
        refuse(normalized.error());
}

} // namespace qdrant2pg
