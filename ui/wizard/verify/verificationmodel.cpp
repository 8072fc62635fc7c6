// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/verify/verificationmodel.h"

#include "core/compare/comparisonwords.h"
#include "ui/widgets/icons.h"

#include <QIcon>
#include <QLocale>

namespace qdrant2pg {

QString verifyLevelText(const QString& level)
{
    if (level == QLatin1String("counts"))
        return VerificationModel::tr("Counts");
    if (level == QLatin1String("digest"))
        return VerificationModel::tr("Digest of every row");
    if (level == QLatin1String("full"))
        return VerificationModel::tr("Full, value by value");
    if (level == QLatin1String("search"))
        return VerificationModel::tr("Search, the same queries");
    if (level == QLatin1String("search-exact"))
        return VerificationModel::tr("Search, exact");
    if (level == QLatin1String("search-index"))
        return VerificationModel::tr("Search by index");
    if (level == QLatin1String("search-filtered"))
        return VerificationModel::tr("Search, filtered");
    return VerificationModel::tr("None");
}

QString verifyLevelMeaning(const QString& level)
{
    if (level == QLatin1String("counts"))
        return VerificationModel::tr(
            "Compares the exact number of points with rows and rejects, and looks for "
            "ids that stand twice. It does not look at values, so a wrong one stays unseen.");
    if (level == QLatin1String("digest"))
        return VerificationModel::tr("Compares every row in PostgreSQL with what Qdrant sent while it was "
                                     "copied. It finds every difference, but not which point; points that "
                                     "changed in Qdrant since the copy it does not see.");
    if (level == QLatin1String("full"))
        return VerificationModel::tr(
            "Reads Qdrant again and compares every value of every row. It names each "
            "point and column that differs. It takes about as long as the copy, and holds for the moment "
            "at which each point was read.");
    if (level == QLatin1String("search"))
        return VerificationModel::tr(
            "Asks both sides the same searches: exact against exact shows whether the data is the same, the "
            "index against exact how much of it a search finds. It needs a finished index, and proves "
            "nothing "
            "about points that these searches do not meet.");
    return VerificationModel::tr("Nothing was compared.");
}

VerificationModel::VerificationModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void VerificationModel::changed(qsizetype row)
{
    emit dataChanged(index(int(row), 0), index(int(row), ColumnCount - 1));
}

void VerificationModel::setWaiting(const QStringList& collections, const QString& level)
{
    beginResetModel();
    m_rows.clear();
    for (const QString& collection : collections) {
        Row row;
        row.collection = collection;
        row.level = level;
        m_rows.append(row);
    }
    endResetModel();
}

void VerificationModel::setRunning(const QString& collection, double fraction, const QString& note)
{
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        Row& row = m_rows[i];
        if (row.collection != collection)
            continue;
        row.share = fraction;
        row.status = Status::Checking;
        row.word = tr("Comparing");
        row.sentence = note;
        changed(i);
    }
}

void VerificationModel::setInterrupted(const QString& word)
{
    for (qsizetype i = 0; i < m_rows.size(); ++i) {
        Row& row = m_rows[i];
        if (row.status != Status::Waiting && row.status != Status::Checking)
            continue;
        row.status = Status::Note;
        row.word = word;
        row.share = -1;
        row.sentence.clear();
        changed(i);
    }
}

void VerificationModel::setReport(const RunReport& report)
{
    beginResetModel();
    m_rows.clear();
    for (const ReportCollection& collection : report.collections) {
        const ReportVerification& found = collection.verification;
        Row row;
        row.collection = collection.name;
        row.level = found.level;
        row.sentence = found.sentence;
        row.rows = found.comparedRows;
        if (found.result == QLatin1String("identical")) {
            row.status = Status::Ok;
            row.word = found.comparesRows() ? tr("Identical") : tr("Counts agree");
            row.share = 1;
            if (!found.comparesRows())
                row.rows = -1;
        } else if (found.result == QLatin1String("different")) {
            row.status = Status::Problem;
            row.word = tr("Different");
            row.share = 1;
        } else if (found.result == QLatin1String("failed")) {
            row.status = Status::Warning;
            row.word = tr("Not finished");
        } else {
            row.status = Status::Skipped;
            row.word = tr("Not run");
            row.rows = -1;
            if (row.sentence.isEmpty())
                row.sentence = tr("Nothing was compared, so nothing is proved.");
        }
        m_rows.append(row);
    }
    for (const SearchComparison& search : report.searches)
        appendSearch(search);
    endResetModel();
}

