// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/connect/collectionspage.h"

#include "core/common/nearestname.h"
#include "core/plan/planjson.h"
#include "core/plan/proposal.h"
#include "ui/services/settings.h"
#include "ui/widgets/bardelegate.h"
#include "ui/widgets/columnfitter.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/connect/previewpane.h"
#include "ui/wizard/plandraft.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTabWidget>
#include <QTableView>
#include <QVBoxLayout>

namespace qdrant2pg {

namespace {
constexpr int searchCharacters = 28;
constexpr int filterLines = 4;
} // namespace

CollectionsPage::CollectionsPage(const PageContext& context)
    : BasePage(PageId::Collections, context)
    , m_listing(context.services.threads)
    , m_counting(context.services.threads)
    , m_filterCounting(context.services.threads)
    , m_facts(context.services.threads)
{
    setObjectName(QStringLiteral("collectionsPage"));
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    style::tighten(layout, this, 1);
    auto* tools = new QHBoxLayout;
    style::tighten(tools, this, 1);
    m_searchLabel = new QLabel(content);
    m_search = new QLineEdit(content);
    m_search->setObjectName(QStringLiteral("searchLineEdit"));
    m_search->setClearButtonEnabled(true);
    m_search->setMaximumWidth(style::textWidth(this, searchCharacters));
    m_searchLabel->setBuddy(m_search);
    m_all = new QPushButton(content);
    m_all->setObjectName(QStringLiteral("selectAllPushButton"));
    m_none = new QPushButton(content);
    m_none->setObjectName(QStringLiteral("selectNonePushButton"));
    m_count = new QPushButton(content);
    m_count->setObjectName(QStringLiteral("countExactlyPushButton"));
    tools->addWidget(m_searchLabel);
    tools->addWidget(m_search, 1);
    tools->addWidget(m_all);
    tools->addWidget(m_none);
    tools->addWidget(m_count);
    tools->addStretch();
    layout->addLayout(tools);
    m_summary = style::helpLabel(content, QStringLiteral("selectionSummaryLabel"), false);
    layout->addWidget(m_summary);
    m_empty = style::textLabel(content, QStringLiteral("emptyListLabel"));
    m_empty->hide();
    layout->addWidget(m_empty);

    m_splitter = new QSplitter(Qt::Vertical, content);
    m_splitter->setObjectName(QStringLiteral("collectionsSplitter"));
    m_splitter->setChildrenCollapsible(false);
    buildTable(m_splitter);
    m_tabs = new QTabWidget(m_splitter);
    m_tabs->setObjectName(QStringLiteral("collectionTabWidget"));
    m_tabs->setDocumentMode(true);
    m_preview = new PreviewPane(services(), m_tabs);
    m_preview->setObjectName(QStringLiteral("collectionPreviewPane"));
    m_tabs->addTab(m_preview, QString());
    m_tabs->addTab(buildFilterTab(), QString());
    m_splitter->setStretchFactor(0, 2);
    m_splitter->setStretchFactor(1, 3);
    if (const auto kept =
            QByteArray::fromBase64(services().settings.text(SettingKey::CollectionsSplitter).toLatin1());
        !kept.isEmpty())
        m_splitter->restoreState(kept);
    layout->addWidget(m_splitter, 1);
    setContent(content, Scrolling::Fills);

    connect(m_search, &QLineEdit::textChanged, &m_proxy,
        [this](const QString& text) { m_proxy.setFilterFixedString(text); });
    const auto checkShown = [this](bool on) {
        QStringList names = m_model.checked();
        for (int row = 0; row < m_proxy.rowCount(); ++row) {
            const QString& name = m_model.entry(m_proxy.mapToSource(m_proxy.index(row, 0)).row())->name;
            names.removeAll(name);
            if (on)
                names << name;
        }
        m_model.setChecked(names);
    };
    connect(m_all, &QPushButton::clicked, this, [checkShown] { checkShown(true); });
    connect(m_none, &QPushButton::clicked, this, [checkShown] { checkShown(false); });
    connect(m_count, &QPushButton::clicked, this, &CollectionsPage::countExactly);
    connect(&m_model, &CollectionsModel::checkedChanged, this, [this] {
        if (m_loading)
            return;
        invalidate();
        // Names of a plan that this server does not have stay chosen until the person decides.
        draft().setSelected(m_model.checked());
        refreshCount();
    });
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] {
        services().settings.setValue(
            SettingKey::CollectionsSplitter, QString::fromLatin1(m_splitter->saveState().toBase64()));
    });
    retranslate();
}

