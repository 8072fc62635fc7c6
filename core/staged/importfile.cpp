// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/units.h"
#include "core/staged/converter.h"
#include "core/staged/durablefile.h"
#include "core/staged/importjob.h"

#include <QFileInfo>

namespace qdrant2pg {

namespace {

constexpr qint64 largestParentsFile = qint64{1} << 30;

/// Binary rows have no names in them: the manifest is all that says which columns they are.
Result<void> sameColumns(const ImportJob& job)
{
    if (!job.file.manifest)
        return {};
    const TableSpec& table = job.schema.table;
    QStringList inFile;
    QStringList wanted;
    for (const DataColumn& column : job.file.manifest->columns)
        inFile << column.name + QLatin1Char(' ') + column.type;
    for (const ColumnSpec& column : table.columns)
        wanted << column.name + QLatin1Char(' ') + column.sqlType();
    if (inFile == wanted)
        return {};
    return fail(ErrorKind::Schema,
        QStringLiteral("The columns of %1 are not those of table %2.").arg(job.file.path, table.name),
        QStringLiteral("file: %1\ntable: %2")
            .arg(inFile.join(QStringLiteral(", ")), wanted.join(QStringLiteral(", "))),
        QStringLiteral("Convert the export with the plan that you import with."));
}

} // namespace

Result<void> checkImportFile(ImportJob& job)
{
    ImportFile& file = job.file;
    file.path = job.request.file;
    auto format = detectDataFormat(file.path);
    if (!format)
        return fail(format.error());
    file.format = job.request.format.value_or(*format);
    if (file.format != *format)
        return fail(ErrorKind::Usage,
            QStringLiteral("%1 is not a %2 file.").arg(file.path, dataFormatName(file.format)), {},
            QStringLiteral("Leave --format out: it is told by the file's first bytes."));
    auto manifest = readDataManifest(file.path);
    if (!manifest)
        return fail(manifest.error());
    file.manifest = std::move(*manifest);
    file.bytes = QFileInfo(file.path).size();
    if (file.manifest)
        file.expectedRows = file.manifest->rows;
    qint64 done = 0;
    auto hash = fileSha256(file.path, job.stop, [&](qint64 bytes) {
        done += bytes;
        job.report(QStringLiteral("checking"),
            QStringLiteral("%1 of %2 checked").arg(formatBytes(done), formatBytes(file.bytes)), false);
    });
    if (!hash)
        return fail(hash.error());
    file.sha256 = *hash;
    if (file.manifest && file.manifest->sha256 != file.sha256 && !job.request.acceptChangedFile) {
        Error error = makeError(ErrorKind::File,
            QStringLiteral("%1 is not the file that was converted: it was changed or damaged.")
                .arg(file.path),
            QStringLiteral("%1 has %2 bytes, %3 were written; SHA-256 differs")
                .arg(QFileInfo(file.path).fileName())
                .arg(file.bytes)
                .arg(file.manifest->bytes),
            QStringLiteral(
                "Convert the export again, or import the file as it is with --accept-changed-file."));
        error.where.file = file.path;
        return fail(std::move(error));
    }
    if (!file.manifest)
        job.outcome.warnings
            << QStringLiteral("%1 has no manifest, so nothing proves that it is whole.").arg(file.path);
    return {};
}

Result<std::unique_ptr<RowInput>> openRows(const ImportJob& job)
{
    RowInputOptions options;
    options.vectorOid = job.server.vectorOid;
    options.collection = job.plan.name;
    options.idColumn = job.plan.id.column;
    options.keepRawRows = job.request.plan.run.rejectValues;
    const TableSpec& table = job.schema.table;
    if (job.file.format == DataFormat::Csv) {
        for (const int column : csvColumnOrder(job.plan, table))
            options.positions << table.columns.at(column).name;
        return openCsvInput(job.file.path, table, options);
    }
    if (auto same = sameColumns(job); !same)
        return fail(same.error());
    return openPgCopyInput(job.file.path, table, options);
}

Result<std::vector<ParentRow>> readParents(const ImportJob& job)
{
    std::vector<ParentRow> parents;
    const QString path = DataManifest::parentsPathFor(job.file.path);
    if (job.schema.parents.isEmpty() || !QFile::exists(path))
        return parents;
    auto content = readWholeFile(path, largestParentsFile);
    if (!content)
        return fail(content.error());
    for (const QByteArray& line : content->split('\n')) {
        if (line.isEmpty())
            continue;
        auto parent = parentRowFromLine(line, path);
        if (!parent)
            return fail(parent.error());
        parents.push_back(std::move(*parent));
    }
    return parents;
}

} // namespace qdrant2pg
