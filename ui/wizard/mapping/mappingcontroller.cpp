// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/mapping/mappingcontroller.h"

#include "core/plan/proposal.h"
#include "core/postgres/connection.h"
#include "core/postgres/identifiers.h"
#include "ui/services/plantext.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

const QString placeholder = QStringLiteral("{collection}");

/// Findings that a person can act upon in the mapping.
bool concernsMapping(const MigrationPlan& plan, const Finding& finding)
{
    const PlanPlace place = placeOfPath(plan, finding.path);
    return place.collection >= 0 && (place.mapping || place.index >= 0 || !place.field.isEmpty());
}

struct SampleAnswer {
    SamplePage page;
    SampleTable table;
};

} // namespace

MappingController::MappingController(PlanDraft& draft, BackgroundThreads& threads, QObject* parent)
    : QObject(parent)
    , m_draft(draft)
    , m_sampleJob(threads)
    , m_findingsJob(threads)
    , m_checkJob(threads)
{
    m_soon.setSingleShot(true);
    m_soon.setInterval(0);
    connect(&m_soon, &QTimer::timeout, this, &MappingController::refresh);
    connect(&draft, &PlanDraft::planChanged, this, &MappingController::planChanged);
}

QStringList MappingController::collections() const
{
    QStringList names;
    for (const QString& name : m_draft.selected()) {
        if (m_draft.collection(name))
            names << name;
    }
    return names;
}

void MappingController::setCurrent(const QString& collection)
{
    if (collection == m_current || !m_draft.collection(collection))
        return;
    m_current = collection;
    m_sample = {};
    emit changed();
    emit sampleChanged();
    schedule();
}

MappingState MappingController::state() const
{
    MappingState state;
    if (const CollectionPlan* plan = m_draft.collection(m_current))
        state.plan = *plan;
    if (const CollectionPlan* proposal = m_draft.proposal(m_current))
        state.proposal = *proposal;
    if (const CollectionFacts* facts = m_draft.facts(m_current))
        state.facts = *facts;
    state.server = m_draft.serverProfile();
    // Under a preset that the person chose, a row is reset to what that preset proposes.
    if (state.proposal && state.facts && state.proposal->preset != state.plan.preset) {
        if (auto proposed = proposeCollection(*state.facts, state.plan.preset, state.server)) {
            proposed->filterJson = state.plan.filterJson;
            state.proposal = std::move(*proposed);
        }
    }
    return state;
}

QList<MappingListModel::Entry> MappingController::entries() const
{
    QList<MappingListModel::Entry> entries;
    for (const QString& name : collections()) {
        MappingListModel::Entry entry{
            name, m_draft.collection(name)->table, m_draft.isEdited(name), Status::Ok};
        for (const Finding& finding : m_findings) {
            if (finding.collection != name || !concernsMapping(m_findingsPlan, finding))
                continue;
            if (finding.severity == Severity::Blocker)
                entry.status = Status::Problem;
            else if (finding.severity == Severity::Warning && entry.status == Status::Ok)
                entry.status = Status::Warning;
        }
        entries << entry;
    }
    return entries;
}

void MappingController::edit(const CollectionPlan& plan, const QString& text)
{
    m_draft.editCollection(plan, text);
}

Result<void> MappingController::setTable(const QString& name)
{
    const CollectionPlan* now = m_draft.collection(m_current);
    if (!now || now->table == name)
        return {};
    if (name.isEmpty())
        return fail(ErrorKind::Usage, tr("The table needs a name."));
    if (name != fittingIdentifier(name))
        return fail(ErrorKind::Usage, tr("The name is longer than the 63 bytes that PostgreSQL keeps."));
    for (const QString& other : collections()) {
        if (other != m_current && m_draft.collection(other)->table == name)
            return fail(
                ErrorKind::Usage, tr("Collection %1 goes into a table of that name already.").arg(other));
    }
    CollectionPlan plan = *now;
    plan.table = name;
    edit(plan, tr("Rename table of %1").arg(m_current));
    return {};
}

