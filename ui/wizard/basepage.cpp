// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/basepage.h"

#include "ui/widgets/messagebar.h"
#include "ui/widgets/pageheader.h"

#include <QEvent>
#include <QScrollArea>
#include <QVBoxLayout>

#include <utility>

namespace qdrant2pg {

BasePage::BasePage(PageId id, PageContext context)
    : m_id(id)
    , m_context(context)
    , m_header(new PageHeader(this))
    , m_messages(new MessageBar(this))
    , m_layout(new QVBoxLayout(this))
{
    const int unit = style::unit(this);
    m_layout->setContentsMargins(3 * unit, 2 * unit, 3 * unit, unit);
    m_layout->setSpacing(2 * unit);
    m_layout->addWidget(m_header);
    m_layout->addWidget(m_messages);
}

bool BasePage::cancelOperation()
{
    if (m_state != State::Checking)
        return false;
    stopCheck();
    m_advance = false;
    setState(State::Idle);
    m_messages->showMessage(
        Status::Note, tr("The check was cancelled."), tr("Nothing was changed. Next starts it again."));
    return true;
}

bool BasePage::validatePage()
{
    switch (m_state) {
    case State::Checking:
        // Started by a test button: then Next means to move on when it passes.
        m_advance = true;
        return false;
    case State::Blocked:
        return false;
    case State::Ready:
        return commitPage();
    case State::Idle:
        break;
    }
    if (!needsCheck())
        return commitPage();
    beginCheck(true);
    return false;
}

bool BasePage::isComplete() const
{
    // The button that writes is not to be pressed before it is known what it would do.
    return m_state != State::Blocked && !(m_state == State::Checking && isCommitPage());
}

void BasePage::check()
{
    if (m_state == State::Checking)
        return;
    beginCheck(false);
}

void BasePage::beginCheck(bool advance)
{
    m_messages->clear();
    m_advance = advance;
    setState(State::Checking);
    startCheck();
}

void BasePage::checkPassed()
{
    if (m_state != State::Checking)
        return;
    setState(State::Ready);
    if (std::exchange(m_advance, false)) {
        // The wizard asks validatePage() again, from the event loop: this may still be inside Next's own
        // call.
        QMetaObject::invokeMethod(this, &BasePage::advanceRequested, Qt::QueuedConnection);
    }
}

void BasePage::checkBlocked()
{
    m_advance = false;
    setState(State::Blocked);
}

void BasePage::checkFailed(const Error& error)
{
    m_advance = false;
    setState(State::Idle);
    m_messages->showError(error);
    m_messages->addAction(
        QStringLiteral("tryAgainPushButton"), tr("&Try again"), [this] { beginCheck(true); });
}

void BasePage::invalidate()
{
    if (m_state == State::Checking)
        stopCheck();
    m_advance = false;
    m_messages->clear();
    setState(State::Idle);
}

void BasePage::setState(State state)
{
    if (state == m_state)
        return;
    m_state = state;
    emit stateChanged(state);
    emit stepChanged();
    emit completeChanged();
}

void BasePage::setHeader(const QString& title, const QString& sentence)
{
    m_header->setTexts(title, sentence);
    setAccessibleName(title);
    setAccessibleDescription(sentence);
}

void BasePage::setContent(QWidget* content, Scrolling scrolling)
{
    if (scrolling == Scrolling::Fills) {
        content->setParent(this);
        m_layout->addWidget(content, 1);
        return;
    }
    // A scroll bar that comes does not touch what it scrolls.
    if (QLayout* inner = content->layout())
        inner->setContentsMargins(inner->contentsMargins() + QMargins(0, 0, style::unit(this), 0));
    auto* area = new QScrollArea(this);
    area->setObjectName(QStringLiteral("pageScrollArea"));
    area->setFrameShape(QFrame::NoFrame);
    area->setWidgetResizable(true);
    area->setWidget(content);
    // The page's own background, not the one of a text field.
    area->viewport()->setAutoFillBackground(false);
    content->setAutoFillBackground(false);
    m_layout->addWidget(area, 1);
}

void BasePage::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange) {
        retranslate();
        emit stepChanged();
    }
    QWizardPage::changeEvent(event);
}

} // namespace qdrant2pg
