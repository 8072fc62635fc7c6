// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/services/runrecords.h"

#include <QAbstractTableModel>

namespace qdrant2pg {

/// Runs as rows: when, from where to where, how far, why it ended.
class RunRecordModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Started, Route, Progress, Reason, ColumnCount };

    explicit RunRecordModel(QObject* parent = nullptr);

    void setRecords(const QList<RunRecord>& records);
    const RunRecord* record(int row) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<RunRecord> m_records;
};

} // namespace qdrant2pg
