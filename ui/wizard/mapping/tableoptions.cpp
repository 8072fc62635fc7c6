// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/mapping/tableoptions.h"

#include "core/postgres/identifiers.h"
#include "ui/widgets/formgrid.h"
#include "ui/widgets/style.h"

#include <QCheckBox>
#include <QEvent>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollArea>
#include <QVBoxLayout>

namespace qdrant2pg {

namespace {

constexpr int labelCharacters = 18;
constexpr int fieldLines = 3;

QPlainTextEdit* lines(const char* objectName)
{
    auto* field = new QPlainTextEdit;
    field->setObjectName(QLatin1String(objectName));
    field->setTabChangesFocus(true);
    field->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    field->setFixedHeight(QFontMetrics(field->font()).lineSpacing() * fieldLines + 2 * style::unit(field));
    return field;
}

void setText(QPlainTextEdit* field, const QString& text)
{
    // What is being typed is not taken away.
    if (field->toPlainText() != text && !(field->hasFocus() && field->document()->isModified())) {
        field->setPlainText(text);
        field->document()->setModified(false);
    }
}

} // namespace

TableOptions::TableOptions(QWidget* parent)
    : QWidget(parent)
    , m_form(new FormGrid(labelCharacters))
    , m_comment(lines("commentPlainTextEdit"))
    , m_views(lines("aliasViewsPlainTextEdit"))
    , m_analyze(new QCheckBox)
    , m_reset(new QPushButton)
{
    m_analyze->setObjectName(QStringLiteral("analyzeCheckBox"));
    m_reset->setObjectName(QStringLiteral("resetTableOptionsPushButton"));
    m_views->setFont(style::fixedFont());
    m_commentLabel = m_form->addRow(m_comment);
    m_commentHelp = m_form->addHelp(QStringLiteral("commentHelpLabel"));
    m_viewsLabel = m_form->addRow(m_views);
    m_viewsHelp = m_form->addHelp(QStringLiteral("aliasViewsHelpLabel"));
    m_form->addField(m_analyze);
    m_form->addField(m_reset);

    auto* scroll = new QScrollArea(this);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidgetResizable(true);
    auto* content = new QWidget;
    auto* inner = new QVBoxLayout(content);
    style::tighten(inner, this, 1);
    inner->addWidget(m_form);
    inner->addStretch();
    scroll->setWidget(content);
    auto* layout = new QVBoxLayout(this);
    style::tighten(layout, this, 1);
    layout->addWidget(scroll);

    for (QPlainTextEdit* field : {m_comment, m_views})
        field->installEventFilter(this);
    connect(m_analyze, &QCheckBox::clicked, this, [this](bool on) {
        CollectionPlan plan = m_state.plan;
        plan.analyze = on;
        emit edited(plan, tr("Statistics of %1").arg(plan.name));
    });
    connect(m_reset, &QPushButton::clicked, this, &TableOptions::reset);
}

void TableOptions::setState(const MappingState& state)
{
    if (state.plan.name != m_state.plan.name) {
        for (QPlainTextEdit* field : {m_comment, m_views})
            field->document()->setModified(false);
    }
    m_state = state;
    refresh();
}

void TableOptions::refresh()
{
    const CollectionPlan& plan = m_state.plan;
    setText(m_comment, plan.comment);
    setText(m_views, plan.aliasViews.join(QLatin1Char('\n')));
    m_analyze->setChecked(plan.analyze);
    const QStringList aliases = m_state.facts ? m_state.facts->aliases : QStringList();
    m_viewsHelp->setText(aliases.isEmpty()
            ? tr("One name a line; each becomes a view that shows the table. The collection has no alias.")
            : tr("One name a line; each becomes a view that shows the table. Aliases of the collection: %1.")
                  .arg(aliases.join(QStringLiteral(", "))));
    const bool fromMetadata =
        m_state.proposal && !plan.comment.isEmpty() && plan.comment == m_state.proposal->comment;
    m_commentHelp->setText(fromMetadata ? tr("COMMENT ON TABLE, taken from the collection's metadata.")
                                        : tr("COMMENT ON TABLE; empty for none."));
    const auto& proposal = m_state.proposal;
    m_reset->setEnabled(proposal
        && (proposal->comment != plan.comment || proposal->aliasViews != plan.aliasViews
            || proposal->analyze != plan.analyze));
}

void TableOptions::takeComment()
{
    m_comment->document()->setModified(false);
    CollectionPlan plan = m_state.plan;
    plan.comment = m_comment->toPlainText().trimmed();
    if (plan.comment != m_state.plan.comment)
        emit edited(plan, tr("Comment of %1").arg(plan.name));
    else
        refresh();
}

void TableOptions::takeViews()
{
    CollectionPlan plan = m_state.plan;
    plan.aliasViews.clear();
    for (const QString& line : m_views->toPlainText().split(QLatin1Char('\n'))) {
        const QString name = line.trimmed();
        if (name.isEmpty())
            continue;
        QString why;
        if (name != fittingIdentifier(name))
            why = tr("The name is longer than the 63 bytes that PostgreSQL keeps.");
        else if (name == plan.table)
            why = tr("The table itself is called %1.").arg(name);
        else if (plan.aliasViews.contains(name))
            why = tr("Two views are called %1.").arg(name);
        if (!why.isEmpty()) {
            // The words stay, so that they can be put right.
            emit refused(why);
            return;
        }
        plan.aliasViews << name;
    }
    m_views->document()->setModified(false);
    if (plan.aliasViews != m_state.plan.aliasViews)
        emit edited(plan, tr("Views of %1").arg(plan.name));
    else
        refresh();
}

void TableOptions::commit()
{
    if (m_comment->document()->isModified())
        takeComment();
    if (m_views->document()->isModified())
        takeViews();
}

void TableOptions::reset()
{
    if (!m_state.proposal)
        return;
    for (QPlainTextEdit* field : {m_comment, m_views})
        field->document()->setModified(false);
    CollectionPlan plan = m_state.plan;
    plan.comment = m_state.proposal->comment;
    plan.aliasViews = m_state.proposal->aliasViews;
    plan.analyze = m_state.proposal->analyze;
    emit edited(plan, tr("Reset the table of %1 to the proposal").arg(plan.name));
}

bool TableOptions::select(const QString& field)
{
    QWidget* wanted = field == QLatin1String("after.comment") ? static_cast<QWidget*>(m_comment)
        : field == QLatin1String("after.aliasViews")          ? static_cast<QWidget*>(m_views)
        : field == QLatin1String("after.analyze")             ? static_cast<QWidget*>(m_analyze)
                                                              : nullptr;
    if (wanted)
        wanted->setFocus(Qt::OtherFocusReason);
    return wanted != nullptr;
}

bool TableOptions::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() == QEvent::FocusOut) {
        if (watched == m_comment)
            takeComment();
        else if (watched == m_views)
            takeViews();
    }
    return QWidget::eventFilter(watched, event);
}

void TableOptions::retranslate()
{
    m_commentLabel->setText(tr("Co&mment"));
    m_viewsLabel->setText(tr("Views &kept for aliases"));
    m_analyze->setText(tr("Collect statistics after the load (ANALY&ZE)"));
    m_reset->setText(tr("Reset these"));
    m_form->nameFields();
    refresh();
}

} // namespace qdrant2pg
