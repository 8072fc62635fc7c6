// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/mapping/mappingpage.h"

#include "core/plan/proposal.h"
#include "ui/services/settings.h"
#include "ui/widgets/breakable.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/sqlview.h"
#include "ui/wizard/mapping/mappingeditor.h"
#include "ui/wizard/mapping/samplepane.h"

#include <QAction>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QPushButton>
#include <QSplitter>
#include <QStyledItemDelegate>
#include <QTabWidget>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace qdrant2pg {

namespace {

const QString sharedPattern = QStringLiteral("{collection}");

/// As wide as the list and no wider, so that a long name ends in dots instead of under the edge.
class NameDelegate : public QStyledItemDelegate {
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        return {0, QStyledItemDelegate::sizeHint(option, index).height()};
    }
};

QString modeText(TableMode mode)
{
    switch (mode) {
    case TableMode::Create:
        return MappingPage::tr("new table");
    case TableMode::Append:
        return MappingPage::tr("append");
    case TableMode::Merge:
        return MappingPage::tr("merge by id");
    case TableMode::Replace:
        return MappingPage::tr("replace table");
    }
    return {};
}

} // namespace

MappingPage::MappingPage(const PageContext& context)
    : BasePage(PageId::Mapping, context)
    , m_controller(context.draft, context.services.threads)
{
    setObjectName(QStringLiteral("mappingPage"));
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    style::tighten(layout, this, 1);
    m_across = new QSplitter(Qt::Horizontal, content);
    m_across->setObjectName(QStringLiteral("mappingAcrossSplitter"));
    m_across->setChildrenCollapsible(false);
    m_listPane = buildList();
    m_across->addWidget(m_listPane);
    auto* right = new QWidget(m_across);
    auto* column = new QVBoxLayout(right);
    style::tighten(column, this, 1);
    column->addWidget(buildTable());
    m_down = new QSplitter(Qt::Vertical, right);
    m_down->setObjectName(QStringLiteral("mappingSplitter"));
    m_down->setChildrenCollapsible(false);
    m_editor = new MappingEditor(m_controller, m_down);
    m_editor->setObjectName(QStringLiteral("mappingEditor"));
    m_editor->setCorner(buildHistory());
    m_down->addWidget(m_editor);
    m_down->addWidget(buildResults());
    m_down->setStretchFactor(0, 3);
    m_down->setStretchFactor(1, 2);
    column->addWidget(m_down, 1);
    m_across->addWidget(right);
    m_across->setStretchFactor(0, 0);
    m_listPane->hide();
    m_across->setStretchFactor(1, 1);
    if (const auto kept =
            QByteArray::fromBase64(services().settings.text(SettingKey::MappingSplitter).toLatin1());
        !kept.isEmpty())
        m_down->restoreState(kept);
    connect(m_down, &QSplitter::splitterMoved, this, [this] {
        services().settings.setValue(
            SettingKey::MappingSplitter, QString::fromLatin1(m_down->saveState().toBase64()));
    });
    layout->addWidget(m_across, 1);
    setContent(content, Scrolling::Fills);

    connect(&m_controller, &MappingController::changed, this, &MappingPage::refresh);
    connect(&m_controller, &MappingController::sampleChanged, this, [this] { m_sample->refresh(); });
    connect(&m_controller, &MappingController::findingsChanged, this, [this] {
        m_editor->refreshFindings();
        refreshList();
    });
    connect(m_editor, &MappingEditor::refused, this, [this](const QString& reason) {
        if (!reason.isEmpty())
            complain(makeError(ErrorKind::Usage, reason));
        else if (state() == State::Idle)
            messages().clear();
    });
    connect(&draft(), &PlanDraft::planChanged, this, [this] {
        if (isVisible())
            invalidate();
        emit stepChanged();
    });
    retranslate();
}

