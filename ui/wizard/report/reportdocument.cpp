// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/report/reportdocument.h"

#include "core/common/units.h"
#include "core/report/reportwords.h"
#include "ui/models/mismatchmodel.h"
#include "ui/widgets/barchart.h"
#include "ui/widgets/style.h"
#include "ui/widgets/throughputchart.h"

#include <QAbstractTextDocumentLayout>
#include <QApplication>
#include <QFontDatabase>
#include <QPainter>
#include <QTextCursor>
#include <QTextTable>

namespace qdrant2pg {

namespace {

// Ink on white paper, whatever the screen's theme is.
const QColor ink(0x22, 0x26, 0x2b);
const QColor faintInk(0x66, 0x6e, 0x77);
const QColor ruleInk(0xd5, 0xd9, 0xde);
const QColor headerFill(0xf0, 0xf2, 0xf5);
const QColor accentInk(0x2a, 0x6f, 0xbb);
const QColor accentFill(0xd6, 0xe5, 0xf5);
const QColor markInk(0xb3, 0x5a, 0x00);

constexpr double basePoints = 9.5;
constexpr int chartType = QTextFormat::UserObject + 1;
constexpr int chartProperty = QTextFormat::UserProperty + 2;
/// Width of charts in their own units: about the pixels of a page at screen resolution.
constexpr double chartUnits = 680;
constexpr double chartHeight = 170;
constexpr qsizetype mostMismatches = 60;
constexpr qsizetype longestValue = 160;

enum class Picture { Throughput, Bars };

QColor moodFill(ReportMood mood)
{
    switch (mood) {
    case ReportMood::Good:
        return {0xe3, 0xf4, 0xea};
    case ReportMood::Attention:
        return {0xfd, 0xf1, 0xdd};
    case ReportMood::Bad:
        return {0xfb, 0xe4, 0xe4};
    case ReportMood::Stopped:
        break;
    }
    return headerFill;
}

/// Charts as vector drawings inside the text.
class ChartObject : public QObject, public QTextObjectInterface {
    Q_OBJECT
    Q_INTERFACES(QTextObjectInterface)
public:
    ChartObject(const RunReport& report, double contentWidth, QObject* parent)
        : QObject(parent)
        , m_area(throughputChart(report.throughput, report.rowsPerSecond(), chartUnits, chartHeight))
        , m_bars(collectionChart(report.collections, chartUnits))
        , m_scale(contentWidth / chartUnits)
    {
    }

    bool hasThroughput() const { return !m_area.line.isEmpty(); }

    QSizeF intrinsicSize(QTextDocument*, int, const QTextFormat& format) override
    {
        const double height = picture(format) == Picture::Throughput ? m_area.height : m_bars.height;
        return QSizeF(chartUnits, height) * m_scale;
    }

    void drawObject(
        QPainter* painter, const QRectF& rect, QTextDocument*, int, const QTextFormat& format) override
    {
        const ChartInk colors{faintInk, ruleInk, accentInk, accentFill, markInk, QApplication::font()};
        painter->save();
        painter->translate(rect.topLeft());
        painter->scale(m_scale, m_scale);
        if (picture(format) == Picture::Throughput) {
            paintChart(*painter, m_area, colors);
        } else {
            ChartInk dark = colors;
            dark.text = ink;
            paintChart(*painter, m_bars, dark);
        }
        painter->restore();
    }

private:
    static Picture picture(const QTextFormat& format) { return Picture(format.intProperty(chartProperty)); }

    AreaChart m_area;
    BarChart m_bars;
    double m_scale;
};

class Writer {
public:
    Writer(QTextDocument& document, const RunReport& report, double contentWidth)
        : m_document(document)
        , m_report(report)
        , m_cursor(&document)
        , m_charts(new ChartObject(report, contentWidth, &document))
    {
        document.documentLayout()->registerHandler(chartType, m_charts);
        QFont font = QApplication::font();
        font.setPointSizeF(basePoints);
        document.setDefaultFont(font);
        document.setDocumentMargin(0);
        QTextOption option;
        option.setWrapMode(QTextOption::WrapAtWordBoundaryOrAnywhere);
        document.setDefaultTextOption(option);
    }

