// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/plandraft.h"

#include <QUndoCommand>

#include <utility>

namespace qdrant2pg {

namespace {
/// Enough for any session; a step is a few kilobytes.
constexpr int undoLimit = 500;
} // namespace

/// The plans of some collections before and after an edit.
class EditCommand : public QUndoCommand {
public:
    EditCommand(
        PlanDraft& draft, QList<CollectionPlan> before, QList<CollectionPlan> after, const QString& text)
        : QUndoCommand(text)
        , m_draft(draft)
        , m_before(std::move(before))
        , m_after(std::move(after))
    {
    }
    void undo() override { m_draft.putCollections(m_before); }
    void redo() override { m_draft.putCollections(m_after); }

private:
    PlanDraft& m_draft;
    QList<CollectionPlan> m_before;
    QList<CollectionPlan> m_after;
};

PlanDraft::PlanDraft(QObject* parent)
    : QObject(parent)
{
    m_history.setUndoLimit(undoLimit);
    // Said about another plan.
    connect(this, &PlanDraft::planChanged, this, [this] { m_findings.clear(); });
    m_source.url = QStringLiteral("http://localhost:6333");
}

void PlanDraft::setPlanFile(const QString& path)
{
    m_planFile = path;
    emit startChanged();
}

void PlanDraft::startNew()
{
    const bool leavesPlan = m_start != StartChoice::NewMigration;
    m_start = StartChoice::NewMigration;
    m_runId.clear();
    m_reportPath.clear();
    m_planFile.clear();
    m_planGiven = false;
    if (leavesPlan) {
        m_selected.clear();
        m_filters.clear();
        dropMapping();
        m_run = {};
        emit collectionsChanged();
        emit planChanged();
    }
    emit startChanged();
}

void PlanDraft::startFromPlan(const MigrationPlan& plan, const QString& file)
{
    m_start = StartChoice::PlanFile;
    m_runId.clear();
    m_reportPath.clear();
    m_planFile = file;
    takePlan(plan);
}

void PlanDraft::startResume(const MigrationPlan& plan, const QString& runId)
{
    m_start = StartChoice::Resume;
    m_runId = runId;
    m_reportPath.clear();
    m_planFile.clear();
    takePlan(plan);
}

void PlanDraft::startReport(const QString& runId, const QString& reportPath)
{
    m_start = StartChoice::Report;
    m_runId = runId;
    m_reportPath = reportPath;
    emit startChanged();
}

void PlanDraft::startVerify(const MigrationPlan& plan, const QString& runId, const QString& reportPath)
{
    m_start = StartChoice::Verify;
    m_runId = runId;
    m_reportPath = reportPath;
    m_planFile.clear();
    takePlan(plan);
}

void PlanDraft::takePlan(const MigrationPlan& plan)
{
    m_planGiven = true;
    setSource(plan.source, plan.source.url == m_source.url ? m_apiKey : QByteArray());
    setTarget(plan.target, plan.target.conninfo == m_target.conninfo ? m_targetPassword : QByteArray());
    dropMapping();
    m_selected.clear();
    m_filters.clear();
    for (const CollectionPlan& collection : plan.collections) {
        m_selected << collection.name;
        m_filters.insert(collection.name, collection.filterJson);
        m_plans.insert(collection.name, collection);
    }
    m_run = plan.run;
    emit startChanged();
    emit collectionsChanged();
    emit planChanged();
}

void PlanDraft::dropMapping()
{
    m_plans.clear();
    m_proposals.clear();
    m_history.clear();
}

void PlanDraft::setSource(const SourcePlan& source, const QByteArray& apiKey)
{
    if (source == m_source && apiKey == m_apiKey)
        return;
    const bool elsewhere = source.url != m_source.url;
    m_source = source;
    m_apiKey = apiKey;
    m_sourceOverview.reset();
    if (elsewhere) {
        m_facts.clear();
        if (!m_planGiven) {
            m_selected.clear();
            m_filters.clear();
            dropMapping();
            emit planChanged();
        }
        emit collectionsChanged();
    }
    emit sourceChanged();
}

void PlanDraft::setSourceAccess(const SourceAccess& access)
{
    if (access == m_sourceAccess)
        return;
    m_sourceAccess = access;
    m_sourceOverview.reset();
    emit sourceChanged();
}

void PlanDraft::setSourceOverview(const std::optional<SourceOverview>& overview)
{
    m_sourceOverview = overview;
    emit sourceChanged();
}

SourceOptions PlanDraft::sourceOptions() const
{
    SourceOptions options;
    options.url = QUrl(m_source.url);
    options.apiKey = m_apiKey;
    options.tls = m_source.tls;
    options.consistency = m_source.consistency;
    options.grpcPort = m_source.grpcPort;
    options.apply(m_sourceAccess);
    return options;
}

void PlanDraft::setTarget(const TargetPlan& target, const QByteArray& password)
{
    if (target == m_target && password == m_targetPassword)
        return;
    m_target = target;
    m_targetPassword = password;
    m_targetOverview.reset();
    emit targetChanged();
}

void PlanDraft::setTargetOverview(const std::optional<TargetOverview>& overview)
{
    m_targetOverview = overview;
    emit targetChanged();
}

std::optional<ServerProfile> PlanDraft::serverProfile() const
{
    return m_targetOverview ? std::optional(m_targetOverview->server) : std::nullopt;
}

TargetOptions PlanDraft::targetOptions() const
{
    TargetOptions options;
    options.conninfo = m_target.conninfo;
    options.password = m_targetPassword;
    return options;
}

void PlanDraft::setSelected(const QStringList& names)
{
    if (names == m_selected)
        return;
    m_selected = names;
    emit collectionsChanged();
    emit planChanged();
}

void PlanDraft::setFilter(const QString& name, const QByteArray& filterJson)
{
    if (m_filters.value(name) == filterJson)
        return;
    m_filters.insert(name, filterJson);
    if (const auto found = m_plans.find(name); found != m_plans.end())
        found->filterJson = filterJson;
    emit collectionsChanged();
    emit planChanged();
}

const CollectionFacts* PlanDraft::facts(const QString& name) const
{
    const auto found = m_facts.constFind(name);
    return found == m_facts.constEnd() ? nullptr : &found.value();
}

void PlanDraft::setFacts(const CollectionFacts& facts)
{
    m_facts.insert(facts.info.name, facts);
    emit collectionsChanged();
}

QList<CollectionPlan> PlanDraft::collections() const
{
    QList<CollectionPlan> plans;
    for (const QString& name : m_selected) {
        if (const CollectionPlan* plan = collection(name))
            plans.append(*plan);
    }
    return plans;
}

const CollectionPlan* PlanDraft::collection(const QString& name) const
{
    const auto found = m_plans.constFind(name);
    return found == m_plans.constEnd() ? nullptr : &found.value();
}

const CollectionPlan* PlanDraft::proposal(const QString& name) const
{
    const auto found = m_proposals.constFind(name);
    return found == m_proposals.constEnd() ? nullptr : &found.value();
}

void PlanDraft::adoptProposal(const CollectionPlan& proposal)
{
    CollectionPlan base = proposal;
    base.filterJson = m_filters.value(base.name);
    const bool keepsEdits = isEdited(base.name)
        || (m_planGiven && m_plans.contains(base.name) && !m_proposals.contains(base.name));
    m_proposals.insert(base.name, base);
    if (!keepsEdits)
        m_plans.insert(base.name, base);
    emit planChanged();
}

bool PlanDraft::isEdited(const QString& name) const
{
    const CollectionPlan* base = proposal(name);
    const CollectionPlan* now = collection(name);
    if (!base || !now)
        return false;
    CollectionPlan comparable = *base;
    // The filter is chosen on another page; it is no edit of the mapping.
    comparable.filterJson = now->filterJson;
    return comparable != *now;
}

void PlanDraft::editCollection(const CollectionPlan& changed, const QString& text)
{
    editCollections({changed}, text);
}

void PlanDraft::editCollections(const QList<CollectionPlan>& changed, const QString& text)
{
    QList<CollectionPlan> before;
    QList<CollectionPlan> after;
    for (const CollectionPlan& plan : changed) {
        const CollectionPlan* now = collection(plan.name);
        if (!now || *now == plan)
            continue;
        before.append(*now);
        after.append(plan);
    }
    if (!after.isEmpty())
        m_history.push(new EditCommand(*this, before, after, text));
}

void PlanDraft::putCollections(const QList<CollectionPlan>& changed)
{
    for (const CollectionPlan& plan : changed) {
        m_plans.insert(plan.name, plan);
        m_filters.insert(plan.name, plan.filterJson);
    }
    emit planChanged();
}

void PlanDraft::setRun(const RunPlan& run)
{
    if (run == m_run)
        return;
    m_run = run;
    emit planChanged();
}

MigrationPlan PlanDraft::plan() const
{
    return MigrationPlan{m_source, m_target, collections(), m_run};
}

void PlanDraft::setCommitted(bool committed)
{
    if (std::exchange(m_committed, committed) != committed)
        emit committedChanged(committed);
}

} // namespace qdrant2pg
