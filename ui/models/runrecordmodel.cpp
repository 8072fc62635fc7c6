// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/runrecordmodel.h"

#include "ui/services/recents.h"

#include <QLocale>

namespace qdrant2pg {

namespace {

QString reasonText(const RunRecord& record)
{
    if (record.running)
        return RunRecordModel::tr("running in another program");
    if (!record.isUnfinished())
        return record.verdict;
    if (!record.reason.isEmpty())
        return record.reason;
    if (record.state == QLatin1String("cancelled"))
        return RunRecordModel::tr("stopped");
    if (record.state == QLatin1String("failed"))
        return RunRecordModel::tr("failed");
    return RunRecordModel::tr("ended without a word: the program was killed or the computer stopped");
}

QString progressText(const RunRecord& record)
{
    const QLocale locale;
    if (record.stored < 0)
        return RunRecordModel::tr("in the target's book-keeping");
    if (record.expected <= 0)
        return locale.toString(record.stored);
    const auto percent = static_cast<int>(100 * record.stored / record.expected);
    return RunRecordModel::tr("%1 of %2 (%3 %)")
        .arg(locale.toString(record.stored), locale.toString(record.expected))
        .arg(percent);
}

} // namespace

RunRecordModel::RunRecordModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void RunRecordModel::setRecords(const QList<RunRecord>& records)
{
    beginResetModel();
    m_records = records;
    endResetModel();
}

const RunRecord* RunRecordModel::record(int row) const
{
    return row >= 0 && row < m_records.size() ? &m_records[row] : nullptr;
}

int RunRecordModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_records.size());
}

int RunRecordModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RunRecordModel::data(const QModelIndex& index, int role) const
{
    const RunRecord* run = index.isValid() ? record(index.row()) : nullptr;
    if (!run)
        return {};
    const auto text = [&]() -> QString {
        switch (index.column()) {
        case Started:
            return QLocale().toString(run->startedAt.toLocalTime(), QLocale::ShortFormat);
        case Route:
            return tr("%1 → %2").arg(
                sourceLabel(run->plan.source.url), targetLabel(run->plan.target.conninfo));
        case Progress:
            return progressText(*run);
        case Reason:
            return reasonText(*run);
        default:
            return {};
        }
    };
    if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
        return text();
    return {};
}

QVariant RunRecordModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Started:
        return tr("Started");
    case Route:
        return tr("From and to");
    case Progress:
        return tr("Stored");
    case Reason:
        return tr("How it ended");
    default:
        return {};
    }
}

} // namespace qdrant2pg