void VerificationModel::appendSearch(const SearchComparison& search)
{
    Row exact;
    exact.collection = comparisonTitle(search);
    exact.level = QStringLiteral("search-exact");
    exact.share = 1;
    exact.sentence = search.sentence;
    if (search.verdict == QLatin1String("not-run") || search.exactCompared == 0) {
        exact.status = Status::Skipped;
        exact.word = tr("Not run");
        exact.share = -1;
        if (!search.exactNote.isEmpty())
            exact.sentence = search.exactNote;
    } else {
        const bool same = search.exactCompared == search.exactIdentical;
        exact.status = same ? Status::Ok : Status::Problem;
        exact.word = same ? tr("Identical") : tr("Different");
        exact.sentence =
            tr("%1 of %2 searches have the same hits and scores on both sides.")
                .arg(QLocale().toString(search.exactIdentical), QLocale().toString(search.exactCompared));
    }
    m_rows.append(exact);
    const auto byRecall = [](Row& row, const RecallStats& recall) {
        row.status = recall.mean >= recallToPass ? Status::Ok
            : recall.mean >= recallToLook        ? Status::Warning
                                                 : Status::Problem;
        row.word = tr("Recall %1").arg(recallText(recall.mean));
        row.share = recall.mean;
    };
    Row index;
    index.collection = exact.collection;
    index.level = QStringLiteral("search-index");
    if (const CurvePoint* point = verdictPoint(search)) {
        byRecall(index, point->measure.recall);
        index.sentence = search.sentence;
    } else {
        index.status = Status::Skipped;
        index.word = tr("Not run");
        index.sentence = search.indexNote;
    }
    m_rows.append(index);
    for (const FilteredComparison& filtered : search.filtered) {
        for (const FilteredMode& mode : filtered.modes) {
            Row row;
            row.collection = exact.collection;
            row.level = QStringLiteral("search-filtered");
            byRecall(row, mode.measure.recall);
            row.sentence = tr("%1, %2").arg(filtered.filterJson, filteredModeText(mode.mode));
            m_rows.append(row);
        }
    }
}

int VerificationModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int VerificationModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant VerificationModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = m_rows.at(index.row());
    switch (role) {
    case ShareRole:
        return index.column() == Share && row.share >= 0 ? QVariant(row.share) : QVariant();
    case Qt::DecorationRole:
        return index.column() == Result ? QVariant(statusIcon(row.status)) : QVariant();
    case Qt::TextAlignmentRole:
        return index.column() == Rows ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    case Qt::ToolTipRole:
        return index.column() == Sentence ? row.sentence : QVariant();
    case Qt::DisplayRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case Collection:
        return row.collection;
    case Level:
        return verifyLevelText(row.level);
    case Share:
        return row.share < 0 ? QString() : tr("%1 %").arg(int(row.share * 100));
    case Result:
        return row.word.isEmpty() ? statusWord(row.status) : row.word;
    case Rows:
        return row.rows < 0 ? QString() : QLocale().toString(static_cast<qlonglong>(row.rows));
    case Sentence:
        return row.sentence;
    default:
        return {};
    }
}

QVariant VerificationModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section == Rows ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Collection:
        return tr("Collection");
    case Level:
        return tr("Level");
    case Share:
        return tr("Progress");
    case Result:
        return tr("Result");
    case Rows:
        return tr("Rows compared");
    case Sentence:
        return tr("In words");
    default:
        return {};
    }
}

} // namespace qdrant2pg
