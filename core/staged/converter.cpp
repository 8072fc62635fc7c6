// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/converter.h"

#include "core/common/units.h"
#include "core/plan/planjson.h"
#include "core/plan/targetschema.h"
#include "core/postgres/copyrow.h"
#include "core/postgres/fieldtext.h"
#include "core/staged/csvreader.h"
#include "core/staged/durablefile.h"

#include <set>

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QUuid>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

/// Stands in the file where the server's own number of the type vector belongs (vector[] columns); import
/// replaces it.
constexpr std::uint32_t vectorOidInFiles = 1;
constexpr qint64 largestExportManifest = qint64{1} << 30;

QString uuidText(const std::array<std::uint8_t, 16>& uuid)
{
    return QString::fromStdString(PointId::fromUuid(uuid).toStdString());
}

class Converter {
public:
    Converter(const ConvertRequest& request, const StagedProgressCallback& progress, std::stop_token stop)
        : m_request(request)
        , m_progress(progress)
        , m_stop(std::move(stop))
        , m_plan(request.plan.collections.at(request.collection))
    {
    }

    Result<ConvertOutcome> run();

private:
    Result<void> prepare(BatchReader& reader);
    Result<void> convert(BatchReader& reader, DurableFile& out);
    Result<void> convertPage(
        const PointPage& page, int fileIndex, DuplicateFinder& duplicates, DurableFile& out);
    Result<void> writeRow(std::string_view row, DurableFile& out);
    Result<void> reject(RejectRow reject);
    void collectParents();
    Result<void> writeSidecars(DurableFile& out);
    void report(bool force);

    const ConvertRequest& m_request;
    const StagedProgressCallback& m_progress;
    std::stop_token m_stop;
    const CollectionPlan& m_plan;
    TargetSchema m_schema;
    std::optional<RowEncoder> m_encoder;
    std::vector<int> m_order;
    DataManifest m_manifest;
    CopyBuffer m_buffer;
    std::vector<CopyField> m_fields;
    std::string m_text;
    std::string m_line;
    QString m_rejectsPath;
    std::optional<DurableFile> m_rejects;
    std::set<std::pair<int, std::array<std::uint8_t, 16>>> m_parentsSeen;
    std::vector<ParentRow> m_parents;
    ConvertOutcome m_outcome;
    qint64 m_total = -1;
    qint64 m_bytesRead = 0;
    qint64 m_totalBytes = 0;
    Clock::time_point m_lastReport;
};

void Converter::report(bool force)
{
    const auto now = Clock::now();
    if (!m_progress || (!force && now - m_lastReport < std::chrono::milliseconds(250)))
        return;
    m_lastReport = now;
    StagedProgress progress;
    progress.stage = QStringLiteral("convert");
    progress.done = m_outcome.points;
    progress.total = m_total;
    progress.bytes = m_bytesRead;
    progress.totalBytes = m_totalBytes;
    progress.rejected = m_outcome.rejected;
    m_progress(progress);
}

