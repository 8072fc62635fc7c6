// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/ledger.h"

#include <QAbstractTableModel>
#include <QList>

namespace qdrant2pg {

/// Points that were rejected, in the order in which they were. Grows at its end, so that a selection stays.
class RejectsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { PointId, Collection, ColumnName, Reason, SqlState, Excerpt, ColumnCount };

    explicit RejectsModel(QObject* parent = nullptr);

    /// The whole list as it is now. Where it continues what is shown, rows are appended; otherwise it is
    /// replaced.
    void setRejects(const QList<RejectRow>& rejects);
    const RejectRow* reject(int row) const;
    const QList<RejectRow>& rejects() const { return m_rows; }
    /// Reasons with the number of points, most frequent first.
    QList<std::pair<QString, int>> reasons() const;

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<RejectRow> m_rows;
};

/// One line per reject, with a heading; for spreadsheets.
QByteArray rejectsToCsv(const QList<RejectRow>& rejects);

} // namespace qdrant2pg
