// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/wizard/basepage.h"
#include "ui/wizard/review/estimatemodel.h"
#include "ui/wizard/review/reviewcontroller.h"

class QFormLayout;
class QLabel;
class QPushButton;
class QTableView;
class QVBoxLayout;

namespace qdrant2pg {

class FindingsModel;
class FindingsView;
class RunOptionsForm;
class SqlView;
class StatusLabel;

/// The dry run and commit page: what will be done, what it needs, what is in the way, and the plan to take
/// along. Nothing is written before its button. Checks by itself when it comes into view.
class ReviewPage : public BasePage {
    Q_OBJECT
public:
    explicit ReviewPage(const PageContext& context);
    ~ReviewPage() override;

    QString stepName() const override;
    QString stepChoice() const override;
    QString helpText() const override;
    void entered() override;
    void left() override;
    QWidget* firstFocus() override;

protected:
    void startCheck() override;
    void stopCheck() override;
    bool commitPage() override;
    void retranslate() override;

private:
    void buildSummary(QVBoxLayout* layout);
    void buildPlan(QVBoxLayout* layout);
    QLabel* heading(QVBoxLayout* layout, const char* name);
    void refresh();
    void refreshState();
    /// After a check: to what keeps the button from being pressed, or to the button.
    void focusWhatIsNext();
    void refreshConfirmations();
    void finish(const std::optional<Error>& error);
    void showPlace(const QString& path);
    void save(bool statements);
    void copyCommand();

    ReviewController m_controller;
    EstimateModel m_estimates;
    FindingsModel* m_findings;
    bool m_fresh = true;
    StatusLabel* m_verdictStatus;
    QLabel* m_verdict;
    QLabel* m_summary;
    QLabel* m_steps;
    QLabel* m_needsTitle;
    QLabel* m_needs;
    QTableView* m_estimateView;
    QLabel* m_findingsTitle;
    FindingsView* m_findingsView;
    QWidget* m_confirmations;
    QVBoxLayout* m_confirmationLayout;
    QStringList m_confirmationTables;
    QLabel* m_runTitle;
    RunOptionsForm* m_run;
    QLabel* m_statementsTitle;
    SqlView* m_sql;
    QLabel* m_planTitle;
    QLabel* m_hash;
    QPushButton* m_savePlan;
    QPushButton* m_saveSql;
    QPushButton* m_copyCommand;
    QPushButton* m_again;
    QLabel* m_done;
};

} // namespace qdrant2pg
