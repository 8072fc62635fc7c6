// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/report/runreport.h"
#include "ui/models/mismatchmodel.h"
#include "ui/wizard/report/reconciliationmodel.h"

#include <QWidget>

class QComboBox;
class QGridLayout;
class QLabel;
class QPushButton;
class QTableView;
class QVBoxLayout;

namespace qdrant2pg {

class CollectionBars;
class SectionFold;
class SqlView;
class ThroughputChart;

/// A report to read: verdict, reconciliation, verification, charts, times, what to do next. A view of the
/// value; knows no file and no run.
class ReportView : public QWidget {
    Q_OBJECT
public:
    explicit ReportView(QWidget* parent = nullptr);

    void setReport(const RunReport& report);
    void retranslate();
    /// Where the page puts its buttons: under the verdict.
    QVBoxLayout* toolArea() const { return m_tools; }
    QString verdict() const;

signals:
    void rejectsRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    /// A heading with widgets under it, which are hidden together.
    struct Section {
        QLabel* title = nullptr;
        QWidget* body = nullptr;
    };
    Section addSection(const QString& name, QWidget* body);
    static void setShown(const Section& section, bool shown);
    void showVerdict();
    void showLists();
    void showStatements();
    static void fillGrid(QWidget* body, const QList<QPair<QString, QString>>& rows);
    void fitTable(QTableView* table, int most);

    RunReport m_report;
    ReconciliationModel m_reconciliation;
    MismatchModel m_mismatches;
    QVBoxLayout* m_layout;
    QLabel* m_icon;
    QLabel* m_verdict;
    QLabel* m_equation;
    QVBoxLayout* m_tools;
    QTableView* m_numbers;
    QLabel* m_origins;
    QLabel* m_verification;
    CollectionBars* m_bars;
    ThroughputChart* m_chart;
    QWidget* m_times;
    QLabel* m_rejectLines;
    QPushButton* m_showRejects;
    QTableView* m_mismatchTable;
    QLabel* m_warnings;
    QLabel* m_findings;
    QLabel* m_chooseLabel;
    QComboBox* m_choose;
    SqlView* m_statements;
    SqlView* m_rollback;
    QWidget* m_facts;
    SectionFold* m_rollbackFold;
    SectionFold* m_factsFold;
    Section m_numbersSection;
    Section m_verificationSection;
    Section m_barsSection;
    Section m_chartSection;
    Section m_timesSection;
    Section m_rejectsSection;
    Section m_mismatchSection;
    Section m_warningsSection;
    Section m_findingsSection;
    Section m_nextSection;
};

} // namespace qdrant2pg
