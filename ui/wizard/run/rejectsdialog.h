// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/connection.h"
#include "ui/models/rejectsmodel.h"
#include "ui/services/backgroundjob.h"
#include "ui/services/services.h"

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

/// The rejected points of a run, from its ledger: by reason, each with the point as Qdrant sent it; export as
/// JSON Lines or CSV. Reads again when the number of rejects has grown.
class RejectsDialog : public QDialog {
    Q_OBJECT
public:
    RejectsDialog(Services& services, QWidget* parent);

    /// Where the rejects are. Reads them when the run is another, or `count` another than last time.
    void setRun(const TargetOptions& target, const QString& ledgerSchema, const QString& runId, qint64 count);
    RejectsModel& model() { return m_model; }

protected:
    void changeEvent(QEvent* event) override;

private:
    void load();
    void showRejects(const QList<RejectRow>& rejects);
    void showPoint();
    void exportRejects();
    void retranslate();

    Services& m_services;
    BackgroundJob m_loading;
    RejectsModel m_model;
    QSortFilterProxyModel m_proxy;
    TargetOptions m_target;
    QString m_ledgerSchema;
    QString m_runId;
    qint64 m_count = -1;
    MessageBar* m_messages;
    QLabel* m_summary;
    QLabel* m_reasonLabel;
    QComboBox* m_reason;
    QSplitter* m_splitter;
    QTableView* m_table;
    QPlainTextEdit* m_point;
    QPushButton* m_export;
    QPushButton* m_close;
};

} // namespace qdrant2pg