QWidget* MappingPage::buildList()
{
    auto* pane = new QWidget(m_across);
    auto* layout = new QVBoxLayout(pane);
    style::tighten(layout, this, 1);
    m_listLabel = new QLabel(pane);
    m_listView = new QListView(pane);
    m_listView->setObjectName(QStringLiteral("mappingCollectionsListView"));
    m_listView->setModel(&m_list);
    m_listView->setItemDelegate(new NameDelegate(m_listView));
    const int side = m_listView->fontMetrics().height();
    m_listView->setIconSize({side, side});
    m_listView->setMinimumWidth(style::textWidth(this, 18));
    m_listLabel->setBuddy(m_listView);
    m_patternLabel = new QLabel(pane);
    m_pattern = new QLineEdit(sharedPattern, pane);
    m_pattern->setObjectName(QStringLiteral("tablePatternLineEdit"));
    m_patternLabel->setBuddy(m_pattern);
    m_patternExample = style::helpLabel(pane, QStringLiteral("tablePatternExampleLabel"));
    m_applyPattern = new QPushButton(pane);
    m_applyPattern->setObjectName(QStringLiteral("applyPatternPushButton"));
    layout->addWidget(m_listLabel);
    layout->addWidget(m_listView, 1);
    layout->addWidget(m_patternLabel);
    layout->addWidget(m_pattern);
    layout->addWidget(m_patternExample);
    layout->addWidget(m_applyPattern, 0, Qt::AlignLeft);
    connect(m_listView->selectionModel(), &QItemSelectionModel::currentChanged, this,
        [this](const QModelIndex& index) { m_controller.setCurrent(m_list.collection(index.row())); });
    connect(m_pattern, &QLineEdit::textChanged, this, &MappingPage::refreshPattern);
    connect(m_applyPattern, &QPushButton::clicked, this, &MappingPage::nameTables);
    return pane;
}

QWidget* MappingPage::buildTable()
{
    auto* bar = new QWidget(this);
    auto* layout = new FlowLayout(style::unit(this), bar);
    m_tableLabel = new QLabel(bar);
    m_table = new QLineEdit(bar);
    m_table->setObjectName(QStringLiteral("tableLineEdit"));
    m_table->setFont(style::fixedFont());
    m_table->setMinimumWidth(style::textWidth(this, 26));
    m_tableLabel->setBuddy(m_table);
    m_modeLabel = new QLabel(bar);
    m_mode = new QComboBox(bar);
    m_mode->setObjectName(QStringLiteral("modeComboBox"));
    m_mode->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_modeLabel->setBuddy(m_mode);
    m_presetLabel = new QLabel(bar);
    m_preset = new QComboBox(bar);
    m_preset->setObjectName(QStringLiteral("presetComboBox"));
    m_preset->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_presetLabel->setBuddy(m_preset);
    for (const TableMode mode : {TableMode::Create, TableMode::Append, TableMode::Merge, TableMode::Replace})
        m_mode->addItem(QString(), static_cast<int>(mode));
    for (const QString& name : presetNames())
        m_preset->addItem(name, name);
    layout->addPair(m_tableLabel, m_table);
    layout->addPair(m_modeLabel, m_mode);
    layout->addPair(m_presetLabel, m_preset);
    m_parentsLabel = new QLabel(bar);
    m_parents = new QComboBox(bar);
    m_parents->setObjectName(QStringLiteral("parentsComboBox"));
    m_parents->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_parentsLabel->setBuddy(m_parents);
    for (const ParentPolicy policy : {ParentPolicy::Create, ParentPolicy::NoConstraint, ParentPolicy::Reject})
        m_parents->addItem(QString(), static_cast<int>(policy));
    m_functions = new QCheckBox(bar);
    m_functions->setObjectName(QStringLiteral("searchFunctionsCheckBox"));
    layout->addPair(m_parentsLabel, m_parents);
    layout->addWidget(m_functions);
    connect(m_parents, &QComboBox::activated, this,
        [this] { m_controller.setParents(static_cast<ParentPolicy>(m_parents->currentData().toInt())); });
    connect(m_functions, &QCheckBox::clicked, this, [this](bool on) { m_controller.setSearchFunctions(on); });
    connect(m_table, &QLineEdit::editingFinished, this, &MappingPage::setTable);
    connect(m_mode, &QComboBox::activated, this,
        [this] { m_controller.setMode(static_cast<TableMode>(m_mode->currentData().toInt())); });
    connect(m_preset, &QComboBox::activated, this, &MappingPage::choosePreset);
    return bar;
}

