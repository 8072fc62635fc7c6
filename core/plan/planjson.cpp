// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/planjson.h"

#include "core/plan/json/planreader.h"
#include "core/postgres/connection.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QUrl>

#include <simdjson.h>

#include <charconv>

namespace qdrant2pg {

namespace {

struct ShardKeyPart {
    QString& column;
    QString& type;
};
struct AfterPart {
    CollectionPlan& plan;
};

void fields(auto& archive, TlsOptions& tls)
{
    archive.text("caFile", tls.caFile, WhenEmpty::LeaveOut);
    archive.text("certificateFile", tls.certificateFile, WhenEmpty::LeaveOut);
    archive.text("keyFile", tls.keyFile, WhenEmpty::LeaveOut);
    archive.flag("skipVerification", tls.skipVerification, WhenEmpty::LeaveOut);
}

void fields(auto& archive, SourcePlan& source)
{
    archive.text("url", source.url);
    archive.word("transport", source.transport, planwords::transports);
    archive.object("tls", source.tls);
    archive.text("consistency", source.consistency, WhenEmpty::WriteNull);
    archive.text("profile", source.profile, WhenEmpty::LeaveOut);
    archive.integer("grpcPort", source.grpcPort, 0, 65535, WhenEmpty::LeaveOut);
}

void fields(auto& archive, TargetPlan& target)
{
    archive.text("conninfo", target.conninfo);
    archive.text("schema", target.schema);
    archive.text("ledgerSchema", target.ledgerSchema);
    archive.text("profile", target.profile, WhenEmpty::LeaveOut);
}

void fields(auto& archive, IdPlan& id)
{
    archive.text("column", id.column);
    archive.word("type", id.type, planwords::idTypes);
    archive.word("numericIds", id.numericIds, planwords::numericIds);
    archive.text("originalKey", id.originalKey, WhenEmpty::LeaveOut);
    archive.text("reason", id.reason, WhenEmpty::LeaveOut);
}

void fields(auto& archive, VectorPlan& vector)
{
    archive.text("source", vector.source);
    archive.text("column", vector.column);
    archive.choice("type", vector.type, planwords::vectorTypes());
    archive.integer("dimensions", vector.dimensions, 0, 1'000'000'000);
    archive.choice("distance", vector.distance, planwords::distances(), WhenEmpty::LeaveOut);
    archive.choice("storage", vector.storage, planwords::storages(), WhenEmpty::WriteNull);
    archive.word("missing", vector.missing, planwords::missingVectors);
    archive.word("nonFinite", vector.nonFinite, planwords::nonFinites);
    archive.text("reason", vector.reason, WhenEmpty::LeaveOut);
}

void fields(auto& archive, PayloadColumnPlan& column)
{
    archive.text("path", column.path);
    archive.text("column", column.column);
    archive.choice("type", column.type, planwords::payloadTypes());
    archive.word("missing", column.missing, planwords::missingValues);
    archive.scalar("default", column.defaultValue);
    archive.word("misfit", column.misfit, planwords::misfits);
    archive.flag("notNull", column.notNull, WhenEmpty::LeaveOut);
    archive.text("references", column.references, WhenEmpty::LeaveOut);
    archive.text("reason", column.reason, WhenEmpty::LeaveOut);
}

void fields(auto& archive, PayloadPlan& payload)
{
    archive.text("column", payload.column, WhenEmpty::WriteNull);
    archive.word("keep", payload.keep, planwords::keeps);
    archive.word("nul", payload.nul, planwords::nuls);
    archive.text("mergeKey", payload.mergeKey, WhenEmpty::LeaveOut);
    archive.list("columns", payload.columns);
}

void fields(auto& archive, IndexPlan& index)
{
    archive.text("name", index.name, WhenEmpty::LeaveOut);
    archive.choice("kind", index.kind, planwords::indexKinds());
    archive.textOrList("on", index.on);
    archive.choice("cast", index.cast, planwords::indexCasts(), WhenEmpty::LeaveOut);
    archive.text("expression", index.expression, WhenEmpty::LeaveOut);
    archive.text("opclass", index.opclass, WhenEmpty::LeaveOut);
    archive.scalarMap("with", index.with);
    archive.text("reason", index.reason, WhenEmpty::LeaveOut);
}

void fields(auto& archive, ShardKeyPart& part)
{
    archive.text("column", part.column, WhenEmpty::WriteNull);
    archive.choice("type", part.type, {QStringLiteral("text"), QStringLiteral("jsonb")});
}

void fields(auto& archive, AfterPart& part)
{
    archive.flag("searchFunctions", part.plan.searchFunctions);
    archive.flag("analyze", part.plan.analyze);
    archive.textList("aliasViews", part.plan.aliasViews, WhenEmpty::LeaveOut);
    archive.text("comment", part.plan.comment, WhenEmpty::LeaveOut);
}

void fields(auto& archive, CollectionPlan& collection)
{
    archive.text("name", collection.name);
    archive.text("table", collection.table);
    archive.choice("preset", collection.preset, planwords::presets());
    archive.word("mode", collection.mode, planwords::tableModes);
    archive.object("id", collection.id);
    archive.list("vectors", collection.vectors);
    archive.object("payload", collection.payload);
    ShardKeyPart shardKey{collection.shardKeyColumn, collection.shardKeyType};
    archive.object("shardKey", shardKey);
    archive.filter("filter", collection.filterJson);
    archive.list("indexes", collection.indexes);
    archive.word("parents", collection.parents, planwords::parents);
    AfterPart after{collection};
    archive.object("after", after);
}

void fields(auto& archive, RunPlan& run)
{
    archive.word("flow", run.flow, planwords::flows);
    archive.integer("lanes", run.lanes, 0, 256);
    archive.integer("ranges", run.ranges, 0, 1'000'000);
    archive.integer("pageBytes", run.pageBytes);
    archive.word("onReject", run.onReject, planwords::onRejects);
    archive.integer("maxRejects", run.maxRejects);
    archive.flag("rejectValues", run.rejectValues);
    archive.word("publish", run.publish, planwords::publishModes);
    archive.word("verify", run.verify, planwords::verifyLevels);
    archive.integer("maxPointsPerSecond", run.maxPointsPerSecond);
    archive.integer("maxRequestsInFlight", run.maxRequestsInFlight);
}

void fields(auto& archive, MigrationPlan& plan)
{
    int version = MigrationPlan::currentVersion;
    archive.integer("version", version, 1, MigrationPlan::currentVersion);
    archive.object("source", plan.source);
    archive.object("target", plan.target);
    archive.list("collections", plan.collections);
    archive.object("run", plan.run);
}

OrderedJson written(const MigrationPlan& plan)
{
    MigrationPlan copy = plan;
    if (const auto split = splitConninfo(copy.target.conninfo); split && !split->password.isEmpty())
        copy.target.conninfo = split->withoutPassword;
    PlanWriter writer;
    fields(writer, copy);
    return writer.take();
}

std::string_view viewOf(const QByteArray& bytes)
{
    return {bytes.constData(), static_cast<std::size_t>(bytes.size())};
}

Error notJson(const QByteArray& json)
{
    QJsonParseError parseError;
    QJsonDocument::fromJson(json, &parseError);
    QString place;
    if (parseError.error != QJsonParseError::NoError) {
        const QByteArray before = json.left(parseError.offset);
        place = QStringLiteral(" at line %1, column %2: %3")
                    .arg(before.count('\n') + 1)
                    .arg(parseError.offset - (before.lastIndexOf('\n') + 1) + 1)
                    .arg(parseError.errorString());
    }
    return makeError(ErrorKind::Usage, QStringLiteral("The plan is not valid JSON%1.").arg(place));
}

/// Which version the text says it is; anything but the present one is refused here, with words for both
/// sides.
Result<void> checkVersion(std::string_view json)
{
    std::string_view slice;
    jsontext::forEachMember(json, [&slice](std::string_view key, std::string_view value) {
        if (key == "version")
            slice = value;
        return slice.empty();
    });
    qint64 version = 0;
    if (!slice.empty()) {
        const auto [end, error] = std::from_chars(slice.data(), slice.data() + slice.size(), version);
        if (error != std::errc() || end != slice.data() + slice.size() || version < 1)
            return fail(ErrorKind::Usage, QStringLiteral("The plan's version is no whole number from 1 on."));
    } else {
        return fail(ErrorKind::Usage, QStringLiteral("The plan has no version."), {},
            QStringLiteral("Add \"version\": %1 as its first key.").arg(MigrationPlan::currentVersion));
    }
    if (version > MigrationPlan::currentVersion)
        return fail(ErrorKind::Unsupported,
            QStringLiteral("The plan has version %1, but this program understands version %2 only.")
                .arg(version)
                .arg(MigrationPlan::currentVersion),
            {}, QStringLiteral("Use a newer qdrant2pg, or make the plan again with this one."));
    return {};
}

Result<void> refuseSecrets(const MigrationPlan& plan)
{
    if (!QUrl(plan.source.url).password().isEmpty())
        return fail(ErrorKind::Usage,
            QStringLiteral("The plan holds a password in source.url, which it must not."), {},
            QStringLiteral("Take it out of the URL. The Qdrant key comes from --api-key-file, QDRANT_API_KEY "
                           "or the keychain."));
    if (plan.target.conninfo.isEmpty())
        return {};
    const auto split = splitConninfo(plan.target.conninfo);
    if (!split) {
        Error error = split.error();
        error.summary = QStringLiteral("target.conninfo of the plan: ") + error.summary;
        return fail(std::move(error));
    }
    if (!split->password.isEmpty())
        return fail(ErrorKind::Usage,
            QStringLiteral("The plan holds a password in target.conninfo, which it must not."), {},
            QStringLiteral("Take it out of the connection string. The password comes from PGPASSWORD, "
                           "~/.pgpass, a service "
                           "file or the keychain."));
    return {};
}

} // namespace

template <class T> void describe(auto& archive, T& value)
{
    fields(archive, value);
}

QByteArray planToJson(const MigrationPlan& plan)
{
    return written(plan).toIndented();
}

QString planHash(const MigrationPlan& plan)
{
    return QString::fromLatin1(
        QCryptographicHash::hash(written(plan).toCompact(), QCryptographicHash::Sha256).toHex());
}

Result<QByteArray> normalizedFilter(const QByteArray& json)
{
    const simdjson::padded_string padded(json.constData(), static_cast<std::size_t>(json.size()));
    simdjson::dom::parser parser;
    simdjson::dom::element element;
    if (const auto error = parser.parse(padded).get(element))
        return fail(ErrorKind::Usage, QStringLiteral("The filter is not valid JSON."),
            QString::fromLatin1(simdjson::error_message(error)));
    if (!element.is_object())
        return fail(ErrorKind::Usage, QStringLiteral("The filter is no JSON object."), {},
            QStringLiteral(
                "Write it as Qdrant's filter object, for example {\"must\": [{\"key\": \"city\", \"match\": "
                "{\"value\": \"Oslo\"}}]}."));
    std::string minified(padded.size() + simdjson::SIMDJSON_PADDING, '\0');
    std::size_t size = 0;
    if (const auto error = simdjson::minify(padded.data(), padded.size(), minified.data(), size))
        return fail(ErrorKind::Usage, QStringLiteral("The filter is not valid JSON."),
            QString::fromLatin1(simdjson::error_message(error)));
    return QByteArray(minified.data(), static_cast<qsizetype>(size));
}

Result<MigrationPlan> planFromJson(const QByteArray& json)
{
    std::string_view text = viewOf(json);
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    const simdjson::padded_string padded(text);
    simdjson::dom::parser parser;
    simdjson::dom::element element;
    if (parser.parse(padded).get(element))
        return fail(notJson(QByteArray(text.data(), static_cast<qsizetype>(text.size()))));
    if (!element.is_object())
        return fail(ErrorKind::Usage, QStringLiteral("The plan is no JSON object."));
    text.remove_prefix(jsontext::skipSpace(text, 0));
    if (auto version = checkVersion(text); !version)
        return fail(version.error());

    MigrationPlan plan;
    std::optional<Error> fault;
    PlanReader reader(text, {}, fault);
    fields(reader, plan);
    reader.finish();
    if (fault)
        return fail(std::move(*fault));
    if (auto secrets = refuseSecrets(plan); !secrets)
        return fail(secrets.error());
    return plan;
}

} // namespace qdrant2pg
