// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/profile/connectionprofile.h"

#include "core/common/redaction.h"
#include "core/profile/statefolders.h"

#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include <algorithm>

namespace qdrant2pg {

namespace {

constexpr int fileVersion = 1;

struct Field {
    const char* key;
    QString ConnectionProfile::*member;
};

struct NumberField {
    const char* key;
    int ConnectionProfile::*member;
};

constexpr NumberField numberFields[] = {
    {"grpcPort", &ConnectionProfile::grpcPort},
    {"connectTimeout", &ConnectionProfile::connectTimeout},
    {"requestTimeout", &ConnectionProfile::requestTimeout},
};

constexpr Field textFields[] = {
    {"name", &ConnectionProfile::name},
    {"sourceUrl", &ConnectionProfile::sourceUrl},
    {"transport", &ConnectionProfile::transport},
    {"caFile", &ConnectionProfile::caFile},
    {"certificateFile", &ConnectionProfile::certificateFile},
    {"keyFile", &ConnectionProfile::keyFile},
    {"proxy", &ConnectionProfile::proxy},
    {"targetConninfo", &ConnectionProfile::targetConninfo},
    {"schema", &ConnectionProfile::schema},
};

Error profileError(
    const QString& summary, const QString& path, const QString& detail, const QString& hint = {})
{
    Error error = makeError(ErrorKind::Usage, summary, detail, hint);
    error.where.file = path;
    return error;
}

} // namespace

QString ConnectionProfiles::defaultPath()
{
    return configFolder() + QStringLiteral("/profiles.json");
}

Result<ConnectionProfiles> ConnectionProfiles::load(const QString& path)
{
    ConnectionProfiles loaded;
    QFile file(path);
    if (!file.exists())
        return loaded;
    if (!file.open(QIODevice::ReadOnly))
        return fail(profileError(
            QStringLiteral("The connection profiles cannot be read."), path, file.errorString()));
    QJsonParseError parseError;
    const QJsonDocument document = QJsonDocument::fromJson(file.readAll(), &parseError);
    if (!document.isObject())
        return fail(profileError(
            QStringLiteral("The connection profiles are not valid JSON."), path, parseError.errorString()));
    const QJsonObject root = document.object();
    if (const int version = root.value(QLatin1String("version")).toInt(); version != fileVersion)
        return fail(profileError(
            QStringLiteral("The connection profiles are of version %1, this program knows version %2.")
                .arg(version)
                .arg(fileVersion),
            path, {}, QStringLiteral("Use the program that wrote them, or move the file away.")));
    for (const QJsonValue& value : root.value(QLatin1String("profiles")).toArray()) {
        const QJsonObject object = value.toObject();
        ConnectionProfile profile;
        for (const Field& field : textFields)
            profile.*field.member = object.value(QLatin1String(field.key)).toString();
        for (const NumberField& field : numberFields)
            profile.*field.member = object.value(QLatin1String(field.key)).toInt();
        profile.skipTlsVerification = object.value(QLatin1String("skipTlsVerification")).toBool();
        if (profile.name.isEmpty())
            return fail(profileError(QStringLiteral("A connection profile has no name."), path, {}));
        loaded.m_profiles.append(profile);
    }
    return loaded;
}

Result<void> ConnectionProfiles::save(const QString& path) const
{
    QJsonArray array;
    for (const ConnectionProfile& profile : m_profiles) {
        if (redacted(profile.sourceUrl) != profile.sourceUrl || redacted(profile.proxy) != profile.proxy
            || redacted(profile.targetConninfo) != profile.targetConninfo)
            return fail(makeError(ErrorKind::Usage,
                QStringLiteral("The profile %1 holds a password and was not saved.").arg(profile.name), {},
                QStringLiteral("Leave the password out of the URL; the keychain, ~/.pgpass or the "
                               "environment keeps it.")));
        QJsonObject object;
        for (const Field& field : textFields) {
            if (const QString& text = profile.*field.member; !text.isEmpty())
                object.insert(QLatin1String(field.key), text);
        }
        for (const NumberField& field : numberFields) {
            if (profile.*field.member != 0)
                object.insert(QLatin1String(field.key), profile.*field.member);
        }
        if (profile.skipTlsVerification)
            object.insert(QStringLiteral("skipTlsVerification"), true);
        array.append(object);
    }
    if (auto made = makePrivateFolder(QFileInfo(path).absolutePath()); !made)
        return made;
    const QJsonObject root{{QStringLiteral("version"), fileVersion}, {QStringLiteral("profiles"), array}};
    return writePrivateFile(path, QJsonDocument(root).toJson());
}

Result<ConnectionProfile> ConnectionProfiles::profile(const QString& name) const
{
    QStringList names;
    for (const ConnectionProfile& candidate : m_profiles) {
        if (candidate.name == name)
            return candidate;
        names << candidate.name;
    }
    return fail(
        makeError(ErrorKind::Usage, QStringLiteral("There is no connection profile named %1.").arg(name), {},
            names.isEmpty() ? QStringLiteral("No profile was saved yet.")
                            : QStringLiteral("There are: %1.").arg(names.join(QStringLiteral(", ")))));
}

void ConnectionProfiles::insert(const ConnectionProfile& profile)
{
    remove(profile.name);
    m_profiles.append(profile);
}

void ConnectionProfiles::remove(const QString& name)
{
    m_profiles.removeIf([&](const ConnectionProfile& profile) { return profile.name == name; });
}

} // namespace qdrant2pg
