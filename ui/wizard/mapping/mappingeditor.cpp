// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/mapping/mappingeditor.h"

#include "ui/widgets/flowlayout.h"
#include "ui/widgets/style.h"
#include "ui/wizard/mapping/choicedelegate.h"
#include "ui/wizard/mapping/mappingcontroller.h"
#include "ui/wizard/mapping/tableoptions.h"

#include <QAction>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace qdrant2pg {

namespace {

QTableView* makeTable(QWidget* parent, const QString& name, QAbstractItemModel* model)
{
    auto* view = new QTableView(parent);
    view->setObjectName(name);
    view->setModel(model);
    style::prepareTable(view);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setItemDelegate(new ChoiceDelegate(view));
    view->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed
        | QAbstractItemView::AnyKeyPressed);
    view->setMinimumHeight(style::unit(view) * 8);
    // A choice opens with one click; a name with two, so that looking at a row changes nothing.
    QObject::connect(view, &QTableView::clicked, view, [view](const QModelIndex& index) {
        if ((index.flags() & Qt::ItemIsEditable)
            && !index.data(MappingModel::ChoicesRole).toStringList().isEmpty())
            view->edit(index);
    });
    return view;
}

} // namespace

MappingEditor::MappingEditor(MappingController& controller, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_tabs(new QTabWidget(this))
    , m_options(new TableOptions(this))
{
    m_columnsProxy.setSourceModel(&m_columns);
    m_indexesProxy.setSourceModel(&m_indexes);
    for (QSortFilterProxyModel* proxy : {&m_columnsProxy, &m_indexesProxy}) {
        proxy->setFilterRole(MappingModel::ProblemRole);
        proxy->setFilterKeyColumn(0);
    }
    m_tabs->setObjectName(QStringLiteral("mappingTabWidget"));
    m_tabs->setDocumentMode(true);
    // Three tabs and the history share a line; in a long language their names end in dots, not under arrows.
    m_tabs->setElideMode(Qt::ElideRight);
    m_tabs->setUsesScrollButtons(false);
    m_tabs->addTab(buildColumns(), QString());
    m_tabs->addTab(buildIndexes(), QString());
    m_tabs->addTab(m_options, QString());
    auto* layout = new QVBoxLayout(this);
    style::tighten(layout, this, 1);
    layout->addWidget(m_tabs);

    const auto edit = [this](const CollectionPlan& plan, const QString& text) {
        emit refused({});
        m_controller.edit(plan, text);
    };
    connect(&m_columns, &MappingModel::edited, this, edit);
    connect(&m_indexes, &MappingIndexModel::edited, this, edit);
    connect(m_options, &TableOptions::edited, this, edit);
    connect(m_options, &TableOptions::refused, this, &MappingEditor::refused);
    connect(&m_columns, &MappingModel::refused, this, &MappingEditor::refused);
    connect(&m_indexes, &MappingIndexModel::refused, this, &MappingEditor::refused);
    connect(m_problemsOnly, &QCheckBox::toggled, this, [this](bool on) {
        for (QSortFilterProxyModel* proxy : {&m_columnsProxy, &m_indexesProxy})
            proxy->setFilterFixedString(on ? QStringLiteral("true") : QString());
        rowChanged();
    });
}

QWidget* MappingEditor::buildColumns()
{
    auto* tab = new QWidget(this);
    auto* layout = new QVBoxLayout(tab);
    style::tighten(layout, this, 1);
    m_columnsView = makeTable(tab, QStringLiteral("mappingTableView"), &m_columnsProxy);
    style::setColumnWidths(m_columnsView,
        {{MappingModel::Source, 23}, {MappingModel::Target, 21}, {MappingModel::Type, 19},
            {MappingModel::Missing, 19}, {MappingModel::Misfit, 19}});
    m_columnsView->installEventFilter(this);
    layout->addWidget(m_columnsView, 1);

    m_reason = style::helpLabel(tab, QStringLiteral("reasonLabel"), false);
    m_reason->setMaximumWidth(QWIDGETSIZE_MAX);
    m_reason->setMinimumHeight(QFontMetrics(m_reason->font()).height());
    layout->addWidget(m_reason);

    auto* bar = new FlowLayout(style::unit(this));
    m_defaultLabel = new QLabel(tab);
    m_default = new QLineEdit(tab);
    m_default->setObjectName(QStringLiteral("defaultLineEdit"));
    m_default->setMaximumWidth(style::textWidth(this, 18));
    m_defaultLabel->setBuddy(m_default);
    m_reset = new QPushButton(tab);
    m_reset->setObjectName(QStringLiteral("resetRowPushButton"));
    m_similar = new QPushButton(tab);
    m_similar->setObjectName(QStringLiteral("applyToSimilarPushButton"));
    m_pathLabel = new QLabel(tab);
    m_path = new QLineEdit(tab);
    m_path->setObjectName(QStringLiteral("pathLineEdit"));
    m_path->setMinimumWidth(style::textWidth(this, 20));
    m_pathLabel->setBuddy(m_path);
    m_addPath = new QPushButton(tab);
    m_addPath->setObjectName(QStringLiteral("addPathPushButton"));
    m_problemsOnly = new QCheckBox(tab);
    m_problemsOnly->setObjectName(QStringLiteral("problemsOnlyCheckBox"));
    bar->addPair(m_defaultLabel, m_default);
    bar->addWidget(m_reset);
    bar->addWidget(m_similar);
    bar->addPair(m_pathLabel, m_path);
    bar->addWidget(m_addPath);
    bar->addWidget(m_problemsOnly);
    layout->addLayout(bar);

    connect(m_columnsView->selectionModel(), &QItemSelectionModel::currentChanged, this,
        &MappingEditor::rowChanged);
    connect(&m_columnsProxy, &QAbstractItemModel::dataChanged, this, &MappingEditor::rowChanged);
    connect(m_reset, &QPushButton::clicked, this, &MappingEditor::resetRow);
    connect(m_similar, &QPushButton::clicked, this, [this] {
        if (const auto place = m_columns.place(currentRow()))
            emit refused(m_controller.applyToSimilar(*place) > 0
                    ? QString()
                    : tr("The other collections have nothing of that name, or have it like this already."));
    });
    connect(m_default, &QLineEdit::editingFinished, this,
        [this] { m_columns.setDefaultText(currentRow(), m_default->text()); });
    connect(m_addPath, &QPushButton::clicked, this, &MappingEditor::addPath);
    connect(m_path, &QLineEdit::textChanged, this,
        [this](const QString& text) { m_addPath->setEnabled(!text.trimmed().isEmpty()); });
    m_path->installEventFilter(this);
    m_addPath->setEnabled(false);
    return tab;
}

QWidget* MappingEditor::buildIndexes()
{
    auto* tab = new QWidget(this);
    auto* layout = new QVBoxLayout(tab);
    style::tighten(layout, this, 1);
    m_indexesView = makeTable(tab, QStringLiteral("mappingIndexTableView"), &m_indexesProxy);
    style::setColumnWidths(m_indexesView,
        {{MappingIndexModel::On, 27}, {MappingIndexModel::Kind, 13}, {MappingIndexModel::Opclass, 21},
            {MappingIndexModel::Parameters, 27}});
    m_indexesView->installEventFilter(this);
    layout->addWidget(m_indexesView, 1);
    auto* row = new QHBoxLayout;
    style::tighten(row, this, 1);
    m_indexReason = style::helpLabel(tab, QStringLiteral("indexReasonLabel"), false);
    m_indexReason->setMaximumWidth(QWIDGETSIZE_MAX);
    m_addIndex = new QPushButton(tab);
    m_addIndex->setObjectName(QStringLiteral("addIndexPushButton"));
    m_removeIndex = new QPushButton(tab);
    m_removeIndex->setObjectName(QStringLiteral("removeIndexPushButton"));
    row->addWidget(m_indexReason, 1);
    row->addWidget(m_addIndex, 0, Qt::AlignTop);
    row->addWidget(m_removeIndex, 0, Qt::AlignTop);
    layout->addLayout(row);
    connect(m_indexesView->selectionModel(), &QItemSelectionModel::currentChanged, this,
        &MappingEditor::rowChanged);
    connect(&m_indexesProxy, &QAbstractItemModel::dataChanged, this, &MappingEditor::rowChanged);
    connect(m_removeIndex, &QPushButton::clicked, this,
        [this] { m_indexes.remove(m_indexesProxy.mapToSource(m_indexesView->currentIndex()).row()); });
    auto* menu = new QMenu(m_addIndex);
    m_addIndex->setMenu(menu);
    connect(menu, &QMenu::aboutToShow, this, &MappingEditor::addIndex);
    return tab;
}

void MappingEditor::refresh()
{
    const MappingState state = m_controller.state();
    const auto kept = m_columns.place(currentRow());
    const bool other = m_columns.state().plan.name != state.plan.name;
    m_columns.setState(state);
    m_indexes.setState(state);
    m_options->setState(state);
    const int row = kept && !other ? m_columns.rowOf(*kept) : 0;
    if (!m_columnsView->currentIndex().isValid() || other)
        m_columnsView->setCurrentIndex(m_columnsProxy.mapFromSource(m_columns.index(std::max(row, 0), 0)));
    if (!m_indexesView->currentIndex().isValid())
        m_indexesView->setCurrentIndex(m_indexesProxy.index(0, 0));
    m_similar->setVisible(m_controller.collections().size() > 1);
    nameTabs();
    rowChanged();
}

void MappingEditor::refreshFindings()
{
    const QList<Finding> findings = m_controller.findings();
    m_columns.setFindings(findings);
    m_indexes.setFindings(findings);
}

int MappingEditor::currentRow() const
{
    const QModelIndex current = m_columnsView->currentIndex();
    return current.isValid() ? m_columnsProxy.mapToSource(current).row() : -1;
}

void MappingEditor::rowChanged()
{
    const QModelIndex current = m_columnsView->currentIndex();
    m_reason->setText(current.data(MappingModel::ReasonRole).toString());
    m_reset->setEnabled(current.data(MappingModel::ChangedRole).toBool());
    m_similar->setEnabled(current.isValid());
    const bool hasDefault = current.isValid() && m_columns.takesDefault(currentRow());
    m_defaultLabel->setVisible(hasDefault);
    m_default->setVisible(hasDefault);
    if (hasDefault && !m_default->hasFocus())
        m_default->setText(m_columns.defaultText(currentRow()));
    const QModelIndex index = m_indexesView->currentIndex();
    m_indexReason->setText(index.data(MappingModel::ReasonRole).toString());
    m_removeIndex->setEnabled(index.isValid());
}

void MappingEditor::resetRow()
{
    m_columns.resetRow(currentRow());
}

void MappingEditor::addPath()
{
    const QString path = m_path->text().trimmed();
    if (path.isEmpty())
        return;
    const auto added = m_controller.addPath(path);
    if (!added) {
        emit refused(QStringList{added.error().summary, added.error().hint}.join(QLatin1Char(' ')).trimmed());
        return;
    }
    emit refused({});
    m_path->clear();
    select(PlanPlace{0, MappingPlace{MappingKind::PayloadColumn, path}, -1, {}});
}

void MappingEditor::addIndex()
{
    QMenu* menu = m_addIndex->menu();
    menu->clear();
    for (const QString& column : columnNames(m_columns.state().plan)) {
        QAction* action = menu->addAction(QString(column).replace(QLatin1Char('&'), QStringLiteral("&&")));
        action->setObjectName(QStringLiteral("addIndexAction_") + column);
        connect(action, &QAction::triggered, this, [this, column] { m_indexes.add(column); });
    }
}

bool MappingEditor::select(const PlanPlace& place)
{
    if (place.mapping) {
        const QModelIndex at = m_columnsProxy.mapFromSource(
            m_columns.index(m_columns.rowOf(*place.mapping), MappingModel::Target));
        m_tabs->setCurrentIndex(0);
        m_columnsView->setCurrentIndex(at);
        m_columnsView->scrollTo(at);
        m_columnsView->setFocus();
        return at.isValid();
    }
    if (place.index >= 0) {
        m_tabs->setCurrentIndex(1);
        m_indexesView->setCurrentIndex(
            m_indexesProxy.mapFromSource(m_indexes.index(place.index, MappingIndexModel::Kind)));
        m_indexesView->setFocus();
        return true;
    }
    if (place.field.startsWith(QLatin1String("after."))) {
        m_tabs->setCurrentWidget(m_options);
        return m_options->select(place.field);
    }
    return false;
}

void MappingEditor::commit()
{
    m_options->commit();
}

QWidget* MappingEditor::firstFocus() const
{
    if (m_tabs->currentWidget() == m_options && m_options->focusWidget())
        return m_options->focusWidget();
    return m_tabs->currentIndex() == 1 ? m_indexesView : m_columnsView;
}

void MappingEditor::setCorner(QWidget* widget)
{
    m_tabs->setCornerWidget(widget);
}

bool MappingEditor::eventFilter(QObject* watched, QEvent* event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const int key = static_cast<QKeyEvent*>(event)->key();
    const bool enter = key == Qt::Key_Return || key == Qt::Key_Enter;
    if (watched == m_path && enter) {
        addPath();
        return true;
    }
    auto* view = qobject_cast<QTableView*>(watched);
    // With an open editor the focus is there, and the key is its own.
    if (!view || !view->hasFocus())
        return QWidget::eventFilter(watched, event);
    if (enter && (view->currentIndex().flags() & Qt::ItemIsEditable)) {
        // Enter edits the cell instead of pressing the window's Next.
        view->edit(view->currentIndex());
        return true;
    }
    if (view == m_columnsView && key == Qt::Key_Space) {
        const QModelIndex row = view->currentIndex().siblingAtColumn(MappingModel::Source);
        if (row.flags() & Qt::ItemIsUserCheckable) {
            const bool on = row.data(Qt::CheckStateRole).toInt() == Qt::Checked;
            m_columnsProxy.setData(row, on ? Qt::Unchecked : Qt::Checked, Qt::CheckStateRole);
            return true;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void MappingEditor::retranslate()
{
    m_tabs->setTabText(0, tr("Col&umns"));
    m_tabs->setTabText(2, tr("&Views, comment"));
    m_columnsView->setAccessibleName(tr("What becomes which column"));
    m_indexesView->setAccessibleName(tr("Indexes, built after the load"));
    m_problemsOnly->setText(tr("Problems &only"));
    m_defaultLabel->setText(tr("&Default"));
    m_similar->setToolTip(tr("The same type and policies for this value in the other collections"));
    m_similar->setText(tr("Appl&y to similar"));
    m_reset->setText(tr("&Reset"));
    m_reset->setAccessibleName(tr("Reset this row to the proposal"));
    m_pathLabel->setText(tr("Other pa&th"));
    m_path->setPlaceholderText(QStringLiteral("meta.author"));
    m_addPath->setText(tr("Map it"));
    m_addIndex->setText(tr("A&dd index"));
    m_removeIndex->setText(tr("Re&move"));
    m_options->retranslate();
    m_columns.retranslate();
    m_indexes.retranslate();
    nameTabs();
    rowChanged();
}

void MappingEditor::nameTabs()
{
    m_tabs->setTabText(1, tr("Inde&xes (%1)").arg(m_indexes.rowCount()));
    for (int i = 0; i < m_tabs->count(); ++i)
        m_tabs->setTabToolTip(i, m_tabs->tabText(i).remove(QLatin1Char('&')));
}

} // namespace qdrant2pg
