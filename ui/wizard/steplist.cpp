// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/steplist.h"

#include "ui/services/themeservice.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"

#include <QActionGroup>
#include <QEvent>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace qdrant2pg {

namespace {
/// Characters of a step's name or choice that fit before it is elided.
constexpr int stepCharacters = 24;

struct StepMetrics {
    int unit;
    int icon;
    QFont nameFont;
    QFont choiceFont;

    explicit StepMetrics(const QWidget* widget)
        : unit(style::unit(widget))
        , icon(QFontMetrics(widget->font()).height())
        , nameFont(widget->font())
        , choiceFont(style::scaledFont(widget, 0.88))
    {
    }
};

Status statusOf(BasePage& page, bool current, bool passed)
{
    switch (page.state()) {
    case BasePage::State::Checking:
        return Status::Checking;
    case BasePage::State::Blocked:
        // From Run on a page that cannot be left is at work.
        return page.pageId() >= PageId::Run ? Status::Checking : Status::Problem;
    case BasePage::State::Ready:
        return Status::Ok;
    case BasePage::State::Idle:
        break;
    }
    return passed && !current ? Status::Ok : Status::Waiting;
}

} // namespace

StepItem::StepItem(PageId id, QWidget* parent)
    : QAbstractButton(parent)
    , m_id(id)
{
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
}

void StepItem::setStep(
    const QString& name, const QString& choice, Status status, bool current, bool reachable)
{
    setText(name);
    m_choice = choice;
    m_status = status;
    m_current = current;
    setEnabled(reachable || current);
    setFocusPolicy(reachable ? Qt::TabFocus : Qt::NoFocus);
    setCursor(reachable ? Qt::PointingHandCursor : Qt::ArrowCursor);
    setToolTip(choice);
    QString description = current ? tr("current step") : statusWord(status);
    if (!choice.isEmpty())
        description = tr("%1, %2").arg(description, choice);
    setAccessibleName(name);
    setAccessibleDescription(description);
    updateGeometry();
    update();
}

QSize StepItem::sizeHint() const
{
    const StepMetrics metrics(this);
    const int height = QFontMetrics(metrics.nameFont).height() + QFontMetrics(metrics.choiceFont).height()
        + metrics.unit * 3 / 2;
    return {style::textWidth(this, stepCharacters) + metrics.icon + 4 * metrics.unit, height};
}

void StepItem::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const StepMetrics metrics(this);
    const QColor ink = palette().color(QPalette::Active, QPalette::WindowText);
    const QColor dimmed = palette().color(QPalette::Active, QPalette::PlaceholderText);
    const QRectF inner = QRectF(rect()).adjusted(metrics.unit / 2.0, 1, -metrics.unit / 2.0, -1);
    const double radius = metrics.unit / 2.0;
    if (m_current || (underMouse() && isEnabled())) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(style::mixed(palette().color(QPalette::Highlight), palette().color(QPalette::Window),
            m_current ? 0.16 : 0.07));
        painter.drawRoundedRect(inner, radius, radius);
    }
    if (hasFocus()) {
        painter.setPen(QPen(palette().color(QPalette::Highlight), 1.5));
        painter.setBrush(Qt::NoBrush);
        painter.drawRoundedRect(inner, radius, radius);
    }

    const QFontMetrics nameMetrics(metrics.nameFont);
    const QFontMetrics choiceMetrics(metrics.choiceFont);
    const int left = 3 * metrics.unit / 2;
    const int textLeft = left + metrics.icon + metrics.unit;
    const int textWidth = width() - textLeft - metrics.unit;
    const int block = nameMetrics.height() + (m_choice.isEmpty() ? 0 : choiceMetrics.height());
    const int top = (height() - block) / 2;

    const QRectF iconRect(left, top, metrics.icon, metrics.icon);
    if (m_status == Status::Waiting) {
        // Not there yet: a quiet ring; the current one is filled.
        painter.setPen(QPen(m_current ? palette().color(QPalette::Highlight) : dimmed, 1.5));
        painter.setBrush(m_current ? QBrush(palette().color(QPalette::Highlight)) : QBrush(Qt::NoBrush));
        const double ring = metrics.icon / 4.0;
        painter.drawEllipse(iconRect.center(), ring, ring);
    } else {
        paintIcon(painter, iconRect, iconOfStatus(m_status), style::statusColor(palette(), m_status));
    }

    QFont nameFont = metrics.nameFont;
    nameFont.setWeight(m_current ? QFont::DemiBold : QFont::Normal);
    painter.setFont(nameFont);
    painter.setPen(isEnabled() || m_status != Status::Waiting ? ink : dimmed);
    painter.drawText(QRect(textLeft, top, textWidth, nameMetrics.height()), Qt::AlignLeft | Qt::AlignVCenter,
        QFontMetrics(nameFont).elidedText(text(), Qt::ElideRight, textWidth));
    if (!m_choice.isEmpty()) {
        painter.setFont(metrics.choiceFont);
        painter.setPen(dimmed);
        painter.drawText(QRect(textLeft, top + nameMetrics.height(), textWidth, choiceMetrics.height()),
            Qt::AlignLeft | Qt::AlignVCenter, choiceMetrics.elidedText(m_choice, Qt::ElideRight, textWidth));
    }
}