void MappingController::setMode(TableMode mode)
{
    if (const CollectionPlan* now = m_draft.collection(m_current)) {
        CollectionPlan plan = *now;
        plan.mode = mode;
        edit(plan, tr("Mode of %1").arg(m_current));
    }
}

void MappingController::setParents(ParentPolicy policy)
{
    if (const CollectionPlan* now = m_draft.collection(m_current)) {
        CollectionPlan plan = *now;
        plan.parents = policy;
        edit(plan, tr("Missing parents of %1").arg(m_current));
    }
}

void MappingController::setSearchFunctions(bool create)
{
    if (const CollectionPlan* now = m_draft.collection(m_current)) {
        CollectionPlan plan = *now;
        plan.searchFunctions = create;
        edit(plan, tr("Search functions of %1").arg(m_current));
    }
}

Result<QStringList> MappingController::setPreset(const QString& preset)
{
    const MappingState now = state();
    if (now.plan.preset == preset)
        return QStringList();
    auto change = withPreset(now.plan, preset, now.basis());
    if (!change)
        return fail(change.error());
    edit(change->plan, tr("Preset of %1").arg(m_current));
    return change->dropped;
}

Result<void> MappingController::addPath(const QString& path)
{
    const MappingState now = state();
    const auto plan = withPayloadPath(now.plan, path, now.basis());
    if (!plan)
        return fail(plan.error());
    edit(*plan, tr("Give %1 a column").arg(path));
    return {};
}

void MappingController::resetCollection()
{
    if (const CollectionPlan* proposal = m_draft.proposal(m_current)) {
        CollectionPlan plan = *proposal;
        // Chosen on another page.
        plan.filterJson = m_draft.filter(m_current);
        edit(plan, tr("Reset %1 to the proposal").arg(m_current));
    }
}

QString MappingController::tableFromPattern(const QString& pattern, const QString& collection)
{
    return fittingIdentifier(QString(pattern).replace(placeholder, collection).trimmed());
}

Result<void> MappingController::nameTables(const QString& pattern)
{
    const QStringList names = collections();
    if (names.size() > 1 && !pattern.contains(placeholder))
        return fail(ErrorKind::Usage, tr("All tables would have the same name."), {},
            tr("Write {collection} where the collection's name shall stand."));
    QList<CollectionPlan> plans;
    for (const QString& name : names) {
        CollectionPlan plan = *m_draft.collection(name);
        plan.table = tableFromPattern(pattern, name);
        if (plan.table.isEmpty())
            return fail(ErrorKind::Usage, tr("The table needs a name."));
        plans << plan;
    }
    m_draft.editCollections(plans, tr("Name all tables"));
    return {};
}

int MappingController::applyToSimilar(const MappingPlace& place)
{
    const MappingState from = state();
    QList<CollectionPlan> plans;
    for (const QString& name : collections()) {
        const CollectionPlan* now = m_draft.collection(name);
        if (name == m_current || now->preset != from.plan.preset)
            continue;
        const MappingBasis basis{m_draft.facts(name), m_draft.proposal(name), m_draft.serverProfile()};
        if (!mappingPlaces(*now, basis).contains(place))
            continue;
        const CollectionPlan plan = withSameAs(*now, from.plan, place, basis);
        if (plan != *now)
            plans << plan;
    }
    m_draft.editCollections(plans, tr("Apply to all similar"));
    return static_cast<int>(plans.size());
}

Result<QString> MappingController::statements() const
{
    const CollectionPlan* plan = m_draft.collection(m_current);
    if (!plan)
        return QString();
    return ddlText(m_draft.plan(), *plan, m_draft.serverProfile());
}

void MappingController::start()
{
    m_active = true;
    const QStringList names = collections();
    if (!names.contains(m_current)) {
        m_current.clear();
        m_sample = {};
        if (!names.isEmpty())
            m_current = names.first();
    }
    emit changed();
    emit sampleChanged();
    schedule();
}

void MappingController::stop()
{
    m_active = false;
    m_soon.stop();
    m_sampleJob.cancel();
    m_findingsJob.cancel();
    m_reading = false;
}