void CollectionsPage::buildTable(QWidget* content)
{
    m_proxy.setSourceModel(&m_model);
    m_proxy.setFilterCaseSensitivity(Qt::CaseInsensitive);
    m_proxy.setFilterKeyColumn(CollectionsModel::Name);
    m_proxy.setSortRole(CollectionsModel::SortRole);
    m_table = new QTableView(content);
    m_table->setObjectName(QStringLiteral("collectionsTableView"));
    m_table->setModel(&m_proxy);
    style::prepareTable(m_table);
    m_table->setItemDelegateForColumn(
        CollectionsModel::SourceSize, new BarDelegate(CollectionsModel::ShareRole, m_table));
    m_table->setSortingEnabled(true);
    m_table->sortByColumn(CollectionsModel::Name, Qt::AscendingOrder);
    m_table->installEventFilter(this);
    QHeaderView* header = m_table->horizontalHeader();
    // The table is mostly called like the collection, so it may be out of sight rather than the state.
    header->moveSection(CollectionsModel::Table, CollectionsModel::State);
    if (const auto kept =
            QByteArray::fromBase64(services().settings.text(SettingKey::CollectionsHeader).toLatin1());
        !kept.isEmpty() && header->restoreState(kept))
        ColumnFitter::of(m_table)->keepWidths();
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        &CollectionsPage::currentChanged);
}

QWidget* CollectionsPage::buildFilterTab()
{
    auto* tab = new QWidget(m_tabs);
    auto* layout = new QVBoxLayout(tab);
    style::tighten(layout, this, 1);
    const int unit = style::unit(this);
    layout->setContentsMargins(0, unit, 0, 0);
    m_filterLabel = new QLabel(tab);
    m_filter = new QPlainTextEdit(tab);
    m_filter->setObjectName(QStringLiteral("filterPlainTextEdit"));
    m_filter->setFont(style::fixedFont());
    m_filter->setTabChangesFocus(true);
    m_filter->setMinimumHeight(QFontMetrics(m_filter->font()).lineSpacing() * filterLines);
    m_filterLabel->setBuddy(m_filter);
    m_filterHelp = style::helpLabel(tab, QStringLiteral("filterHelpLabel"));
    m_applyFilter = new QPushButton(tab);
    m_applyFilter->setObjectName(QStringLiteral("applyFilterPushButton"));
    m_filterState = style::textLabel(tab, QStringLiteral("filterStateLabel"));
    auto* row = new QHBoxLayout;
    style::tighten(row, this, 2);
    row->addWidget(m_applyFilter);
    row->addWidget(m_filterState, 1);
    layout->addWidget(m_filterLabel);
    layout->addWidget(m_filter, 1);
    layout->addWidget(m_filterHelp);
    layout->addLayout(row);
    connect(m_applyFilter, &QPushButton::clicked, this, &CollectionsPage::applyFilter);
    return tab;
}

QString CollectionsPage::stepName() const
{
    return tr("Collections");
}

QString CollectionsPage::stepChoice() const
{
    const QStringList names = draft().selected();
    if (names.isEmpty())
        return {};
    return names.size() == 1 ? names.first()
                             : tr("%n collection(s)", nullptr, static_cast<int>(names.size()));
}

QString CollectionsPage::helpText() const
{
    return tr(
        "<h3>Collections</h3><p>Check the collections that shall move. Space toggles the selected "
        "rows.</p><p>Numbers with ≈ are "
        "Qdrant's estimates; <b>Count exactly</b> asks for the true number, which reads every id. Sizes are "
        "estimates too, from "
        "the number of points and a few payloads.</p><p>The preview asks for the first points only and gives "
        "up after two seconds. "
        "It has no influence on what is migrated.</p><p>A <b>filter</b> in Qdrant's JSON form restricts what "
        "moves. "
        "<b>Conflict</b> means that a table of the proposed name has rows; Mapping offers what to do.</p>");
}

