// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/report/chart.h"
#include "ui/widgets/throughputchart.h"

#include <QWidget>

namespace qdrant2pg {

void paintChart(QPainter& painter, const BarChart& chart, const ChartInk& ink);

/// One bar per collection: stored, rejected, skipped and missing, on one scale.
class CollectionBars : public QWidget {
    Q_OBJECT
public:
    explicit CollectionBars(QWidget* parent = nullptr);

    void setCollections(const QList<ReportCollection>& collections);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QList<ReportCollection> m_collections;
};

} // namespace qdrant2pg
