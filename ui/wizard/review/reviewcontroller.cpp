// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/review/reviewcontroller.h"

#include "core/common/units.h"
#include "core/plan/planjson.h"
#include "core/plan/proposal.h"
#include "core/postgres/connection.h"
#include "core/profile/statefolders.h"
#include "core/qdrant/qdrantclient.h"
#include "ui/services/plantext.h"
#include "ui/services/recents.h"
#include "ui/wizard/review/estimatemodel.h"

#include <QFile>
#include <QLocale>

#include <algorithm>

namespace qdrant2pg {

namespace {

bool samePlan(const MigrationPlan& a, const MigrationPlan& b)
{
    return planHash(a) == planHash(b);
}

/// What the servers were asked about; the run options are no part of it.
bool sameQuestion(MigrationPlan a, const MigrationPlan& b)
{
    a.run = b.run;
    return samePlan(a, b);
}

void addTime(std::optional<TimeRange>& sum, const std::optional<TimeRange>& time)
{
    if (!time)
        return;
    if (!sum)
        sum = TimeRange{};
    sum->low += time->low;
    sum->high += time->high;
}

} // namespace

ReviewController::ReviewController(PlanDraft& draft, BackgroundThreads& threads, QObject* parent)
    : QObject(parent)
    , m_draft(draft)
    , m_job(threads)
{
}

void ReviewController::check(bool fresh)
{
    const MigrationPlan plan = m_draft.plan();
    QStringList names;
    for (const CollectionPlan& collection : plan.collections)
        names << collection.name + QLatin1Char('\n') + QString::fromUtf8(collection.filterJson);
    const QString factsOf = plan.source.url + QLatin1Char('\n') + names.join(QLatin1Char('\n'));
    QMap<QString, CollectionFacts> known;
    if (!fresh && m_input && factsOf == m_factsOf)
        known = m_input->facts;
    m_factsOf = factsOf;
    // Until the answer is there nothing is known for sure; what is shown stays.
    m_answered = false;
    m_job.start(
        [this, plan, known, source = m_draft.sourceOptions(), target = m_draft.targetOptions(),
            planFile = m_draft.planFile()](const JobControl& control) -> Answer {
            Answer answer;
            FactOptions options;
            options.rateTime = measuring / std::max<qsizetype>(plan.collections.size(), 1);
            QdrantClient client(source, control.stopToken());
            QMap<QString, CollectionFacts> facts = known;
            for (const CollectionPlan& collection : plan.collections) {
                if (facts.contains(collection.name))
                    continue;
                control.post([this, name = collection.name] {
                    emit progress(tr("Looking at %1 and measuring how fast it reads…").arg(name));
                });
                auto read = readCollectionFacts(client, collection.name, options, control.stopToken());
                if (!read) {
                    answer.error = read.error();
                    return answer;
                }
                facts.insert(collection.name, std::move(*read));
            }
            control.post([this] { emit progress(tr("Comparing the plan with the target…")); });
            auto connection = Connection::open(target);
            if (!connection) {
                answer.error = connection.error();
                return answer;
            }
            auto input = gatherCheckInput(plan, facts, *connection, true);
            if (!input) {
                answer.error = input.error();
                return answer;
            }
            answer.input = std::move(*input);
            QFile file(planFile);
            if (!planFile.isEmpty() && file.open(QIODevice::ReadOnly)) {
                const auto saved = planFromJson(file.readAll());
                answer.planFileHoldsPlan = saved && samePlan(*saved, plan);
            }
            return answer;
        },
        [this](Answer answer) { take(std::move(answer)); });
}

void ReviewController::take(Answer answer)
{
    if (answer.error) {
        emit checked(answer.error);
        return;
    }
    if (answer.planFileHoldsPlan)
        m_savedHash = qdrant2pg::planHash(answer.input.plan);
    m_input = std::move(answer.input);
    m_answered = true;
    evaluate();
    emit checked(std::nullopt);
}

bool ReviewController::cancel()
{
    if (!m_job.isRunning())
        return false;
    m_job.cancel();
    return true;
}

void ReviewController::forget()
{
    m_input.reset();
    m_answered = false;
    m_factsOf.clear();
    m_findings.clear();
    m_estimates.clear();
    m_acknowledged.clear();
    m_typed.clear();
}

void ReviewController::reconsider()
{
    const MigrationPlan plan = m_draft.plan();
    if (m_input && sameQuestion(m_input->plan, plan)) {
        m_input->plan = plan;
        evaluate();
        return;
    }
    emit changed();
}

void ReviewController::evaluate()
{
    m_findings = checkPlan(*m_input);
    m_draft.setFindings(m_findings);
    m_estimates.clear();
    for (const CollectionPlan& collection : m_input->plan.collections) {
        const auto facts = m_input->facts.constFind(collection.name);
        if (facts != m_input->facts.constEnd())
            m_estimates.insert(collection.name, estimateCollection(collection, *facts, m_input->server));
    }
    emit changed();
}

ReviewController::Readiness ReviewController::readiness() const
{
    if (!m_answered || !samePlan(m_input->plan, m_draft.plan()))
        return Readiness::Unchecked;
    if (hasBlocker(m_findings))
        return Readiness::Blocked;
    for (const FindingGroup group :
        {FindingGroup::WillMove, FindingGroup::WillChange, FindingGroup::CannotMove}) {
        if (needsAcknowledgement(group) && !isAcknowledged(group))
            return Readiness::Unacknowledged;
    }
    const QStringList tables = tablesToConfirm();
    const bool named = std::all_of(
        tables.begin(), tables.end(), [this](const QString& table) { return isConfirmed(table); });
    return named ? Readiness::Ready : Readiness::Unconfirmed;
}

QString ReviewController::keyOf(const Finding& finding)
{
    return QStringLiteral("%1 %2 %3").arg(finding.code, finding.path, finding.text);
}

bool ReviewController::needsAcknowledgement(FindingGroup group) const
{
    return std::any_of(m_findings.begin(), m_findings.end(), [group](const Finding& finding) {
        return finding.group == group && finding.severity == Severity::Warning;
    });
}

bool ReviewController::isAcknowledged(FindingGroup group) const
{
    return std::all_of(m_findings.begin(), m_findings.end(), [this, group](const Finding& finding) {
        return finding.group != group || finding.severity != Severity::Warning
            || m_acknowledged.contains(keyOf(finding));
    });
}

void ReviewController::setAcknowledged(FindingGroup group, bool acknowledged)
{
    for (const Finding& finding : std::as_const(m_findings)) {
        if (finding.group != group || finding.severity != Severity::Warning)
            continue;
        if (acknowledged)
            m_acknowledged.insert(keyOf(finding));
        else
            m_acknowledged.remove(keyOf(finding));
    }
    emit changed();
}

QStringList ReviewController::tablesToConfirm() const
{
    QStringList tables;
    if (!m_input)
        return tables;
    for (const CollectionPlan& collection : m_input->plan.collections) {
        if (collection.mode == TableMode::Replace && m_input->tables.value(collection.table))
            tables << collection.table;
    }
    return tables;
}

void ReviewController::setTyped(const QString& table, const QString& text)
{
    m_typed.insert(table, text);
    emit changed();
}

Result<void> ReviewController::applyFinding(const Finding& finding)
{
    const auto fixed = applyFix(m_draft.plan(), finding);
    if (!fixed)
        return fail(fixed.error());
    if (fixed->target.conninfo != m_draft.target().conninfo || fixed->target.schema != m_draft.target().schema
        || fixed->target.ledgerSchema != m_draft.target().ledgerSchema)
        m_draft.setTarget(fixed->target, m_draft.targetPassword());
    m_draft.setRun(fixed->run);
    m_draft.editCollections(fixed->collections, finding.fixText);
    return {};
}

QString ReviewController::planHash() const
{
    return qdrant2pg::planHash(m_draft.plan());
}

Result<QString> ReviewController::statements() const
{
    return ddlText(m_draft.plan(), m_input ? m_input->server : m_draft.serverProfile());
}

bool ReviewController::planFileHoldsPlan() const
{
    return !m_draft.planFile().isEmpty() && m_savedHash == planHash();
}

QString ReviewController::commandLine() const
{
    QMap<QString, CollectionPlan> proposals;
    for (const CollectionPlan& plan : m_draft.collections()) {
        const CollectionFacts* facts = m_draft.facts(plan.name);
        if (!facts)
            continue;
        if (const auto proposal = proposeCollection(*facts, plan.preset, m_draft.serverProfile()))
            proposals.insert(plan.name, *proposal);
    }
    return migrateCommandLine(m_draft.plan(), planFileHoldsPlan() ? m_draft.planFile() : QString(), proposals,
        tablesToConfirm(), m_draft.sourceAccess());
}

Result<void> ReviewController::savePlan(const QString& path)
{
    auto written = writePrivateFile(path, planToJson(m_draft.plan()));
    if (!written)
        return written;
    m_savedHash = planHash();
    m_draft.setPlanFile(path);
    emit changed();
    return {};
}

Result<void> ReviewController::saveStatements(const QString& path) const
{
    const auto text = statements();
    if (!text)
        return fail(text.error());
    return writePrivateFile(path, text->toUtf8());
}

QString ReviewController::summary() const
{
    const MigrationPlan plan = m_draft.plan();
    qint64 points = 0;
    bool exact = true;
    for (const CollectionPlan& collection : plan.collections) {
        const auto estimate = m_estimates.constFind(collection.name);
        const CollectionFacts* facts = m_draft.facts(collection.name);
        if (estimate != m_estimates.constEnd()) {
            points += estimate->rows;
            exact = exact && estimate->rowsExact && collection.filterJson.isEmpty();
        } else if (facts) {
            points += facts->bestCount();
            exact = exact && facts->exactCount && collection.filterJson.isEmpty();
        }
    }
    const QString count = QLocale().toString(points);
    const QString from = sourceLabel(plan.source.url);
    const QString to = targetLabel(plan.target.conninfo);
    if (plan.collections.size() == 1)
        return (exact ? tr("%1 points of %2 move from %3 into %4.")
                      : tr("About %1 points of %2 move from %3 into %4."))
            .arg(count, plan.collections.first().name, from, to);
    return (exact ? tr("%1 points of %2 collections move from %3 into %4.")
                  : tr("About %1 points of %2 collections move from %3 into %4."))
        .arg(count, QLocale().toString(plan.collections.size()), from, to);
}

QStringList ReviewController::steps() const
{
    const MigrationPlan plan = m_draft.plan();
    const auto server = m_input ? m_input->server : m_draft.serverProfile();
    QStringList steps;
    if (server && !server->vectorVersion)
        steps << tr("The extension vector (pgvector) is created in the database %1.").arg(server->database);
    for (const CollectionPlan& collection : plan.collections) {
        const QString table = plan.target.schema + QLatin1Char('.') + collection.table;
        const auto indexes = std::count_if(collection.indexes.begin(), collection.indexes.end(),
            [](const IndexPlan& index) { return index.kind != QLatin1String("none"); });
        QString text;
        switch (collection.mode) {
        case TableMode::Create:
            text = tr("%1 goes into the new table %2").arg(collection.name, table);
            break;
        case TableMode::Append:
            text = tr("%1 is added to the table %2").arg(collection.name, table);
            break;
        case TableMode::Merge:
            text = tr("Points of %1 whose id is not there are added to the table %2")
                       .arg(collection.name, table);
            break;
        case TableMode::Replace:
            text = tr("%1 is loaded beside the table %2 and takes its place at the end")
                       .arg(collection.name, table);
            break;
        }
        steps << (indexes > 0 ? tr("%1. Indexes built after the load: %2.").arg(text).arg(indexes)
                              : tr("%1. No index is built.").arg(text));
    }
    switch (plan.run.verify) {
    case VerifyLevel::Digest:
        steps << tr("Then every row is compared by its digest.");
        break;
    case VerifyLevel::Full:
        steps << tr("Then the source is read once more and every row is compared value by value.");
        break;
    case VerifyLevel::Counts:
        steps << tr("Then the numbers of points and rows are compared; contents are not.");
        break;
    case VerifyLevel::None:
        steps << tr("Nothing is compared afterwards.");
        break;
    }
    steps << tr("The book-keeping that makes the run resumable goes into the schema %1.")
                 .arg(plan.target.ledgerSchema);
    return steps;
}

QString ReviewController::needs() const
{
    if (m_estimates.isEmpty())
        return {};
    qint64 disk = 0;
    qint64 wal = 0;
    std::optional<TimeRange> data;
    std::optional<TimeRange> index;
    for (const CollectionEstimate& estimate : m_estimates) {
        disk += estimate.diskBytes();
        wal += estimate.walBytes;
        addTime(data, estimate.dataTime);
        addTime(index, estimate.indexTime);
    }
    QStringList parts{
        tr("≈ %1 on disk, and %2 of write-ahead log on the way.").arg(formatBytes(disk), formatBytes(wal))};
    if (data)
        parts << tr("Data in after %1, by the pages just read.").arg(roughTime(*data));
    if (index)
        parts << tr("Indexes ready %1 later, by a rule of thumb.").arg(roughTime(*index));
    return parts.join(QLatin1Char(' '));
}

} // namespace qdrant2pg
