// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QAbstractTableModel>
#include <QByteArray>
#include <QList>
#include <QString>

namespace qdrant2pg {

struct PreviewVector {
    QString name;
    /// dense, sparse or multi.
    QString kind;
    /// Dense: the elements; sparse: the weights; multi: the first row.
    QList<float> values;
    int rows = 0;
    bool nonFinite = false;
};

/// A point as the preview shows it: copied out of its page, capped.
struct PreviewPoint {
    QString id;
    QByteArray payload;
    QList<PreviewVector> vectors;
};

/// The first points of a collection. Cell text is cut at 1 kB.
class PreviewModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Id, Payload, Vectors, ColumnCount };

    explicit PreviewModel(QObject* parent = nullptr);

    void setPoints(const QList<PreviewPoint>& points);
    const PreviewPoint* point(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<PreviewPoint> m_points;
};

/// "embedding: 768 dimensions"
QString vectorCaption(const PreviewVector& vector);

} // namespace qdrant2pg
