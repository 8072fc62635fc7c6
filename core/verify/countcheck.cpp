// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/verify/countcheck.h"

#include "core/common/units.h"
#include "core/postgres/identifiers.h"
#include "core/qdrant/qdrantclient.h"

#include <algorithm>

namespace qdrant2pg {

Result<qint64> exactSourceCount(const VerifyJob& job)
{
    QdrantClient client(job.request.source, job.stop);
    std::vector<std::string> keys{std::string()};
    if (job.shardKeyIndex >= 0) {
        auto read = client.shardKeys(job.plan.name);
        if (!read)
            return fail(read.error());
        keys = std::move(*read);
    }
    qint64 sum = 0;
    for (const std::string& key : keys) {
        auto count = client.count(job.plan.name, true, job.plan.filterJson.toStdString(), key);
        if (!count)
            return fail(count.error());
        sum += *count;
    }
    return sum;
}

Result<qint64> countDuplicates(const VerifyJob& job, Connection& connection)
{
    QStringList columns{job.plan.id.column};
    if (job.shardKeyIndex >= 0)
        columns << job.plan.shardKeyColumn;
    QStringList key = job.existing ? job.existing->primaryKey : QStringList();
    key.sort();
    QStringList wanted = columns;
    wanted.sort();
    if (key == wanted)
        return 0;
    QStringList quoted;
    for (const QString& column : std::as_const(columns))
        quoted << quoteIdentifier(column);
    const QString sql =
        QStringLiteral("SELECT count(*) FROM (SELECT 1 FROM %1 GROUP BY %2 HAVING count(*) > 1) AS twice")
            .arg(qualifiedName(job.table.schema, job.table.name), quoted.join(QStringLiteral(", ")));
    auto counted = connection.execute(sql.toUtf8());
    if (!counted)
        return fail(counted.error());
    return counted->integer(0, 0);
}

Result<VerificationOutcome> checkCounts(const VerifyJob& job, Connection& connection)
{
    VerificationOutcome outcome;
    outcome.collection = job.plan.name;
    outcome.level = VerifyLevel::Counts;
    auto rows = countRows(connection, job.table.schema, job.table.name);
    if (!rows)
        return fail(rows.error());
    auto duplicates = countDuplicates(job, connection);
    if (!duplicates)
        return fail(duplicates.error());
    if (job.progress)
        job.progress(0.5, QStringLiteral("%1 rows counted").arg(formatCount(*rows)));
    auto points = exactSourceCount(job);
    if (!points)
        return fail(points.error());
    outcome.sourceCount = *points;
    outcome.targetCount = *rows;
    outcome.comparedRows = *rows;

    const qint64 expected = *points - job.rejectCount;
    const bool enough = job.tableIsShared() ? *rows >= expected : *rows == expected;
    outcome.result = enough && *duplicates == 0 ? QStringLiteral("identical") : QStringLiteral("different");
    const QString rejected = job.rejectCount > 0
        ? QStringLiteral(", %1 of them rejected").arg(formatCount(job.rejectCount))
        : QString();
    outcome.sentence = QStringLiteral("Qdrant holds %1 points%2, the table %3 rows")
                           .arg(formatCount(*points), rejected, formatCount(*rows));
    if (!enough)
        outcome.sentence += *rows < expected
            ? QStringLiteral(": %1 rows are missing").arg(formatCount(expected - *rows))
            : QStringLiteral(": %1 rows are too many").arg(formatCount(*rows - expected));
    outcome.sentence += QStringLiteral(". ");
    if (*duplicates > 0)
        outcome.sentence +=
            QStringLiteral("%1 ids stand more than once in the table. ").arg(formatCount(*duplicates));
    else
        outcome.sentence += QStringLiteral("No id stands twice. ");
    if (job.tableIsShared())
        outcome.rules << QStringLiteral(
            "The table may hold rows of others, so it may have more rows than the collection has points.");
    outcome.sentence += QStringLiteral("Equal counts do not prove that the rows hold the right values; "
                                       "levels digest and full compare them.");
    return outcome;
}

} // namespace qdrant2pg
