// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/services/sleepinhibitor.h"
#include "ui/wizard/basepage.h"
#include "ui/wizard/run/migrationsession.h"

#include <memory>

class QLabel;
class QLineEdit;
class QPushButton;

namespace qdrant2pg {

class LogView;
class RejectsDialog;
class RunView;
class SectionFold;

/// Starts the run that Review has committed, or offers the one to resume, and shows it until it ends. Next
/// opens when the comparison begins or the run has ended.
class RunPage : public BasePage {
    Q_OBJECT
public:
    RunPage(const PageContext& context, std::shared_ptr<MigrationSession> session);
    ~RunPage() override;

    QString stepName() const override;
    QString stepChoice() const override;
    QString helpText() const override;
    void entered() override;
    QWidget* firstFocus() override;
    bool cancelOperation() override;
    bool mayClose() override;
    int nextId() const override;

protected:
    bool needsCheck() const override { return false; }
    void retranslate() override;

private:
    RunController& run() const { return m_session->run; }
    void showReady();
    void startRun();
    void startOrResume();
    void refresh();
    void refreshState();
    void showEnd();
    void showEndMessage();
    void askAbort();
    void askStop();
    void openRejects();
    void backToReview();

    std::shared_ptr<MigrationSession> m_session;
    SleepInhibitor m_awake;
    BackgroundJob m_reading;
    RunView* m_view;
    QWidget* m_keyRow;
    QLabel* m_keyLabel;
    QLineEdit* m_key;
    QPushButton* m_keyUse;
    SectionFold* m_logFold;
    LogView* m_log;
    RejectsDialog* m_rejects = nullptr;
    bool m_leftForReview = false;
    std::chrono::steady_clock::time_point m_startedAt;
};

} // namespace qdrant2pg
