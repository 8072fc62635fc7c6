// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/report/runreport.h"

#include <QAbstractTableModel>
#include <QList>

#include <utility>

namespace qdrant2pg {

/// Rows that differ between source and target, as the report lists them.
class MismatchModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Collection, Type, PointId, ColumnName, SourceValue, TargetValue, ColumnCount };

    explicit MismatchModel(QObject* parent = nullptr);

    void setReport(const RunReport& report);
    void clear();
    /// Differences in all, of which the model holds the first.
    qint64 total() const { return m_total; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row {
        QString collection;
        ReportMismatch mismatch;
    };
    QList<Row> m_rows;
    qint64 m_total = 0;
};

/// Column and characters, for every table that shows the model.
QList<std::pair<int, int>> mismatchColumns();

/// "missing in PostgreSQL", "not in Qdrant", ...
QString mismatchTypeText(const QString& type);

} // namespace qdrant2pg