    void write()
    {
        title();
        verdict();
        reconciliation();
        verification();
        charts();
        times();
        mismatches();
        rejects();
        list(tr("Warnings"), m_report.warnings);
        findings();
        facts();
        stages();
        nextSteps();
        statements(tr("How to roll back"), m_report.rollback);
    }

private:
    static QString tr(const char* text) { return QCoreApplication::translate("ReportDocument", text); }

    QTextCharFormat format(double factor = 1, const QColor& color = ink, int weight = QFont::Normal) const
    {
        QTextCharFormat made;
        made.setFontPointSize(basePoints * factor);
        made.setForeground(color);
        made.setFontWeight(weight);
        return made;
    }

    QTextCharFormat fixed() const
    {
        QTextCharFormat made = format(0.88);
        made.setFontFamilies({QFontDatabase::systemFont(QFontDatabase::FixedFont).family()});
        made.setFontFixedPitch(true);
        return made;
    }

    void block(double above = 0, double below = 4)
    {
        QTextBlockFormat made;
        made.setTopMargin(above);
        made.setBottomMargin(below);
        if (m_first)
            m_cursor.setBlockFormat(made);
        else
            m_cursor.insertBlock(made);
        m_first = false;
    }

    void paragraph(const QString& text, const QTextCharFormat& chars, double above = 0, double below = 4)
    {
        block(above, below);
        m_cursor.insertText(text, chars);
    }

    void heading(const QString& text)
    {
        QTextBlockFormat made;
        made.setTopMargin(16);
        made.setBottomMargin(5);
        made.setHeadingLevel(2);
        made.setProperty(headingProperty, true);
        m_cursor.insertBlock(made);
        m_cursor.insertText(text, format(1.25, ink, QFont::DemiBold));
    }

    void title()
    {
        paragraph(tr("Migration from Qdrant to PostgreSQL"), format(1.9, ink, QFont::DemiBold), 0, 2);
        QStringList parts;
        if (!m_report.runId.isEmpty())
            parts << tr("Run %1").arg(m_report.runId);
        if (m_report.finishedAt.isValid())
            parts << m_report.finishedAt.toUTC().toString(QStringLiteral("yyyy-MM-dd HH:mm 'UTC'"));
        paragraph(parts.join(QStringLiteral("  ·  ")), format(1, faintInk), 0, 8);
    }

    void verdict()
    {
        QTextTableFormat shape;
        shape.setBorder(0);
        shape.setCellPadding(10);
        shape.setCellSpacing(0);
        shape.setWidth(QTextLength(QTextLength::PercentageLength, 100));
        shape.setBackground(moodFill(m_report.mood()));
        QTextTable* table = m_cursor.insertTable(1, 1, shape);
        QTextCursor cell = table->cellAt(0, 0).firstCursorPosition();
        cell.insertText(reportwords::headline(m_report), format(1, faintInk, QFont::DemiBold));
        cell.insertBlock();
        cell.insertText(m_report.verdict(), format(1.3, ink, QFont::DemiBold));
        m_cursor.movePosition(QTextCursor::End);
    }

    struct Column {
        QString heading;
        double percent = 0;
        bool right = false;
        bool fixed = false;
    };