QWidget* CollectionsPage::firstFocus()
{
    return m_table;
}

void CollectionsPage::entered()
{
    const QString source = draft().source().url + QLatin1Char('|') + draft().target().conninfo
        + QLatin1Char('|') + draft().target().schema;
    if (source != std::exchange(m_shownSource, source)) {
        m_model.setNames({});
        m_preview->clear();
        m_search->clear();
    }
    // Taken over, not edited: a chosen name that this server lacks stays chosen until it is reported below.
    m_loading = true;
    m_model.setChecked(draft().selected());
    m_loading = false;
    load();
}

void CollectionsPage::left()
{
    m_preview->cancel();
    m_counting.cancel();
    m_filterCounting.cancel();
    // Widths that nobody has drawn adapt; as settings they would stand still.
    if (ColumnFitter::of(m_table)->isDrawn())
        services().settings.setValue(SettingKey::CollectionsHeader,
            QString::fromLatin1(m_table->horizontalHeader()->saveState().toBase64()));
}

bool CollectionsPage::cancelOperation()
{
    if (BasePage::cancelOperation())
        return true;
    if (m_preview->cancel())
        return true;
    if (m_counting.isRunning() || m_filterCounting.isRunning()) {
        m_counting.cancel();
        m_filterCounting.cancel();
        m_count->setEnabled(true);
        m_filterState->clear();
        messages().showMessage(Status::Note, tr("Counting was cancelled."));
        return true;
    }
    if (m_listing.isRunning()) {
        m_listing.cancel();
        messages().showMessage(Status::Note, tr("Reading the list was cancelled."));
        messages().addAction(QStringLiteral("readAgainPushButton"), tr("&Read the list"), [this] { load(); });
        return true;
    }
    return false;
}

void CollectionsPage::load()
{
    if (!draft().sourceOverview())
        return;
    const QStringList names = draft().sourceOverview()->collections;
    const QString current = currentName();
    m_model.setNames(names);
    for (const QString& name : names)
        m_model.setFiltered(name, !draft().filter(name).isEmpty());
    m_empty->setVisible(names.isEmpty());
    m_splitter->setVisible(!names.isEmpty());
    if (draft().selected().isEmpty() && names.size() == 1)
        m_model.setChecked(names);
    reportMissing();
    refreshCount();
    std::optional<TargetLook> look;
    if (draft().targetOverview())
        look = TargetLook{draft().targetOptions(), draft().target().schema, draft().targetOverview()->server};
    m_listing.start(
        [source = draft().sourceOptions(), names, look, model = &m_model](const JobControl& control) {
            readCollectionEntries(
                source, names, look,
                [&](const CollectionEntry& entry) {
                    control.post([model, entry] { model->setEntry(entry); });
                },
                control.stopToken());
            return true;
        },
        [](bool) {});
    if (m_proxy.rowCount() > 0) {
        const int row = std::max(0, m_proxy.mapFromSource(m_model.index(m_model.rowOf(current), 0)).row());
        m_table->setCurrentIndex(m_proxy.index(row, 0));
        m_table->selectRow(row);
    }
}

void CollectionsPage::reportMissing()
{
    const QStringList existing = draft().sourceOverview()->collections;
    QStringList missing;
    const QStringList selected = draft().selected();
    for (const QString& name : selected) {
        if (!existing.contains(name))
            missing << name;
    }
    if (missing.isEmpty())
        return;
    const QString nearest = nearestName(missing.first(), existing);
    QString hint = tr("There are: %1.").arg(existing.join(QStringLiteral(", ")));
    if (!nearest.isEmpty())
        hint = tr("%1 Did you mean %2?").arg(hint, nearest);
    messages().showMessage(Status::Warning,
        tr("%n chosen collection(s) do not exist on this server: %1", nullptr,
            static_cast<int>(missing.size()))
            .arg(missing.join(QStringLiteral(", "))),
        hint);
}

