// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/exportmanifest.h"

#include "core/staged/durablefile.h"

#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

namespace qdrant2pg {

namespace {

constexpr qint64 largestManifest = qint64{1} << 30;

QJsonObject batchToJson(const ExportBatch& batch)
{
    QJsonObject object{
        {QStringLiteral("file"), batch.file},
        {QStringLiteral("points"), batch.points},
        {QStringLiteral("first"), batch.first},
        {QStringLiteral("last"), batch.last},
        {QStringLiteral("bytes"), batch.bytes},
        {QStringLiteral("sha256"), QString::fromLatin1(batch.sha256)},
    };
    if (!batch.shardKey.isEmpty())
        object.insert(QStringLiteral("shardKey"), batch.shardKey);
    return object;
}

/// Nothing when the entry is not one of ours: a name with a path in it would reach outside the folder.
std::optional<ExportBatch> batchFromJson(const QJsonObject& object)
{
    ExportBatch batch;
    batch.file = object.value(QStringLiteral("file")).toString();
    batch.points = object.value(QStringLiteral("points")).toInteger(-1);
    batch.first = object.value(QStringLiteral("first")).toString();
    batch.last = object.value(QStringLiteral("last")).toString();
    batch.bytes = object.value(QStringLiteral("bytes")).toInteger(-1);
    batch.sha256 = object.value(QStringLiteral("sha256")).toString().toLatin1();
    batch.shardKey = object.value(QStringLiteral("shardKey")).toString();
    if (batch.file.isEmpty() || batch.file.contains(QLatin1Char('/')) || batch.points < 0 || batch.bytes < 0
        || batch.sha256.size() != 64)
        return std::nullopt;
    return batch;
}

QJsonValue countToJson(const std::optional<qint64>& count)
{
    return count ? QJsonValue(*count) : QJsonValue(QJsonValue::Null);
}

std::optional<qint64> countFromJson(const QJsonValue& value)
{
    if (!value.isDouble())
        return std::nullopt;
    return value.toInteger();
}

Error manifestError(const QString& path, const QString& detail)
{
    Error error = makeError(ErrorKind::File,
        QStringLiteral("%1 is not a manifest that this program can read.").arg(path), detail,
        QStringLiteral("Export the collection again with --fresh, or remove the file to take the folder over "
                       "without it."));
    error.where.file = path;
    return error;
}

} // namespace

qint64 ExportManifest::points() const
{
    qint64 sum = 0;
    for (const ExportBatch& batch : batches)
        sum += batch.points;
    return sum;
}

qint64 ExportManifest::bytes() const
{
    qint64 sum = 0;
    for (const ExportBatch& batch : batches)
        sum += batch.bytes;
    return sum;
}

QByteArray ExportManifest::toJson() const
{
    QJsonArray list;
    for (const ExportBatch& batch : batches)
        list.append(batchToJson(batch));
    const QJsonObject object{
        {QStringLiteral("format"), QStringLiteral("qdrant2pg-export")},
        {QStringLiteral("version"), currentVersion},
        {QStringLiteral("tool"), toolVersion},
        {QStringLiteral("source"),
            QJsonObject{{QStringLiteral("url"), sourceUrl}, {QStringLiteral("server"), serverVersion}}},
        {QStringLiteral("collection"), collection},
        {QStringLiteral("collectionInfo"), QString::fromUtf8(collectionInfo)},
        {QStringLiteral("fingerprint"), QString::fromLatin1(fingerprint.toHex())},
        {QStringLiteral("filter"), QString::fromUtf8(filterJson)},
        {QStringLiteral("startedAt"), startedAt.toUTC().toString(Qt::ISODateWithMs)},
        {QStringLiteral("finishedAt"),
            finishedAt.isValid() ? QJsonValue(finishedAt.toUTC().toString(Qt::ISODateWithMs)) : QJsonValue()},
        {QStringLiteral("count"),
            QJsonObject{{QStringLiteral("start"), countToJson(countAtStart)},
                {QStringLiteral("end"), countToJson(countAtEnd)}, {QStringLiteral("note"), countNote}}},
        {QStringLiteral("complete"), complete},
        {QStringLiteral("points"), points()},
        {QStringLiteral("bytes"), bytes()},
        {QStringLiteral("batches"), list},
    };
    return QJsonDocument(object).toJson(QJsonDocument::Indented);
}

Result<ExportManifest> ExportManifest::fromJson(const QByteArray& json, const QString& path)
{
    QJsonParseError problem;
    const QJsonDocument document = QJsonDocument::fromJson(json, &problem);
    if (!document.isObject())
        return fail(manifestError(path, problem.errorString()));
    const QJsonObject object = document.object();
    if (object.value(QStringLiteral("format")).toString() != QLatin1String("qdrant2pg-export"))
        return fail(manifestError(path, QStringLiteral("\"format\" is not \"qdrant2pg-export\"")));
    if (const int version = object.value(QStringLiteral("version")).toInt(); version != currentVersion)
        return fail(manifestError(path,
            QStringLiteral("its version is %1, this program knows version %2")
                .arg(version)
                .arg(currentVersion)));
    ExportManifest manifest;
    manifest.toolVersion = object.value(QStringLiteral("tool")).toString();
    const QJsonObject source = object.value(QStringLiteral("source")).toObject();
    manifest.sourceUrl = source.value(QStringLiteral("url")).toString();
    manifest.serverVersion = source.value(QStringLiteral("server")).toString();
    manifest.collection = object.value(QStringLiteral("collection")).toString();
    manifest.collectionInfo = object.value(QStringLiteral("collectionInfo")).toString().toUtf8();
    manifest.fingerprint =
        QByteArray::fromHex(object.value(QStringLiteral("fingerprint")).toString().toLatin1());
    manifest.filterJson = object.value(QStringLiteral("filter")).toString().toUtf8();
    manifest.startedAt =
        QDateTime::fromString(object.value(QStringLiteral("startedAt")).toString(), Qt::ISODateWithMs);
    manifest.finishedAt =
        QDateTime::fromString(object.value(QStringLiteral("finishedAt")).toString(), Qt::ISODateWithMs);
    const QJsonObject count = object.value(QStringLiteral("count")).toObject();
    manifest.countAtStart = countFromJson(count.value(QStringLiteral("start")));
    manifest.countAtEnd = countFromJson(count.value(QStringLiteral("end")));
    manifest.countNote = count.value(QStringLiteral("note")).toString();
    manifest.complete = object.value(QStringLiteral("complete")).toBool();
    const QJsonArray list = object.value(QStringLiteral("batches")).toArray();
    manifest.batches.reserve(list.size());
    for (const QJsonValue& entry : list) {
        const auto batch = batchFromJson(entry.toObject());
        if (!batch)
            return fail(manifestError(
                path, QStringLiteral("batch %1 of its list is damaged").arg(manifest.batches.size() + 1)));
        manifest.batches.append(*batch);
    }
    if (manifest.collection.isEmpty()
        || manifest.points() != object.value(QStringLiteral("points")).toInteger(-1))
        return fail(manifestError(path, QStringLiteral("its numbers do not add up")));
    return manifest;
}

QByteArray exportBatchToLine(const ExportBatch& batch)
{
    return QJsonDocument(batchToJson(batch)).toJson(QJsonDocument::Compact) + '\n';
}

Result<std::optional<ExportManifest>> readExportManifest(const QString& folder)
{
    const QString path = QDir(folder).filePath(ExportManifest::fileName());
    if (!QFile::exists(path))
        return std::optional<ExportManifest>();
    const auto json = readWholeFile(path, largestManifest);
    if (!json)
        return fail(json.error());
    auto manifest = ExportManifest::fromJson(*json, path);
    if (!manifest)
        return fail(manifest.error());
    const QString journalPath = QDir(folder).filePath(ExportManifest::journalName());
    if (manifest->complete || !QFile::exists(journalPath))
        return std::optional<ExportManifest>(std::move(*manifest));
    const auto journal = readWholeFile(journalPath, largestManifest);
    if (!journal)
        return fail(journal.error());
    QSet<QString> known;
    for (const ExportBatch& batch : manifest->batches)
        known.insert(batch.file);
    for (const QByteArray& line : journal->split('\n')) {
        if (line.isEmpty())
            continue;
        const auto batch = batchFromJson(QJsonDocument::fromJson(line).object());
        // Only the last line can be cut off; what stands behind a damaged one is exported again.
        if (!batch)
            break;
        // A crash between taking the journal over into the manifest and removing it leaves both.
        if (!known.contains(batch->file))
            manifest->batches.append(*batch);
    }
    return std::optional<ExportManifest>(std::move(*manifest));
}

} // namespace qdrant2pg