Result<void> Converter::prepare(BatchReader& reader)
{
    auto schema = targetSchema(m_request.plan, m_plan, std::nullopt);
    if (!schema)
        return fail(schema.error());
    m_schema = std::move(*schema);

    // The same folder gives the same file whenever it is converted: run-start defaults take the export's own
    // time.
    const QDir folder(m_request.folder);
    if (reader.manifest()) {
        if (reader.manifest()->collection != m_plan.name)
            return fail(ErrorKind::Usage,
                QStringLiteral("The folder %1 holds the collection %2, the plan is for %3.")
                    .arg(m_request.folder, reader.manifest()->collection, m_plan.name));
        m_manifest.runStart = reader.manifest()->startedAt;
        auto json = readWholeFile(folder.filePath(ExportManifest::fileName()), largestExportManifest);
        if (!json)
            return fail(json.error());
        m_manifest.exportSha256 = QCryptographicHash::hash(*json, QCryptographicHash::Sha256).toHex();
    } else {
        for (const QString& name : reader.files())
            m_manifest.runStart =
                std::max(m_manifest.runStart, QFileInfo(folder.filePath(name)).lastModified().toUTC());
    }
    m_manifest.toolVersion = QStringLiteral(QDRANT2PG_VERSION);
    m_manifest.format = m_request.format;
    m_manifest.collection = m_plan.name;
    m_manifest.table = m_plan.table;
    m_manifest.planJson = planToJson(m_request.plan);
    m_manifest.planHash = planHash(m_request.plan);

    RowEncoder::Options options;
    options.vectorOid = vectorOidInFiles;
    options.runStartMicros = m_manifest.runStart.toMSecsSinceEpoch() * 1000;
    options.keepRawPoints = m_request.plan.run.rejectValues;
    auto encoder = RowEncoder::create(m_plan, m_schema, options);
    if (!encoder)
        return fail(encoder.error());
    m_encoder.emplace(std::move(*encoder));

    const auto& columns = m_schema.table.columns;
    if (m_request.format == DataFormat::Csv) {
        m_order = csvColumnOrder(m_plan, m_schema.table);
    } else {
        for (int i = 0; i < columns.size(); ++i)
            m_order.push_back(i);
    }
    for (const int index : m_order)
        m_manifest.columns.append({columns.at(index).name, columns.at(index).sqlType()});
    m_total = reader.expectedPoints();
    m_totalBytes = reader.totalBytes();
    return {};
}

Result<void> Converter::writeRow(std::string_view row, DurableFile& out)
{
    if (m_request.format == DataFormat::PgCopy)
        return out.write(row);
    if (!splitCopyRow(row, m_fields) || m_fields.size() != m_order.size())
        return fail(ErrorKind::Internal,
            QStringLiteral("A converted row has another number of columns than the table."));
    m_line.clear();
    for (std::size_t i = 0; i < m_order.size(); ++i) {
        const auto index = static_cast<std::size_t>(m_order[i]);
        if (i != 0)
            m_line += ',';
        if (!m_fields[index])
            continue;
        m_text.clear();
        if (!appendFieldText(m_text, m_schema.table.columns.at(m_order[i]).type, *m_fields[index]))
            return fail(ErrorKind::Internal,
                QStringLiteral("A value of column %1 cannot be written as text.")
                    .arg(m_schema.table.columns.at(m_order[i]).name));
        appendCsvField(m_line, m_text);
    }
    m_line += '\n';
    return out.write(m_line);
}

Result<void> Converter::reject(RejectRow row)
{
    if (m_request.plan.run.onReject == OnReject::Stop) {
        Error error = makeError(ErrorKind::Data,
            QStringLiteral("Point %1 of %2 cannot be stored: %3.")
                .arg(row.pointId, row.collection, row.reason),
            {},
            QStringLiteral(
                "Change the plan for column %1, or go on without such points (--on-reject continue).")
                .arg(row.column));
        error.where.pointId = row.pointId;
        error.where.column = row.column;
        error.sqlState = row.sqlState;
        return fail(std::move(error));
    }
    if (!m_rejects) {
        auto file = DurableFile::create(m_rejectsPath);
        if (!file)
            return fail(file.error());
        m_rejects.emplace(std::move(*file));
    }
    ++m_outcome.rejected;
    return m_rejects->write(std::string_view(rejectToLine(row)));
}

void Converter::collectParents()
{
    for (const RowEncoder::ParentReference& reference : m_encoder->parents()) {
        if (!m_parentsSeen.emplace(reference.parent, reference.id).second)
            continue;
        ParentRow row;
        row.table = m_schema.parents.at(reference.parent).name;
        row.id = uuidText(reference.id);
        if (reference.hasGame)
            row.game = uuidText(reference.game);
        row.name = QString::fromStdString(reference.name);
        m_parents.push_back(std::move(row));
    }
}

