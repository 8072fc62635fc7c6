// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"

#include <QObject>
#include <QProcess>

namespace qdrant2pg {

/// The stand-in Qdrant (qdrant2pg-demo) as a child of the wizard, for trying it out without a server. Not
/// Qdrant, and never called so. Ends with this object, and with the program however that ends.
class DemoServer : public QObject {
    Q_OBJECT
public:
    /// `program` for tests; by default the one beside this program, else the one on PATH.
    explicit DemoServer(QString program = {}, QObject* parent = nullptr);
    ~DemoServer() override;

    bool isAvailable() const { return !m_program.isEmpty(); }
    bool isRunning() const { return m_process.state() != QProcess::NotRunning; }
    /// Empty until it listens.
    QString url() const { return m_url; }
    /// Starts it, or says at once where it listens already.
    void start();
    void stop();

signals:
    void ready(const QString& url);
    void failed(const qdrant2pg::Error& error);

private:
    void read();

    QString m_program;
    QProcess m_process;
    QByteArray m_output;
    QString m_url;
    bool m_stopping = false;
};

} // namespace qdrant2pg
