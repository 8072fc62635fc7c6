// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/verify/samplemodel.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/style.h"

#include <QIcon>

namespace qdrant2pg {

SampleModel::SampleModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void SampleModel::setSample(const RowSample& sample)
{
    beginResetModel();
    m_sample = sample;
    m_lines.clear();
    for (int point = 0; point < m_sample.points.size(); ++point) {
        for (int cell = 0; cell < m_sample.points.at(point).cells.size(); ++cell)
            m_lines.append({point, cell});
    }
    endResetModel();
}

int SampleModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_lines.size());
}

int SampleModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant SampleModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Line& line = m_lines.at(index.row());
    const SampledPoint& point = m_sample.points.at(line.point);
    const SampledCell& cell = point.cells.at(line.cell);
    switch (role) {
    case Qt::FontRole:
        return index.column() == Same ? QVariant() : QVariant(style::fixedFont());
    case Qt::DecorationRole:
        return index.column() == Same ? QVariant(statusIcon(cell.same ? Status::Ok : Status::Problem))
                                      : QVariant();
    case Qt::DisplayRole:
    case Qt::ToolTipRole:
        break;
    default:
        return {};
    }
    switch (index.column()) {
    case PointId:
        return point.pointId;
    case ColumnName:
        return cell.column;
    case Source:
        return !point.inSource       ? tr("no such point")
            : point.reject.isEmpty() ? cell.source
                                     : tr("cannot be stored: %1").arg(point.reject);
    case Target:
        return point.inTarget ? cell.target : tr("no row");
    case Same:
        return cell.same ? tr("Same") : tr("Different");
    default:
        return {};
    }
}

QVariant SampleModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case PointId:
        return tr("Point");
    case ColumnName:
        return tr("Column");
    case Source:
        return tr("From Qdrant");
    case Target:
        return tr("In PostgreSQL");
    case Same:
        return tr("Compared");
    default:
        return {};
    }
}

} // namespace qdrant2pg
