// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/run/runview.h"

#include "core/common/units.h"
#include "ui/widgets/bardelegate.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/statuslabel.h"
#include "ui/widgets/throughputchart.h"
#include "ui/wizard/run/pipelineview.h"

#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QPushButton>
#include <QTreeView>
#include <QVBoxLayout>

#include <algorithm>

namespace qdrant2pg {

namespace {

/// Steps of a finish line; fine enough to move visibly.
constexpr int barSteps = 1000;
constexpr int treeRows = 8;
/// More collections than these start folded.
constexpr int mostUnfolded = 4;

QString number(qint64 value)
{
    return QLocale().toString(static_cast<qlonglong>(value));
}

} // namespace

RunView::RunView(QWidget* parent)
    : QWidget(parent)
    , m_status(new StatusLabel(this))
    , m_times(style::helpLabel(this, QStringLiteral("timesLabel"), false))
    , m_start(new QPushButton(this))
    , m_pause(new QPushButton(this))
    , m_continue(new QPushButton(this))
    , m_stop(new QPushButton(this))
    , m_abort(new QPushButton(this))
    , m_rejects(new QPushButton(this))
    , m_pipeline(new PipelineView(this))
    , m_limit(style::helpLabel(this, QStringLiteral("bottleneckLabel"), false))
    , m_waiting(style::textLabel(this, QStringLiteral("waitingLabel")))
    , m_chart(new ThroughputChart(this))
    , m_tree(new QTreeView(this))
{
    m_status->setObjectName(QStringLiteral("runStatusLabel"));
    m_status->setFont(style::scaledFont(this, 1.15, QFont::DemiBold));
    const std::tuple<QPushButton*, const char*, Icon> buttons[] = {
        {m_start, "startRunPushButton", Icon::Play}, {m_pause, "pausePushButton", Icon::Pause},
        {m_continue, "continuePushButton", Icon::Play}, {m_stop, "stopPushButton", Icon::Stop},
        {m_abort, "abortPushButton", Icon::Close}, {m_rejects, "rejectsPushButton", Icon::List}};
    for (const auto& [button, name, which] : buttons) {
        button->setObjectName(QLatin1String(name));
        button->setIcon(icon(which));
    }
    m_pipeline->setObjectName(QStringLiteral("pipelineView"));
    m_chart->setObjectName(QStringLiteral("throughputChart"));

    auto* layout = new QVBoxLayout(this);
    style::tighten(layout, this, 1.5);
    auto* head = new QHBoxLayout;
    style::tighten(head, this, 1);
    auto* words = new QVBoxLayout;
    style::tighten(words, this, 0.25);
    words->addWidget(m_status);
    words->addWidget(m_times);
    head->addLayout(words, 2);
    auto* actions = new FlowLayout(style::unit(this));
    for (QPushButton* button : {m_rejects, m_start, m_pause, m_continue, m_stop, m_abort})
        actions->addWidget(button);
    // Enough for one line of buttons at the start size.
    actions->setAlignment(Qt::AlignRight);
    head->addLayout(actions, 3);
    layout->addLayout(head);

    auto* lines = new QGridLayout;
    style::tighten(lines, this, 0.75);
    lines->setHorizontalSpacing(style::unit(this) * 2);
    m_data = addFinishLine(lines, 0, QStringLiteral("data"));
    m_indexes = addFinishLine(lines, 1, QStringLiteral("indexes"));
    m_verify = addFinishLine(lines, 2, QStringLiteral("verification"));
    lines->setColumnStretch(1, 1);
    layout->addLayout(lines);

    layout->addWidget(m_pipeline);
    auto* limits = new QVBoxLayout;
    style::tighten(limits, this, 0.5);
    limits->addWidget(m_limit);
    limits->addWidget(m_waiting);
    layout->addLayout(limits);
    layout->addWidget(m_chart);

    m_tree->setObjectName(QStringLiteral("stagesTreeView"));
    m_tree->setModel(&m_model);
    style::prepareTable(m_tree);
    m_tree->setUniformRowHeights(true);
    m_tree->setItemDelegateForColumn(ProgressModel::Share, new BarDelegate(ProgressModel::ShareRole, m_tree));
    style::setColumnWidths(m_tree,
        {{ProgressModel::Name, 30}, {ProgressModel::Share, 18}, {ProgressModel::Count, 22},
            {ProgressModel::Rate, 12}, {ProgressModel::State, 18}});
    m_tree->setMinimumHeight((fontMetrics().height() + style::unit(this) / 2) * treeRows);
    layout->addWidget(m_tree, 1);

    connect(m_start, &QPushButton::clicked, this, &RunView::startRequested);
    connect(m_pause, &QPushButton::clicked, this, &RunView::pauseRequested);
    connect(m_continue, &QPushButton::clicked, this, &RunView::continueRequested);
    connect(m_stop, &QPushButton::clicked, this, &RunView::stopRequested);
    connect(m_abort, &QPushButton::clicked, this, &RunView::abortRequested);
    connect(m_rejects, &QPushButton::clicked, this, &RunView::rejectsRequested);
    setOffer(Offer::Nothing);
    retranslate();
}

RunView::FinishLine RunView::addFinishLine(QGridLayout* grid, int row, const QString& name)
{
    FinishLine line{new QLabel(this), new QProgressBar(this), new QLabel(this)};
    line.bar->setObjectName(name + QStringLiteral("ProgressBar"));
    line.bar->setRange(0, barSteps);
    line.bar->setTextVisible(false);
    line.bar->setMaximumHeight(fontMetrics().height());
    line.text->setObjectName(name + QStringLiteral("ProgressLabel"));
    // Long enough that the bar does not move as the words change.
    line.text->setMinimumWidth(style::textWidth(this, 22));
    grid->addWidget(line.label, row, 0);
    grid->addWidget(line.bar, row, 1);
    grid->addWidget(line.text, row, 2);
    return line;
}

void RunView::setFinishLine(const FinishLine& line, std::optional<double> share, const QString& text)
{
    line.bar->setValue(int(share.value_or(0) * barSteps));
    line.text->setText(text);
}

void RunView::announce(RunState state)
{
    QString now = runStateText(state);
    for (const FinishLine* line : {&m_data, &m_indexes, &m_verify})
        now += QLatin1Char(' ') + QString::number(line->bar->value() * 10 / barSteps);
    if (now == std::exchange(m_announced, now))
        return;
    for (const FinishLine* line : {&m_data, &m_indexes, &m_verify})
        line->bar->setAccessibleDescription(line->text->text());
    m_chart->describe();
}

void RunView::setPlan(const MigrationPlan& plan)
{
    m_plan = plan;
    m_model.setPlan(plan);
    if (plan.collections.size() <= mostUnfolded)
        m_tree->expandAll();
    const bool verifies = plan.run.verify != VerifyLevel::None;
    m_verify.label->setVisible(verifies);
    m_verify.bar->setVisible(verifies);
    m_verify.text->setVisible(verifies);
    setProgress(RunState::Idle, {}, {});
}

void RunView::setOffer(Offer offer)
{
    m_offer = offer;
    const bool restart = offer == Offer::StartReady || offer == Offer::Resume || offer == Offer::TryAgain;
    m_start->setVisible(restart);
    m_pause->setVisible(offer == Offer::Pause);
    m_continue->setVisible(offer == Offer::Continue);
    m_stop->setVisible(offer == Offer::Pause || offer == Offer::Continue || offer == Offer::Nothing);
    m_stop->setEnabled(offer != Offer::Nothing || m_model.rowCount() > 0);
    m_abort->setVisible(m_stop->isVisibleTo(this) || offer == Offer::Stopping);
    m_start->setDefault(false);
    m_start->setText(offer == Offer::TryAgain ? tr("&Try again") : tr("Res&ume the run"));
}

QWidget* RunView::firstFocus() const
{
    for (QPushButton* button : {m_start, m_pause, m_continue}) {
        if (button->isVisibleTo(this))
            return button;
    }
    return m_tree;
}

void RunView::setReady(const QString& text)
{
    m_status->setStatus(Status::Waiting);
    m_status->setWord(tr("Ready to resume"));
    m_times->setText(text);
    m_chart->setEmptyText(tr("The throughput appears here once points move."));
}

void RunView::setEarlierShare(std::optional<double> share)
{
    m_earlierShare = share;
    setFinishLine(m_data, share, share ? tr("%1 % from before").arg(int(*share * 100)) : tr("Waiting"));
}

void RunView::setProgress(RunState state, const RunProgress& progress, const QList<ReportSample>& samples)
{
    RunProgress shown = progress;
    shown.state = state;
    m_model.setProgress(shown);

    m_status->setStatus(runStateStatus(state));
    m_status->setWord(stateWord(state, progress));
    showTimes(state, progress);

    const auto percent = [](double share) {
        return tr("%1 %").arg(int(share * 100));
    };
    const std::optional<double> moved = dataShare(progress);
    qint64 bytes = 0;
    PipelineView::Values values;
    values.expected = progress.expected();
    values.rejected = progress.rejected();
    for (const CollectionProgress& c : progress.collections) {
        values.exported += c.read;
        values.converted += c.read - c.rejected;
        values.loaded += c.stored + c.skipped;
        bytes += c.sourceBytes;
    }
    const bool started = progress.lanes > 0 || isTerminal(state);
    values.moving = state == RunState::Copying || state == RunState::Pausing;
    values.rowsPerSecond = progress.rowsPerSecond;
    values.bytesPerSecond = progress.bytesPerSecond;
    values.bottleneck = progress.bottleneck;
    m_pipeline->setValues(values);
    if (moved)
        m_earlierShare = moved;
    setFinishLine(m_data, m_earlierShare,
        moved && started     ? tr("%1, %2 read").arg(percent(*moved), formatBytes(bytes))
            : m_earlierShare ? tr("%1 from before").arg(percent(*m_earlierShare))
                             : tr("Waiting"));

    const bool dataIn = moved && *moved >= 1;
    const double indexes = indexShare(progress, m_plan.collections);
    const QString indexText = indexes > 0 ? percent(indexes)
        : dataIn                          ? tr("Begins now")
                                          : tr("After the data");
    setFinishLine(m_indexes, indexes, indexText);
    const std::optional<double> compared = verifyShare(progress, m_plan);
    setFinishLine(
        m_verify, compared, compared && *compared > 0 ? percent(*compared) : tr("After the indexes"));

    showLimits(state, progress);
    m_chart->setSamples(samples, 0);
    announce(state);
    const bool pastLoad = isTerminal(state) || state == RunState::BuildingIndexes
        || state == RunState::Verifying || state == RunState::Finishing;
    m_chart->setEmptyText(isTerminal(state) && values.loaded == 0 ? tr("No points were moved.")
            : pastLoad ? tr("The data moved too quickly for a throughput chart.")
                       : tr("The throughput appears here once points move."));
    m_rejected = progress.rejected();
    m_rejects->setVisible(m_rejected > 0);
    m_rejects->setText(tr("Re&jected: %1…").arg(number(m_rejected)));

    if (isTerminal(state))
        m_title = runStateText(state);
    else if (state == RunState::Verifying && compared)
        m_title = tr("Comparing %1").arg(percent(*compared));
    else if (dataIn)
        m_title = tr("Indexes %1").arg(percent(indexes));
    else
        m_title = moved && started ? percent(*moved) : runStateText(state);
}

QString RunView::stateWord(RunState state, const RunProgress& progress) const
{
    const int pages = progress.busyLanes;
    if (state == RunState::Pausing && progress.state == RunState::BuildingIndexes)
        return tr("Pausing: takes effect when this index is built");
    if (state == RunState::Pausing)
        return pages > 0 ? tr("Pausing: finishing %n page(s)…", nullptr, pages)
                         : tr("Pausing: pages in flight are being finished");
    if (state == RunState::Cancelling && m_aborting)
        return tr("Aborting: pages in flight are dropped; the run can be resumed");
    if (state == RunState::Cancelling)
        return pages > 0 ? tr("Stopping: finishing %n page(s)…", nullptr, pages)
                         : tr("Stopping: pages in flight are being finished");
    return runStateText(state);
}

void RunView::showTimes(RunState state, const RunProgress& progress)
{
    if (state == RunState::Idle && progress.elapsed.count() == 0) {
        m_times->clear();
        return;
    }
    QString text = isTerminal(state) ? tr("Took %1").arg(formatDuration(progress.elapsed))
                                     : tr("Running for %1").arg(formatDuration(progress.elapsed));
    if (state == RunState::Copying) {
        text += QStringLiteral("  ·  ")
            + (progress.remaining ? tr("data in ≈ %1, at the present rate; indexes follow")
                                        .arg(formatDuration(*progress.remaining))
                                  : tr("remaining time not known yet"));
    } else if (state == RunState::BuildingIndexes) {
        text += QStringLiteral("  ·  ") + tr("all points are in; the indexes can take longer than the data");
    }
    m_times->setText(text);
}

void RunView::showLimits(RunState state, const RunProgress& progress)
{
    QStringList parts;
    if (state == RunState::Copying) {
        switch (progress.bottleneck) {
        case Bottleneck::Qdrant:
            parts << tr("Limited by Qdrant, which sends no faster.");
            break;
        case Bottleneck::PostgreSql:
            parts << tr("Limited by PostgreSQL, which stores no faster.");
            break;
        case Bottleneck::ThisComputer:
            parts << tr("Limited by this computer, which decodes no faster.");
            break;
        case Bottleneck::Unknown:
            parts << tr("What limits the run is not known yet.");
            break;
        }
    }
    if (progress.lanes > 0 && !isTerminal(state) && state != RunState::Verifying)
        parts << tr("%n lane(s).", nullptr, progress.lanes);
    if (progress.retries > 0)
        parts << tr("%n retry(ies) so far.", nullptr, progress.retries);
    m_limit->setText(parts.join(QLatin1Char(' ')));
    m_waiting->setText(progress.waiting.isEmpty() || isTerminal(state)
            ? QString()
            : tr("Waiting: %1").arg(progress.waiting));
    m_waiting->setVisible(!m_waiting->text().isEmpty());
}

void RunView::retranslate()
{
    m_data.label->setText(tr("Data in"));
    m_indexes.label->setText(tr("Indexes ready"));
    m_verify.label->setText(tr("Compared"));
    m_data.bar->setAccessibleName(m_data.label->text());
    m_indexes.bar->setAccessibleName(m_indexes.label->text());
    m_verify.bar->setAccessibleName(m_verify.label->text());
    m_pause->setText(tr("&Pause"));
    m_continue->setText(tr("&Continue"));
    m_stop->setText(tr("&Stop"));
    m_stop->setToolTip(tr("Finishes the pages in flight. The run can be resumed."));
    m_abort->setText(tr("&Abort"));
    m_abort->setToolTip(tr("Drops the pages in flight. The run can still be resumed."));
    m_tree->setAccessibleName(tr("Stages of the run"));
    setOffer(m_offer);
}

} // namespace qdrant2pg
