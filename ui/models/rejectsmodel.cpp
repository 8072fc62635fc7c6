// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/rejectsmodel.h"

#include "ui/widgets/style.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
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

/// Paths of plain keys alone; others have no excerpt of their own.
QJsonValue at(const QJsonValue& payload, const QString& path)
{
    if (const QJsonValue whole = payload.toObject().value(path); !whole.isUndefined())
        return whole;
    QJsonValue value = payload;
    for (const QString& key : path.split(QLatin1Char('.')))
        value = value.toObject().value(key);
    return value;
}

} // namespace

RejectsModel::RejectsModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void RejectsModel::setPlan(const MigrationPlan& plan)
{
    if (plan == m_plan)
        return;
    m_plan = plan;
    m_excerpts.clear();
}

QString RejectsModel::excerpt(int row) const
{
    auto known = m_excerpts.find(row);
    if (known == m_excerpts.end())
        known = m_excerpts.insert(row, rejectExcerpt(m_rows.at(row), m_plan));
    return *known;
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
        m_excerpts.clear();
        m_rows = rejects;
        endResetModel();
        return;
    }
    // A point that was tried again keeps its place with the present reason.
    for (int row = 0; row < m_rows.size(); ++row) {
        const RejectRow& now = rejects.at(row);
        RejectRow& shown = m_rows[row];
        if (shown.reason == now.reason && shown.column == now.column && shown.sqlState == now.sqlState)
            continue;
        shown = now;
        m_excerpts.remove(row);
        emit dataChanged(index(row, 0), index(row, ColumnCount - 1));
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
        return excerpt(index.row());
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
        return tr("Value");
    default:
        return {};
    }
}

QString rejectExcerpt(const RejectRow& reject, const MigrationPlan& plan)
{
    const QString whole = reject.rawPoint.left(longestExcerpt);
    const auto collection = std::find_if(plan.collections.begin(), plan.collections.end(),
        [&reject](const CollectionPlan& one) { return one.name == reject.collection; });
    if (collection == plan.collections.end() || reject.column.isEmpty())
        return whole;
    const QJsonObject point = QJsonDocument::fromJson(reject.rawPoint.toUtf8()).object();
    const QJsonValue payload = point.value(QLatin1String("payload"));
    QJsonValue found(QJsonValue::Undefined);
    for (const VectorPlan& vector : collection->vectors) {
        if (vector.column == reject.column) {
            const QJsonValue vectors = point.value(QLatin1String("vector"));
            found = vector.source.isEmpty() ? vectors : vectors.toObject().value(vector.source);
        }
    }
    for (const PayloadColumnPlan& column : collection->payload.columns) {
        if (column.column == reject.column)
            found = at(payload, column.path);
    }
    if (reject.column == collection->payload.column)
        found = payload;
    if (found.isUndefined())
        return whole;
    if (found.isString())
        return found.toString().left(longestExcerpt);
    // An array around it, since only those and objects have a text.
    const QByteArray text = QJsonDocument(QJsonArray{found}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(text.mid(1, text.size() - 2)).left(longestExcerpt);
}

QByteArray rejectsCsvHeading()
{
    return "id,collection,shard_key,stage,column,sqlstate,reason,point\r\n";
}

QByteArray rejectToCsvLine(const RejectRow& reject)
{
    const QString fields[] = {reject.pointId, reject.collection, reject.shardKey, reject.stage, reject.column,
        QString::fromLatin1(reject.sqlState), reject.reason, reject.rawPoint};
    QByteArrayList cells;
    for (const QString& field : fields)
        cells << csvField(field);
    return cells.join(',') + "\r\n";
}

} // namespace qdrant2pg
