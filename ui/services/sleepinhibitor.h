// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>

namespace qdrant2pg {

/// Keeps the computer awake while a run is going (systemd-logind over D-Bus). Where that is not there nothing
/// happens. GUI thread; never waits.
class SleepInhibitor : public QObject {
    Q_OBJECT
public:
    explicit SleepInhibitor(QObject* parent = nullptr);
    ~SleepInhibitor() override;

    void inhibit(const QString& why);
    void release();
    bool isWanted() const { return m_wanted; }

private:
    bool m_wanted = false;
    /// Counts wishes, so that the answer to an outdated one is let go.
    int m_turn = 0;
    int m_lock = -1;
};

} // namespace qdrant2pg
