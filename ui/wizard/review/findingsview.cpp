// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/review/findingsview.h"

#include "ui/widgets/flowlayout.h"
#include "ui/widgets/sectionfold.h"
#include "ui/widgets/statuslabel.h"
#include "ui/widgets/taborder.h"
#include "ui/wizard/review/reviewcontroller.h"

#include <QCheckBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QPainter>
#include <QPushButton>
#include <QVBoxLayout>

namespace qdrant2pg {

namespace {

/// A finding's background: the tint of its severity, with a stripe that is not told by colour alone since
/// icon and word stand beside it.
class Card : public QWidget {
public:
    Card(Status status, QWidget* parent)
        : QWidget(parent)
        , m_status(status)
    {
    }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(style::statusBackground(palette(), m_status));
        painter.drawRoundedRect(rect(), 4, 4);
        painter.setBrush(style::statusColor(palette(), m_status));
        painter.drawRoundedRect(QRect(0, 0, 3, height()), 1.5, 1.5);
    }

private:
    Status m_status;
};

QString groupName(FindingGroup group)
{
    switch (group) {
    case FindingGroup::CannotMove:
        return QStringLiteral("CannotMove");
    case FindingGroup::WillChange:
        return QStringLiteral("WillChange");
    case FindingGroup::WillMove:
        return QStringLiteral("WillMove");
    }
    return {};
}

bool leadsSomewhere(const QString& path)
{
    return path.contains(QLatin1Char('.')) || path == QLatin1String("target")
        || path == QLatin1String("source");
}

} // namespace

