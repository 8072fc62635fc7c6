// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"
#include "ui/services/services.h"
#include "ui/widgets/style.h"

#include <QWizardPage>

class QScrollArea;
class QVBoxLayout;

namespace qdrant2pg {

class MessageBar;
class PageHeader;
class PlanDraft;

/// All pages in their order, whether or not they are in the flow. The numbers are QWizard's page ids.
enum class PageId { Start, Source, Target, Collections, Mapping, Review, Run, Verify, Report };

/// What every page gets; both outlive it.
struct PageContext {
    PlanDraft& draft;
    Services& services;
};

/// Base of all pages (ux.md 2.1): header, message bar and content, and the state that decides what Next does.
///
/// Next on an Idle page calls startCheck() and the wizard moves on when the page reports checkPassed() for
/// that check. An edit (invalidate()) cancels a running check and returns to Idle. A page reports only about
/// the check that it started last: BackgroundJob drops late answers.
class BasePage : public QWizardPage {
    Q_OBJECT
public:
    enum class State { Idle, Checking, Ready, Blocked };

    BasePage(PageId id, PageContext context);

    PageId pageId() const { return m_id; }
    State state() const { return m_state; }
    /// Name in the step list.
    virtual QString stepName() const = 0;
    /// The choice made, one line: "prod-qdrant:6333, 4 collections". Empty before there is one.
    virtual QString stepChoice() const { return {}; }
    /// Rich text for F1: what this page is for and what to do when something is in the way.
    virtual QString helpText() const = 0;
    /// Called each time the page comes into view (also by Back) and before it goes out of view.
    virtual void entered() { }
    virtual void left() { }
    /// Where the focus goes when the page comes into view.
    virtual QWidget* firstFocus() { return nullptr; }
    /// Esc. The default cancels a running check and says so. False when there was nothing to cancel.
    virtual bool cancelOperation();
    /// False to keep the window open; the page then asks and closes the window itself.
    virtual bool mayClose() { return true; }

    // Called by the wizard.
    bool validatePage() final;
    bool isComplete() const final;
    /// Starts a check without moving on ("Test connection").
    void check();
    MessageBar& messages() { return *m_messages; }

signals:
    void stateChanged(qdrant2pg::BasePage::State state);
    /// The check that Next started has passed: move on.
    void advanceRequested();
    /// The page wants to be left for that one ("Resume" goes to Run).
    void jumpRequested(qdrant2pg::PageId page);
    /// stepName() or stepChoice() have changed.
    void stepChanged();
    /// "42 %" for the window title; empty for none.
    void progressTitleChanged(const QString& text);

protected:
    /// Whether Next has something to check; false moves on at once (after commitPage()).
    virtual bool needsCheck() const { return true; }
    /// Starts the asynchronous check; ends with checkPassed(), checkBlocked() or checkFailed().
    virtual void startCheck() { checkPassed(); }
    /// Stops what startCheck() started; nothing may be reported for it afterwards.
    virtual void stopCheck() { }
    /// Last word before moving on; false stays.
    virtual bool commitPage() { return true; }
    /// Sets all texts; called at the end of the constructor of each page and on LanguageChange.
    virtual void retranslate() = 0;

    /// Ready: the check passed for exactly the current values.
    void checkPassed();
    /// Blocked: something must be changed first; the page shows what.
    void checkBlocked();
    /// Idle with the error on top and a "Try again" button; pressing Next tries again too.
    void checkFailed(const Error& error);
    /// An edit: back to Idle, a running check is cancelled, the message goes.
    void invalidate();
    void setState(State state);

    PlanDraft& draft() const { return m_context.draft; }
    Services& services() const { return m_context.services; }
    void setHeader(const QString& title, const QString& sentence);
    enum class Scrolling { Scrolls, Fills };
    /// The page's content: in a scroll area, or filling the page when it scrolls by itself (tables).
    void setContent(QWidget* content, Scrolling scrolling);
    void changeEvent(QEvent* event) override;

private:
    void beginCheck(bool advance);

    PageId m_id;
    PageContext m_context;
    State m_state = State::Idle;
    bool m_advance = false;
    PageHeader* m_header;
    MessageBar* m_messages;
    QVBoxLayout* m_layout;
};

} // namespace qdrant2pg
