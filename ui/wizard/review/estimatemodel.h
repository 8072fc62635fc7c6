// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/estimate.h"

#include <QAbstractTableModel>

namespace qdrant2pg {

/// What each collection will need: rows, disk, memory and time. Everything but exact rows is an estimate and
/// says so.
class EstimateModel : public QAbstractTableModel {
    Q_OBJECT
public:
    struct Row {
        QString collection;
        QString table;
        CollectionEstimate estimate;
    };
    enum Column {
        Collection,
        Table,
        Rows,
        TableBytes,
        IndexBytes,
        Wal,
        IndexMemory,
        DataTime,
        IndexTime,
        ColumnCount
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setRows(const QList<Row>& rows);
    void retranslate();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QList<Row> m_rows;
};

/// "≈ 2 s to 5 s" in the words of the interface.
QString roughTime(const TimeRange& time);

} // namespace qdrant2pg
