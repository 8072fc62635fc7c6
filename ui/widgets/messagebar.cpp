// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/messagebar.h"

#include "core/common/redaction.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/taborder.h"

#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QToolButton>
#include <QVBoxLayout>

namespace qdrant2pg {

namespace {
/// Lines of details that are visible at once; the rest scrolls.
constexpr int visibleDetailLines = 5;
} // namespace

MessageBar::MessageBar(QWidget* parent)
    : QFrame(parent)
    , m_icon(new QLabel(this))
    , m_summary(style::textLabel(this, QStringLiteral("messageSummaryLabel")))
    , m_hint(style::textLabel(this, QStringLiteral("messageHintLabel")))
    , m_actions(new QHBoxLayout)
    , m_detailsButton(new QToolButton(this))
    , m_copyButton(new QToolButton(this))
    , m_dismissButton(new QToolButton(this))
    , m_details(new QPlainTextEdit(this))
{
    setObjectName(QStringLiteral("pageMessageBar"));
    setFocusPolicy(Qt::StrongFocus);
    const int unit = style::unit(this);

    QFont strong = m_summary->font();
    strong.setWeight(QFont::DemiBold);
    m_summary->setFont(strong);

    m_detailsButton->setObjectName(QStringLiteral("messageDetailsToolButton"));
    m_detailsButton->setCheckable(true);
    m_detailsButton->setAutoRaise(true);
    m_detailsButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_copyButton->setObjectName(QStringLiteral("messageCopyToolButton"));
    m_copyButton->setAutoRaise(true);
    m_copyButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_copyButton->setIcon(icon(Icon::Copy));
    m_dismissButton->setObjectName(QStringLiteral("messageDismissToolButton"));
    m_dismissButton->setAutoRaise(true);
    m_dismissButton->setIcon(icon(Icon::Close));
    m_details->setObjectName(QStringLiteral("messageDetailsPlainTextEdit"));
    m_details->setReadOnly(true);
    m_details->setFont(style::fixedFont());
    m_details->setTabChangesFocus(true);
    m_details->setMaximumHeight(
        QFontMetrics(m_details->font()).lineSpacing() * visibleDetailLines + 2 * unit);
    m_details->hide();

    style::tighten(m_actions, this, 1);
    m_actions->addWidget(m_detailsButton);
    m_actions->addWidget(m_copyButton);
    m_actions->addStretch();

    auto* text = new QVBoxLayout;
    style::tighten(text, this, 0.5);
    text->addWidget(m_summary);
    text->addWidget(m_hint);
    text->addLayout(m_actions);
    text->addWidget(m_details);

    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(unit + unit / 2, unit, unit, unit);
    row->setSpacing(unit);
    row->addWidget(m_icon, 0, Qt::AlignTop);
    row->addLayout(text, 1);
    row->addWidget(m_dismissButton, 0, Qt::AlignTop);

    connect(m_detailsButton, &QToolButton::toggled, this, &MessageBar::setDetailsOpen);
    connect(m_copyButton, &QToolButton::clicked, this, [this] {
        QApplication::clipboard()->setText(
            QStringList{m_summary->text(), m_hint->text(), m_details->toPlainText()}
                .join(QLatin1Char('\n'))
                .trimmed());
    });
    connect(m_dismissButton, &QToolButton::clicked, this, [this] {
        clear();
        emit dismissed();
    });
    hide();
}

void MessageBar::showError(const Error& error)
{
    showMessage(error.kind == ErrorKind::Cancelled ? Status::Note : Status::Problem, error.summary,
        error.hint, errorDetails(error));
}

void MessageBar::showMessage(
    Status status, const QString& summary, const QString& hint, const QString& details)
{
    clear();
    m_status = status;
    m_showing = true;
    m_summary->setText(redacted(summary));
    m_hint->setText(redacted(hint));
    m_hint->setVisible(!hint.isEmpty());
    m_details->setPlainText(redacted(details));
    m_detailsButton->setVisible(!details.isEmpty());
    m_copyButton->setVisible(status == Status::Problem || !details.isEmpty());
    refresh();
    show();
    const bool urgent = status == Status::Problem || status == Status::Warning;
    if (urgent)
        setFocus(Qt::OtherFocusReason);
    QAccessibleEvent event(this, QAccessible::Alert);
    QAccessible::updateAccessibility(&event);
}

void MessageBar::addAction(const QString& objectName, const QString& text, std::function<void()> action)
{
    auto* button = new QPushButton(text, this);
    button->setObjectName(objectName);
    m_actions->insertWidget(m_actions->count() - 1, button);
    QWidget* before = m_actions->itemAt(m_actions->count() - 3)->widget();
    tabAfter(before ? before : m_copyButton, {button});
    connect(button, &QPushButton::clicked, this, std::move(action));
}

void MessageBar::clear()
{
    const auto buttons = findChildren<QPushButton*>(QString(), Qt::FindDirectChildrenOnly);
    for (QPushButton* button : buttons) {
        m_actions->removeWidget(button);
        button->hide();
        // It may be the sender of the click that clears the bar.
        button->setObjectName(QString());
        button->deleteLater();
    }
    m_detailsButton->setChecked(false);
    m_showing = false;
    hide();
}

QString MessageBar::summary() const
{
    return m_showing ? m_summary->text() : QString();
}

QString MessageBar::hint() const
{
    return m_showing ? m_hint->text() : QString();
}

QString MessageBar::details() const
{
    return m_showing ? m_details->toPlainText() : QString();
}

void MessageBar::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const double radius = style::unit(this) / 2.0;
    const QRectF rect = QRectF(this->rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    painter.setBrush(style::statusBackground(palette(), m_status));
    painter.setPen(style::mixed(
        style::statusColor(palette(), m_status), palette().color(QPalette::Window), hasFocus() ? 0.9 : 0.4));
    painter.drawRoundedRect(rect, radius, radius);
}

void MessageBar::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::LanguageChange
        || event->type() == QEvent::FontChange)
        refresh();
    QFrame::changeEvent(event);
}

