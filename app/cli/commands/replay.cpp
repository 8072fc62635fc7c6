// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/replay.h"
#include "app/cli/commands/commands.h"
#include "app/cli/ledgeraccess.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "core/common/units.h"
#include "core/engine/replaypolicies.h"
#include "core/plan/planjson.h"
#include "core/report/replayreport.h"
#include "core/report/reportwriters.h"

#include <QFile>
#include <QMap>
#include <QSet>

namespace qdrant2pg::cli {

namespace {

ReplayPolicies policiesOf(const CommandContext& context)
{
    ReplayPolicies policies;
    const QString nul = context.args.value(QStringLiteral("nul"));
    if (!nul.isEmpty())
        policies.nul = nul == QLatin1String("strip") ? NulPolicy::Strip : NulPolicy::Replace;
    policies.nullNonFinite = context.args.has(QStringLiteral("non-finite"));
    policies.nullMisfits = context.args.has(QStringLiteral("misfit"));
    policies.nullMissing = context.args.has(QStringLiteral("missing"));
    return policies;
}

/// The run's report says from now on what its rejects have become.
void updateReport(const CommandContext& context, OpenLedger& ledger, const LedgerRun& run)
{
    if (run.reportJson.isEmpty())
        return;
    const auto updated = [&]() -> Result<void> {
        auto report = reportFromJson(run.reportJson);
        if (!report)
            return fail(report.error());
        if (auto set = setReplayed(*report, ledger.connection, ledger.ledger); !set)
            return set;
        return ledger.ledger.setRunReport(
            ledger.connection, run.id, context.console.clean(reportToJson(*report)));
    }();
    if (!updated)
        context.console.warn(
            QStringLiteral("The report in the ledger could not be updated: ") + updated.error().summary);
}

PointFetcher fetcherFor(std::shared_ptr<QdrantClient> client)
{
    return [client = std::move(client)](const RejectRow& reject, const PointId& id) {
        return client->retrieve(reject.collection, {id}, true, true, reject.shardKey.toStdString());
    };
}

void print(const CommandContext& context, const ReplayOutcome& outcome)
{
    context.console.result(
        QStringLiteral("%1 rejects read: %2 stored, %3 still rejected%4%5.")
            .arg(formatCount(outcome.read), formatCount(outcome.stored),
                formatCount(outcome.remaining.size()),
                outcome.skipped > 0 ? QStringLiteral(", %1 there already").arg(formatCount(outcome.skipped))
                                    : QString(),
                outcome.gone > 0 ? QStringLiteral(", %1 replayed before").arg(formatCount(outcome.gone))
                                 : QString()));
    QMap<QString, qint64> reasons;
    for (const RejectRow& reject : outcome.remaining)
        ++reasons[QStringLiteral("%1.%2: %3").arg(reject.collection, reject.column, reject.reason)];
    for (auto it = reasons.cbegin(); it != reasons.cend(); ++it)
        context.console.result(QStringLiteral("  %1 × %2").arg(formatCount(it.value()), it.key()));
    if (outcome.withoutPoint > 0)
        context.console.say(
            QStringLiteral("%1 rejects were kept without their points; --from-source reads them again.")
                .arg(formatCount(outcome.withoutPoint)));
    context.console.jsonLine(
        {{QStringLiteral("event"), QStringLiteral("replayed")}, {QStringLiteral("read"), outcome.read},
            {QStringLiteral("stored"), outcome.stored}, {QStringLiteral("skipped"), outcome.skipped},
            {QStringLiteral("gone"), outcome.gone}, {QStringLiteral("withoutPoint"), outcome.withoutPoint},
            {QStringLiteral("rejected"), static_cast<qint64>(outcome.remaining.size())}});
}

ExitCode run(CommandContext& context)
{
    const QString path = context.args.positional(0);
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        Error error = makeError(ErrorKind::File, QStringLiteral("%1 cannot be read.").arg(path),
            file.errorString(), QStringLiteral("A run writes its rejects.jsonl beside its report."));
        error.where.file = path;
        return context.fail(error);
    }
    auto ledger = openLedger(context);
    if (!ledger)
        return context.fail(ledger.error());
    const QString id = context.args.value(QStringLiteral("run"));
    auto found = id.isEmpty() ? newestRun(*ledger) : findRun(*ledger, id);
    if (!found)
        return context.fail(found.error());
    auto changed = planFromOption(context);
    if (!changed)
        return context.fail(changed.error());
    auto plan = *changed ? Result<MigrationPlan>(**changed) : planFromJson(found->planJson);
    if (!plan)
        return context.fail(plan.error());
    *plan = withPolicies(*plan, policiesOf(context));

