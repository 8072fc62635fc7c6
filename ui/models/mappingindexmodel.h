// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/models/mappingmodel.h"

namespace qdrant2pg {

/// The indexes of one collection's table, all of them built after the load. Like MappingModel it announces
/// edits and shows what is set; cells with a choice have MappingModel's roles.
class MappingIndexModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { On, Kind, Opclass, Parameters, Why, ColumnCount };

    using QAbstractTableModel::QAbstractTableModel;

    void setState(const MappingState& state);
    void setFindings(const QList<Finding>& findings);
    void remove(int row);
    void add(const QString& column);
    void retranslate();

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role = Qt::EditRole) override;
    Qt::ItemFlags flags(const QModelIndex& index) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

signals:
    void edited(const qdrant2pg::CollectionPlan& plan, const QString& text);
    void refused(const QString& reason);

private:
    QStringList choices(int row, int column) const;
    QString subject(int row) const;
    QList<Finding> findingsAt(int row) const;

    MappingState m_state;
    QList<Finding> m_findings;
};

} // namespace qdrant2pg
