// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/verify/rowsample.h"

#include <QAbstractTableModel>

namespace qdrant2pg {

/// A sample of rows, one line for each column of each point, source beside target.
class SampleModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { PointId, ColumnName, Source, Target, Same, ColumnCount };

    explicit SampleModel(QObject* parent = nullptr);

    void setSample(const RowSample& sample);
    void clear() { setSample({}); }
    const RowSample& sample() const { return m_sample; }

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Line {
        int point = 0;
        int cell = 0;
    };
    RowSample m_sample;
    QList<Line> m_lines;
};

} // namespace qdrant2pg
