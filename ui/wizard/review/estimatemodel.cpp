// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/review/estimatemodel.h"

#include "core/common/units.h"

#include <QLocale>

namespace qdrant2pg {

namespace {

QString about(const QString& value)
{
    return QStringLiteral("≈ ") + value;
}

QString timeText(const std::optional<TimeRange>& time)
{
    return time ? roughTime(*time) : QStringLiteral("–");
}

} // namespace

QString roughTime(const TimeRange& time)
{
    if (time.high < std::chrono::milliseconds(100))
        return EstimateModel::tr("less than 0.1 s");
    const QString low = formatDuration(time.low);
    const QString high = formatDuration(time.high);
    return about(low == high ? high : EstimateModel::tr("%1 to %2").arg(low, high));
}

void EstimateModel::setRows(const QList<Row>& rows)
{
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

void EstimateModel::retranslate()
{
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
}

int EstimateModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int EstimateModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant EstimateModel::data(const QModelIndex& index, int role) const
{
    if (index.row() < 0 || index.row() >= m_rows.size())
        return {};
    const Row& row = m_rows.at(index.row());
    if (role == Qt::TextAlignmentRole)
        return index.column() > Table ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    if (role == Qt::ToolTipRole && index.column() <= Table)
        return index.column() == Table ? row.table : row.collection;
    if (role != Qt::DisplayRole)
        return {};
    const CollectionEstimate& estimate = row.estimate;
    switch (index.column()) {
    case Collection:
        return row.collection;
    case Table:
        return row.table;
    case Rows:
        return estimate.rowsExact ? QLocale().toString(estimate.rows)
                                  : about(QLocale().toString(estimate.rows));
    case TableBytes:
        return about(formatBytes(estimate.tableBytes));
    case IndexBytes:
        return about(formatBytes(estimate.indexBytes));
    case Wal:
        return about(formatBytes(estimate.walBytes));
    case IndexMemory:
        return estimate.indexMemory > 0 ? about(formatBytes(estimate.indexMemory)) : QStringLiteral("–");
    case DataTime:
        return timeText(estimate.dataTime);
    case IndexTime:
        return timeText(estimate.indexTime);
    default:
        return {};
    }
}

QVariant EstimateModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return section > Table ? QVariant(Qt::AlignRight | Qt::AlignVCenter) : QVariant();
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Collection:
        return tr("Collection");
    case Table:
        return tr("Table");
    case Rows:
        return tr("Rows");
    case TableBytes:
        return tr("Table");
    case IndexBytes:
        return tr("Indexes");
    case Wal:
        return tr("Write-ahead log");
    case IndexMemory:
        return tr("Memory for the index");
    case DataTime:
        return tr("Data in");
    case IndexTime:
        return tr("Indexes ready");
    default:
        return {};
    }
}

} // namespace qdrant2pg
