// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/models/runrecordmodel.h"
#include "ui/services/backgroundjob.h"
#include "ui/wizard/basepage.h"

class QLabel;
class QPushButton;
class QTableView;

namespace qdrant2pg {

class ChoiceButton;

/// New migration, plan file, demonstration, unfinished runs, recent reports.
class StartPage : public BasePage {
    Q_OBJECT
public:
    explicit StartPage(const PageContext& context);

    QString stepName() const override;
    QString stepChoice() const override;
    QString helpText() const override;
    void entered() override;
    QWidget* firstFocus() override;
    bool cancelOperation() override;
    bool eventFilter(QObject* watched, QEvent* event) override;

protected:
    bool commitPage() override;
    bool needsCheck() const override { return false; }
    void retranslate() override;

private:
    QTableView* makeTable(RunRecordModel* model, const QString& objectName);
    void showRecords(const QList<RunRecord>& records);
    void choosePlanFile();
    void openPlanFile(const QString& path);
    void startDemo();
    void demoReady(const QString& url);
    void resumeSelected();
    void openReport();
    void chooseReportFile();
    void showReport(const QString& runId, const QString& path);

    BackgroundJob m_loading;
    BackgroundJob m_reading;
    RunRecordModel* m_unfinished;
    RunRecordModel* m_finished;
    ChoiceButton* m_new;
    ChoiceButton* m_open;
    ChoiceButton* m_demo;
    QLabel* m_resumeTitle;
    QLabel* m_resumeEmpty;
    QTableView* m_resumeTable;
    QPushButton* m_resume;
    QLabel* m_reportsTitle;
    QLabel* m_reportsEmpty;
    QTableView* m_reportsTable;
    QPushButton* m_showReport;
    QPushButton* m_openReport;
    bool m_waitsForDemo = false;
    bool m_showingReport = false;
};

} // namespace qdrant2pg