    void table(const QList<Column>& columns, const QList<QStringList>& rows, bool withHeader = true)
    {
        if (rows.isEmpty())
            return;
        QTextTableFormat shape;
        shape.setBorder(0);
        shape.setCellPadding(3);
        shape.setCellSpacing(0);
        shape.setHeaderRowCount(withHeader ? 1 : 0);
        shape.setWidth(QTextLength(QTextLength::PercentageLength, 100));
        QList<QTextLength> widths;
        for (const Column& column : columns)
            widths << QTextLength(QTextLength::PercentageLength, column.percent);
        shape.setColumnWidthConstraints(widths);
        const int offset = withHeader ? 1 : 0;
        QTextTable* made = m_cursor.insertTable(int(rows.size()) + offset, int(columns.size()), shape);
        const auto put = [&](int row, int column, const QString& text, const QTextCharFormat& chars) {
            QTextTableCell cell = made->cellAt(row, column);
            QTextTableCellFormat cellShape;
            cellShape.setBottomBorder(0.5);
            cellShape.setBottomBorderStyle(QTextFrameFormat::BorderStyle_Solid);
            cellShape.setBottomBorderBrush(ruleInk);
            cellShape.setTopPadding(3);
            cellShape.setBottomPadding(3);
            cellShape.setLeftPadding(4);
            cellShape.setRightPadding(4);
            if (row < offset)
                cellShape.setBackground(headerFill);
            cell.setFormat(cellShape);
            QTextCursor cursor = cell.firstCursorPosition();
            QTextBlockFormat align;
            align.setAlignment(columns.at(column).right ? Qt::AlignRight : Qt::AlignLeft);
            cursor.setBlockFormat(align);
            cursor.insertText(text, chars);
        };
        if (withHeader) {
            for (int column = 0; column < columns.size(); ++column)
                put(0, column, columns.at(column).heading, format(0.92, faintInk, QFont::DemiBold));
        }
        for (int row = 0; row < rows.size(); ++row) {
            for (int column = 0; column < columns.size(); ++column)
                put(row + offset, column, rows.at(row).value(column),
                    columns.at(column).fixed ? fixed() : format(withHeader ? 0.95 : 1));
        }
        m_cursor.movePosition(QTextCursor::End);
    }

    void reconciliation()
    {
        heading(tr("Do the numbers add up?"));
        QList<QStringList> rows;
        QStringList remarks;
        for (const ReportCollection& c : m_report.collections) {
            rows << QStringList{QStringLiteral("%1 → %2.%3").arg(c.name, c.schema, c.table),
                reportwords::count(c.source), reportwords::count(c.stored), reportwords::count(c.rejected),
                reportwords::count(c.skipped), reportwords::count(c.targetNow),
                c.reconciles() ? tr("adds up") : tr("see below")};
            if (!c.reconciles())
                remarks << QStringLiteral("%1: %2").arg(c.name, c.differenceText());
        }
        table({{tr("Collection → table"), 28}, {tr("In Qdrant"), 12, true}, {tr("= stored"), 12, true},
                  {tr("+ rejected"), 13, true}, {tr("+ skipped"), 12, true}, {tr("Rows now"), 12, true},
                  {QString(), 11}},
            rows);
        for (const QString& remark : std::as_const(remarks))
            paragraph(remark, format(1, markInk), 4, 0);
        if (!m_report.collections.isEmpty()) {
            const ReportCollection& c = m_report.collections.first();
            paragraph(tr("In Qdrant: %1. Stored: %2. Rows now: %3.")
                          .arg(c.source.origin, c.stored.origin, c.targetNow.origin),
                format(0.85, faintInk), 4, 0);
        }
    }

    void verification()
    {
        if (m_report.collections.isEmpty())
            return;
        heading(tr("Were the rows compared?"));
        QList<QStringList> rows;
        for (const ReportCollection& c : m_report.collections)
            rows << QStringList{c.name, c.verification.level, c.verification.result,
                reportwords::verification(c.verification)};
        table({{tr("Collection"), 22}, {tr("Level"), 10}, {tr("Result"), 13}, {tr("In words"), 55}}, rows);
        for (const ReportCollection& c : m_report.collections) {
            const ReportVerification& found = c.verification;
            if (!found.targetDigest.isEmpty())
                paragraph(QStringLiteral("%1  %2 %3").arg(c.name, found.algorithm, found.targetDigest),
                    fixed(), 4, 0);
        }
    }

    void chart(Picture picture)
    {
        block(2, 2);
        QTextCharFormat object;
        object.setObjectType(chartType);
        object.setProperty(chartProperty, int(picture));
        m_cursor.insertText(QString(QChar::ObjectReplacementCharacter), object);
    }

    void charts()
    {
        if (!m_report.collections.isEmpty()) {
            heading(tr("Points by collection"));
            chart(Picture::Bars);
        }
        if (m_charts->hasThroughput()) {
            heading(tr("Points per second"));
            chart(Picture::Throughput);
        }
    }

