// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/report/chart.h"

#include <QWidget>

class QPainter;

namespace qdrant2pg {

/// Colours and font of a painted chart; taken from a palette on screen, fixed on paper.
struct ChartInk {
    QColor text;
    QColor faint;
    QColor line;
    QColor area;
    QColor mark;
    QFont font;

    static ChartInk fromPalette(const QPalette& palette, const QFont& font);
};

/// Paints the chart in its own units.
void paintChart(QPainter& painter, const AreaChart& chart, const ChartInk& ink);

/// Rows per second over time: an area with marks for retries and pauses. Grows with the font.
class ThroughputChart : public QWidget {
    Q_OBJECT
public:
    explicit ThroughputChart(QWidget* parent = nullptr);

    /// `meanRowsPerSecond` is drawn as a line; 0 for none.
    void setSamples(const QList<ReportSample>& samples, double meanRowsPerSecond);
    /// Puts what the chart shows into its accessible description. Apart from setSamples(), because a screen
    /// reader may read out every change of it.
    void describe();
    /// Shown instead of a picture as long as there are too few samples for one.
    void setEmptyText(const QString& text);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QList<ReportSample> m_samples;
    double m_mean = 0;
    QString m_emptyText;
};

/// How much larger than the geometry's own units a chart is drawn, so that its labels fit the font.
double chartScale(const QFont& font);

} // namespace qdrant2pg
