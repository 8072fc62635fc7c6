// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/datamanifest.h"

#include "core/staged/durablefile.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace qdrant2pg {

namespace {

constexpr qint64 largestManifest = qint64{64} << 20;

Error manifestError(const QString& path, const QString& detail)
{
    Error error = makeError(ErrorKind::File,
        QStringLiteral("%1 is not a manifest that this program can read.").arg(path), detail,
        QStringLiteral("Convert the export again, or remove the file to import the data without it."));
    error.where.file = path;
    return error;
}

} // namespace

QString dataFormatName(DataFormat format)
{
    return format == DataFormat::Csv ? QStringLiteral("csv") : QStringLiteral("pgcopy");
}

QByteArray DataManifest::toJson() const
{
    QJsonArray list;
    for (const DataColumn& column : columns)
        list.append(
            QJsonObject{{QStringLiteral("name"), column.name}, {QStringLiteral("type"), column.type}});
    const QJsonObject object{
        {QStringLiteral("format"), QStringLiteral("qdrant2pg-data")},
        {QStringLiteral("version"), currentVersion},
        {QStringLiteral("tool"), toolVersion},
        {QStringLiteral("data"), dataFormatName(format)},
        {QStringLiteral("collection"), collection},
        {QStringLiteral("table"), table},
        {QStringLiteral("columns"), list},
        {QStringLiteral("points"), points},
        {QStringLiteral("rows"), rows},
        {QStringLiteral("rejected"), rejected},
        {QStringLiteral("bytes"), bytes},
        {QStringLiteral("sha256"), QString::fromLatin1(sha256)},
        {QStringLiteral("planHash"), planHash},
        {QStringLiteral("plan"), QString::fromUtf8(planJson)},
        {QStringLiteral("exportSha256"), QString::fromLatin1(exportSha256)},
        {QStringLiteral("runStart"), runStart.toUTC().toString(Qt::ISODateWithMs)},
    };
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

Result<DataManifest> DataManifest::fromJson(const QByteArray& json, const QString& path)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (!document.isObject())
        return fail(manifestError(path, problem.errorString()));
    const QJsonObject object = document.object();
    if (object.value(QStringLiteral("format")).toString() != QLatin1String("qdrant2pg-data"))
        return fail(manifestError(path, QStringLiteral("\"format\" is not \"qdrant2pg-data\"")));
    if (const int version = object.value(QStringLiteral("version")).toInt(); version != currentVersion)
        return fail(manifestError(path,
            QStringLiteral("its version is %1, this program knows version %2")
                .arg(version)
                .arg(currentVersion)));
    DataManifest manifest;
    manifest.toolVersion = object.value(QStringLiteral("tool")).toString();
    const QString data = object.value(QStringLiteral("data")).toString();
    if (data != dataFormatName(DataFormat::Csv) && data != dataFormatName(DataFormat::PgCopy))
        return fail(manifestError(path, QStringLiteral("\"data\" is neither csv nor pgcopy")));
    manifest.format = data == dataFormatName(DataFormat::Csv) ? DataFormat::Csv : DataFormat::PgCopy;
    manifest.collection = object.value(QStringLiteral("collection")).toString();
    manifest.table = object.value(QStringLiteral("table")).toString();
    const QJsonArray columns = object.value(QStringLiteral("columns")).toArray();
    for (const QJsonValue& column : columns)
        manifest.columns.append(
            {column[QStringLiteral("name")].toString(), column[QStringLiteral("type")].toString()});
    manifest.points = object.value(QStringLiteral("points")).toInteger();
    manifest.rows = object.value(QStringLiteral("rows")).toInteger(-1);
    manifest.rejected = object.value(QStringLiteral("rejected")).toInteger();
    manifest.bytes = object.value(QStringLiteral("bytes")).toInteger(-1);
    manifest.sha256 = object.value(QStringLiteral("sha256")).toString().toLatin1();
    manifest.planHash = object.value(QStringLiteral("planHash")).toString();
    manifest.planJson = object.value(QStringLiteral("plan")).toString().toUtf8();
    manifest.exportSha256 = object.value(QStringLiteral("exportSha256")).toString().toLatin1();
    manifest.runStart =
        QDateTime::fromString(object.value(QStringLiteral("runStart")).toString(), Qt::ISODateWithMs);
    if (manifest.rows < 0 || manifest.bytes < 0 || manifest.sha256.size() != 64 || manifest.columns.isEmpty())
        return fail(manifestError(path, QStringLiteral("it is not complete")));
    return manifest;
}

Result<std::optional<DataManifest>> readDataManifest(const QString& dataFile)
{
    const QString path = DataManifest::pathFor(dataFile);
    if (!QFile::exists(path))
        return std::optional<DataManifest>();
    auto json = readWholeFile(path, largestManifest);
    if (!json)
        return fail(json.error());
    auto manifest = DataManifest::fromJson(*json, path);
    if (!manifest)
        return fail(manifest.error());
    return std::optional<DataManifest>(std::move(*manifest));
}

QByteArray parentRowToLine(const ParentRow& parent)
{
    QJsonObject object{{QStringLiteral("table"), parent.table}, {QStringLiteral("id"), parent.id},
        {QStringLiteral("name"), parent.name}};
    if (!parent.game.isEmpty())
        object.insert(QStringLiteral("game"), parent.game);
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

Result<ParentRow> parentRowFromLine(const QByteArray& line, const QString& path)
{
    const QJsonObject object = QJsonDocument::fromJson(line).object();
    const ParentRow parent{object.value(QStringLiteral("table")).toString(),
        object.value(QStringLiteral("id")).toString(), object.value(QStringLiteral("game")).toString(),
        object.value(QStringLiteral("name")).toString()};
    if (parent.table.isEmpty() || parent.id.isEmpty()) {
        Error error = makeError(ErrorKind::File, QStringLiteral("%1 is damaged.").arg(path),
            QString::fromUtf8(line.left(120)),
            QStringLiteral("Convert the export again, or remove the file."));
        error.where.file = path;
        return fail(std::move(error));
    }
    return parent;
}

QByteArray rejectToLine(const RejectRow& reject)
{
    QJsonObject object{
        {QStringLiteral("collection"), reject.collection},
        {QStringLiteral("id"), reject.pointId},
        {QStringLiteral("stage"), reject.stage},
        {QStringLiteral("column"), reject.column},
        {QStringLiteral("sqlState"), QString::fromLatin1(reject.sqlState)},
        {QStringLiteral("reason"), reject.reason},
    };
    if (!reject.shardKey.isEmpty())
        object.insert(QStringLiteral("shardKey"), reject.shardKey);
    if (!reject.rawPoint.isEmpty())
        object.insert(QStringLiteral("point"), reject.rawPoint);
    return QJsonDocument(object).toJson(QJsonDocument::Compact) + '\n';
}

} // namespace qdrant2pg
