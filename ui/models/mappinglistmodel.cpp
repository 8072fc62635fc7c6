// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/mappinglistmodel.h"

#include "ui/widgets/icons.h"

#include <QFont>

#include <algorithm>

namespace qdrant2pg {

void MappingListModel::setEntries(const QList<Entry>& entries)
{
    const bool sameRows = entries.size() == m_entries.size()
        && std::equal(entries.begin(), entries.end(), m_entries.begin(),
            [](const Entry& a, const Entry& b) { return a.collection == b.collection; });
    if (!sameRows) {
        beginResetModel();
        m_entries = entries;
        endResetModel();
        return;
    }
    for (int row = 0; row < entries.size(); ++row) {
        if (m_entries.at(row) == entries.at(row))
            continue;
        m_entries[row] = entries.at(row);
        emit dataChanged(index(row), index(row));
    }
}

QString MappingListModel::collection(int row) const
{
    return row >= 0 && row < m_entries.size() ? m_entries.at(row).collection : QString();
}

int MappingListModel::rowOf(const QString& collection) const
{
    for (int row = 0; row < m_entries.size(); ++row) {
        if (m_entries.at(row).collection == collection)
            return row;
    }
    return -1;
}

int MappingListModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_entries.size());
}

QVariant MappingListModel::data(const QModelIndex& index, int role) const
{
    if (index.row() < 0 || index.row() >= m_entries.size())
        return {};
    const Entry& entry = m_entries.at(index.row());
    switch (role) {
    case Qt::DisplayRole:
        return entry.table == entry.collection ? entry.collection
                                               : tr("%1 → %2").arg(entry.collection, entry.table);
    case Qt::DecorationRole:
        return statusIcon(entry.status);
    case Qt::FontRole: {
        QFont font;
        font.setBold(entry.edited);
        return font;
    }
    case Qt::ToolTipRole:
    case Qt::AccessibleDescriptionRole: {
        const QString to = tr("Collection %1 becomes table %2.").arg(entry.collection, entry.table);
        const QString how = entry.edited ? tr("Edited.") : tr("As proposed.");
        return QStringLiteral("%1 %2 %3").arg(to, how, statusWord(entry.status));
    }
    default:
        return {};
    }
}

} // namespace qdrant2pg
