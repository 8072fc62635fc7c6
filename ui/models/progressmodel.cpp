// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/progressmodel.h"

#include "core/common/units.h"

#include <QIcon>
#include <QLocale>

#include "ui/widgets/icons.h"

#include <algorithm>
#include <cmath>

namespace qdrant2pg {

namespace {

/// New rates count this much: steady enough to read, quick enough to follow a change.
constexpr double rateWeight = 0.25;
constexpr quintptr topLevel = 0;

bool isBeforeData(RunState state)
{
    return state == RunState::Idle || state == RunState::Preflight || state == RunState::CreatingSchema;
}

bool isMovingData(RunState state)
{
    return state == RunState::Copying || state == RunState::Pausing || state == RunState::Paused
        || state == RunState::Cancelling;
}

bool isDone(const CollectionProgress& c)
{
    return c.ranges > 0 && c.rangesDone >= c.ranges;
}

/// Work on a collection between its data and its verification.
bool isIndexWork(const StageProgress& stage)
{
    return stage.stage != QLatin1String("schema") && stage.stage != QLatin1String("copy")
        && stage.stage != QLatin1String("verify");
}

double stageShare(const StageProgress& stage)
{
    switch (stage.state) {
    case StageProgress::State::Done:
    case StageProgress::State::Skipped:
        return 1;
    case StageProgress::State::Running:
        return std::clamp(stage.fraction, 0.0, 1.0);
    case StageProgress::State::Waiting:
    case StageProgress::State::Failed:
        break;
    }
    return 0;
}

/// The primary key, the indexes of the plan, statistics; never fewer than were seen.
int indexSteps(const CollectionPlan& plan, const RunProgress& progress)
{
    int planned = 2;
    for (const IndexPlan& index : plan.indexes)
        planned += index.kind == QLatin1String("none") ? 0 : 1;
    const auto seen = std::count_if(progress.stages.begin(), progress.stages.end(),
        [&](const StageProgress& s) { return s.collection == plan.name && isIndexWork(s); });
    return std::max(planned, static_cast<int>(seen));
}

double indexShareOf(const CollectionPlan& plan, const RunProgress& progress)
{
    const bool past = progress.state == RunState::Verifying || progress.state == RunState::Finishing
        || progress.state == RunState::Completed || progress.state == RunState::CompletedWithRejects;
    if (past)
        return 1;
    double sum = 0;
    for (const StageProgress& stage : progress.stages) {
        if (stage.collection == plan.name && isIndexWork(stage))
            sum += stageShare(stage);
    }
    return sum / indexSteps(plan, progress);
}

QString number(qint64 value)
{
    return QLocale().toString(static_cast<qlonglong>(value));
}

} // namespace

QString runStateText(RunState state)
{
    switch (state) {
    case RunState::Idle:
        return ProgressModel::tr("Waiting");
    case RunState::Preflight:
        return ProgressModel::tr("Checking both sides");
    case RunState::CreatingSchema:
        return ProgressModel::tr("Creating tables");
    case RunState::Copying:
        return ProgressModel::tr("Copying");
    case RunState::Pausing:
        return ProgressModel::tr("Pausing");
    case RunState::Paused:
        return ProgressModel::tr("Paused");
    case RunState::BuildingIndexes:
        return ProgressModel::tr("Building indexes");
    case RunState::Verifying:
        return ProgressModel::tr("Comparing");
    case RunState::Finishing:
        return ProgressModel::tr("Finishing");
    case RunState::Cancelling:
        return ProgressModel::tr("Stopping");
    case RunState::Completed:
        return ProgressModel::tr("Done");
    case RunState::CompletedWithRejects:
        return ProgressModel::tr("Done, with rejected points");
    case RunState::Cancelled:
        return ProgressModel::tr("Stopped");
    case RunState::Failed:
        return ProgressModel::tr("Failed");
    }
    return {};
}

Status runStateStatus(RunState state)
{
    switch (state) {
    case RunState::Idle:
        return Status::Waiting;
    case RunState::Completed:
        return Status::Ok;
    case RunState::CompletedWithRejects:
        return Status::Warning;
    case RunState::Paused:
    case RunState::Cancelled:
        return Status::Note;
    case RunState::Failed:
        return Status::Problem;
    default:
        return Status::Checking;
    }
}

std::optional<double> dataShare(const RunProgress& progress)
{
    if (isBeforeData(progress.state) || progress.collections.isEmpty())
        return std::nullopt;
    qint64 knownRead = 0;
    qint64 knownBytes = 0;
    for (const CollectionProgress& c : progress.collections) {
        knownRead += c.read;
        knownBytes += c.sourceBytes;
    }
    const double mean = knownRead > 0 ? double(knownBytes) / double(knownRead) : 1;
    double whole = 0;
    double done = 0;
    bool allDone = true;
    for (const CollectionProgress& c : progress.collections) {
        allDone = allDone && isDone(c);
        if (c.expected < 0 && !isDone(c))
            return std::nullopt;
        const double bytes = c.read > 0 && c.sourceBytes > 0 ? double(c.sourceBytes) / double(c.read) : mean;
        const double expected = double(std::max(c.expected, c.read));
        whole += expected * bytes;
        done += double(isDone(c) ? expected : double(c.read)) * bytes;
    }
    if (allDone)
        return 1;
    return whole > 0 ? std::min(0.999, done / whole) : 0;
}

double indexShare(const RunProgress& progress, const QList<CollectionPlan>& plans)
{
    if (plans.isEmpty())
        return 0;
    double sum = 0;
    for (const CollectionPlan& plan : plans)
        sum += indexShareOf(plan, progress);
    return sum / double(plans.size());
}

std::optional<double> verifyShare(const RunProgress& progress, const MigrationPlan& plan)
{
    if (plan.run.verify == VerifyLevel::None || plan.collections.isEmpty())
        return std::nullopt;
    double sum = 0;
    for (const StageProgress& stage : progress.stages) {
        if (stage.stage == QLatin1String("verify"))
            sum += stage.state == StageProgress::State::Failed ? 1 : stageShare(stage);
    }
    return std::min(1.0, sum / double(plan.collections.size()));
}

ProgressModel::ProgressModel(QObject* parent)
    : QAbstractItemModel(parent)
{
}

void ProgressModel::setPlan(const MigrationPlan& plan)
{
    beginResetModel();
    m_plan = plan;
    m_groups.clear();
    m_lastElapsed = std::chrono::milliseconds(-1);
    for (const CollectionPlan& collection : plan.collections) {
        Group group;
        group.plan = collection;
        m_groups.append(group);
    }
    const RunProgress nothing;
    for (Group& group : m_groups)
        fill(group, nullptr, nothing);
    endResetModel();
}

void ProgressModel::setProgress(const RunProgress& progress)
{
    for (qsizetype i = 0; i < m_groups.size(); ++i) {
        Group& group = m_groups[i];
        const auto now = std::find_if(progress.collections.begin(), progress.collections.end(),
            [&](const CollectionProgress& c) { return c.collection == group.plan.name; });
        const bool found = now != progress.collections.end();
        if (found)
            updateRate(group, *now, progress.elapsed);
        fill(group, found ? &*now : nullptr, progress);
        const QModelIndex top = index(int(i), 0);
        emit dataChanged(top, top.siblingAtColumn(ColumnCount - 1));
        emit dataChanged(index(0, 0, top), index(stageCount - 1, ColumnCount - 1, top));
    }
    m_lastElapsed = progress.elapsed;
}

void ProgressModel::updateRate(Group& group, const CollectionProgress& now, std::chrono::milliseconds elapsed)
{
    const double seconds = std::chrono::duration<double>(elapsed - m_lastElapsed).count();
    if (group.lastRead >= 0 && m_lastElapsed.count() >= 0 && seconds > 0.05) {
        const double rate = double(now.read - group.lastRead) / seconds;
        group.rate = group.rate > 0 ? rateWeight * rate + (1 - rateWeight) * group.rate : rate;
    }
    group.lastRead = now.read;
}

void ProgressModel::fill(Group& group, const CollectionProgress* now, const RunProgress& progress) const
{
    const RunState state = progress.state;
    const bool ended = state == RunState::Cancelled || state == RunState::Failed;
    const auto waiting = [&](Row& row) {
        row.status = ended ? Status::Skipped : Status::Waiting;
        row.word = ended ? tr("Not done") : QString();
        row.share = -1;
        row.rate.clear();
    };
    const auto running = [&](Row& row) {
        row.status = ended ? Status::Note : state == RunState::Paused ? Status::Note : Status::Checking;
        row.word = ended                                                  ? tr("Interrupted")
            : state == RunState::Paused                                   ? tr("Paused")
            : state == RunState::Pausing || state == RunState::Cancelling ? tr("Finishing pages")
                                                                          : tr("Running");
    };
    const auto done = [](Row& row) {
        row.status = Status::Ok;
        row.word = tr("Done");
        row.share = 1;
        row.rate.clear();
    };

    Row& tables = group.stages[int(Stage::Tables)];
    waiting(tables);
    Row& indexes = group.stages[int(Stage::Indexes)];
    waiting(indexes);
    Row& verify = group.stages[int(Stage::Verification)];
    waiting(verify);
    if (m_plan.run.verify == VerifyLevel::None) {
        verify.status = Status::Skipped;
        verify.word = tr("Not asked for");
    }

    int indexDone = 0;
    int indexSeen = 0;
    const StageProgress* current = nullptr;
    bool indexFailed = false;
    for (const StageProgress& stage : progress.stages) {
        if (stage.collection != group.plan.name)
            continue;
        if (stage.stage == QLatin1String("schema")) {
            if (stage.state == StageProgress::State::Done)
                done(tables);
            else
                running(tables);
            tables.count = group.plan.table;
        } else if (stage.stage == QLatin1String("verify")) {
            verify.share = stage.fraction;
            verify.count = stage.name;
            if (stage.state == StageProgress::State::Failed) {
                verify.status = Status::Problem;
                verify.word = stage.note.isEmpty() ? tr("Differences or not finished") : stage.note;
            } else if (stage.state == StageProgress::State::Done) {
                done(verify);
                verify.word = tr("Identical");
                if (m_plan.run.verify == VerifyLevel::Counts)
                    verify.word = tr("Counts agree");
            } else {
                running(verify);
            }
        } else if (isIndexWork(stage)) {
            ++indexSeen;
            if (stage.state == StageProgress::State::Done || stage.state == StageProgress::State::Skipped)
                ++indexDone;
            else if (stage.state == StageProgress::State::Running)
                current = &stage;
            else if (stage.state == StageProgress::State::Failed)
                indexFailed = true;
        }
    }
    const bool pastIndexes = indexShareOf(group.plan, progress) >= 1;
    if (pastIndexes && !isBeforeData(state)) {
        done(indexes);
        indexes.count = indexSeen > 0 ? tr("%n step(s)", nullptr, indexSeen) : QString();
    } else if (indexSeen > 0) {
        running(indexes);
        indexes.share = indexShareOf(group.plan, progress);
        indexes.count = tr("%1 of %2 steps").arg(number(indexDone), number(indexSteps(group.plan, progress)));
        if (current && !ended)
            indexes.word = current->fraction >= 0
                ? tr("%1, %2 %").arg(current->name).arg(int(current->fraction * 100))
                : current->name;
        if (indexFailed) {
            indexes.status = Status::Problem;
            indexes.word = tr("Failed");
        }
    }

    Row* const data[] = {&group.stages[int(Stage::Export)], &group.stages[int(Stage::Conversion)],
        &group.stages[int(Stage::Load)]};
    const bool dataDone = now && (isDone(*now) || (!isBeforeData(state) && !isMovingData(state) && !ended));
    const qint64 counts[] = {
        now ? now->read : 0, now ? now->read - now->rejected : 0, now ? now->stored + now->skipped : 0};
    for (int i = 0; i < 3; ++i) {
        Row& row = *data[i];
        waiting(row);
        row.count.clear();
        if (!now)
            continue;
        const qint64 total = now->expected;
        row.count = dataDone || total < 0 ? number(counts[i])
            : now->expectedExact          ? tr("%1 of %2").arg(number(counts[i]), number(total))
                                          : tr("%1 of ≈ %2").arg(number(counts[i]), number(total));
        if (dataDone) {
            done(row);
        } else if (isMovingData(state) || (ended && now->read > 0)) {
            running(row);
            row.share = total > 0 ? std::min(0.999, double(counts[i]) / double(total)) : -1;
            row.rate = ended || group.rate < 1 ? QString() : number(std::llround(group.rate));
        }
    }
    if (now && now->rejected > 0) {
        Row& conversion = *data[1];
        conversion.word = tr("%n point(s) rejected", nullptr, int(now->rejected));
        conversion.status = Status::Warning;
    }

    Row& whole = group.whole;
    whole.rate = data[0]->rate;
    whole.count = data[2]->count;
    whole.share = -1;
    const Row* shown = &tables;
    for (const Row& row : group.stages) {
        if (row.status != Status::Waiting && row.status != Status::Skipped)
            shown = &row;
        if (row.status == Status::Problem)
            break;
    }
    whole.status = shown->status;
    whole.word = shown->word;
    if (now && isMovingData(state) && !dataDone) {
        whole.share = data[2]->share;
        whole.status = data[2]->status;
        whole.word = data[2]->word;
    } else if (shown->share >= 0) {
        whole.share = shown->share;
    }
}

QString ProgressModel::stageName(Stage stage)
{
    switch (stage) {
    case Stage::Tables:
        return tr("Tables");
    case Stage::Export:
        return tr("Export from Qdrant");
    case Stage::Conversion:
        return tr("Conversion");
    case Stage::Load:
        return tr("Load into PostgreSQL");
    case Stage::Indexes:
        return tr("Keys and indexes");
    case Stage::Verification:
        return tr("Verification");
    }
    return {};
}

QModelIndex ProgressModel::index(int row, int column, const QModelIndex& parent) const
{
    if (!hasIndex(row, column, parent))
        return {};
    // A stage carries its collection's row plus one.
    return createIndex(row, column, parent.isValid() ? quintptr(parent.row()) + 1 : topLevel);
}

QModelIndex ProgressModel::parent(const QModelIndex& child) const
{
    if (!child.isValid() || child.internalId() == topLevel)
        return {};
    return createIndex(int(child.internalId()) - 1, 0, topLevel);
}

int ProgressModel::rowCount(const QModelIndex& parent) const
{
    if (!parent.isValid())
        return int(m_groups.size());
    return parent.internalId() == topLevel && parent.column() == 0 ? stageCount : 0;
}

int ProgressModel::columnCount(const QModelIndex&) const
{
    return ColumnCount;
}

QVariant ProgressModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const bool top = index.internalId() == topLevel;
    const Group& group = m_groups.at(top ? index.row() : int(index.internalId()) - 1);
    const Row& row = top ? group.whole : group.stages[index.row()];
    switch (role) {
    case ShareRole:
        return index.column() == Share && row.share >= 0 ? QVariant(row.share) : QVariant();
    case StatusRole:
        return int(row.status);
    case Qt::DecorationRole:
        return index.column() == State ? QVariant(statusIcon(row.status)) : QVariant();
    case Qt::TextAlignmentRole:
        if (index.column() == Count || index.column() == Rate)
            return QVariant(Qt::AlignRight | Qt::AlignVCenter);
        return {};
    case Qt::ToolTipRole:
        return index.column() == State ? row.word : QVariant();
    case Qt::AccessibleTextRole:
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case Name:
        return top ? group.plan.name : stageName(Stage(index.row()));
    case Share:
        return row.share < 0 ? QString() : tr("%1 %").arg(int(row.share * 100));
    case Count:
        return row.count;
    case Rate:
        return row.rate;
    case State:
        return row.word.isEmpty() ? statusWord(row.status) : row.word;
    default:
        return {};
    }
}

QVariant ProgressModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Count || section == Rate ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Name:
        return tr("Collection and stage");
    case Share:
        return tr("Progress");
    case Count:
        return tr("Points");
    case Rate:
        return tr("Points/s");
    case State:
        return tr("State");
    default:
        return {};
    }
}

} // namespace qdrant2pg