void CollectionsPage::refreshCount()
{
    const auto chosen = static_cast<int>(m_model.checked().size());
    m_summary->setText(tr("%1 of %n collection(s) chosen", nullptr, m_model.rowCount()).arg(chosen));
}

QString CollectionsPage::currentName() const
{
    const CollectionEntry* entry = m_model.entry(m_proxy.mapToSource(m_table->currentIndex()).row());
    return entry ? entry->name : QString();
}

void CollectionsPage::currentChanged()
{
    const QString name = currentName();
    m_filterCounting.cancel();
    m_filterState->clear();
    if (name.isEmpty()) {
        m_preview->clear();
        return;
    }
    m_filter->setPlainText(QString::fromUtf8(draft().filter(name)));
    m_preview->show(draft().sourceOptions(), name, draft().filter(name));
}

bool CollectionsPage::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress
        && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Space) {
        toggleSelected();
        return true;
    }
    return BasePage::eventFilter(watched, event);
}

void CollectionsPage::toggleSelected()
{
    const QModelIndexList rows = m_table->selectionModel()->selectedRows(CollectionsModel::Name);
    if (rows.isEmpty())
        return;
    const bool on = rows.first().data(Qt::CheckStateRole).toInt() != Qt::Checked;
    QStringList names = m_model.checked();
    for (const QModelIndex& row : rows) {
        const QString& name = m_model.entry(m_proxy.mapToSource(row).row())->name;
        names.removeAll(name);
        if (on)
            names << name;
    }
    m_model.setChecked(names);
}

void CollectionsPage::countExactly()
{
    QStringList names = m_model.checked();
    if (names.isEmpty())
        names = {currentName()};
    m_count->setEnabled(false);
    m_counting.start(
        [this, source = draft().sourceOptions(), names, server = draft().serverProfile()](
            const JobControl& control) {
            QdrantClient client(source, control.stopToken());
            for (const QString& name : names) {
                if (control.stopRequested())
                    break;
                const auto count = client.count(name, true);
                control.post([this, name, count, server] { m_model.setExactCount(name, count, server); });
            }
            return true;
        },
        [this](bool) { m_count->setEnabled(true); });
}

void CollectionsPage::applyFilter()
{
    const QString name = currentName();
    if (name.isEmpty())
        return;
    const QByteArray text = m_filter->toPlainText().trimmed().toUtf8();
    QByteArray filter;
    if (!text.isEmpty()) {
        const auto normalized = normalizedFilter(text);
        if (!normalized) {
            m_filterState->setText(normalized.error().summary);
            m_filter->setFocus();
            return;
        }
        filter = *normalized;
    }
    m_filterState->setText(filter.isEmpty() ? tr("No filter: all points move.")
                                            : tr("Counting the matching points… Esc cancels."));
    const auto accept = [this, name, filter] {
        draft().setFilter(name, filter);
        m_model.setFiltered(name, !filter.isEmpty());
        invalidate();
        m_preview->show(draft().sourceOptions(), name, filter);
    };
    if (filter.isEmpty()) {
        m_filterCounting.cancel();
        accept();
        return;
    }
    m_filterCounting.start(
        [source = draft().sourceOptions(), name, filter](const JobControl& control) {
            QdrantClient client(source, control.stopToken());
            return client.count(name, true, filter.toStdString());
        },
        [this, accept](const Result<qint64>& count) {
            if (!count) {
                m_filterState->setText(QStringList{count.error().summary, count.error().detail}
                                           .join(QLatin1Char('\n'))
                                           .trimmed());
                return;
            }
            accept();
            m_filterState->setText(
                tr("%n point(s) (matches|match), counted exactly.", nullptr, static_cast<int>(*count)));
        });
}