StepList::StepList(Services& services, QWidget* parent)
    : QWidget(parent)
    , m_services(services)
    , m_layout(new QVBoxLayout(this))
    , m_appearance(new QToolButton(this))
{
    setObjectName(QStringLiteral("stepsStepList"));
    const int unit = style::unit(this);
    m_layout->setContentsMargins(unit / 2, 2 * unit, unit / 2, unit);
    m_layout->setSpacing(unit / 4);
    m_layout->addStretch();
    m_appearance->setObjectName(QStringLiteral("appearanceToolButton"));
    m_appearance->setAutoRaise(true);
    m_appearance->setIcon(icon(Icon::Theme));
    m_appearance->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_appearance->setPopupMode(QToolButton::InstantPopup);
    m_appearance->setFocusPolicy(Qt::StrongFocus);
    auto* menu = new QMenu(m_appearance);
    auto* group = new QActionGroup(menu);
    for (const Theme theme : {Theme::System, Theme::Light, Theme::Dark}) {
        QAction* action = menu->addAction(QString());
        action->setCheckable(true);
        action->setActionGroup(group);
        action->setChecked(m_services.theme.theme() == theme);
        connect(action, &QAction::triggered, this, [this, theme] { m_services.theme.setTheme(theme); });
    }
    m_appearance->setMenu(menu);
    m_layout->addWidget(m_appearance, 0, Qt::AlignLeft);
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    retranslate();
}

void StepList::setPages(const QList<BasePage*>& pages)
{
    qDeleteAll(m_items);
    m_items.clear();
    m_pages = pages;
    for (const BasePage* page : pages) {
        auto* item = new StepItem(page->pageId(), this);
        item->setObjectName(page->objectName() + QStringLiteral("StepItem"));
        m_layout->insertWidget(static_cast<int>(m_items.size()), item);
        connect(item, &StepItem::clicked, this, [this, item] { emit stepClicked(item->pageId()); });
        m_items.append(item);
    }
}

void StepList::refresh(BasePage* current, bool locked)
{
    bool passed = true;
    for (qsizetype i = 0; i < m_pages.size(); ++i) {
        BasePage* page = m_pages[i];
        const bool isCurrent = page == current;
        if (isCurrent)
            passed = false;
        m_items[i]->setStep(page->stepName(), page->stepChoice(), statusOf(*page, isCurrent, passed),
            isCurrent, passed && !locked);
    }
}

void StepList::paintEvent(QPaintEvent* event)
{
    QWidget::paintEvent(event);
    QPainter painter(this);
    painter.setPen(style::hairline(palette()));
    painter.drawLine(rect().topRight(), rect().bottomRight());
}

void StepList::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void StepList::retranslate()
{
    setAccessibleName(tr("Steps"));
    m_appearance->setText(tr("Appearance"));
    const QStringList names{tr("As the &system"), tr("&Light"), tr("&Dark")};
    const QList<QAction*> actions = m_appearance->menu()->actions();
    for (qsizetype i = 0; i < actions.size(); ++i)
        actions[i]->setText(names[i]);
}

} // namespace qdrant2pg
