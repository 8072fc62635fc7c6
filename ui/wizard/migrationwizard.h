// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/wizard/pages.h"

#include <QWizard>

class QDialog;
class QTextBrowser;

namespace qdrant2pg {

class StepList;

/// The window: QWizard in ModernStyle with the step list at its side (ux.md 1). Holds the pages, moves
/// between them when their checks pass, and gives Esc and F1 to the current one. Knows nothing of what the
/// pages do.
class MigrationWizard : public QWizard {
    Q_OBJECT
public:
    MigrationWizard(
        PlanDraft& draft, Services& services, const QList<PageFactory>& factories, QWidget* parent = nullptr);
    ~MigrationWizard() override;

    BasePage* page(PageId id) const;
    BasePage* currentBasePage() const;
    StepList& steps() { return *m_steps; }

    void reject() override;

protected:
    void closeEvent(QCloseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    int nextId() const override;

private:
    void enter(int id);
    void showHelp();
    void retranslate();
    /// The button that leads on is the one that stands out.
    void colorButtons();
    void refreshSteps();
    void refreshButtons();
    void setProgressTitle(const QString& text);
    /// The progress of a run, else the name of the page: what a task bar and a screen reader say.
    void refreshTitle();
    void saveGeometryIn();

    PlanDraft& m_draft;
    Services& m_services;
    QList<BasePage*> m_pages;
    BasePage* m_current = nullptr;
    QString m_progressTitle;
    StepList* m_steps;
    QDialog* m_help = nullptr;
    QTextBrowser* m_helpText = nullptr;
};

} // namespace qdrant2pg
