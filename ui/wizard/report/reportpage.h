// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/wizard/basepage.h"
#include "ui/wizard/run/migrationsession.h"

#include <memory>
#include <optional>

class QAction;
class QPushButton;

namespace qdrant2pg {

class RejectsDialog;
class ReportView;

/// The report of the run, or of one from the Start page: to read, to export, and what to do next.
class ReportPage : public BasePage {
    Q_OBJECT
public:
    ReportPage(const PageContext& context, std::shared_ptr<MigrationSession> session);

    QString stepName() const override;
    QString stepChoice() const override;
    QString helpText() const override;
    void entered() override;
    QWidget* firstFocus() override;
    bool mayClose() override;
    int nextId() const override { return -1; }

protected:
    bool needsCheck() const override { return false; }
    void retranslate() override;

private:
    enum class Format { Html, Pdf, Markdown, Json };

    RunController& run() const { return m_session->run; }
    void showOwnReport();
    void loadReport();
    void show(const RunReport& report, const QString& folder);
    void chooseExport(Format format);
    void exportTo(Format format, const QString& path);
    void copyCommand();
    void openRejects();
    void startAnew();
    std::optional<MigrationPlan> knownPlan() const;
    void verifyAgain();

    std::shared_ptr<MigrationSession> m_session;
    BackgroundJob m_loading;
    BackgroundJob m_writing;
    std::optional<RunReport> m_report;
    QString m_folder;
    ReportView* m_view;
    QPushButton* m_export;
    QAction* m_formats[4];
    QPushButton* m_openFolder;
    QPushButton* m_copyCommand;
    QPushButton* m_verify;
    QPushButton* m_new;
    RejectsDialog* m_rejects = nullptr;
};

} // namespace qdrant2pg