bool CollectionsPage::hasUnappliedFilter() const
{
    const QString name = currentName();
    const QByteArray typed = m_filter->toPlainText().trimmed().toUtf8();
    const QByteArray applied = draft().filter(name);
    if (name.isEmpty() || !m_model.checked().contains(name) || typed == applied)
        return false;
    const auto normalized = normalizedFilter(typed);
    return !normalized || *normalized != applied;
}

void CollectionsPage::startCheck()
{
    const QStringList names = m_model.checked();
    if (names.isEmpty()) {
        checkFailed(makeError(ErrorKind::Usage, tr("No collection is chosen."), {},
            tr("Check at least one; Space toggles the selected row.")));
        m_table->setFocus();
        return;
    }
    if (hasUnappliedFilter()) {
        checkFailed(makeError(ErrorKind::Usage,
            tr("The filter of %1 was changed and not applied.").arg(currentName()), {},
            tr("Apply it to see how many points it matches, or put it back.")));
        m_tabs->setCurrentIndex(1);
        m_filter->setFocus();
        return;
    }
    draft().setSelected(names);
    // What was read before stays true for this session; going back and forth asks only for what is new.
    QStringList wanted;
    for (const QString& name : names) {
        if (!draft().facts(name) || !draft().collection(name) || !draft().proposal(name))
            wanted << name;
    }
    if (wanted.isEmpty()) {
        checkPassed();
        return;
    }
    m_facts.start(
        [this, source = draft().sourceOptions(), server = draft().serverProfile(), wanted](
            const JobControl& control) {
            Facts read;
            QdrantClient client(source, control.stopToken());
            for (const QString& name : wanted) {
                control.post([this, name] {
                    messages().showMessage(
                        Status::Checking, tr("Looking at %1…").arg(name), tr("Esc cancels."));
                });
                const auto facts = readCollectionFacts(client, name, FactOptions(), control.stopToken());
                if (!facts) {
                    read.error = facts.error();
                    return read;
                }
                const auto proposal = proposeCollection(*facts, presetNames().first(), server);
                if (!proposal) {
                    read.error = proposal.error();
                    return read;
                }
                read.facts.append(*facts);
                read.proposals.append(*proposal);
            }
            return read;
        },
        [this](const Facts& facts) { finish(facts); });
}

void CollectionsPage::stopCheck()
{
    m_facts.cancel();
}

void CollectionsPage::finish(const Facts& facts)
{
    messages().clear();
    for (qsizetype i = 0; i < facts.facts.size(); ++i) {
        draft().setFacts(facts.facts[i]);
        draft().adoptProposal(facts.proposals[i]);
    }
    if (facts.error)
        checkFailed(*facts.error);
    else
        checkPassed();
}

void CollectionsPage::retranslate()
{
    setHeader(tr("Which collections shall move?"),
        tr("Look at what they hold. The preview and the counts change nothing."));
    m_searchLabel->setText(tr("&Filter"));
    m_search->setPlaceholderText(tr("part of a name"));
    m_all->setText(tr("Select &all"));
    m_none->setText(tr("Select n&one"));
    m_count->setText(tr("&Count exactly"));
    m_table->setAccessibleName(tr("Collections"));
    m_empty->setText(
        tr("This server has no collections that this key can see. Go back to choose another server or key."));
    m_tabs->setTabText(0, tr("Pre&view"));
    m_tabs->setTabText(1, tr("&Restrict"));
    m_filterLabel->setText(tr("Only points that pass this Qdrant f&ilter move"));
    m_filter->setPlaceholderText(
        QStringLiteral(R"({"must": [{"key": "game_id", "match": {"value": "…"}}]})"));
    m_filterHelp->setText(tr("JSON as in Qdrant's scroll request. Empty: all points."));
    m_applyFilter->setText(tr("A&pply and count"));
    style::setColumnWidths(m_table,
        {{CollectionsModel::Name, 22}, {CollectionsModel::Points, 13}, {CollectionsModel::Vectors, 21},
            {CollectionsModel::Payload, 19}, {CollectionsModel::SourceSize, 14},
            {CollectionsModel::TargetSize, 14}, {CollectionsModel::State, 16},
            {CollectionsModel::Table, 18}});
    refreshCount();
}

} // namespace qdrant2pg
