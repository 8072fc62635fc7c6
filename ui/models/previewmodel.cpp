// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/previewmodel.h"

namespace qdrant2pg {

namespace {
constexpr qsizetype mostCellBytes = 1024;

QString cut(const QByteArray& utf8)
{
    const QString text = QString::fromUtf8(utf8.left(mostCellBytes));
    return utf8.size() > mostCellBytes ? text + QStringLiteral(" …") : text;
}
} // namespace

QString vectorCaption(const PreviewVector& vector)
{
    const int size = static_cast<int>(vector.values.size());
    QString text;
    if (vector.kind == QLatin1String("sparse"))
        text = PreviewModel::tr("%n non-zero element(s)", nullptr, size);
    else if (vector.kind == QLatin1String("multi"))
        text = PreviewModel::tr("%1, each of %2")
                   .arg(PreviewModel::tr("%n row(s)", nullptr, vector.rows))
                   .arg(size);
    else
        text = PreviewModel::tr("%n dimension(s)", nullptr, size);
    if (vector.nonFinite)
        text = PreviewModel::tr("%1, with NaN or infinite elements").arg(text);
    return vector.name.isEmpty() ? text : PreviewModel::tr("%1: %2").arg(vector.name, text);
}

PreviewModel::PreviewModel(QObject* parent)
    : QAbstractTableModel(parent)
{
}

void PreviewModel::setPoints(const QList<PreviewPoint>& points)
{
    beginResetModel();
    m_points = points;
    endResetModel();
}

const PreviewPoint* PreviewModel::point(int row) const
{
    return row >= 0 && row < m_points.size() ? &m_points[row] : nullptr;
}

int PreviewModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_points.size());
}

int PreviewModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant PreviewModel::data(const QModelIndex& index, int role) const
{
    const PreviewPoint* shown = index.isValid() ? point(index.row()) : nullptr;
    if (!shown || role != Qt::DisplayRole)
        return {};
    switch (index.column()) {
    case Id:
        return shown->id;
    case Payload:
        return cut(shown->payload);
    case Vectors: {
        QStringList captions;
        for (const PreviewVector& vector : shown->vectors)
            captions << vectorCaption(vector);
        return captions.join(QStringLiteral("; "));
    }
    default:
        return {};
    }
}

QVariant PreviewModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Id:
        return tr("Id");
    case Payload:
        return tr("Payload");
    case Vectors:
        return tr("Vectors");
    default:
        return {};
    }
}

} // namespace qdrant2pg
