// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/report/pdfreport.h"

#include "core/profile/statefolders.h"
#include "ui/wizard/report/reportdocument.h"

#include <QAbstractTextDocumentLayout>
#include <QApplication>
#include <QBuffer>
#include <QPageSize>
#include <QPainter>
#include <QPdfWriter>
#include <QTextBlock>
#include <QTextCursor>

#include <cmath>

namespace qdrant2pg {

namespace {

constexpr int resolution = 300;
constexpr double pointsPerInch = 72;
constexpr double footerPoints = 24;
/// A heading below this share of a page goes to the next one with what follows it.
constexpr double headingLimit = 0.86;

double points(double value)
{
    return value / pointsPerInch * resolution;
}

/// Moves headings that would stand alone at the foot of a page. One after another, since each moves what
/// follows.
void keepHeadingsWithText(QTextDocument& document)
{
    const double page = document.pageSize().height();
    for (QTextBlock block = document.begin(); block.isValid(); block = block.next()) {
        if (!block.blockFormat().boolProperty(headingProperty))
            continue;
        const QRectF rect = document.documentLayout()->blockBoundingRect(block);
        const double bottom = std::fmod(rect.bottom(), page);
        if (bottom / page <= headingLimit)
            continue;
        QTextBlockFormat format = block.blockFormat();
        format.setPageBreakPolicy(QTextFormat::PageBreak_AlwaysBefore);
        QTextCursor(block).setBlockFormat(format);
    }
}

} // namespace

Result<void> writeReportPdf(const RunReport& report, const QString& path)
{
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    {
        QPdfWriter writer(&buffer);
        writer.setResolution(resolution);
        writer.setPageSize(QPageSize(QPageSize::A4));
        constexpr double marginMillimetres = 18;
        writer.setPageMargins(
            QMarginsF(marginMillimetres, marginMillimetres, marginMillimetres, marginMillimetres),
            QPageLayout::Millimeter);
        writer.setTitle(report.runId.isEmpty() ? QStringLiteral("qdrant2pg")
                                               : QStringLiteral("qdrant2pg %1").arg(report.runId));
        writer.setCreator(QStringLiteral("qdrant2pg %1").arg(report.toolVersion));

        const double width = writer.width();
        const double height = writer.height() - points(footerPoints);
        QTextDocument document;
        document.documentLayout()->setPaintDevice(&writer);
        document.setPageSize(QSizeF(width, height));
        fillReportDocument(document, report, width);
        keepHeadingsWithText(document);

        QPainter painter(&writer);
        const int pages = document.pageCount();
        for (int page = 0; page < pages; ++page) {
            if (page > 0)
                writer.newPage();
            painter.save();
            painter.translate(0, -page * height);
            QAbstractTextDocumentLayout::PaintContext context;
            context.clip = QRectF(0, page * height, width, height);
            context.palette.setColor(QPalette::Text, Qt::black);
            painter.setClipRect(context.clip);
            document.documentLayout()->draw(&painter, context);
            painter.restore();

            QFont font = QApplication::font();
            font.setPointSizeF(8);
            painter.setFont(font);
            painter.setPen(QColor(0x66, 0x6e, 0x77));
            const QRectF footer(0, height, width, points(footerPoints));
            painter.drawText(footer, int(Qt::AlignLeft | Qt::AlignBottom), writer.title());
            painter.drawText(footer, int(Qt::AlignRight | Qt::AlignBottom),
                QCoreApplication::translate("PdfReport", "Page %1 of %2").arg(page + 1).arg(pages));
        }
    }
    return writePrivateFile(path, bytes);
}

} // namespace qdrant2pg
