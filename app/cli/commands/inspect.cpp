// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/commands/commands.h"
#include "app/cli/connections.h"
#include "app/cli/options.h"
#include "app/cli/planning.h"
#include "core/common/units.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace qdrant2pg::cli {

namespace {

QString vectorText(const DenseVectorInfo& vector)
{
    QString text = QStringLiteral("%1 %2 %3 %4")
                       .arg(vector.name.isEmpty() ? QStringLiteral("(unnamed)") : vector.name)
                       .arg(vector.size)
                       .arg(distanceName(vector.distance), vectorDatatypeName(vector.datatype));
    if (vector.multivector)
        text += QStringLiteral(" multivector");
    if (!vector.quantization.isEmpty())
        text += QStringLiteral(" quantised (%1)").arg(vector.quantization);
    return text;
}

QStringList vectorTexts(const CollectionInfo& info)
{
    QStringList texts;
    for (const DenseVectorInfo& vector : info.vectors)
        texts << vectorText(vector);
    for (const SparseVectorInfo& vector : info.sparseVectors)
        texts << QStringLiteral("%1 sparse%2")
                     .arg(vector.name, vector.idf ? QStringLiteral(" (IDF)") : QString());
    return texts;
}

QJsonObject infoToJson(const CollectionInfo& info)
{
    QJsonArray vectors;
    for (const DenseVectorInfo& vector : info.vectors)
        vectors.append(
            QJsonObject{{QStringLiteral("name"), vector.name}, {QStringLiteral("size"), vector.size},
                {QStringLiteral("distance"), distanceName(vector.distance)},
                {QStringLiteral("datatype"), vectorDatatypeName(vector.datatype)},
                {QStringLiteral("multivector"), vector.multivector},
                {QStringLiteral("quantization"), vector.quantization}});
    QJsonArray sparse;
    for (const SparseVectorInfo& vector : info.sparseVectors)
        sparse.append(
            QJsonObject{{QStringLiteral("name"), vector.name}, {QStringLiteral("idf"), vector.idf}});
    QJsonArray indexes;
    for (const PayloadIndexInfo& index : info.payloadIndexes)
        indexes.append(QJsonObject{{QStringLiteral("path"), index.path},
            {QStringLiteral("type"), index.dataType}, {QStringLiteral("points"), index.points}});
    return {{QStringLiteral("name"), info.name}, {QStringLiteral("status"), info.status},
        {QStringLiteral("pointsEstimate"), info.pointsCount ? QJsonValue(*info.pointsCount) : QJsonValue()},
        {QStringLiteral("vectors"), vectors}, {QStringLiteral("sparseVectors"), sparse},
        {QStringLiteral("payloadIndexes"), indexes}, {QStringLiteral("shards"), info.shardNumber},
        {QStringLiteral("customSharding"), info.customSharding},
        {QStringLiteral("strictMode"), info.strictMode.enabled}};
}

QJsonObject factsToJson(const CollectionFacts& facts)
{
    QJsonObject object = infoToJson(facts.info);
    object.insert(QStringLiteral("points"), facts.exactCount ? QJsonValue(*facts.exactCount) : QJsonValue());
    object.insert(QStringLiteral("aliases"), QJsonArray::fromStringList(facts.aliases));
    object.insert(QStringLiteral("numericIds"), facts.ids.hasNumbers);
    object.insert(QStringLiteral("uuidIds"), facts.ids.hasUuids);
    object.insert(QStringLiteral("sampledPoints"), facts.sampledPoints);
    object.insert(QStringLiteral("meanPointBytes"), facts.meanPointBytes);
    QJsonArray paths;
    for (const PathProfile& path : facts.payload.paths())
        paths.append(QJsonObject{{QStringLiteral("path"), path.path},
            {QStringLiteral("type"), PayloadProfile::typeWords(path)},
            {QStringLiteral("present"), path.present},
            {QStringLiteral("examples"), QJsonArray::fromStringList(path.examples)}});
    object.insert(QStringLiteral("payload"), paths);
    return object;
}

void printFacts(const CommandContext& context, const CollectionFacts& facts)
{
    const CollectionInfo& info = facts.info;
    QString text = QStringLiteral("%1\n").arg(info.name);
    const auto line = [&text](const char* label, const QString& value) {
        if (!value.isEmpty())
            text += QStringLiteral("  %1%2\n").arg(QLatin1String(label), -12).arg(value);
    };
    line("points",
        facts.exactCount ? formatCount(*facts.exactCount)
                         : QStringLiteral("≈ %1 (%2)").arg(formatCount(facts.bestCount()), facts.countNote));
    line("status", info.status);
    line("vectors", vectorTexts(info).join(QStringLiteral("; ")));
    QStringList idKinds;
    if (facts.ids.hasNumbers)
        idKinds << (facts.ids.maxNumber
                ? QStringLiteral("numbers up to %1%2")
                      .arg(*facts.ids.maxNumber)
                      .arg(facts.ids.maxNumberExact ? QString() : QStringLiteral(" in the sample"))
                : QStringLiteral("numbers"));
    if (facts.ids.hasUuids)
        idKinds << QStringLiteral("UUIDs");
    line("ids", idKinds.join(QStringLiteral(" and ")));
    line("aliases", facts.aliases.join(QStringLiteral(", ")));
    QStringList indexes;
    for (const PayloadIndexInfo& index : info.payloadIndexes)
        indexes << QStringLiteral("%1 (%2)").arg(index.path, index.dataType);
    line("indexes", indexes.join(QStringLiteral(", ")));
    if (facts.meanPointBytes > 0)
        line("size",
            QStringLiteral("≈ %1 as JSON (%2 points sampled)")
                .arg(formatBytes(
                         static_cast<qint64>(facts.meanPointBytes * static_cast<double>(facts.bestCount()))),
                    formatCount(facts.sampledPoints)));
    if (info.shardNumber > 1 || info.customSharding)
        line("shards",
            QStringLiteral("%1%2")
                .arg(info.shardNumber)
                .arg(info.customSharding ? QStringLiteral(", custom sharding") : QString()));
    for (const QString& warning : info.warnings)
        line("warning", warning);
    const QList<PathProfile> paths = facts.payload.paths();
    if (!paths.isEmpty())
        text += QStringLiteral("  payload\n");
    for (const PathProfile& path : paths) {
        const qint64 percent = facts.payload.points() > 0 ? path.present * 100 / facts.payload.points() : 0;
        text += QStringLiteral("    %1 %2 %3 %  %4\n")
                    .arg(path.path, -28)
                    .arg(PayloadProfile::typeWords(path), -18)
                    .arg(percent, 3)
                    .arg(path.examples.value(0));
    }
    context.console.result(text.trimmed());
}

ExitCode listAll(CommandContext& context, OpenSource& source)
{
    context.console.result(QStringLiteral("%1 %2 at %3")
                               .arg(source.version.title, source.version.version.toString(),
                                   source.client.options().url.toDisplayString()));
    if (source.collections.isEmpty())
        context.console.result(QStringLiteral("This server has no collections that this key can see."));
    for (const QString& name : std::as_const(source.collections)) {
        auto info = source.client.collectionInfo(name);
        if (!info) {
            // One collection that cannot be read must not hide the others.
            context.console.result(
                QStringLiteral("  %1 cannot be read: %2").arg(name, -28).arg(info.error().summary));
            context.console.jsonLine(
                {{QStringLiteral("name"), name}, {QStringLiteral("error"), errorToJson(info.error())}});
            continue;
        }
        context.console.jsonLine(infoToJson(*info));
        context.console.result(
            QStringLiteral("  %1 ≈ %2 points  %3")
                .arg(name, -28)
                .arg(info->pointsCount ? formatCount(*info->pointsCount) : QStringLiteral("?"), 10)
                .arg(vectorTexts(*info).join(QStringLiteral("; "))));
    }
    return ExitCode::Done;
}

ExitCode run(CommandContext& context)
{
    auto resolved = resolveSource(context);
    if (!resolved)
        return context.fail(resolved.error());
    auto source = openSource(context, *resolved);
    if (!source)
        return context.fail(source.error());
    const bool named =
        context.args.has(QStringLiteral("collection")) || context.args.has(QStringLiteral("all-collections"));
    if (!named && context.args.positionals().isEmpty())
        return listAll(context, *source);
    QStringList names = context.args.positionals();
    if (names.isEmpty()) {
        auto chosen = chosenCollections(context, source->collections);
        if (!chosen)
            return context.fail(chosen.error());
        names = *chosen;
    }
    respectStrictMode(*source, *resolved, names);
    for (const QString& name : std::as_const(names)) {
        auto facts = readCollectionFacts(source->client, name, factOptions(context));
        if (!facts)
            return context.fail(facts.error());
        context.console.jsonLine(factsToJson(*facts));
        printFacts(context, *facts);
    }
    return ExitCode::Done;
}

} // namespace