    void times()
    {
        heading(tr("How long it took"));
        QList<QStringList> rows;
        for (const auto& [label, value] : reportwords::times(m_report))
            rows << QStringList{label, value};
        if (m_report.rowsPerSecond() > 0)
            rows << QStringList{
                tr("Mean speed"), tr("%1 points/s").arg(formatCount(qint64(m_report.rowsPerSecond())))};
        table({{QString(), 30}, {QString(), 70}}, rows, false);
    }

    void mismatches()
    {
        QList<QStringList> rows;
        qint64 total = 0;
        for (const ReportCollection& c : m_report.collections) {
            total += c.verification.mismatchCount;
            for (const ReportMismatch& m : c.verification.mismatches) {
                if (rows.size() >= mostMismatches)
                    break;
                rows << QStringList{c.name, mismatchTypeText(m.type), m.pointId, m.column,
                    m.sourceValue.left(longestValue), m.targetValue.left(longestValue)};
            }
        }
        if (rows.isEmpty())
            return;
        heading(tr("Differences"));
        if (total > rows.size())
            paragraph(tr("The first %1 of %2; all of them are in the run's folder.")
                          .arg(formatCount(rows.size()), formatCount(total)),
                format(0.9, faintInk));
        table({{tr("Collection"), 14}, {tr("What"), 16}, {tr("Point"), 18, false, true}, {tr("Column"), 12},
                  {tr("In Qdrant"), 20, false, true}, {tr("In PostgreSQL"), 20, false, true}},
            rows);
    }

    void rejects()
    {
        if (m_report.rejects.isEmpty())
            return;
        heading(tr("Rejected points"));
        QList<QStringList> rows;
        for (const ReportRejectGroup& group : m_report.rejects)
            rows << QStringList{group.collection, group.reason, group.column, group.sqlState,
                formatCount(group.count), group.exampleIds.join(QStringLiteral(", "))};
        table({{tr("Collection"), 15}, {tr("Reason"), 32}, {tr("Column"), 12}, {tr("SQLSTATE"), 13},
                  {tr("Points"), 8, true}, {tr("For example"), 20, false, true}},
            rows);
    }

    void list(const QString& title, const QStringList& lines)
    {
        if (lines.isEmpty())
            return;
        heading(title);
        for (const QString& line : lines)
            paragraph(QStringLiteral("•  ") + line, format(), 0, 2);
    }

    void findings()
    {
        QStringList lines;
        for (const ReportFinding& finding : m_report.findings)
            lines << (finding.collection.isEmpty()
                    ? finding.text
                    : QStringLiteral("%1: %2").arg(finding.collection, finding.text));
        list(tr("Said before the run"), lines);
    }

    void facts()
    {
        heading(tr("What ran where"));
        QList<QStringList> rows;
        for (const auto& [label, value] : reportwords::facts(m_report))
            rows << QStringList{label, value};
        table({{QString(), 22}, {QString(), 78}}, rows, false);
    }

    void stages()
    {
        if (m_report.stages.isEmpty())
            return;
        heading(tr("Stages"));
        QList<QStringList> rows;
        for (const ReportStage& stage : m_report.stages) {
            // What a comparison found stands above, in full.
            const QString note = stage.stage == QLatin1String("verify") ? QString() : stage.note;
            rows << QStringList{stage.collection, reportwords::stage(stage), formatDuration(stage.elapsed),
                stage.state, note};
        }
        table({{tr("Collection"), 20}, {tr("Stage"), 28}, {tr("Time"), 12, true}, {tr("State"), 10},
                  {tr("Note"), 30}},
            rows);
    }

    void statements(const QString& title, const QStringList& texts)
    {
        if (texts.isEmpty())
            return;
        heading(title);
        for (const QString& text : texts)
            paragraph(text, fixed(), 0, 6);
    }

    void nextSteps()
    {
        statements(tr("Next steps"), m_report.nextSteps);
        for (const ReportCollection& c : m_report.collections)
            statements(tr("Queries for %1").arg(c.name), c.nextSteps);
    }

    QTextDocument& m_document;
    const RunReport& m_report;
    QTextCursor m_cursor;
    ChartObject* m_charts;
    bool m_first = true;
};

} // namespace

void fillReportDocument(QTextDocument& document, const RunReport& report, double contentWidth)
{
    Writer(document, report, contentWidth).write();
}

} // namespace qdrant2pg

#include "reportdocument.moc"
