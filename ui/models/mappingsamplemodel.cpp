// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/mappingsamplemodel.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/style.h"

#include <QFont>
#include <QGuiApplication>
#include <QPalette>

#include <algorithm>

namespace qdrant2pg {

namespace {

Status statusOf(const SampleRow& row)
{
    if (!row.problem.isEmpty())
        return Status::Problem;
    return row.notes.isEmpty() ? Status::Ok : Status::Note;
}

} // namespace

void MappingSampleModel::setTable(const SampleTable& table)
{
    beginResetModel();
    m_table = table;
    endResetModel();
}

int MappingSampleModel::problems() const
{
    return static_cast<int>(std::count_if(m_table.rows.begin(), m_table.rows.end(),
        [](const SampleRow& row) { return !row.problem.isEmpty(); }));
}

void MappingSampleModel::retranslate()
{
    emit headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
    if (rowCount() > 0)
        emit dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
}

int MappingSampleModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_table.rows.size());
}

int MappingSampleModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : FirstValue + static_cast<int>(m_table.columns.size());
}

QString MappingSampleModel::stateText(const SampleRow& row) const
{
    if (!row.problem.isEmpty())
        return row.problemColumn.isEmpty()
            ? tr("Rejected: %1").arg(row.problem)
            : tr("Rejected, column %1: %2").arg(row.problemColumn, row.problem);
    return row.notes.isEmpty() ? tr("Stored as it is") : row.notes.join(QStringLiteral("; "));
}

QVariant MappingSampleModel::data(const QModelIndex& index, int role) const
{
    if (index.row() < 0 || index.row() >= rowCount() || index.column() >= columnCount())
        return {};
    const SampleRow& row = m_table.rows.at(index.row());
    if (role == ProblemRole)
        return statusOf(row) != Status::Ok;
    if (index.column() == State) {
        if (role == Qt::DisplayRole)
            return statusOf(row) == Status::Problem ? tr("Rejected")
                : statusOf(row) == Status::Note     ? tr("Changed")
                                                    : statusWord(Status::Ok);
        if (role == Qt::DecorationRole)
            return statusIcon(statusOf(row));
        if (role == Qt::ToolTipRole || role == Qt::AccessibleDescriptionRole)
            return stateText(row);
        return {};
    }
    if (index.column() == Point) {
        if (role == Qt::DisplayRole)
            return row.pointId;
        return role == Qt::FontRole ? QVariant(style::fixedFont()) : QVariant();
    }
    const qsizetype column = index.column() - FirstValue;
    if (!row.problem.isEmpty()) {
        // The reason stands where the row would have been; views let it span the values.
        if (role == Qt::DisplayRole && column == 0)
            return row.problemColumn.isEmpty() ? row.problem
                                               : tr("%1: %2").arg(row.problemColumn, row.problem);
        return role == Qt::ToolTipRole ? QVariant(stateText(row)) : QVariant();
    }
    if (column >= row.cells.size())
        return {};
    const SampleCell& cell = row.cells.at(column);
    switch (role) {
    case Qt::DisplayRole:
        return cell ? *cell : QStringLiteral("NULL");
    case Qt::ToolTipRole:
        return cell ? cell->left(400) : QVariant();
    case Qt::FontRole: {
        QFont font = style::fixedFont();
        font.setItalic(!cell);
        return font;
    }
    case Qt::ForegroundRole:
        return cell ? QVariant() : QVariant(QGuiApplication::palette().brush(QPalette::PlaceholderText));
    default:
        return {};
    }
}

QVariant MappingSampleModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || section >= columnCount() || section < 0)
        return {};
    if (section == State)
        return role == Qt::DisplayRole ? tr("State") : QVariant();
    if (section == Point)
        return role == Qt::DisplayRole ? tr("Point") : QVariant();
    if (role == Qt::DisplayRole)
        return m_table.columns.at(section - FirstValue);
    return role == Qt::ToolTipRole ? QVariant(m_table.types.at(section - FirstValue)) : QVariant();
}

} // namespace qdrant2pg