bool MappingController::cancelReading()
{
    if (!m_reading)
        return false;
    m_sampleJob.cancel();
    m_reading = false;
    m_sample = {};
    m_sample.collection = m_current;
    m_sample.error = makeError(ErrorKind::Cancelled, tr("Reading the sample was cancelled."));
    emit sampleChanged();
    return true;
}

void MappingController::readAgain()
{
    m_page.reset();
    m_pageOf.clear();
    m_sample = {};
    schedule();
}

void MappingController::planChanged()
{
    if (!m_active)
        return;
    if (!collections().contains(m_current)) {
        start();
        return;
    }
    emit changed();
    schedule();
}

void MappingController::schedule()
{
    if (m_active)
        m_soon.start();
}

void MappingController::refresh()
{
    const MigrationPlan plan = m_draft.plan();
    CheckInput input;
    input.plan = plan;
    input.facts = m_draft.allFacts();
    input.server = m_draft.serverProfile();
    m_findingsJob.start([input](const JobControl&) { return checkPlan(input); },
        [this, plan](const QList<Finding>& findings) {
            m_findings = findings;
            m_findingsPlan = plan;
            emit findingsChanged();
        });
    readSample();
}

void MappingController::readSample()
{
    const CollectionPlan* plan = m_draft.collection(m_current);
    if (!plan)
        return;
    const QString key = QStringLiteral("%1\n%2\n%3")
                            .arg(m_draft.source().url, m_current, QString::fromUtf8(plan->filterJson));
    if (key != m_pageOf)
        m_page.reset();
    m_reading = true;
    if (!m_page)
        emit sampleChanged();
    m_sampleJob.start(
        [page = m_page, source = m_draft.sourceOptions(), whole = m_draft.plan(), plan = *plan,
            server = m_draft.serverProfile()](const JobControl& control) {
            SampleAnswer answer{page, {}};
            if (!answer.page) {
                auto read =
                    readSamplePage(source, plan.name, plan.filterJson, samplePoints, control.stopToken());
                if (!read) {
                    answer.table.collection = plan.name;
                    answer.table.error = read.error();
                    return answer;
                }
                answer.page = *read;
            }
            answer.table = convertSample(*answer.page, whole, plan, server);
            return answer;
        },
        [this, key](const SampleAnswer& answer) {
            m_reading = false;
            m_page = answer.page;
            m_pageOf = answer.page ? key : QString();
            m_sample = answer.table;
            emit sampleChanged();
        });
}

QList<Finding> MappingController::findings() const
{
    QList<Finding> own;
    for (Finding finding : m_findings) {
        const PlanPlace place = placeOfPath(m_findingsPlan, finding.path);
        if (finding.collection != m_current || place.collection < 0)
            continue;
        finding.path.replace(
            QStringLiteral("collections[%1]").arg(place.collection), QStringLiteral("collections[0]"));
        own << finding;
    }
    return own;
}

void MappingController::check(std::function<void(const Result<QList<Finding>>&)> done)
{
    m_checkJob.start(
        [plan = m_draft.plan(), facts = m_draft.allFacts(), target = m_draft.targetOptions()](
            const JobControl&) -> Result<QList<Finding>> {
            auto connection = Connection::open(target);
            if (!connection)
                return fail(connection.error());
            QMap<QString, CollectionFacts> wanted;
            for (const CollectionPlan& collection : plan.collections) {
                if (facts.contains(collection.name))
                    wanted.insert(collection.name, facts.value(collection.name));
            }
            const auto input = gatherCheckInput(plan, wanted, *connection, false);
            if (!input)
                return fail(input.error());
            return checkPlan(*input);
        },
        [this, plan = m_draft.plan(), done = std::move(done)](const Result<QList<Finding>>& result) {
            if (result) {
                m_findings = *result;
                m_findingsPlan = plan;
                emit findingsChanged();
            }
            done(result);
        });
}

void MappingController::cancelCheck()
{
    m_checkJob.cancel();
}

} // namespace qdrant2pg