QWidget* MappingPage::buildHistory()
{
    auto* corner = new QWidget(this);
    auto* layout = new QHBoxLayout(corner);
    style::tighten(layout, this, 0.5);
    const auto button = [&](QAction* action, const char* name) {
        auto* tool = new QToolButton(corner);
        tool->setObjectName(QLatin1String(name));
        tool->setDefaultAction(action);
        tool->setAutoRaise(true);
        tool->setFocusPolicy(Qt::StrongFocus);
        layout->addWidget(tool);
    };
    QUndoStack& history = draft().history();
    m_undo = new QAction(icon(Icon::Undo), QString(), this);
    m_undo->setShortcut(QKeySequence::Undo);
    m_redo = new QAction(icon(Icon::Redo), QString(), this);
    QList<QKeySequence> redo = QKeySequence::keyBindings(QKeySequence::Redo);
    // Not every platform has both; one that is there twice would do nothing.
    for (const QKeySequence& keys :
        {QKeySequence(Qt::CTRL | Qt::Key_Y), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_Z)}) {
        if (!redo.contains(keys))
            redo << keys;
    }
    m_redo->setShortcuts(redo);
    for (QAction* action : {m_undo, m_redo}) {
        action->setShortcutContext(Qt::WidgetWithChildrenShortcut);
        addAction(action);
    }
    button(m_undo, "undoToolButton");
    button(m_redo, "redoToolButton");
    m_resetAll = new QToolButton(corner);
    m_resetAll->setObjectName(QStringLiteral("resetCollectionToolButton"));
    m_resetAll->setIcon(icon(Icon::Reset));
    m_resetAll->setAutoRaise(true);
    m_resetAll->setFocusPolicy(Qt::StrongFocus);
    layout->addWidget(m_resetAll);
    connect(m_undo, &QAction::triggered, &history, &QUndoStack::undo);
    connect(m_redo, &QAction::triggered, &history, &QUndoStack::redo);
    const auto follow = [this] {
        const QUndoStack& stack = draft().history();
        m_undo->setEnabled(stack.canUndo());
        m_redo->setEnabled(stack.canRedo());
        m_undo->setText(stack.canUndo() ? tr("Undo: %1").arg(stack.undoText()) : tr("Undo"));
        m_redo->setText(stack.canRedo() ? tr("Redo: %1").arg(stack.redoText()) : tr("Redo"));
    };
    connect(&history, &QUndoStack::indexChanged, this, follow);
    follow();
    connect(m_resetAll, &QToolButton::clicked, &m_controller, &MappingController::resetCollection);
    return corner;
}

QWidget* MappingPage::buildResults()
{
    m_results = new QTabWidget(m_down);
    m_results->setObjectName(QStringLiteral("mappingResultTabWidget"));
    m_results->setDocumentMode(true);
    m_sql = new SqlView(QStringLiteral("ddlPlainTextEdit"), m_results);
    m_sql->setMinimumHeight(style::unit(this) * 7);
    m_sample = new SamplePane(m_controller, m_results);
    m_sample->setObjectName(QStringLiteral("samplePane"));
    m_results->addTab(m_sql, QString());
    m_results->addTab(m_sample, QString());
    return m_results;
}

QString MappingPage::stepName() const
{
    return tr("Mapping");
}

QString MappingPage::stepChoice() const
{
    const QStringList names = m_controller.collections();
    const auto edited = std::count_if(
        names.begin(), names.end(), [this](const QString& name) { return draft().isEdited(name); });
    if (names.isEmpty())
        return {};
    if (names.size() == 1) {
        const QString table = draft().collection(names.first())->table;
        return edited > 0 ? tr("table %1, edited").arg(table) : tr("table %1, as proposed").arg(table);
    }
    return edited > 0 ? tr("%n table(s), some edited", nullptr, static_cast<int>(names.size()))
                      : tr("%n table(s), as proposed", nullptr, static_cast<int>(names.size()));
}

