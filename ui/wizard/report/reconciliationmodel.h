// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/report/runreport.h"

#include <QAbstractTableModel>
#include <QList>

namespace qdrant2pg {

/// The numbers of each collection, which read like an equation: source = stored + rejected + skipped; a tool
/// tip says how each was obtained.
class ReconciliationModel : public QAbstractTableModel {
    Q_OBJECT
public:
    enum Column { Collection, Source, Stored, Rejected, Skipped, Read, TargetNow, AddsUp, ColumnCount };

    explicit ReconciliationModel(QObject* parent = nullptr);

    void setReport(const RunReport& report);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    QList<ReportCollection> m_collections;
};

/// Each number's name and how it was obtained, one line each; for the collection.
QStringList numberOrigins(const ReportCollection& collection);

} // namespace qdrant2pg
