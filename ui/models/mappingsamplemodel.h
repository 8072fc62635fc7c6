// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/services/mappingsample.h"

#include <QAbstractTableModel>

namespace qdrant2pg {

/// Sampled points as the rows that they become: state, point id, then the table's columns. A point that would
/// be rejected has a row with the reason and no values.
class MappingSampleModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { State, Point, FirstValue };
    enum Role {
        /// Would be rejected, or changed on the way (bool).
        ProblemRole = Qt::UserRole,
    };

    using QAbstractTableModel::QAbstractTableModel;

    void setTable(const SampleTable& table);
    const SampleTable& table() const { return m_table; }
    /// Points that would be rejected.
    int problems() const;
    void retranslate();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

private:
    QString stateText(const SampleRow& row) const;

    SampleTable m_table;
};

} // namespace qdrant2pg
