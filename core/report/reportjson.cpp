// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/reportwriters.h"

#include "core/compare/comparisonjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cmath>

namespace qdrant2pg {

namespace {

QString moodWord(ReportMood mood)
{
    switch (mood) {
    case ReportMood::Good:
        return QStringLiteral("good");
    case ReportMood::Attention:
        return QStringLiteral("attention");
    case ReportMood::Bad:
        return QStringLiteral("bad");
    case ReportMood::Stopped:
        return QStringLiteral("stopped");
    }
    return {};
}

QJsonObject toJson(const ReportNumber& number)
{
    return {{QStringLiteral("value"), number.value ? QJsonValue(*number.value) : QJsonValue()},
        {QStringLiteral("origin"), number.origin}};
}

ReportNumber numberFrom(const QJsonObject& object)
{
    ReportNumber number;
    if (const QJsonValue value = object.value(QLatin1String("value")); value.isDouble())
        number.value = value.toInteger();
    number.origin = object.value(QLatin1String("origin")).toString();
    return number;
}

QJsonValue toJson(const std::optional<ReportCpu>& cpu)
{
    if (!cpu)
        return {};
    return QJsonObject{{QStringLiteral("decode"), cpu->decode}, {QStringLiteral("encode"), cpu->encode},
        {QStringLiteral("copy"), cpu->copy}, {QStringLiteral("rest"), cpu->rest},
        {QStringLiteral("total"), cpu->total()}};
}

std::optional<ReportCpu> cpuFrom(const QJsonValue& value)
{
    if (!value.isObject())
        return std::nullopt;
    const QJsonObject object = value.toObject();
    const auto part = [&object](const char* key) {
        return object.value(QLatin1String(key)).toDouble();
    };
    return ReportCpu{part("decode"), part("encode"), part("copy"), part("rest")};
}

QStringList stringsFrom(const QJsonValue& value)
{
    QStringList strings;
    for (const QJsonValue& element : value.toArray())
        strings << element.toString();
    return strings;
}

template <class List, class Convert> QJsonArray arrayOf(const List& list, Convert convert)
{
    QJsonArray array;
    for (const auto& element : list)
        array.append(convert(element));
    return array;
}

template <class Value, class Convert> QList<Value> listFrom(const QJsonValue& value, Convert convert)
{
    QList<Value> list;
    for (const QJsonValue& element : value.toArray())
        list.append(convert(element.toObject()));
    return list;
}

QJsonObject toJson(const ReportMismatch& mismatch)
{
    return {{QStringLiteral("type"), mismatch.type}, {QStringLiteral("pointId"), mismatch.pointId},
        {QStringLiteral("column"), mismatch.column}, {QStringLiteral("source"), mismatch.sourceValue},
        {QStringLiteral("target"), mismatch.targetValue}};
}

QJsonObject toJson(const ReportVerification& verification)
{
    return {{QStringLiteral("level"), verification.level}, {QStringLiteral("result"), verification.result},
        {QStringLiteral("sentence"), verification.sentence},
        {QStringLiteral("comparedRows"), verification.comparedRows},
        {QStringLiteral("algorithm"), verification.algorithm},
        {QStringLiteral("sourceDigest"), verification.sourceDigest},
        {QStringLiteral("targetDigest"), verification.targetDigest},
        {QStringLiteral("mismatchCount"), verification.mismatchCount},
        {QStringLiteral("mismatches"),
            arrayOf(
                verification.mismatches, [](const ReportMismatch& mismatch) { return toJson(mismatch); })},
        {QStringLiteral("mismatchFile"), verification.mismatchFile},
        {QStringLiteral("rules"), QJsonArray::fromStringList(verification.rules)}};
}

ReportVerification verificationFrom(const QJsonObject& object)
{
    const auto text = [&object](const char* key) {
        return object.value(QLatin1String(key)).toString();
    };
    ReportVerification verification;
    verification.level = text("level");
    verification.result = text("result");
    verification.sentence = text("sentence");
    verification.comparedRows = object.value(QLatin1String("comparedRows")).toInteger();
    verification.algorithm = text("algorithm");
    verification.sourceDigest = text("sourceDigest");
    verification.targetDigest = text("targetDigest");
    verification.mismatchCount = object.value(QLatin1String("mismatchCount")).toInteger();
    verification.mismatchFile = text("mismatchFile");
    verification.rules = stringsFrom(object.value(QLatin1String("rules")));
    verification.mismatches =
        listFrom<ReportMismatch>(object.value(QLatin1String("mismatches")), [](const QJsonObject& from) {
            const auto field = [&from](const char* key) {
                return from.value(QLatin1String(key)).toString();
            };
            return ReportMismatch{
                field("type"), field("pointId"), field("column"), field("source"), field("target")};
        });
    return verification;
}

struct NumberField {
    const char* key;
    ReportNumber ReportCollection::*member;
};

constexpr NumberField numberFields[] = {
    {"source", &ReportCollection::source},
    {"read", &ReportCollection::read},
    {"stored", &ReportCollection::stored},
    {"rejected", &ReportCollection::rejected},
    {"skipped", &ReportCollection::skipped},
    {"targetNow", &ReportCollection::targetNow},
};

QJsonObject toJson(const ReportCollection& collection)
{
    QJsonObject object{{QStringLiteral("name"), collection.name},
        {QStringLiteral("schema"), collection.schema}, {QStringLiteral("table"), collection.table},
        {QStringLiteral("preset"), collection.preset}, {QStringLiteral("mode"), collection.mode},
        {QStringLiteral("reconciles"), collection.reconciles()},
        {QStringLiteral("difference"), collection.differenceText()},
        {QStringLiteral("sourceBytes"), collection.sourceBytes},
        {QStringLiteral("verification"), toJson(collection.verification)},
        {QStringLiteral("nextSteps"), QJsonArray::fromStringList(collection.nextSteps)},
        {QStringLiteral("notes"), QJsonArray::fromStringList(collection.notes)}};
    for (const NumberField& field : numberFields)
        object.insert(QLatin1String(field.key), toJson(collection.*field.member));
    return object;
}

ReportCollection collectionFrom(const QJsonObject& object)
{
    const auto text = [&object](const char* key) {
        return object.value(QLatin1String(key)).toString();
    };
    ReportCollection collection;
    collection.name = text("name");
    collection.schema = text("schema");
    collection.table = text("table");
    collection.preset = text("preset");
    collection.mode = text("mode");
    for (const NumberField& field : numberFields)
        collection.*field.member = numberFrom(object.value(QLatin1String(field.key)).toObject());
    collection.sourceBytes = object.value(QLatin1String("sourceBytes")).toInteger();
    collection.verification = verificationFrom(object.value(QLatin1String("verification")).toObject());
    collection.nextSteps = stringsFrom(object.value(QLatin1String("nextSteps")));
    collection.notes = stringsFrom(object.value(QLatin1String("notes")));
    return collection;
}

QJsonObject toJson(const Error& error)
{
    return {{QStringLiteral("kind"), errorKindName(error.kind)}, {QStringLiteral("summary"), error.summary},
        {QStringLiteral("detail"), error.detail}, {QStringLiteral("hint"), error.hint},
        {QStringLiteral("where"), error.where.toString()},
        {QStringLiteral("sqlState"), QString::fromLatin1(error.sqlState)},
        {QStringLiteral("httpStatus"), error.httpStatus}};
}

Error errorFrom(const QJsonObject& object)
{
    const auto text = [&object](const char* key) {
        return object.value(QLatin1String(key)).toString();
    };
    Error error = makeError(ErrorKind::Internal, text("summary"), text("detail"), text("hint"));
    for (int kind = 0; kind <= static_cast<int>(ErrorKind::Internal); ++kind) {
        if (errorKindName(static_cast<ErrorKind>(kind)) == text("kind"))
            error.kind = static_cast<ErrorKind>(kind);
    }
    error.sqlState = text("sqlState").toLatin1();
    error.httpStatus = object.value(QLatin1String("httpStatus")).toInt();
    return error;
}

QJsonValue toJson(const QDateTime& time)
{
    return time.isValid() ? QJsonValue(time.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue();
}

QDateTime timeFrom(const QJsonValue& value)
{
    return QDateTime::fromString(value.toString(), Qt::ISODateWithMs);
}

std::chrono::milliseconds durationFrom(const QJsonValue& value)
{
    return std::chrono::milliseconds(value.toInteger());
}

} // namespace

QByteArray reportToJson(const RunReport& report)
{
    const ReportTotals sums = report.totals();
    QJsonObject root{
        {QStringLiteral("version"), RunReport::currentVersion},
        {QStringLiteral("verdict"), report.verdict()},
        {QStringLiteral("mood"), moodWord(report.mood())},
        {QStringLiteral("good"), report.isGood()},
        {QStringLiteral("runId"), report.runId},
        {QStringLiteral("state"), report.state},
        {QStringLiteral("reason"), report.reason},
        {QStringLiteral("startedAt"), toJson(report.startedAt)},
        {QStringLiteral("finishedAt"), toJson(report.finishedAt)},
        {QStringLiteral("times"),
            QJsonObject{{QStringLiteral("dataMs"), qint64(report.dataTime.count())},
                {QStringLiteral("indexMs"), qint64(report.indexTime.count())},
                {QStringLiteral("verifyMs"), qint64(report.verifyTime.count())},
                {QStringLiteral("cpuMicrosPerPoint"), toJson(report.copyCpu)}}},
        {QStringLiteral("rowsPerSecond"), std::round(report.rowsPerSecond())},
        {QStringLiteral("totals"),
            QJsonObject{{QStringLiteral("source"), sums.source ? QJsonValue(*sums.source) : QJsonValue()},
                {QStringLiteral("read"), sums.read}, {QStringLiteral("stored"), sums.stored},
                {QStringLiteral("rejected"), sums.rejected}, {QStringLiteral("skipped"), sums.skipped},
                {QStringLiteral("sourceBytes"), sums.sourceBytes}}},
        {QStringLiteral("source"),
            QJsonObject{{QStringLiteral("url"), report.sourceUrl},
                {QStringLiteral("version"), report.sourceVersion},
                {QStringLiteral("standIn"), report.sourceIsStandIn},
                {QStringLiteral("transport"), report.transport}}},
        {QStringLiteral("target"),
            QJsonObject{{QStringLiteral("conninfo"), report.target},
                {QStringLiteral("ledgerSchema"), report.ledgerSchema},
                {QStringLiteral("serverVersion"), report.serverVersion},
                {QStringLiteral("vectorVersion"), report.vectorVersion}}},
        {QStringLiteral("toolVersion"), report.toolVersion},
        {QStringLiteral("planHash"), report.planHash},
        {QStringLiteral("plan"), QJsonDocument::fromJson(report.planJson).object()},
        {QStringLiteral("lanes"), report.lanes},
        {QStringLiteral("sessions"), report.sessions},
        {QStringLiteral("retries"), report.retries},
        {QStringLiteral("collections"),
            arrayOf(
                report.collections, [](const ReportCollection& collection) { return toJson(collection); })},
        {QStringLiteral("stages"),
            arrayOf(report.stages,
                [](const ReportStage& stage) {
                    return QJsonObject{{QStringLiteral("collection"), stage.collection},
                        {QStringLiteral("stage"), stage.stage}, {QStringLiteral("name"), stage.name},
                        {QStringLiteral("elapsedMs"), qint64(stage.elapsed.count())},
                        {QStringLiteral("state"), stage.state}, {QStringLiteral("note"), stage.note}};
                })},
        {QStringLiteral("rejects"),
            arrayOf(report.rejects,
                [](const ReportRejectGroup& group) {
                    return QJsonObject{{QStringLiteral("collection"), group.collection},
                        {QStringLiteral("column"), group.column},
                        {QStringLiteral("sqlState"), group.sqlState},
                        {QStringLiteral("reason"), group.reason}, {QStringLiteral("count"), group.count},
                        {QStringLiteral("exampleIds"), QJsonArray::fromStringList(group.exampleIds)}};
                })},
        {QStringLiteral("searches"), arrayOf(report.searches, comparisonToJson)},
        {QStringLiteral("findings"),
            arrayOf(report.findings,
                [](const ReportFinding& finding) {
                    return QJsonObject{{QStringLiteral("severity"), finding.severity},
                        {QStringLiteral("code"), finding.code},
                        {QStringLiteral("collection"), finding.collection},
                        {QStringLiteral("text"), finding.text}, {QStringLiteral("hint"), finding.hint}};
                })},
        {QStringLiteral("throughput"),
            arrayOf(report.throughput,
                [](const ReportSample& sample) {
                    return QJsonObject{{QStringLiteral("atMs"), qint64(sample.at.count())},
                        {QStringLiteral("rowsPerSecond"), sample.rowsPerSecond},
                        {QStringLiteral("bytesPerSecond"), sample.bytesPerSecond},
                        {QStringLiteral("mark"), sample.mark}};
                })},
        {QStringLiteral("warnings"), QJsonArray::fromStringList(report.warnings)},
        {QStringLiteral("nextSteps"), QJsonArray::fromStringList(report.nextSteps)},
        {QStringLiteral("rollback"), QJsonArray::fromStringList(report.rollback)},
    };
    if (report.error)
        root.insert(QStringLiteral("error"), toJson(*report.error));
    return QJsonDocument(root).toJson();
}

Result<RunReport> reportFromJson(const QByteArray& json)
{
    QJsonParseError parseError;
    const QJsonDocument document = QJsonDocument::fromJson(json, &parseError);
    if (!document.isObject())
        return fail(
            ErrorKind::Usage, QStringLiteral("This is not a report in JSON."), parseError.errorString());
    const QJsonObject root = document.object();
    const int version = root.value(QLatin1String("version")).toInt();
    if (version < 1 || !root.contains(QLatin1String("verdict")))
        return fail(ErrorKind::Usage, QStringLiteral("This JSON file is not a report of qdrant2pg."));
    if (version > RunReport::currentVersion)
        return fail(ErrorKind::Usage,
            QStringLiteral("The report is of version %1, this program knows up to version %2.")
                .arg(version)
                .arg(RunReport::currentVersion));
    const auto text = [&root](const char* key) {
        return root.value(QLatin1String(key)).toString();
    };
    const auto inner = [&root](const char* object, const char* key) {
        return root.value(QLatin1String(object)).toObject().value(QLatin1String(key));
    };
    RunReport report;
    report.runId = text("runId");
    report.state = text("state");
    report.reason = text("reason");
    report.startedAt = timeFrom(root.value(QLatin1String("startedAt")));
    report.finishedAt = timeFrom(root.value(QLatin1String("finishedAt")));
    report.dataTime = durationFrom(inner("times", "dataMs"));
    report.indexTime = durationFrom(inner("times", "indexMs"));
    report.verifyTime = durationFrom(inner("times", "verifyMs"));
    report.copyCpu = cpuFrom(inner("times", "cpuMicrosPerPoint"));
    report.sourceUrl = inner("source", "url").toString();
    report.sourceVersion = inner("source", "version").toString();
    report.sourceIsStandIn = inner("source", "standIn").toBool();
    report.transport = inner("source", "transport").toString();
    report.target = inner("target", "conninfo").toString();
    report.ledgerSchema = inner("target", "ledgerSchema").toString();
    report.serverVersion = inner("target", "serverVersion").toString();
    report.vectorVersion = inner("target", "vectorVersion").toString();
    report.toolVersion = text("toolVersion");
    report.planHash = text("planHash");
    report.planJson = QJsonDocument(root.value(QLatin1String("plan")).toObject()).toJson();
    report.lanes = root.value(QLatin1String("lanes")).toInt();
    report.sessions = root.value(QLatin1String("sessions")).toInt();
    report.retries = root.value(QLatin1String("retries")).toInt();
    report.collections = listFrom<ReportCollection>(root.value(QLatin1String("collections")), collectionFrom);
    const auto field = [](const QJsonObject& object, const char* key) {
        return object.value(QLatin1String(key)).toString();
    };
    report.stages = listFrom<ReportStage>(root.value(QLatin1String("stages")), [&](const QJsonObject& from) {
        return ReportStage{field(from, "collection"), field(from, "stage"), field(from, "name"),
            durationFrom(from.value(QLatin1String("elapsedMs"))), field(from, "state"), field(from, "note")};
    });
    report.rejects =
        listFrom<ReportRejectGroup>(root.value(QLatin1String("rejects")), [&](const QJsonObject& from) {
            return ReportRejectGroup{field(from, "collection"), field(from, "column"),
                field(from, "sqlState"), field(from, "reason"),
                from.value(QLatin1String("count")).toInteger(),
                stringsFrom(from.value(QLatin1String("exampleIds")))};
        });
    report.searches = listFrom<SearchComparison>(root.value(QLatin1String("searches")), comparisonFromJson);
    report.findings =
        listFrom<ReportFinding>(root.value(QLatin1String("findings")), [&](const QJsonObject& from) {
            return ReportFinding{field(from, "severity"), field(from, "code"), field(from, "collection"),
                field(from, "text"), field(from, "hint")};
        });
    report.throughput =
        listFrom<ReportSample>(root.value(QLatin1String("throughput")), [&](const QJsonObject& from) {
            return ReportSample{durationFrom(from.value(QLatin1String("atMs"))),
                from.value(QLatin1String("rowsPerSecond")).toDouble(),
                from.value(QLatin1String("bytesPerSecond")).toDouble(), field(from, "mark")};
        });
    report.warnings = stringsFrom(root.value(QLatin1String("warnings")));
    report.nextSteps = stringsFrom(root.value(QLatin1String("nextSteps")));
    report.rollback = stringsFrom(root.value(QLatin1String("rollback")));
    if (root.contains(QLatin1String("error")))
        report.error = errorFrom(root.value(QLatin1String("error")).toObject());
    return report;
}

} // namespace qdrant2pg