QString MappingPage::helpText() const
{
    return tr(
        "<h3>Mapping</h3><p>Each row says what becomes which column, and why. The check box gives a payload "
        "value a column of its own or takes it back; what has none stays in the payload column.</p>"
        "<p>Enter or a click opens a choice, F2 renames a column, Space checks a row. Ctrl+Z takes the last "
        "change back, also after going Back and Next.</p><p><b>Statements</b> are what will run. <b>Rows</b> "
        "are the first points of the collection as they will be stored; what would be rejected says why.</p>"
        "<p><b>Views, comment</b> are the table's comment and the views that stand for aliases.</p>"
        "<p>Next looks at the tables that exist on the target. Nothing is written.</p>");
}

void MappingPage::entered()
{
    m_controller.start();
    if (const QString path = draft().takeFocusPath(); !path.isEmpty())
        goTo(path);
}

void MappingPage::left()
{
    if (state() == State::Checking)
        invalidate();
    m_controller.stop();
}

QWidget* MappingPage::firstFocus()
{
    return m_editor->firstFocus();
}

bool MappingPage::cancelOperation()
{
    return BasePage::cancelOperation() || m_controller.cancelReading();
}

void MappingPage::refresh()
{
    refreshList();
    m_editor->refresh();
    const MappingState state = m_controller.state();
    if (!m_table->hasFocus() || !m_table->isModified())
        m_table->setText(state.plan.table);
    m_mode->setCurrentIndex(m_mode->findData(static_cast<int>(state.plan.mode)));
    m_preset->setCurrentIndex(m_preset->findData(state.plan.preset));
    m_preset->setEnabled(state.facts.has_value());
    // Only that preset has rows of other tables to refer to.
    const bool hasParents = state.plan.preset == QLatin1String("context_items");
    m_parentsLabel->setVisible(hasParents);
    m_parents->setVisible(hasParents);
    m_parents->setCurrentIndex(m_parents->findData(static_cast<int>(state.plan.parents)));
    m_functions->setChecked(state.plan.searchFunctions);
    m_resetAll->setEnabled(draft().isEdited(m_controller.current()));
    refreshStatements();
}

void MappingPage::refreshList()
{
    m_list.setEntries(m_controller.entries());
    const bool several = m_list.rowCount() > 1;
    if (several == m_listPane->isHidden()) {
        m_listPane->setVisible(several);
        m_across->setSizes({style::textWidth(this, 26), style::textWidth(this, 100)});
    }
    const int row = m_list.rowOf(m_controller.current());
    if (m_listView->currentIndex().row() != row)
        m_listView->setCurrentIndex(m_list.index(row));
    refreshPattern();
}

void MappingPage::refreshStatements()
{
    const auto statements = m_controller.statements();
    m_sql->setSql(statements ? *statements
                             : QStringLiteral("-- ")
                + QStringList{statements.error().summary, statements.error().hint}
                      .join(QLatin1Char(' '))
                      .trimmed());
}

void MappingPage::refreshPattern()
{
    const QString example = MappingController::tableFromPattern(m_pattern->text(), m_controller.current());
    m_patternExample->setText(tr("%1 becomes %2").arg(breakable(m_controller.current()), breakable(example)));
    m_applyPattern->setEnabled(!example.isEmpty());
}

void MappingPage::setTable()
{
    m_table->setModified(false);
    const auto named = m_controller.setTable(m_table->text().trimmed());
    if (named)
        return;
    m_table->setText(m_controller.state().plan.table);
    complain(named.error());
}

void MappingPage::choosePreset()
{
    const auto dropped = m_controller.setPreset(m_preset->currentData().toString());
    if (!dropped) {
        m_preset->setCurrentIndex(m_preset->findData(m_controller.state().plan.preset));
        complain(dropped.error());
    } else if (!dropped->isEmpty()) {
        messages().showMessage(Status::Note, tr("The preset has no place for some of your changes."),
            tr("Undo brings them back."), dropped->join(QLatin1Char('\n')));
    }
}

void MappingPage::nameTables()
{
    if (const auto named = m_controller.nameTables(m_pattern->text()); !named)
        complain(named.error());
}

void MappingPage::complain(const Error& error)
{
    messages().showMessage(Status::Warning, error.summary, error.hint);
}

