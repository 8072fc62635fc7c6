// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QProcess>
#include <QString>
#include <QTemporaryDir>

namespace qdrant2pg::test {

/// A D-Bus of this test alone, as session and as system bus: the variables that name them are set to it. Make
/// it before anything asks for a bus; a process keeps the first one it found.
class SessionBus {
public:
    SessionBus();
    ~SessionBus();
    SessionBus(const SessionBus&) = delete;
    SessionBus& operator=(const SessionBus&) = delete;

    /// Why it does not run; empty when it does. Tests skip then.
    QString problem() const { return m_problem; }
    QString address() const { return m_address; }

    /// Starts gnome-keyring on this bus with an empty, unlocked keyring in a folder of its own; why not, or
    /// empty. It ends with this object.
    QString startKeyring();
    void stopKeyring();

private:
    QTemporaryDir m_folder;
    QProcess m_daemon;
    QProcess m_keyring;
    QString m_address;
    QString m_problem;
};

} // namespace qdrant2pg::test
