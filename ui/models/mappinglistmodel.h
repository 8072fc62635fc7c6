// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "ui/widgets/style.h"

#include <QAbstractListModel>

namespace qdrant2pg {

/// The chosen collections with the table that each becomes, whether its mapping was edited, and the worst
/// that the checker says about it.
class MappingListModel : public QAbstractListModel {
    Q_OBJECT
public:
    struct Entry {
        QString collection;
        QString table;
        bool edited = false;
        Status status = Status::Ok;
        bool operator==(const Entry&) const = default;
    };

    using QAbstractListModel::QAbstractListModel;

    void setEntries(const QList<Entry>& entries);
    QString collection(int row) const;
    int rowOf(const QString& collection) const;

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;

private:
    QList<Entry> m_entries;
};

} // namespace qdrant2pg