Result<void> Converter::convertPage(
    const PointPage& page, int fileIndex, DuplicateFinder& duplicates, DurableFile& out)
{
    const bool withParents = !m_schema.parents.isEmpty() && m_plan.parents == ParentPolicy::Create;
    for (const PointView& point : page.points()) {
        ++m_outcome.points;
        auto seen = duplicates.seenIn(
            fileIndex, point.id, m_plan.shardKeyColumn.isEmpty() ? std::string_view() : point.shardKey);
        if (!seen)
            return fail(seen.error());
        if (*seen) {
            RejectRow row;
            row.collection = m_plan.name;
            row.pointId = point.id.toString();
            row.shardKey =
                QString::fromUtf8(point.shardKey.data(), static_cast<qsizetype>(point.shardKey.size()));
            row.stage = QStringLiteral("decode");
            row.column = m_plan.id.column;
            row.sqlState = "23505";
            row.reason = QStringLiteral("a point with this id stands already in %1").arg(**seen);
            if (m_request.plan.run.rejectValues)
                row.rawPoint = QString::fromUtf8(point.raw.data(), static_cast<qsizetype>(point.raw.size()));
            if (auto rejected = reject(std::move(row)); !rejected)
                return rejected;
            continue;
        }
        m_buffer.clear();
        if (auto problem = m_encoder->encode(page, point, m_buffer)) {
            if (auto rejected = reject(std::move(*problem)); !rejected)
                return rejected;
            continue;
        }
        if (auto written = writeRow(m_buffer.lastRow(), out); !written)
            return written;
        if (withParents)
            collectParents();
        ++m_outcome.rows;
    }
    return {};
}

Result<void> Converter::convert(BatchReader& reader, DurableFile& out)
{
    if (m_request.format == DataFormat::PgCopy) {
        if (auto written = out.write(CopyBuffer::header()); !written)
            return written;
    } else {
        std::string header;
        for (const DataColumn& column : m_manifest.columns) {
            if (!header.empty())
                header += ',';
            appendCsvField(header, column.name.toStdString());
        }
        header += '\n';
        if (auto written = out.write(header); !written)
            return written;
    }
    DuplicateFinder duplicates(reader);
    PointPage page;
    for (;;) {
        if (m_stop.stop_requested())
            return fail(ErrorKind::Cancelled,
                QStringLiteral("Stopped; nothing was written to %1.").arg(m_request.output), {},
                QStringLiteral("Run the same command again: it starts from the beginning of the batches."));
        auto more = reader.next(page);
        if (!more)
            return fail(more.error());
        if (!*more)
            break;
        ++m_outcome.batches;
        m_bytesRead += reader.fileBytes();
        // After the first broken file the rest is only looked through, so that all broken ones are named at
        // once.
        if (reader.problems().isEmpty() || m_request.allowBroken) {
            if (auto converted = convertPage(page, reader.fileIndex(), duplicates, out); !converted)
                return converted;
        }
        report(false);
        if (m_request.plan.run.maxRejects >= 0 && m_outcome.rejected > m_request.plan.run.maxRejects) {
            if (m_rejects) {
                if (auto committed = m_rejects->commit(); !committed)
                    return committed;
            }
            return fail(ErrorKind::Data,
                QStringLiteral("More than %1 points cannot be stored.")
                    .arg(formatCount(m_request.plan.run.maxRejects)),
                QStringLiteral("Those found so far are in %1.").arg(m_rejectsPath),
                QStringLiteral("Change the plan so that they fit, or allow more of them (--max-rejects)."));
        }
    }
    if (!reader.problems().isEmpty() && !m_request.allowBroken)
        return fail(batchProblemsError(m_request.folder, reader.problems()));
    m_outcome.problems = reader.problems();
    if (m_request.format == DataFormat::PgCopy)
        return out.write(CopyBuffer::trailer());
    return {};
}

