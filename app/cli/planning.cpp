// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/planning.h"

#include "core/common/jsontext.h"
#include "core/common/units.h"
#include "core/plan/findingjson.h"
#include "core/plan/planjson.h"
#include "core/plan/proposal.h"
#include "core/plan/transportchoice.h"

#include <QFile>
#include <QJsonDocument>

#include <algorithm>

namespace qdrant2pg::cli {

namespace {

/// How long all collections together are read for the time estimate of a check, at most.
constexpr std::chrono::milliseconds rateMeasurement{3'000};

Error fileError(const QString& summary, const QString& path, const QString& detail, const QString& hint = {})
{
    Error error = makeError(ErrorKind::Usage, summary, detail, hint);
    error.where.file = path;
    return error;
}

QString listed(const QStringList& names)
{
    constexpr qsizetype shown = 20;
    QString text = names.mid(0, shown).join(QStringLiteral(", "));
    if (names.size() > shown)
        text += QStringLiteral(" and %1 more").arg(names.size() - shown);
    return text;
}

/// --table NAME for one collection, --table COLLECTION=NAME for any.
Result<void> applyTables(const CommandContext& context, MigrationPlan& plan)
{
    for (const QString& given : context.args.values(QStringLiteral("table"))) {
        const qsizetype equals = given.lastIndexOf(QLatin1Char('='));
        const QString table = given.mid(equals + 1);
        if (table.isEmpty())
            return fail(ErrorKind::Usage, QStringLiteral("--table names no table."));
        if (equals < 0) {
            if (plan.collections.size() != 1)
                return fail(ErrorKind::Usage,
                    QStringLiteral("--table %1 does not say which of the %2 collections it is for.")
                        .arg(table)
                        .arg(plan.collections.size()),
                    {}, QStringLiteral("Write --table COLLECTION=%1.").arg(table));
            plan.collections.first().table = table;
            continue;
        }
        const QString collection = given.left(equals);
        const auto found = std::find_if(plan.collections.begin(), plan.collections.end(),
            [&](const CollectionPlan& candidate) { return candidate.name == collection; });
        if (found == plan.collections.end())
            return fail(ErrorKind::Usage,
                QStringLiteral("--table %1: the collection %2 is not part of this run.")
                    .arg(given, collection));
        found->table = table;
    }
    return {};
}

Result<void> applyPlanOptions(const CommandContext& context, MigrationPlan& plan)
{
    if (context.args.has(QStringLiteral("mode"))) {
        for (CollectionPlan& collection : plan.collections)
            collection.mode =
                tableModeFromName(context.args.value(QStringLiteral("mode"))).value_or(collection.mode);
    }
    if (context.args.has(QStringLiteral("filter"))) {
        auto filter = readFilterFile(context.args.value(QStringLiteral("filter")));
        if (!filter)
            return fail(filter.error());
        for (CollectionPlan& collection : plan.collections)
            collection.filterJson = *filter;
    }
    return applyTables(context, plan);
}

void applySchemas(const CommandContext& context, MigrationPlan& plan)
{
    if (context.args.has(QStringLiteral("schema")))
        plan.target.schema = context.args.value(QStringLiteral("schema"));
    if (context.args.has(QStringLiteral("ledger-schema")))
        plan.target.ledgerSchema = context.args.value(QStringLiteral("ledger-schema"));
}

QString groupTitle(FindingGroup group)
{
    switch (group) {
    case FindingGroup::WillMove:
        return QStringLiteral("Will move");
    case FindingGroup::WillChange:
        return QStringLiteral("Will change");
    case FindingGroup::CannotMove:
        return QStringLiteral("Cannot move");
    }
    return {};
}

QString severityLabel(Severity severity)
{
    switch (severity) {
    case Severity::Blocker:
        return QStringLiteral("problem");
    case Severity::Warning:
        return QStringLiteral("warning");
    case Severity::Info:
        return QStringLiteral("note   ");
    }
    return {};
}

} // namespace

Result<QByteArray> readFilterFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(fileError(QStringLiteral("The filter file cannot be read."), path, file.errorString()));
    const QByteArray text = file.readAll().trimmed();
    QJsonParseError parseError;
    const QJsonDocument document = QJsonDocument::fromJson(text, &parseError);
    if (!document.isObject())
        return fail(fileError(QStringLiteral("The filter file does not hold a JSON object."), path,
            parseError.error == QJsonParseError::NoError ? QString() : parseError.errorString(),
            QStringLiteral(R"(A filter looks like {"must":[{"key":"game_id","match":{"value":"..."}}]}.)")));
    // The text itself is kept: 64-bit ids in it would not survive a JSON value. A request body around it is
    // taken off.
    QByteArray filter = text;
    if (document.object().size() == 1 && document.object().value(QLatin1String("filter")).isObject()) {
        jsontext::forEachMember(std::string_view(text.constData(), static_cast<std::size_t>(text.size())),
            [&filter](std::string_view, std::string_view value) {
                filter = QByteArray(value.data(), static_cast<qsizetype>(value.size()));
                return false;
            });
    }
    return filter;
}

Result<MigrationPlan> readPlanFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(fileError(QStringLiteral("The plan file cannot be read."), path, file.errorString(),
            QStringLiteral("`qdrant2pg plan --save-plan FILE` writes one.")));
    auto plan = planFromJson(file.readAll());
    if (!plan) {
        Error error = plan.error();
        error.kind = ErrorKind::Usage;
        error.where.file = path;
        return fail(error);
    }
    return plan;
}

