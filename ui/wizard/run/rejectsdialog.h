// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/connection.h"
#include "ui/models/rejectsmodel.h"
#include "ui/services/backgroundjob.h"
#include "ui/services/services.h"
#include "ui/wizard/run/migrationsession.h"

#include <QDialog>
#include <QSortFilterProxyModel>

class QComboBox;
class QLabel;
class QPlainTextEdit;
class QPushButton;
class QSplitter;
class QTableView;

namespace qdrant2pg {

class MessageBar;
class RetryBar;

/// The rejected points of the session's run, from its ledger: by reason, each with the point as Qdrant sent
/// it; export as JSON Lines or CSV; tried again when that can help. Reads again when the number of rejects
/// has changed.
class RejectsDialog : public QDialog {
    Q_OBJECT
public:
    RejectsDialog(Services& services, std::shared_ptr<MigrationSession> session, QWidget* parent);

    /// Reads what is rejected by now and comes to the front.
    void open() override;
    RejectsModel& model() { return m_model; }

protected:
    void changeEvent(QEvent* event) override;
    void showEvent(QShowEvent* event) override;

private:
    struct Place {
        TargetOptions target;
        QString ledgerSchema;
        QString runId;
    };
    RunController& run() const { return m_session->run; }
    Place place() const;
    void refresh();
    void load();
    void showRejects(const QList<RejectRow>& rejects);
    void showReasons();
    void showPoint();
    /// The selected ones that trying again can help.
    QList<RejectRow> fittingRejects() const;
    void showRetry();
    void retry();
    void showReplayed(const ReplayOutcome& outcome);
    void exportRejects();
    void retranslate();

    Services& m_services;
    std::shared_ptr<MigrationSession> m_session;
    BackgroundJob m_loading;
    BackgroundJob m_writing;
    RejectsModel m_model;
    QSortFilterProxyModel m_proxy;
    QString m_runId;
    qint64 m_count = -1;
    qint64 m_loaded = -1;
    bool m_retried = false;
    bool m_hadRejects = false;
    MessageBar* m_messages;
    QLabel* m_summary;
    QLabel* m_reasonLabel;
    QComboBox* m_reason;
    QSplitter* m_splitter;
    QTableView* m_table;
    QPlainTextEdit* m_point;
    QLabel* m_why;
    RetryBar* m_retry;
    QPushButton* m_export;
    QPushButton* m_close;
};

} // namespace qdrant2pg