void MappingPage::goTo(const QString& path)
{
    const PlanPlace place = placeOfPath(draft().plan(), path);
    if (place.collection < 0)
        return;
    m_controller.setCurrent(draft().plan().collections.at(place.collection).name);
    if (m_editor->select(place))
        return;
    if (place.field == QLatin1String("mode"))
        m_mode->setFocus();
    else if (place.field == QLatin1String("preset"))
        m_preset->setFocus();
    else if (place.field == QLatin1String("after.searchFunctions"))
        m_functions->setFocus();
    else
        m_table->setFocus();
}

void MappingPage::startCheck()
{
    // A name that is still being typed belongs to what is checked.
    if (m_table->isModified())
        setTable();
    m_editor->commit();
    messages().showMessage(
        Status::Checking, tr("Comparing the plan with the tables on the target…"), tr("Esc cancels."));
    m_controller.check([this](const Result<QList<Finding>>& findings) { finishCheck(findings); });
}

void MappingPage::stopCheck()
{
    m_controller.cancelCheck();
}

void MappingPage::finishCheck(const Result<QList<Finding>>& findings)
{
    messages().clear();
    if (!findings) {
        checkFailed(findings.error());
        return;
    }
    const auto inMapping = [this](const Finding& finding) {
        const PlanPlace place = placeOfPath(draft().plan(), finding.path);
        return finding.severity == Severity::Blocker && place.collection >= 0
            && (place.mapping || place.index >= 0 || !place.field.isEmpty());
    };
    const auto first = std::find_if(findings->begin(), findings->end(), inMapping);
    // What is wrong with the servers or the source is Review's to show.
    if (first == findings->end()) {
        checkPassed();
        return;
    }
    checkBlocked();
    goTo(first->path);
    const Finding finding = *first;
    messages().showMessage(Status::Problem, finding.text, finding.hint);
    if (!finding.fixText.isEmpty()) {
        messages().addAction(
            QStringLiteral("applyFixPushButton"), tr("&Fix: %1").arg(finding.fixText), [this, finding] {
                const auto fixed = applyFix(draft().plan(), finding);
                if (!fixed)
                    complain(fixed.error());
                else
                    draft().editCollections(fixed->collections, finding.fixText);
            });
    }
    messages().addAction(QStringLiteral("checkAgainPushButton"), tr("Chec&k again"), [this] { check(); });
}

void MappingPage::retranslate()
{
    setHeader(tr("What becomes what?"), tr("Every choice has a reason. Nothing is written before Review."));
    m_listLabel->setText(tr("Colle&ctions"));
    m_listView->setAccessibleName(tr("Collections"));
    m_patternLabel->setText(tr("Name a&ll tables"));
    m_applyPattern->setText(tr("Use for &all"));
    m_tableLabel->setText(tr("Tabl&e"));
    m_modeLabel->setText(tr("&Into"));
    m_mode->setToolTip(
        tr("New table: it must not exist. Append: rows are added, ids that are there are rejected. "
           "Merge: ids that are there are left alone. Replace: the new table takes the place of "
           "the old one at the end."));
    m_presetLabel->setText(tr("&Preset"));
    m_parentsLabel->setText(tr("Missin&g parents"));
    m_parents->setItemText(0, tr("are created"));
    m_parents->setItemText(1, tr("are not asked for"));
    m_parents->setItemText(2, tr("reject the point"));
    m_functions->setText(tr("Search &functions"));
    m_functions->setToolTip(tr("Create functions that search the table as Qdrant was searched"));
    for (int i = 0; i < m_mode->count(); ++i)
        m_mode->setItemText(i, modeText(static_cast<TableMode>(m_mode->itemData(i).toInt())));
    m_resetAll->setText(tr("Reset all"));
    m_resetAll->setToolTip(tr("Reset all: this collection as it was proposed"));
    m_results->setTabText(0, tr("&Statements"));
    m_results->setTabText(1, tr("Ro&ws"));
    m_sql->setAccessibleTitle(tr("Statements that will run for this collection"));
    m_editor->retranslate();
    m_sample->retranslate();
    refreshPattern();
}

} // namespace qdrant2pg