Result<std::optional<MigrationPlan>> planFromOption(const CommandContext& context)
{
    if (!context.args.has(QStringLiteral("plan")))
        return std::nullopt;
    auto plan = readPlanFile(context.args.value(QStringLiteral("plan")));
    if (!plan)
        return fail(plan.error());
    return *plan;
}

Result<QStringList> chosenCollections(const CommandContext& context, const QStringList& existing)
{
    if (context.args.has(QStringLiteral("all-collections"))) {
        if (existing.isEmpty())
            return fail(
                ErrorKind::Usage, QStringLiteral("This server has no collections that this key can see."));
        return existing;
    }
    QStringList chosen = context.args.values(QStringLiteral("collection"));
    if (chosen.isEmpty()) {
        for (const QString& name :
            qEnvironmentVariable("COLLECTION").split(QLatin1Char(','), Qt::SkipEmptyParts))
            chosen << name.trimmed();
    }
    chosen.removeDuplicates();
    if (chosen.isEmpty())
        return fail(ErrorKind::Usage, QStringLiteral("No collection was named."), {},
            existing.isEmpty()
                ? QStringLiteral("This server has no collections that this key can see.")
                : QStringLiteral(
                    "There are: %1. Name one with --collection, or take them with --all-collections.")
                      .arg(listed(existing)));
    return chosen;
}

Result<void> applyTargetOptions(const CommandContext& context, MigrationPlan& plan)
{
    applySchemas(context, plan);
    return applyPlanOptions(context, plan);
}

QStringList collectionNames(const MigrationPlan& plan)
{
    QStringList names;
    for (const CollectionPlan& collection : plan.collections)
        names << collection.name;
    return names;
}

FactOptions factOptions(const CommandContext& context)
{
    FactOptions options;
    options.samplePoints =
        static_cast<int>(context.args.number(QStringLiteral("sample")).value_or(options.samplePoints));
    options.idPass = context.args.has(QStringLiteral("id-pass"));
    return options;
}

void applyLimits(const CommandContext& context, RunPlan& run)
{
    run.maxPointsPerSecond =
        context.args.number(QStringLiteral("max-points-per-second")).value_or(run.maxPointsPerSecond);
    run.maxRequestsInFlight = static_cast<int>(
        context.args.number(QStringLiteral("max-requests-in-flight")).value_or(run.maxRequestsInFlight));
}

