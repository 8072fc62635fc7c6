// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/rejectsmodel.h"

#include "ui/widgets/style.h"

#include <QMap>

#include <algorithm>

namespace qdrant2pg {

namespace {

constexpr qsizetype longestExcerpt = 200;

QByteArray csvField(const QString& text)
{
    QString out = text;
    out.replace(QLatin1Char('"'), QStringLiteral("\"\""));
    return QByteArray("\"") + out.toUtf8() + '"';
}

} // namespace

RejectsModel::RejectsModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void RejectsModel::setRejects(const QList<RejectRow>& rejects)
{
    const bool continues = rejects.size() >= m_rows.size()
        && std::equal(
            m_rows.begin(), m_rows.end(), rejects.begin(), [](const RejectRow& a, const RejectRow& b) {
                return a.pointId == b.pointId && a.collection == b.collection && a.shardKey == b.shardKey;
            });
    if (!continues) {
        beginResetModel();
        m_rows = rejects;
        endResetModel();
        return;
    }
    if (rejects.size() == m_rows.size())
        return;
    beginInsertRows({}, int(m_rows.size()), int(rejects.size()) - 1);
    m_rows = rejects;
    endInsertRows();
}

const RejectRow* RejectsModel::reject(int row) const
{
    return row >= 0 && row < m_rows.size() ? &m_rows.at(row) : nullptr;
}

QList<std::pair<QString, int>> RejectsModel::reasons() const
{
    QMap<QString, int> counts;
    for (const RejectRow& row : m_rows)
        ++counts[row.reason];
    QList<std::pair<QString, int>> list;
    for (auto it = counts.begin(); it != counts.end(); ++it)
        list.append({it.key(), it.value()});
    std::stable_sort(
        list.begin(), list.end(), [](const auto& a, const auto& b) { return a.second > b.second; });
    return list;
}

int RejectsModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : int(m_rows.size());
}

int RejectsModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant RejectsModel::data(const QModelIndex& index, int role) const
{
    if (!index.isValid())
        return {};
    const RejectRow& row = m_rows.at(index.row());
    if (role == Qt::FontRole && (index.column() == PointId || index.column() == Excerpt))
        return style::fixedFont();
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    switch (index.column()) {
    case PointId:
        return row.pointId;
    case Collection:
        return row.collection;
    case ColumnName:
        return row.column;
    case Reason:
        return row.reason;
    case SqlState:
        return QString::fromLatin1(row.sqlState);
    case Excerpt:
        return row.rawPoint.left(longestExcerpt);
    default:
        return {};
    }
}

QVariant RejectsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case PointId:
        return tr("Point");
    case Collection:
        return tr("Collection");
    case ColumnName:
        return tr("Column");
    case Reason:
        return tr("Reason");
    case SqlState:
        return tr("SQLSTATE");
    case Excerpt:
        return tr("Point as Qdrant sent it");
    default:
        return {};
    }
}

QByteArray rejectsToCsv(const QList<RejectRow>& rejects)
{
    QByteArray out = "id,collection,shard_key,stage,column,sqlstate,reason,point\r\n";
    for (const RejectRow& row : rejects) {
        const QString fields[] = {row.pointId, row.collection, row.shardKey, row.stage, row.column,
            QString::fromLatin1(row.sqlState), row.reason, row.rawPoint};
        QByteArrayList cells;
        for (const QString& field : fields)
            cells << csvField(field);
        out += cells.join(',') + "\r\n";
    }
    return out;
}

} // namespace qdrant2pg
