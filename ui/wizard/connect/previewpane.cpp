// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/connect/previewpane.h"

#include "ui/services/collectionreader.h"
#include "ui/services/settings.h"
#include "ui/widgets/elidedlabel.h"
#include "ui/widgets/sparkline.h"
#include "ui/widgets/style.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QScrollArea>
#include <QSpinBox>
#include <QSplitter>
#include <QTableView>
#include <QTreeView>
#include <QVBoxLayout>

namespace qdrant2pg {

namespace {
using namespace std::chrono_literals;
/// After that long a preview is no preview.
constexpr auto budget = 2'000ms;
/// Loading is said only when it takes long enough to be noticed.
constexpr auto slowAfter = 300ms;
constexpr int mostPoints = 100;
/// Lines of one point; a collection with more vectors is still told in the table.
constexpr qsizetype mostSparklines = 6;
} // namespace

PreviewPane::PreviewPane(Services& services, QWidget* parent)
    : QWidget(parent)
    , m_services(services)
    , m_job(services.threads)
    , m_title(new ElidedLabel(this))
    , m_limitLabel(new QLabel(this))
    , m_limit(new QSpinBox(this))
    , m_state(style::helpLabel(this, QStringLiteral("previewStateLabel"), false))
    , m_again(new QPushButton(this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_table(new QTableView(m_splitter))
    , m_tree(new QTreeView)
{
    m_title->setObjectName(QStringLiteral("previewTitleLabel"));
    m_title->setFont(style::scaledFont(m_title, 1.0, QFont::DemiBold));
    m_limit->setObjectName(QStringLiteral("previewLimitSpinBox"));
    m_limit->setRange(1, mostPoints);
    m_limit->setValue(services.settings.value(SettingKey::PreviewLimit).toInt());
    m_limitLabel->setBuddy(m_limit);
    m_again->setObjectName(QStringLiteral("previewAgainPushButton"));
    m_again->hide();
    m_table->setObjectName(QStringLiteral("previewTableView"));
    m_table->setModel(&m_points);
    style::prepareTable(m_table);
    m_table->setFont(style::fixedFont());
    m_table->horizontalHeader()->setFont(font());
    style::setColumnWidths(m_table, {{PreviewModel::Id, 20}, {PreviewModel::Payload, 40}});
    m_tree->setObjectName(QStringLiteral("payloadTreeView"));
    m_tree->setModel(&m_payload);
    m_tree->setUniformRowHeights(true);
    style::prepareTable(m_tree);
    style::setColumnWidths(m_tree, {{JsonTreeModel::Key, 18}, {JsonTreeModel::Value, 18}});

    auto* side = new QWidget(m_splitter);
    auto* sideLayout = new QVBoxLayout(side);
    style::tighten(sideLayout, this, 1);
    sideLayout->addWidget(m_tree, 1);
    auto* vectors = new QWidget(side);
    m_vectors = new QVBoxLayout(vectors);
    style::tighten(m_vectors, this, 0.5);
    sideLayout->addWidget(vectors);
    m_splitter->addWidget(m_table);
    m_splitter->addWidget(side);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setObjectName(QStringLiteral("previewSplitter"));
    if (const auto kept =
            QByteArray::fromBase64(services.settings.text(SettingKey::PreviewSplitter).toLatin1());
        !kept.isEmpty())
        m_splitter->restoreState(kept);
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] {
        m_services.settings.setValue(
            SettingKey::PreviewSplitter, QString::fromLatin1(m_splitter->saveState().toBase64()));
    });

    auto* top = new QHBoxLayout;
    style::tighten(top, this, 1);
    top->addWidget(m_title, 1);
    top->addWidget(m_limitLabel);
    top->addWidget(m_limit);
    auto* stateRow = new QHBoxLayout;
    style::tighten(stateRow, this, 1);
    stateRow->addWidget(m_state, 1);
    stateRow->addWidget(m_again);
    auto* layout = new QVBoxLayout(this);
    style::tighten(layout, this, 1);
    layout->addLayout(top);
    layout->addLayout(stateRow);
    layout->addWidget(m_splitter, 1);

    m_budget.setSingleShot(true);
    m_budget.setInterval(budget);
    m_slow.setSingleShot(true);
    m_slow.setInterval(slowAfter);
    connect(&m_budget, &QTimer::timeout, this, [this] {
        m_job.cancel();
        m_slow.stop();
        say(tr("The preview was cancelled: no answer within 2 seconds."), true);
    });
    connect(&m_slow, &QTimer::timeout, this, [this] { say(tr("Reading points… Esc cancels."), false); });
    connect(m_again, &QPushButton::clicked, this, &PreviewPane::load);
    connect(m_limit, &QSpinBox::valueChanged, this, [this](int value) {
        m_services.settings.setValue(SettingKey::PreviewLimit, value);
        if (!m_collection.isEmpty())
            load();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        [this](const QModelIndex& current) { showPoint(current.row()); });
    clear();
    retranslate();
}

void PreviewPane::show(const SourceOptions& source, const QString& collection, const QByteArray& filterJson)
{
    m_source = source;
    m_collection = collection;
    m_filter = filterJson;
    m_title->setText(tr("First points of %1").arg(collection));
    load();
}

void PreviewPane::clear()
{
    m_job.cancel();
    m_budget.stop();
    m_slow.stop();
    m_collection.clear();
    m_points.setPoints({});
    showPoint(-1);
    m_title->setText(tr("Preview"));
    say(tr("Select a collection to look at its first points."), false);
}

bool PreviewPane::cancel()
{
    if (!m_job.isRunning())
        return false;
    m_job.cancel();
    m_budget.stop();
    m_slow.stop();
    say(tr("The preview was cancelled."), true);
    return true;
}

QString PreviewPane::stateText() const
{
    return m_state->text();
}

void PreviewPane::load()
{
    m_points.setPoints({});
    showPoint(-1);
    say({}, false);
    m_budget.start();
    m_slow.start();
    m_job.start(
        [source = m_source, collection = m_collection, limit = m_limit->value(), filter = m_filter](
            const JobControl& control) {
            return readPreview(source, collection, limit, filter, control.stopToken());
        },
        [this](const Result<QList<PreviewPoint>>& points) { finish(points); });
}

void PreviewPane::finish(const Result<QList<PreviewPoint>>& points)
{
    m_budget.stop();
    m_slow.stop();
    if (!points) {
        say(QStringList{points.error().summary, points.error().hint}.join(QLatin1Char(' ')).trimmed(), true);
        return;
    }
    m_points.setPoints(*points);
    if (points->isEmpty()) {
        say(m_filter.isEmpty() ? tr("This collection has no points.") : tr("No point passes the filter."),
            false);
        return;
    }
    say({}, false);
    m_table->selectRow(0);
}

void PreviewPane::showPoint(int row)
{
    const PreviewPoint* point = m_points.point(row);
    m_payload.setJson(point ? point->payload : QByteArray());
    while (QLayoutItem* item = m_vectors->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    if (!point)
        return;
    m_tree->expandToDepth(0);
    for (qsizetype i = 0; i < std::min(point->vectors.size(), mostSparklines); ++i) {
        auto* line = new Sparkline(this);
        line->setValues(vectorCaption(point->vectors[i]), point->vectors[i].values);
        m_vectors->addWidget(line);
    }
}

void PreviewPane::say(const QString& text, bool canRetry)
{
    m_state->setText(text);
    m_state->setVisible(!text.isEmpty());
    m_again->setVisible(canRetry);
    setAccessibleDescription(text);
}

void PreviewPane::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void PreviewPane::retranslate()
{
    if (m_collection.isEmpty()) {
        m_title->setText(tr("Preview"));
        if (!m_state->text().isEmpty())
            say(tr("Select a collection to look at its first points."), false);
    } else {
        m_title->setText(tr("First points of %1").arg(m_collection));
    }
    m_limitLabel->setText(tr("&Points to show"));
    m_again->setText(tr("&Try again"));
    m_table->setAccessibleName(tr("Points"));
    m_tree->setAccessibleName(tr("Payload of the selected point"));
}

} // namespace qdrant2pg