Result<void> applyRunOptions(const CommandContext& context, MigrationPlan& plan)
{
    const auto take = [&context](const char* option, auto& field) {
        if (const auto value = context.args.number(QLatin1String(option)))
            field = static_cast<std::remove_reference_t<decltype(field)>>(*value);
    };
    take("lanes", plan.run.lanes);
    take("ranges", plan.run.ranges);
    take("page-bytes", plan.run.pageBytes);
    applyLimits(context, plan.run);
    take("max-rejects", plan.run.maxRejects);
    if (context.args.has(QStringLiteral("on-reject")))
        plan.run.onReject = context.args.value(QStringLiteral("on-reject")) == QLatin1String("stop")
            ? OnReject::Stop
            : OnReject::Continue;
    if (const auto keep = context.args.yesNo(QStringLiteral("reject-values")))
        plan.run.rejectValues = *keep;
    if (context.args.has(QStringLiteral("verify")))
        plan.run.verify =
            verifyLevelFromName(context.args.value(QStringLiteral("verify"))).value_or(plan.run.verify);
    constexpr int mostLanes = 64;
    if (plan.run.lanes > mostLanes)
        return fail(ErrorKind::Usage,
            QStringLiteral("--lanes %1 is more than one machine can use.").arg(plan.run.lanes), {},
            QStringLiteral("At most %1; `qdrant2pg worker` spreads a run over machines.").arg(mostLanes));
    return {};
}

Result<PreparedPlan> preparePlan(const CommandContext& context, OpenSource& open, ResolvedSource& source,
    const std::optional<ResolvedTarget>& target, const std::optional<ServerProfile>& server,
    std::optional<MigrationPlan> fromFile, std::chrono::milliseconds rateTime)
{
    PreparedPlan prepared;
    QStringList names;
    if (fromFile) {
        prepared.plan = *fromFile;
        names = collectionNames(prepared.plan);
    } else {
        auto chosen = chosenCollections(context, open.collections);
        if (!chosen)
            return fail(chosen.error());
        names = *chosen;
    }
    respectStrictMode(open, source, names);
    FactOptions options = factOptions(context);
    options.rateTime = rateTime / std::max<qsizetype>(names.size(), 1);
    for (const QString& name : std::as_const(names)) {
        context.console.detail(QStringLiteral("Reading the facts of %1").arg(name));
        context.console.status(QStringLiteral("Looking at %1 ...").arg(name));
        auto facts = readCollectionFacts(open.client, name, options);
        context.console.status({});
        if (!facts)
            return fail(facts.error());
        if (!fromFile) {
            const QString preset = context.args.has(QStringLiteral("preset"))
                ? context.args.value(QStringLiteral("preset"))
                : presetNames().first();
            auto proposal = proposeCollection(*facts, preset, server);
            if (!proposal)
                return fail(proposal.error());
            prepared.plan.collections.append(*proposal);
        }
        prepared.facts.insert(name, *facts);
    }
    SourcePlan& from = prepared.plan.source;
    from.url = source.options.url.toString(QUrl::RemoveUserInfo);
    from.transport = source.transport;
    from.tls = source.options.tls;
    from.grpcPort = source.options.grpcPort;
    from.profile = source.profile;
    if (target) {
        prepared.plan.target.conninfo = target->options.conninfo;
        prepared.plan.target.profile = target->profile;
    }
    applySchemas(context, prepared.plan);
    if (auto applied = applyPlanOptions(context, prepared.plan); !applied)
        return fail(applied.error());
    if (auto applied = applyRunOptions(context, prepared.plan); !applied)
        return fail(applied.error());
    return prepared;
}

namespace {

/// Moves the book-keeping beside the tables when this role may not create the schema that is only the
/// default.
void placeLedger(
    const CommandContext& context, const std::optional<MigrationPlan>& fromFile, CheckInput& input)
{
    const QString standard = TargetPlan().ledgerSchema;
    const bool named = context.args.has(QStringLiteral("ledger-schema"))
        || (fromFile && fromFile->target.ledgerSchema != standard);
    if (named || input.ledgerUsable.value_or(true) || !input.schemaRights || !input.schemaRights->mayCreate)
        return;
    input.plan.target.ledgerSchema = input.plan.target.schema;
    input.ledgerUsable = true;
    context.console.say(
        QStringLiteral("Note: this role may not create schema %1; the book-keeping goes into schema %2.")
            .arg(standard, input.plan.target.schema));
}

} // namespace