void MessageBar::refresh()
{
    const int side = QFontMetrics(font()).height() + style::unit(this) / 2;
    m_icon->setPixmap(statusIcon(m_status).pixmap(QSize(side, side), devicePixelRatioF()));
    m_icon->setAccessibleName(statusWord(m_status));
    m_detailsButton->setText(tr("Details"));
    m_detailsButton->setIcon(icon(m_detailsButton->isChecked() ? Icon::ChevronDown : Icon::ChevronRight));
    m_copyButton->setText(tr("Copy"));
    m_copyButton->setAccessibleName(tr("Copy the message"));
    m_dismissButton->setAccessibleName(tr("Dismiss the message"));
    m_dismissButton->setToolTip(tr("Dismiss"));
    m_details->setAccessibleName(tr("Details of the message"));
    setAccessibleName(tr("%1: %2").arg(statusWord(m_status), m_summary->text()));
    setAccessibleDescription(m_hint->text());
}

void MessageBar::setDetailsOpen(bool open)
{
    m_details->setVisible(open);
    refresh();
}

QString errorDetails(const Error& error)
{
    QStringList lines;
    if (!error.detail.isEmpty())
        lines << error.detail;
    if (const QString place = error.where.toString(); !place.isEmpty())
        lines << place;
    if (!error.sqlState.isEmpty())
        lines << QStringLiteral("SQLSTATE %1").arg(QString::fromLatin1(error.sqlState));
    if (error.httpStatus != 0)
        lines << QStringLiteral("HTTP %1").arg(error.httpStatus);
    if (lines.isEmpty())
        return {};
    lines << QStringLiteral("kind: %1").arg(errorKindName(error.kind));
    return redacted(lines.join(QLatin1Char('\n')));
}

} // namespace qdrant2pg
