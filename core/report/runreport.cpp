// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/report/runreport.h"

#include "core/common/units.h"
#include "core/compare/comparisonwords.h"

#include <algorithm>

namespace qdrant2pg {

namespace {

const QString identical = QStringLiteral("identical");
const QString different = QStringLiteral("different");

QString plural(qint64 count, const char* one, const char* many)
{
    return QStringLiteral("%1 %2").arg(formatCount(count), QLatin1String(count == 1 ? one : many));
}

QString shown(const ReportNumber& number)
{
    return number.value ? formatCount(*number.value) : QStringLiteral("?");
}

bool all(const QList<ReportCollection>& collections, const QString& result)
{
    return std::all_of(collections.begin(), collections.end(),
        [&](const ReportCollection& collection) { return collection.verification.result == result; });
}

bool any(const QList<ReportCollection>& collections, const QString& result)
{
    return std::any_of(collections.begin(), collections.end(),
        [&](const ReportCollection& collection) { return collection.verification.result == result; });
}

/// What verification adds to a verdict; begins with a separator of its own.
QString verificationClause(const RunReport& report)
{
    const QList<ReportCollection>& collections = report.collections;
    const bool rows = std::all_of(collections.begin(), collections.end(),
        [](const ReportCollection& collection) { return collection.verification.comparesRows(); });
    const bool someRejected = report.totals().rejected > 0;
    const QString comma = someRejected ? QStringLiteral(",") : QString();
    const QString storedWord = someRejected ? QStringLiteral("stored ") : QString();
    if (any(collections, QStringLiteral("failed")))
        return QStringLiteral(". The verification could not be finished, so nothing is proved yet.");
    if (all(collections, identical))
        return rows
            ? QStringLiteral("%1 and every %2row was compared: identical.").arg(comma, storedWord)
            : QStringLiteral("%1 and the counts agree. The rows themselves were not compared (level counts).")
                  .arg(comma);
    if (all(collections, QStringLiteral("not-run")))
        return QStringLiteral(". The rows were not compared: no verification ran.");
    return QStringLiteral(". Not every collection was verified.");
}

QStringList searchesWith(const RunReport& report, const QString& verdict)
{
    QStringList names;
    for (const SearchComparison& search : report.searches) {
        if (search.verdict == verdict)
            names << comparisonTitle(search);
    }
    return names;
}

/// What the comparison of searches adds to a verdict; begins with a blank.
QString searchClause(const RunReport& report)
{
    const QString separator = QStringLiteral(", ");
    if (const QStringList names = searchesWith(report, different); !names.isEmpty())
        return QStringLiteral(" Exact searches give other hits than Qdrant: %1.").arg(names.join(separator));
    const QStringList weak =
        searchesWith(report, QStringLiteral("fail")) + searchesWith(report, QStringLiteral("look"));
    if (!weak.isEmpty())
        return QStringLiteral(" The vector index misses too many of the nearest rows: %1.")
            .arg(weak.join(separator));
    const bool compared = !searchesWith(report, QStringLiteral("pass")).isEmpty()
        || !searchesWith(report, QStringLiteral("exact")).isEmpty();
    return compared ? QStringLiteral(" Exact searches give the same hits on both sides.") : QString();
}

QString differentSentence(const RunReport& report)
{
    qint64 count = 0;
    QStringList names;
    for (const ReportCollection& collection : report.collections) {
        if (collection.verification.result != different)
            continue;
        count += collection.verification.mismatchCount;
        names << collection.name;
    }
    if (names.isEmpty())
        return QStringLiteral("PostgreSQL does not answer as Qdrant does.");
    const QString where = names.join(QStringLiteral(", "));
    if (count == 0)
        return QStringLiteral(
            "PostgreSQL does not hold what Qdrant returned: the comparison of %1 found differences.")
            .arg(where);
    return QStringLiteral("PostgreSQL does not hold what Qdrant returned: %1 in %2.")
        .arg(plural(count, "row differs", "rows differ"), where);
}

QString storedOfSource(const ReportTotals& totals)
{
    const qint64 present = totals.stored + totals.skipped;
    const QLatin1String verb(present == 1 ? "is" : "are");
    if (!totals.source)
        return QStringLiteral("%1 %2").arg(plural(present, "point", "points"), verb);
    return QStringLiteral("%1 of %2 %3")
        .arg(formatCount(present), plural(*totals.source, "point", "points"), verb);
}

QString completedVerdict(const RunReport& report)
{
    const ReportTotals totals = report.totals();
    if (totals.source == 0 && totals.stored == 0 && totals.rejected == 0)
        return report.collections.size() == 1
            ? QStringLiteral("The collection is empty: its table was made, with no rows.")
            : QStringLiteral("The collections are empty: their tables were made, with no rows.");
    QString text = storedOfSource(totals) + QStringLiteral(" in PostgreSQL");
    if (totals.rejected > 0)
        text += QStringLiteral(", %1 rejected").arg(plural(totals.rejected, "was", "were"));
    text += verificationClause(report);
    if (totals.skipped > 0)
        text += QStringLiteral(" %1 there already and %2 left alone.")
                    .arg(plural(totals.skipped, "row was", "rows were"),
                        QLatin1String(totals.skipped == 1 ? "was" : "were"));
    return text;
}

QString progressWords(const ReportTotals& totals)
{
    if (!totals.source)
        return plural(totals.stored, "point", "points");
    return QStringLiteral("%1 of %2")
        .arg(formatCount(totals.stored + totals.skipped), plural(*totals.source, "point", "points"));
}

} // namespace

bool ReportCollection::reconciles() const
{
    return differenceText().isEmpty();
}

QString ReportCollection::differenceText() const
{
    if (!source.value)
        return QStringLiteral(
            "The source could not be counted exactly, so the numbers cannot be reconciled.");
    const qint64 accounted =
        stored.value.value_or(0) + rejected.value.value_or(0) + skipped.value.value_or(0);
    if (const qint64 difference = *source.value - accounted; difference > 0)
        return QStringLiteral("%1 counted in the source %2 neither stored nor rejected.")
            .arg(plural(difference, "point", "points"), QLatin1String(difference == 1 ? "is" : "are"));
    else if (difference < 0)
        return QStringLiteral("%1 more arrived than were counted in the source; it was written to meanwhile.")
            .arg(plural(-difference, "point", "points"));
    if (!targetNow.value)
        return {};
    const qint64 expected = stored.value.value_or(0) + skipped.value.value_or(0);
    // A table that held rows before may hold more than this run stored.
    const bool shared = mode == QLatin1String("append") || mode == QLatin1String("merge");
    if (*targetNow.value < expected)
        return QStringLiteral("The table holds %1 fewer than were stored.")
            .arg(plural(expected - *targetNow.value, "row", "rows"));
    if (!shared && *targetNow.value > expected)
        return QStringLiteral("The table holds %1 more than were stored.")
            .arg(plural(*targetNow.value - expected, "row", "rows"));
    return {};
}

QString ReportCollection::equation() const
{
    return QStringLiteral("%1 in the source = %2 stored + %3 rejected + %4 skipped")
        .arg(shown(source), shown(stored), shown(rejected), shown(skipped));
}

QString RunReport::verdict() const
{
    const ReportTotals sums = totals();
    if (state == QLatin1String("cancelled"))
        return QStringLiteral(
            "Stopped at %1. What is stored stays, and `qdrant2pg resume %2` continues from there.")
            .arg(progressWords(sums), runId);
    if (state == QLatin1String("failed")) {
        const QString why = error ? error->summary : reason;
        if (runId.isEmpty())
            return QStringLiteral("Nothing was moved. %1").arg(why);
        return QStringLiteral(
            "Failed at %1. %2 What is stored stays, and `qdrant2pg resume %3` continues from there.")
            .arg(progressWords(sums), why, runId);
    }
    if (isDifferent())
        return differentSentence(*this) + searchClause(*this);
    for (const ReportCollection& collection : collections) {
        if (collection.source.value && !collection.reconciles())
            return QStringLiteral("The numbers of %1 do not add up: %2")
                .arg(collection.name, collection.differenceText());
    }
    return completedVerdict(*this) + searchClause(*this);
}

ReportMood RunReport::mood() const
{
    if (state == QLatin1String("cancelled"))
        return ReportMood::Stopped;
    if (state == QLatin1String("failed") || isDifferent())
        return ReportMood::Bad;
    const bool weakIndex = std::any_of(searches.begin(), searches.end(), [](const SearchComparison& search) {
        return search.verdict == QLatin1String("look") || search.verdict == QLatin1String("fail");
    });
    return isGood() && totals().rejected == 0 && !weakIndex ? ReportMood::Good : ReportMood::Attention;
}

bool RunReport::isGood() const
{
    const bool completed =
        state == QLatin1String("completed") || state == QLatin1String("completed-with-rejects");
    return completed && !isDifferent()
        && std::all_of(collections.begin(), collections.end(), [](const ReportCollection& collection) {
               const ReportVerification& verification = collection.verification;
               const bool wanted = verification.level != QLatin1String("none");
               return collection.reconciles() && (!wanted || verification.result == identical);
           });
}

bool RunReport::isDifferent() const
{
    return any(collections, different)
        || std::any_of(searches.begin(), searches.end(),
            [](const SearchComparison& search) { return search.verdict == different; });
}

ReportTotals RunReport::totals() const
{
    ReportTotals sums;
    sums.source = 0;
    for (const ReportCollection& collection : collections) {
        if (sums.source && collection.source.value)
            *sums.source += *collection.source.value;
        else
            sums.source.reset();
        sums.read += collection.read.value.value_or(0);
        sums.stored += collection.stored.value.value_or(0);
        sums.rejected += collection.rejected.value.value_or(0);
        sums.skipped += collection.skipped.value.value_or(0);
        sums.sourceBytes += collection.sourceBytes;
    }
    if (collections.isEmpty())
        sums.source.reset();
    return sums;
}

std::chrono::milliseconds RunReport::duration() const
{
    if (!startedAt.isValid() || !finishedAt.isValid())
        return dataTime + indexTime + verifyTime;
    return std::chrono::milliseconds(startedAt.msecsTo(finishedAt));
}

double RunReport::rowsPerSecond() const
{
    constexpr std::chrono::milliseconds shortest{50};
    if (dataTime < shortest)
        return 0;
    return static_cast<double>(totals().stored) * 1000.0 / static_cast<double>(dataTime.count());
}

} // namespace qdrant2pg