Result<Preflight> preflight(const CommandContext& context)
{
    auto fromFile = planFromOption(context);
    if (!fromFile)
        return fail(fromFile.error());
    auto resolvedSource = resolveSource(context, *fromFile ? &(*fromFile)->source : nullptr);
    if (!resolvedSource)
        return fail(resolvedSource.error());
    auto resolvedTarget = resolveTarget(context, *fromFile ? &(*fromFile)->target : nullptr);
    if (!resolvedTarget)
        return fail(resolvedTarget.error());
    auto source = openSource(context, *resolvedSource);
    if (!source)
        return fail(source.error());
    auto target = openTarget(context, *resolvedTarget);
    if (!target)
        return fail(target.error());
    auto server = readServerProfile(*target);
    if (!server)
        return fail(server.error());
    auto prepared =
        preparePlan(context, *source, *resolvedSource, *resolvedTarget, *server, *fromFile, rateMeasurement);
    if (!prepared)
        return fail(prepared.error());
    context.console.status(QStringLiteral("Checking ..."));
    auto input = gatherCheckInput(prepared->plan, prepared->facts, *target, true);
    if (input)
        input->transport = decideTransport(prepared->plan, resolvedSource->options);
    context.console.status({});
    if (!input)
        return fail(input.error());
    placeLedger(context, *fromFile, *input);
    return Preflight{
        *resolvedSource, *resolvedTarget, std::move(*source), std::move(*target), *prepared, *input};
}

void printFindings(const CommandContext& context, const QList<Finding>& findings, bool withNotes)
{
    for (const Finding& finding : findings)
        context.console.jsonLine({{QStringLiteral("event"), QStringLiteral("finding")},
            {QStringLiteral("finding"), findingToJson(finding)}});
    for (const FindingGroup group :
        {FindingGroup::CannotMove, FindingGroup::WillChange, FindingGroup::WillMove}) {
        bool titled = false;
        for (const Finding& finding : findings) {
            if (finding.group != group || (finding.severity == Severity::Info && !withNotes))
                continue;
            if (!std::exchange(titled, true))
                context.console.say(groupTitle(group));
            const QString place =
                finding.collection.isEmpty() ? QString() : finding.collection + QStringLiteral(": ");
            QString text =
                QStringLiteral("  %1  %2%3").arg(severityLabel(finding.severity), place, finding.text);
            if (const QString hint = findingHint(finding); !hint.isEmpty())
                text += QStringLiteral("\n           %1").arg(hint);
            if (!finding.fixText.isEmpty())
                text += QStringLiteral("\n           --fix: %1").arg(finding.fixText);
            context.console.say(text);
        }
    }
}

QString findingHint(const Finding& finding)
{
    static const QMap<QString, QString> options{{QStringLiteral("mode"), QStringLiteral("--mode")},
        {QStringLiteral("table"), QStringLiteral("--table")},
        {QStringLiteral("schema"), QStringLiteral("--schema")},
        {QStringLiteral("ledgerSchema"), QStringLiteral("--ledger-schema")}};
    const QString option = options.value(finding.path.section(QLatin1Char('.'), -1));
    if (option.isEmpty())
        return finding.hint;
    return (finding.hint.isEmpty() ? QString() : finding.hint + QLatin1Char(' '))
        + QStringLiteral("Option: %1.").arg(option);
}

bool stopsRun(const CommandContext& context, const QList<Finding>& findings)
{
    const bool strict = context.args.has(QStringLiteral("strict"));
    return hasBlocker(findings)
        || (strict && std::any_of(findings.begin(), findings.end(), [](const Finding& finding) {
               return finding.severity == Severity::Warning;
           }));
}

std::optional<Error> missingConfirmation(const CommandContext& context, const CheckInput& input)
{
    const QStringList confirmed = context.args.values(QStringLiteral("confirm"));
    for (const CollectionPlan& collection : input.plan.collections) {
        const auto existing = input.tables.value(collection.table);
        if (collection.mode != TableMode::Replace || !existing || confirmed.contains(collection.table))
            continue;
        Error error = makeError(ErrorKind::Conflict,
            QStringLiteral("The table %1 exists%2 and this run would replace it.")
                .arg(collection.table, existing->hasRows ? QStringLiteral(" with rows") : QString()),
            {}, QStringLiteral("Confirm with --confirm %1, or choose another --mode.").arg(collection.table));
        error.where.table = collection.table;
        return error;
    }
    return std::nullopt;
}

} // namespace qdrant2pg::cli