FindingsView::FindingsView(ReviewController& controller, FindingsModel& model, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_model(model)
    , m_layout(new QVBoxLayout(this))
{
    style::tighten(m_layout, this, 2);
}

void FindingsView::refresh()
{
    // Rebuilding takes the focus away: only for what is shown differently.
    QString shown;
    for (const Finding& finding : m_model.findings())
        shown +=
            finding.code + finding.path + finding.text + finding.hint + finding.fixText + QLatin1Char('\n');
    if (shown == m_shown && m_content) {
        for (const FindingGroup which : findingGroups()) {
            auto* box = findChild<QCheckBox*>(QStringLiteral("acknowledge%1CheckBox").arg(groupName(which)));
            if (box)
                box->setChecked(m_controller.isAcknowledged(which));
        }
        return;
    }
    m_shown = shown;
    if (m_content) {
        // Later, because the button that was pressed may be in it.
        m_content->hide();
        m_content->setParent(nullptr);
        m_content->deleteLater();
    }
    m_content = new QWidget(this);
    auto* layout = new QVBoxLayout(m_content);
    style::tighten(layout, this, 2);
    int number = 0;
    for (const FindingGroup which : findingGroups()) {
        if (QWidget* made = group(which, number))
            layout->addWidget(made);
    }
    m_layout->addWidget(m_content);
    m_content->show();
    tabAfter(this, tabStops(m_content));
}

QWidget* FindingsView::group(FindingGroup which, int& number)
{
    QList<Finding> important;
    QList<Finding> notes;
    for (const Finding& finding : m_model.findings()) {
        if (finding.group == which)
            (finding.severity == Severity::Info ? notes : important) << finding;
    }
    if (important.isEmpty() && notes.isEmpty())
        return nullptr;
    auto* area = new QWidget(m_content);
    auto* layout = new QVBoxLayout(area);
    style::tighten(layout, this, 1);
    auto* title = new QLabel(findingGroupTitle(which), area);
    title->setObjectName(QStringLiteral("findingGroup%1Label").arg(groupName(which)));
    title->setFont(style::scaledFont(this, 1.1, QFont::DemiBold));
    layout->addWidget(title);
    for (const Finding& finding : std::as_const(important))
        layout->addWidget(card(finding, number++));
    if (m_controller.needsAcknowledgement(which)) {
        auto* box = new QCheckBox(tr("I have read these warnings and want to go on"), area);
        box->setObjectName(QStringLiteral("acknowledge%1CheckBox").arg(groupName(which)));
        box->setAccessibleDescription(findingGroupTitle(which));
        box->setChecked(m_controller.isAcknowledged(which));
        connect(box, &QCheckBox::toggled, this,
            [this, which](bool on) { m_controller.setAcknowledged(which, on); });
        layout->addWidget(box);
    }
    if (!notes.isEmpty()) {
        const int key = static_cast<int>(which);
        auto* fold = new SectionFold(QStringLiteral("notes%1ToolButton").arg(groupName(which)), area);
        fold->setTitle(tr("%n note(s)", nullptr, static_cast<int>(notes.size())));
        auto* list = new QWidget;
        auto* lines = new QVBoxLayout(list);
        style::tighten(lines, this, 1);
        for (const Finding& finding : std::as_const(notes))
            lines->addWidget(card(finding, number++));
        fold->setContent(list);
        fold->setOpen(m_open.contains(key));
        connect(fold, &SectionFold::toggled, this, [this, key](bool open) {
            if (open)
                m_open.insert(key);
            else
                m_open.remove(key);
        });
        layout->addWidget(fold);
    }
    return area;
}

QWidget* FindingsView::card(const Finding& finding, int number)
{
    const Status status = statusOf(finding.severity);
    auto* frame = new Card(status, m_content);
    frame->setObjectName(QStringLiteral("finding_") + finding.code);
    frame->setAccessibleName(QStringLiteral("%1: %2 %3").arg(statusWord(status), finding.text, finding.hint));
    const int unit = style::unit(this);
    auto* row = new QHBoxLayout(frame);
    row->setContentsMargins(unit + unit / 2, unit, unit, unit);
    row->setSpacing(unit);
    auto* word = new StatusLabel(frame);
    word->setStatus(status);
    row->addWidget(word, 0, Qt::AlignTop);
    auto* texts = new QVBoxLayout;
    style::tighten(texts, this, 0.5);
    auto* text = style::textLabel(frame, QStringLiteral("findingTextLabel"));
    text->setTextFormat(Qt::PlainText);
    text->setText(finding.text);
    texts->addWidget(text);
    if (!finding.hint.isEmpty()) {
        auto* hint = style::helpLabel(frame, QStringLiteral("findingHintLabel"));
        hint->setTextFormat(Qt::PlainText);
        hint->setText(finding.hint);
        texts->addWidget(hint);
    }
    const bool fixable = !finding.fixText.isEmpty();
    const bool leads = finding.severity != Severity::Info && leadsSomewhere(finding.path);
    if (fixable) {
        auto* words = style::textLabel(frame, QStringLiteral("findingFixLabel"));
        words->setTextFormat(Qt::PlainText);
        words->setText(tr("Fix: %1").arg(finding.fixText));
        texts->addWidget(words);
    }
    if (fixable || leads) {
        auto* buttons = new FlowLayout(unit);
        if (fixable) {
            auto* fix = new QPushButton(tr("Apply fix"), frame);
            fix->setObjectName(QStringLiteral("fix%1PushButton").arg(number));
            fix->setAccessibleDescription(finding.fixText);
            connect(fix, &QPushButton::clicked, this, [this, finding] { emit fixRequested(finding); });
            buttons->addWidget(fix);
        }
        if (leads) {
            auto* go = new QPushButton(tr("Show where"), frame);
            go->setObjectName(QStringLiteral("show%1PushButton").arg(number));
            go->setAccessibleDescription(finding.text);
            connect(go, &QPushButton::clicked, this, [this, finding] { emit placeRequested(finding.path); });
            buttons->addWidget(go);
        }
        texts->addLayout(buttons);
    }
    row->addLayout(texts, 1);
    return frame;
}

} // namespace qdrant2pg