Command inspectCommand()
{
    Command command;
    command.name = QStringLiteral("inspect");
    command.summary = QStringLiteral("show what a Qdrant server or collection holds");
    command.description = QStringLiteral(
        "Without a name: the collections with their estimated sizes and vectors. With one: the exact count, "
        "vectors, kinds of ids, payload keys with their types as a sample shows them, and payload indexes. "
        "Nothing is changed anywhere.");
    command.group = QStringLiteral("Look");
    command.positionals = {{QStringLiteral("COLLECTION"), QStringLiteral("as --collection")}};
    QList<OptionSpec> options;
    for (const OptionSpec& spec : planOptions()) {
        if (QStringList{QStringLiteral("collection"), QStringLiteral("all-collections"),
                QStringLiteral("sample"), QStringLiteral("id-pass")}
                .contains(spec.name()))
            options << spec;
    }
    command.options = options + sourceOptions() + outputOptions();
    command.environment = sourceEnvironment();
    command.exitCodes = lookExitCodes();
    command.examples = {
        {QStringLiteral("qdrant2pg inspect"), QStringLiteral("the collections of the server at QDRANT_URL")},
        {QStringLiteral("qdrant2pg inspect game_collection --sample 1000"),
            QStringLiteral("one collection, looked at more closely")}};
    command.run = run;
    return command;
}

} // namespace qdrant2pg::cli
