// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>
#include <QSettings>
#include <QVariant>

namespace qdrant2pg {

/// What the wizard remembers (ux.md 2.8). Never a secret.
enum class SettingKey {
    /// system, light or dark.
    Theme,
    WindowGeometry,
    /// JSON arrays, written by Recents.
    RecentSources,
    RecentTargets,
    LastPlanFile,
    LastPlanFolder,
    LastExportFolder,
    LastCertificateFolder,
    CollectionsHeader,
    CollectionsSplitter,
    PreviewSplitter,
    PreviewLimit,
    MappingSplitter,
    RunSplitter,
    RunLogVisible,
    RejectsSplitter,
    NotifyWhenDone,
};

/// Settings in an INI file whose path is given, with a default for every key. GUI thread.
class Settings : public QObject {
    Q_OBJECT
public:
    explicit Settings(const QString& path, QObject* parent = nullptr);
    /// $XDG_CONFIG_HOME/qdrant2pg/wizard.ini
    static QString defaultPath();

    QVariant value(SettingKey key) const;
    QString text(SettingKey key) const { return value(key).toString(); }
    void setValue(SettingKey key, const QVariant& value);
    QString path() const { return m_settings.fileName(); }

signals:
    void changed(qdrant2pg::SettingKey key);

private:
    QSettings m_settings;
};

} // namespace qdrant2pg
