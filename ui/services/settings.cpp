// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/settings.h"

#include "core/profile/statefolders.h"

#include <QDir>

#include <array>

namespace qdrant2pg {

namespace {

constexpr int currentVersion = 1;

struct Entry {
    SettingKey key;
    const char* name;
    const char* fallback;
};

constexpr std::array entries{
    Entry{SettingKey::Theme, "window/theme", "system"},
    Entry{SettingKey::WindowGeometry, "window/geometry", ""},
    Entry{SettingKey::RecentSources, "recents/sources", ""},
    Entry{SettingKey::RecentTargets, "recents/targets", ""},
    Entry{SettingKey::LastPlanFile, "files/plan", ""},
    Entry{SettingKey::LastPlanFolder, "files/planFolder", ""},
    Entry{SettingKey::LastExportFolder, "files/exportFolder", ""},
    Entry{SettingKey::LastCertificateFolder, "files/certificateFolder", ""},
    Entry{SettingKey::CollectionsHeader, "collections/header", ""},
    Entry{SettingKey::CollectionsSplitter, "collections/splitter", ""},
    Entry{SettingKey::PreviewSplitter, "collections/previewSplitter", ""},
    Entry{SettingKey::PreviewLimit, "collections/previewLimit", "20"},
    Entry{SettingKey::MappingSplitter, "mapping/splitter", ""},
    Entry{SettingKey::RunSplitter, "run/splitter", ""},
    Entry{SettingKey::RunLogVisible, "run/logVisible", "false"},
    Entry{SettingKey::RejectsSplitter, "rejects/splitter", ""},
    Entry{SettingKey::NotifyWhenDone, "run/notify", "true"},
};

const Entry& entryOf(SettingKey key)
{
    for (const Entry& entry : entries) {
        if (entry.key == key)
            return entry;
    }
    return entries.front();
}

} // namespace

Settings::Settings(const QString& path, QObject* parent)
    : QObject(parent)
    , m_settings(path, QSettings::IniFormat)
{
    const QString versionKey = QStringLiteral("version");
    if (m_settings.value(versionKey).toInt() < currentVersion)
        m_settings.setValue(versionKey, currentVersion);
}

QString Settings::defaultPath()
{
    return QDir(configFolder()).filePath(QStringLiteral("wizard.ini"));
}

QVariant Settings::value(SettingKey key) const
{
    const Entry& entry = entryOf(key);
    return m_settings.value(QLatin1String(entry.name), QString::fromLatin1(entry.fallback));
}

void Settings::setValue(SettingKey key, const QVariant& newValue)
{
    if (value(key) == newValue)
        return;
    m_settings.setValue(QLatin1String(entryOf(key).name), newValue);
    emit changed(key);
}

} // namespace qdrant2pg
