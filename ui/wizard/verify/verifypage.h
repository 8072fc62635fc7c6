// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/models/mismatchmodel.h"
#include "ui/wizard/basepage.h"
#include "ui/wizard/run/migrationsession.h"
#include "ui/wizard/verify/verificationmodel.h"

#include <memory>

class QComboBox;
class QLabel;
class QPushButton;
class QTableView;

namespace qdrant2pg {

class RejectsDialog;
class SampleView;
class SectionFold;

/// The comparison of source and target: live while the run does it, then its result, and again at any level.
class VerifyPage : public BasePage {
    Q_OBJECT
public:
    VerifyPage(const PageContext& context, std::shared_ptr<MigrationSession> session);

    QString stepName() const override;
    QString stepChoice() const override;
    QString helpText() const override;
    void entered() override;
    QWidget* firstFocus() override;
    bool cancelOperation() override;
    bool mayClose() override;

protected:
    bool needsCheck() const override { return false; }
    void retranslate() override;

private:
    RunController& run() const { return m_session->run; }
    VerifyController& verification() const { return m_session->verification; }
    void refresh();
    void showLive();
    void showReport();
    void compareAgain();
    void recheck();
    /// The page while a comparison is going on.
    void showComparing(const QStringList& waiting, const QString& level);
    void openRejects();
    void showVerdict(const RunReport& report);
    /// A run from the Start page: what its report and the pages of the two ends know.
    void openRun();
    void adopt(const RunReport& report);
    void showRun();
    void showMeaning();
    QString chosenLevel() const;

    std::shared_ptr<MigrationSession> m_session;
    VerificationModel m_results;
    MismatchModel m_mismatches;
    QLabel* m_levelLabel;
    QComboBox* m_level;
    QPushButton* m_compare;
    QPushButton* m_recheck;
    QPushButton* m_showRejects;
    QPushButton* m_cancel;
    QLabel* m_meaning;
    QTableView* m_resultTable;
    QLabel* m_mismatchTitle;
    QLabel* m_mismatchHint;
    QTableView* m_mismatchTable;
    SectionFold* m_sampleFold;
    SampleView* m_sample;
    RejectsDialog* m_rejects = nullptr;
    BackgroundJob m_opening;
    bool m_live = false;
};

} // namespace qdrant2pg
