// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/mismatchmodel.h"

#include "ui/widgets/style.h"

namespace qdrant2pg {

namespace {
/// Vectors and payloads are long; a cell shows their beginning, the file all of it.
constexpr qsizetype longestCell = 1000;
} // namespace

QList<std::pair<int, int>> mismatchColumns()
{
    return {{MismatchModel::Collection, 18}, {MismatchModel::Type, 22}, {MismatchModel::PointId, 24},
        {MismatchModel::ColumnName, 14}, {MismatchModel::SourceValue, 30}, {MismatchModel::TargetValue, 30}};
}

QString mismatchTypeText(const QString& type)
{
    if (type == QLatin1String("missing"))
        return MismatchModel::tr("missing in PostgreSQL");
    if (type == QLatin1String("extra"))
        return MismatchModel::tr("not in Qdrant");
    if (type == QLatin1String("content"))
        return MismatchModel::tr("different value");
    if (type == QLatin1String("changed-in-source"))
        return MismatchModel::tr("changed in Qdrant since");
    return type;
}

MismatchModel::MismatchModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void MismatchModel::setReport(const RunReport& report)
{
    beginResetModel();
    m_rows.clear();
    m_total = 0;
    for (const ReportCollection& collection : report.collections) {
        m_total += collection.verification.mismatchCount;
        for (const ReportMismatch& mismatch : collection.verification.mismatches)
            m_rows.append({collection.name, mismatch});
    }
    endResetModel();
}

void MismatchModel::clear()
{
    setReport({});
}

int MismatchModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int MismatchModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant MismatchModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const Row& row = m_rows.at(index.row());
    if (role == Qt::FontRole && index.column() != Type && index.column() != Collection)
        return style::fixedFont();
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case Collection:
        return row.collection;
    case Type:
        return mismatchTypeText(row.mismatch.type);
    case PointId:
        return row.mismatch.pointId;
    case ColumnName:
        return row.mismatch.column;
    case SourceValue:
        return row.mismatch.sourceValue.left(longestCell);
    case TargetValue:
        return row.mismatch.targetValue.left(longestCell);
    default:
        return {};
    }
}

QVariant MismatchModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Collection:
        return tr("Collection");
    case Type:
        return tr("What");
    case PointId:
        return tr("Point");
    case ColumnName:
        return tr("Column");
    case SourceValue:
        return tr("In Qdrant");
    case TargetValue:
        return tr("In PostgreSQL");
    default:
        return {};
    }
}

} // namespace qdrant2pg
