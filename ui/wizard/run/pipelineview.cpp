// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/run/pipelineview.h"

#include "ui/widgets/style.h"

#include <QFontMetrics>
#include <QLocale>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>
#include <cmath>

namespace qdrant2pg {

namespace {

constexpr int boxes = 3;
/// The gap between two boxes is at most that part of the width.
constexpr int narrowGap = 7;
constexpr double bytesPerMebibyte = 1024.0 * 1024.0;

QString number(qint64 value)
{
    return QLocale().toString(static_cast<qlonglong>(value));
}

} // namespace

PipelineView::PipelineView(QWidget* parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setAccessibleName(tr("Export, conversion and load"));
}

void PipelineView::setValues(const Values& values)
{
    m_values = values;
    const auto percent = [this](qint64 done) {
        const auto known = share(done, m_values.expected);
        return known ? int(*known * 100) : 0;
    };
    // Announced by screen readers on request; changes at every tenth only.
    const QString text = tr("Export %1 percent, conversion %2 percent, load %3 percent")
                             .arg(percent(values.exported) / 10 * 10)
                             .arg(percent(values.converted) / 10 * 10)
                             .arg(percent(values.loaded) / 10 * 10);
    if (text != accessibleDescription())
        setAccessibleDescription(text);
    update();
}

std::optional<double> PipelineView::share(qint64 done, qint64 of) const
{
    if (of <= 0)
        return std::nullopt;
    return std::clamp(double(done) / double(of), 0.0, 1.0);
}

QSize PipelineView::sizeHint() const
{
    const QFontMetrics metrics(font());
    return {metrics.averageCharWidth() * 80, metrics.height() * 2 + style::unit(this) * 4};
}

QSize PipelineView::minimumSizeHint() const
{
    return {QFontMetrics(font()).averageCharWidth() * 50, sizeHint().height()};
}

void PipelineView::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QFontMetrics metrics(font());
    const int unit = style::unit(this);
    const QString titles[boxes] = {tr("Export"), tr("Conversion"), tr("Load")};
    const qint64 counts[boxes] = {m_values.exported, m_values.converted, m_values.loaded};
    const Bottleneck narrow[boxes] = {Bottleneck::Qdrant, Bottleneck::ThisComputer, Bottleneck::PostgreSql};
    const QString places[boxes] = {tr("Qdrant"), tr("this computer"), tr("PostgreSQL")};
    const QString rates[boxes - 1] = {
        tr("%1 MiB/s").arg(QLocale().toString(m_values.bytesPerSecond / bytesPerMebibyte, 'f', 1)),
        tr("%1 points/s").arg(number(std::llround(m_values.rowsPerSecond)))};

    // In a small window the boxes keep their words and the rate loses its unit.
    const QString shortRates[boxes - 1] = {
        rates[0], tr("%1/s").arg(number(std::llround(m_values.rowsPerSecond)))};
    const int roomy = metrics.horizontalAdvance(tr("%1 points/s").arg(number(888888))) + 2 * unit;
    const int between = std::min(roomy, this->width() / narrowGap);
    const double width = (this->width() - (boxes - 1) * between) / double(boxes);
    for (int i = 0; i < boxes; ++i) {
        const QRectF box(i * (width + between) + 0.5, 0.5, width - 1, height() - 1);
        const bool isNarrow = m_values.moving && m_values.bottleneck == narrow[i];
        const QColor accent =
            isNarrow ? style::statusColor(palette(), Status::Warning) : palette().color(QPalette::Highlight);
        painter.setPen(QPen(isNarrow ? accent : style::hairline(palette()), isNarrow ? 1.6 : 1));
        painter.setBrush(
            isNarrow ? style::statusBackground(palette(), Status::Warning) : palette().color(QPalette::Base));
        painter.drawRoundedRect(box, unit / 2.0, unit / 2.0);

        QRectF inner = box.adjusted(unit, unit * 0.7, -unit, -unit * 0.7);
        painter.setPen(palette().color(QPalette::Text));
        QFont strong = font();
        strong.setWeight(QFont::DemiBold);
        painter.setFont(strong);
        const auto known = share(counts[i], m_values.expected - (i > 0 ? m_values.rejected : 0));
        const QString percent = known ? tr("%1 %").arg(int(*known * 100)) : QString();
        const int titleWidth = int(inner.width()) - metrics.horizontalAdvance(percent) - unit / 2;
        painter.drawText(inner, int(Qt::AlignLeft | Qt::AlignTop),
            QFontMetrics(strong).elidedText(titles[i], Qt::ElideRight, titleWidth));
        painter.setFont(font());
        painter.drawText(inner, int(Qt::AlignRight | Qt::AlignTop), percent);
        painter.setPen(isNarrow ? accent : palette().color(QPalette::PlaceholderText));
        const double barHeight = std::max(4.0, unit * 0.6);
        const QRectF line(inner.left(), inner.bottom() - metrics.height(), inner.width(), metrics.height());
        painter.drawText(line, int(Qt::AlignLeft | Qt::AlignVCenter),
            metrics.elidedText(isNarrow ? tr("%1 is the limit").arg(places[i]) : number(counts[i]),
                Qt::ElideRight, int(line.width())));
        QRectF bar(inner.left(),
            inner.top() + metrics.height() + (line.top() - inner.top() - metrics.height() - barHeight) / 2,
            inner.width(), barHeight);
        painter.setPen(Qt::NoPen);
        painter.setBrush(style::hairline(palette()));
        painter.drawRoundedRect(bar, barHeight / 2, barHeight / 2);
        if (known && *known > 0) {
            bar.setWidth(std::max(barHeight, bar.width() * *known));
            painter.setBrush(accent);
            painter.drawRoundedRect(bar, barHeight / 2, barHeight / 2);
        }
        if (i == boxes - 1)
            break;
        const QRectF gap(box.right() + 1, 0, between - 1, height());
        const double y = gap.center().y() + metrics.height() * 0.45;
        painter.setPen(QPen(palette().color(QPalette::PlaceholderText), 1.2));
        painter.drawLine(QPointF(gap.left() + unit, y), QPointF(gap.right() - unit, y));
        painter.drawLine(QPointF(gap.right() - unit, y), QPointF(gap.right() - unit * 1.5, y - unit * 0.4));
        painter.drawLine(QPointF(gap.right() - unit, y), QPointF(gap.right() - unit * 1.5, y + unit * 0.4));
        if (m_values.moving && m_values.rowsPerSecond > 0) {
            painter.setPen(palette().color(QPalette::WindowText));
            painter.drawText(
                QRectF(gap.left(), y - metrics.height() - unit * 0.4, gap.width(), metrics.height()),
                int(Qt::AlignCenter),
                metrics.horizontalAdvance(rates[i]) <= gap.width() ? rates[i] : shortRates[i]);
        }
    }
}

} // namespace qdrant2pg
