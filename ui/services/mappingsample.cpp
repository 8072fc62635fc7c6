// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/mappingsample.h"

#include "core/engine/rowencoder.h"
#include "core/plan/targetschema.h"
#include "core/postgres/copyrow.h"
#include "core/postgres/fieldtext.h"
#include "core/qdrant/pointsource.h"
#include "core/qdrant/qdrantclient.h"

#include <QCoreApplication>
#include <QDateTime>

namespace qdrant2pg {

namespace {

constexpr qsizetype mostCellCharacters = 1'000;
constexpr qint64 mostSampleBytes = 32 * 1024 * 1024;
/// Any number serves: the bytes are not sent.
constexpr std::uint32_t someVectorOid = 16'385;

QString words(const char* text, qint64 count)
{
    return QCoreApplication::translate("SampleTable", text, nullptr, static_cast<int>(count));
}

QStringList changesBetween(const RowEncoder::Changes& before, const RowEncoder::Changes& after)
{
    QStringList notes;
    const auto note = [&notes](qint64 count, const char* text) {
        if (count > 0)
            notes << words(text, count);
    };
    note(after.misfits - before.misfits,
        QT_TRANSLATE_N_NOOP(
            "SampleTable", "%n value(s) do not fit the column: NULL there, kept in the payload"));
    note(after.defaults - before.defaults,
        QT_TRANSLATE_N_NOOP("SampleTable", "%n missing value(s) take the default"));
    note(after.nulsChanged - before.nulsChanged,
        QT_TRANSLATE_N_NOOP("SampleTable", "%n NUL character(s) changed"));
    note(after.nonFiniteNulled - before.nonFiniteNulled,
        QT_TRANSLATE_N_NOOP("SampleTable", "%n vector(s) with NaN or infinity become NULL"));
    note(after.sparseZerosDropped - before.sparseZerosDropped,
        QT_TRANSLATE_N_NOOP("SampleTable", "%n zero weight(s) are not stored"));
    note(after.halfRounded - before.halfRounded,
        QT_TRANSLATE_N_NOOP("SampleTable", "%n vector(s) are rounded to half precision"));
    return notes;
}

SampleCell cellOf(ColumnType type, const CopyField& field)
{
    if (!field)
        return std::nullopt;
    std::string text;
    if (!appendFieldText(text, type, *field))
        return QString();
    QString shown = QString::fromStdString(text.substr(0, mostCellCharacters * 4));
    if (shown.size() > mostCellCharacters)
        shown = shown.left(mostCellCharacters) + QStringLiteral("…");
    return shown;
}

} // namespace

Result<SamplePage> readSamplePage(const SourceOptions& source, const QString& collection,
    const QByteArray& filterJson, int limit, std::stop_token stop)
{
    QdrantClient client(source, stop);
    PageRequest request;
    request.limit = static_cast<std::uint32_t>(limit);
    request.filterJson = filterJson.toStdString();
    request.maxReplyBytes = mostSampleBytes;
    auto page = client.scroll(collection, request);
    if (!page)
        return fail(page.error());
    return std::make_shared<const PointPage>(std::move(*page));
}

SampleTable convertSample(const PointPage& page, const MigrationPlan& plan, const CollectionPlan& collection,
    const std::optional<ServerProfile>& server)
{
    SampleTable table;
    table.collection = collection.name;
    const auto schema = targetSchema(plan, collection, server);
    if (!schema) {
        table.error = schema.error();
        return table;
    }
    for (const ColumnSpec& column : schema->table.columns) {
        table.columns << column.name;
        table.types << column.sqlType();
    }
    RowEncoder::Options options;
    options.vectorOid = server && server->vectorOid != 0 ? server->vectorOid : someVectorOid;
    options.runStartMicros = QDateTime::currentMSecsSinceEpoch() * 1000;
    options.keepRawPoints = false;
    auto encoder = RowEncoder::create(collection, *schema, options);
    if (!encoder) {
        table.error = encoder.error();
        return table;
    }
    CopyBuffer buffer;
    std::vector<CopyField> fields;
    for (const PointView& point : page.points()) {
        buffer.clear();
        SampleRow row;
        row.pointId = point.id.toString();
        const RowEncoder::Changes before = encoder->changes();
        if (const auto rejected = encoder->encode(page, point, buffer)) {
            row.problem = rejected->reason;
            row.problemColumn = rejected->column;
        } else if (splitCopyRow(buffer.lastRow(), fields)) {
            for (std::size_t i = 0; i < fields.size(); ++i)
                row.cells << cellOf(schema->table.columns.at(static_cast<qsizetype>(i)).type, fields[i]);
        }
        row.notes = changesBetween(before, encoder->changes());
        table.rows << row;
    }
    return table;
}

} // namespace qdrant2pg
