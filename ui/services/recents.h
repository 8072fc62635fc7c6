// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "core/qdrant/sourceoptions.h"

#include <QDateTime>
#include <QList>
#include <QObject>

namespace qdrant2pg {

class Settings;

/// A connection used before; holds no secret.
struct RecentSource {
    SourcePlan plan;
    bool pinned = false;
    QDateTime lastUsed;
    /// Without the proxy's password.
    SourceAccess access = {};

    /// "prod-qdrant:6333"
    QString label() const;
};

struct RecentTarget {
    TargetPlan plan;
    bool pinned = false;
    QDateTime lastUsed;

    /// "rpg@localhost:5432/gamedb"
    QString label() const;
};

/// The last ten connections of each kind, pinned ones first and never pushed out by newer ones. GUI thread.
class Recents : public QObject {
    Q_OBJECT
public:
    static constexpr int most = 10;

    explicit Recents(Settings& settings, QObject* parent = nullptr);

    const QList<RecentSource>& sources() const { return m_sources; }
    const QList<RecentTarget>& targets() const { return m_targets; }
    /// Puts it to the front; refused silently when it holds a secret. The proxy's password is left out.
    void addSource(const SourcePlan& plan, const SourceAccess& access = {});
    void addTarget(const TargetPlan& plan);
    void setSourcePinned(const QString& label, bool pinned);
    void setTargetPinned(const QString& label, bool pinned);
    void forgetSource(const QString& label);
    void forgetTarget(const QString& label);

signals:
    void changed();

private:
    void load();
    void save();

    Settings& m_settings;
    QList<RecentSource> m_sources;
    QList<RecentTarget> m_targets;
};

/// "prod-qdrant:6333" of a source's URL; the text itself when it is no URL.
QString sourceLabel(const QString& url);
/// "rpg@localhost:5432/gamedb" of a conninfo, without secrets.
QString targetLabel(const QString& conninfo);

} // namespace qdrant2pg
