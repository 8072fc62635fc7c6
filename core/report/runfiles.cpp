// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/runfiles.h"

#include "core/profile/statefolders.h"
#include "core/report/reportwriters.h"
#include "core/staged/datamanifest.h"
#include "core/staged/durablefile.h"

#include <QFileInfo>

namespace qdrant2pg {

namespace {

QByteArray cleaned(const TextCleaner& clean, const QByteArray& bytes)
{
    return clean ? clean(bytes) : bytes;
}

} // namespace

Result<QStringList> writeReportFiles(const RunReport& report, const QString& folder, const TextCleaner& clean)
{
    if (auto made = makePrivateFolder(folder); !made)
        return fail(made.error());
    const QList<QPair<QString, QByteArray>> files{{QStringLiteral("report.json"), reportToJson(report)},
        {QStringLiteral("report.md"), reportToMarkdown(report)},
        {QStringLiteral("report.html"), reportToHtml(report)}};
    QStringList paths;
    for (const auto& [name, bytes] : files) {
        const QString path = folder + QLatin1Char('/') + name;
        if (auto written = writePrivateFile(path, cleaned(clean, bytes)); !written)
            return fail(written.error());
        paths << path;
    }
    return paths;
}

Result<qint64> exportRejects(
    Connection& connection, const Ledger& ledger, const QString& runId, const QString& path)
{
    return exportRejectsAs(connection, ledger, runId, path, {}, rejectToLine);
}

Result<qint64> exportRejectsAs(Connection& connection, const Ledger& ledger, const QString& runId,
    const QString& path, const QByteArray& heading, const std::function<QByteArray(const RejectRow&)>& line)
{
    auto file = DurableFile::create(path);
    if (!file)
        return fail(file.error());
    qint64 count = 0;
    Result<void> written = file->write(heading.toStdString());
    auto visited = ledger.visitRejects(connection, runId, [&](const RejectRow& reject) {
        if (written)
            written = file->write(line(reject).toStdString());
        ++count;
        return written.has_value();
    });
    if (!visited)
        return fail(visited.error());
    if (!written)
        return fail(written.error());
    if (auto committed = file->commit(); !committed)
        return fail(committed.error());
    return count;
}

KeptRun keepRun(const TargetOptions& target, const QString& ledgerSchema, const RunReport& report,
    const QString& folder, const TextCleaner& clean)
{
    KeptRun kept;
    if (report.runId.isEmpty())
        return kept;
    auto connection = Connection::open(target);
    if (!connection) {
        kept.ledgerProblem = connection.error();
        return kept;
    }
    const Ledger ledger(report.ledgerSchema.isEmpty() ? ledgerSchema : report.ledgerSchema);
    if (auto stored = ledger.setRunReport(*connection, report.runId, cleaned(clean, reportToJson(report)));
        !stored)
        kept.ledgerProblem = stored.error();
    const QString path = folder + QStringLiteral("/rejects.jsonl");
    // A file of an earlier session whose rejects were all replayed since must not stay as it was.
    if (report.totals().rejected == 0 && !QFileInfo::exists(path))
        return kept;
    if (auto count = exportRejects(*connection, ledger, report.runId, path); !count) {
        kept.rejectsProblem = count.error();
    } else {
        kept.rejects = *count;
        if (*count > 0)
            kept.rejectsFile = path;
    }
    return kept;
}

} // namespace qdrant2pg