    PointFetcher fetch;
    if (context.args.has(QStringLiteral("from-source"))) {
        auto source = resolveSource(context, &plan->source);
        if (!source)
            return context.fail(source.error());
        auto open = openSource(context, *source);
        if (!open)
            return context.fail(open.error());
        respectStrictMode(*open, *source, collectionNames(*plan));
        fetch = fetcherFor(std::make_shared<QdrantClient>(source->options));
    }
    const QStringList chosen = context.args.values(QStringLiteral("id"));
    QSet<QString> missing(chosen.begin(), chosen.end());
    qint64 lineNumber = 0;
    const auto next = [&]() -> Result<std::optional<RejectRow>> {
        while (!file.atEnd()) {
            ++lineNumber;
            const QByteArray line = file.readLine().trimmed();
            if (line.isEmpty())
                continue;
            auto reject = rejectFromLine(line, path, lineNumber);
            if (!reject)
                return fail(reject.error());
            if (!chosen.isEmpty() && !chosen.contains(reject->pointId))
                continue;
            missing.remove(reject->pointId);
            return std::optional(*reject);
        }
        return std::optional<RejectRow>();
    };
    auto outcome = replayRejects(ledger->connection, ledger->ledger, *found, *plan, next, fetch);
    if (!outcome)
        return context.fail(outcome.error());
    print(context, *outcome);
    for (const QString& pointId : std::as_const(missing))
        context.console.warn(QStringLiteral("%1 does not hold point %2.").arg(path, pointId));
    if (outcome->stored + outcome->skipped > 0)
        updateReport(context, *ledger, *found);
    return outcome->remaining.isEmpty() ? ExitCode::Done : ExitCode::DoneWithRejects;
}

OptionSpec repeatable(OptionSpec option)
{
    option.repeatable = true;
    return option;
}

} // namespace

Command replayCommand()
{
    Command command;
    command.name = QStringLiteral("replay");
    command.summary = QStringLiteral("load rejected points that fit under a changed plan");
    command.description = QStringLiteral(
        "Reads the rejects.jsonl of a run and stores the points that now fit, with the run's plan "
        "and the policies given here, or with a changed plan file. Each stored point leaves the "
        "run's rejects in the same transaction, so that it is never both; what is still refused "
        "stays there with its present reason. Running it again does no harm. Columns and their "
        "types stay as the run made them.");
    command.group = QStringLiteral("After");
    command.positionals = {{QStringLiteral("FILE"), QStringLiteral("the rejects of a run"), true}};
    command.options =
        QList<OptionSpec>{
            text(QStringLiteral("run"), QStringLiteral("RUN"),
                QStringLiteral("The run that rejected them, or the beginning of its name (default: "
                               "the newest).")),
            file(QStringLiteral("plan"), QStringLiteral("The run's plan as you changed it.")),
            repeatable(text(QStringLiteral("id"), QStringLiteral("ID"),
                QStringLiteral("Only this point of the file; may be repeated."))),
            choice(QStringLiteral("nul"), {QStringLiteral("strip"), QStringLiteral("replace")},
                QStringLiteral("What becomes of \\u0000.")),
            choice(QStringLiteral("non-finite"), {QStringLiteral("null")},
                QStringLiteral("Store vectors with NaN or infinity as NULL.")),
            choice(QStringLiteral("misfit"), {QStringLiteral("null")},
                QStringLiteral("Leave values that do not fit their column to the payload.")),
            choice(QStringLiteral("missing"), {QStringLiteral("null")},
                QStringLiteral("Store NULL where a vector or value is missing.")),
            flag(QStringLiteral("from-source"),
                QStringLiteral("Read points that the file does not hold (--reject-values no) from Qdrant."))}
        + without(sourceOptions(), {QStringLiteral("transport"), QStringLiteral("grpc-port")})
        + without(targetOptions(), {QStringLiteral("schema")}) + outputOptions();
    command.environment = sourceEnvironment() + targetEnvironment();
    command.exitCodes = {ExitCode::Done, ExitCode::DoneWithRejects, ExitCode::Usage, ExitCode::Blocked,
        ExitCode::CannotConnect, ExitCode::Failed};
    command.examples = {{QStringLiteral("qdrant2pg replay rejects.jsonl --nul replace"),
        QStringLiteral("points with \\u0000, which becomes U+FFFD")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