Result<void> Converter::writeSidecars(DurableFile& out)
{
    if (auto finished = out.finish(); !finished)
        return finished;
    m_manifest.points = m_outcome.points;
    m_manifest.rows = m_outcome.rows;
    m_manifest.rejected = m_outcome.rejected;
    m_manifest.bytes = out.bytesWritten();
    m_manifest.sha256 = out.sha256();
    const QString parentsPath = DataManifest::parentsPathFor(m_request.output);
    if (m_parents.empty()) {
        QFile::remove(parentsPath);
    } else {
        auto parents = DurableFile::create(parentsPath);
        if (!parents)
            return fail(parents.error());
        for (const ParentRow& row : m_parents) {
            if (auto written = parents->write(std::string_view(parentRowToLine(row))); !written)
                return written;
        }
        if (auto committed = parents->commit(); !committed)
            return committed;
    }
    if (m_rejects) {
        if (auto committed = m_rejects->commit(); !committed)
            return committed;
        m_outcome.rejectsFile = m_rejectsPath;
    } else {
        QFile::remove(m_rejectsPath);
    }
    auto manifest = DurableFile::create(DataManifest::pathFor(m_request.output));
    if (!manifest)
        return fail(manifest.error());
    if (auto written = manifest->write(std::string_view(m_manifest.toJson())); !written)
        return written;
    if (auto committed = out.commit(); !committed)
        return committed;
    return manifest->commit();
}

Result<ConvertOutcome> Converter::run()
{
    const auto started = Clock::now();
    auto reader = BatchReader::open(m_request.folder);
    if (!reader)
        return fail(reader.error());
    if (auto prepared = prepare(*reader); !prepared)
        return fail(prepared.error());
    const QString outFolder = QFileInfo(m_request.output).path();
    if (auto made = makeFolder(outFolder); !made)
        return fail(made.error());
    m_rejectsPath = QDir(outFolder).filePath(QStringLiteral("rejects.jsonl"));
    auto out = DurableFile::create(m_request.output);
    if (!out)
        return fail(out.error());
    if (auto converted = convert(*reader, *out); !converted)
        return fail(converted.error());
    if (auto written = writeSidecars(*out); !written)
        return fail(written.error());
    m_outcome.output = m_request.output;
    m_outcome.bytes = out->bytesWritten();
    m_outcome.changes = m_encoder->changes();
    if (!reader->manifest())
        m_outcome.warnings << QStringLiteral("The folder has no manifest: whether it holds every point of "
                                             "the collection can only be told by counting there.");
    m_outcome.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
    report(true);
    return std::move(m_outcome);
}

} // namespace

std::vector<int> csvColumnOrder(const CollectionPlan& plan, const TableSpec& table)
{
    std::vector<int> order;
    if (plan.preset == QLatin1String("context_items")) {
        static const QStringList guide{QStringLiteral("id"), QStringLiteral("game_id"),
            QStringLiteral("user_id"), QStringLiteral("content"), QStringLiteral("embedding"),
            QStringLiteral("metadata"), QStringLiteral("created_at")};
        for (const QString& name : guide) {
            for (int i = 0; i < table.columns.size(); ++i) {
                if (table.columns.at(i).name == name)
                    order.push_back(i);
            }
        }
    }
    for (int i = 0; i < table.columns.size(); ++i) {
        if (std::find(order.begin(), order.end(), i) == order.end())
            order.push_back(i);
    }
    return order;
}

Result<ConvertOutcome> convertBatches(
    const ConvertRequest& request, const StagedProgressCallback& progress, std::stop_token stop)
{
    if (request.collection < 0 || request.collection >= request.plan.collections.size())
        return fail(ErrorKind::Usage,
            QStringLiteral("The plan has no collection for the folder %1.").arg(request.folder));
    return Converter(request, progress, std::move(stop)).run();
}

} // namespace qdrant2pg
