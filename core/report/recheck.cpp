// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/recheck.h"

#include "core/verify/mismatchsink.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

namespace qdrant2pg {

namespace {

QList<Mismatch> readFile(const QString& path)
{
    QFile file(path);
    QJsonArray lines;
    if (path.isEmpty() || !file.open(QIODevice::ReadOnly))
        return {};
    while (!file.atEnd()) {
        const QJsonDocument line = QJsonDocument::fromJson(file.readLine());
        if (line.isObject())
            lines.append(line.object());
    }
    return mismatchesFromJson(lines);
}

} // namespace

QMap<QString, EarlierDifferences> namedDifferences(const RunReport& report)
{
    QMap<QString, EarlierDifferences> named;
    for (const ReportCollection& collection : report.collections) {
        const ReportVerification& found = collection.verification;
        if (found.mismatches.isEmpty())
            continue;
        EarlierDifferences earlier{readFile(found.mismatchFile), found.mismatchCount, found.comparedRows};
        // A file of another comparison or a cut one has other numbers.
        if (earlier.mismatches.size() != found.mismatchCount) {
            earlier.mismatches.clear();
            for (const ReportMismatch& mismatch : found.mismatches)
                earlier.mismatches << Mismatch{mismatch.type, mismatch.pointId, mismatch.column,
                    mismatch.sourceValue, mismatch.targetValue};
        }
        named.insert(collection.name, earlier);
    }
    return named;
}

} // namespace qdrant2pg
