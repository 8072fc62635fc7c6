// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "core/postgres/ledger.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QList>

namespace qdrant2pg {

/// Points that were rejected, in the order in which they were. Grows at its end, so that a selection stays.
class RejectsModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { PointId, Collection, ColumnName, Reason, SqlState, Excerpt, ColumnCount };

    explicit RejectsModel(QObject* parent = nullptr);

    /// By which the excerpt finds the value of the column that refused a point.
    void setPlan(const MigrationPlan& plan);
    /// The whole list as it is now. Where it continues what is shown, rows are appended and reasons renewed;
    /// otherwise it is replaced.
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
    QString excerpt(int row) const;

    MigrationPlan m_plan;
    QList<RejectRow> m_rows;
    /// Parsed points, as far as they were looked at.
    mutable QHash<int, QString> m_excerpts;
};

/// The value that a rejected point has in the column that refused it, else the beginning of the point; for
/// the eye, at most 200 characters.
QString rejectExcerpt(const RejectRow& reject, const MigrationPlan& plan);

/// The heading and one line of a file for spreadsheets.
QByteArray rejectsCsvHeading();
QByteArray rejectToCsvLine(const RejectRow& reject);

} // namespace qdrant2pg
