// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/report/reportview.h"

#include "core/common/units.h"
#include "core/compare/comparisonwords.h"
#include "core/plan/plancheck.h"
#include "core/report/reportwords.h"
#include "ui/widgets/barchart.h"
#include "ui/widgets/breakable.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/sectionfold.h"
#include "ui/widgets/sqlview.h"
#include "ui/widgets/style.h"
#include "ui/widgets/throughputchart.h"

#include <QComboBox>
#include <QEvent>
#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace qdrant2pg {

namespace {

constexpr int mostNumberRows = 10;
constexpr int mostMismatchRows = 8;
constexpr int sqlLines = 12;
/// Characters of a name in the list of statements.
constexpr qsizetype longestChoice = 24;
constexpr double verdictFactor = 1.5;

Status moodStatus(ReportMood mood)
{
    switch (mood) {
    case ReportMood::Good:
        return Status::Ok;
    case ReportMood::Attention:
        return Status::Warning;
    case ReportMood::Bad:
        return Status::Problem;
    case ReportMood::Stopped:
        break;
    }
    return Status::Note;
}

QString lines(const QStringList& texts)
{
    QStringList out;
    for (const QString& text : texts)
        out << QStringLiteral("•  ") + breakable(text);
    return out.join(QLatin1Char('\n'));
}

/// What Review had said, and what was acknowledged there; notes are in the files.
QStringList findingLines(const RunReport& report)
{
    QStringList out;
    for (const ReportFinding& finding : report.findings) {
        if (finding.severity == severityName(Severity::Info))
            continue;
        out << (finding.collection.isEmpty()
                ? finding.text
                : QStringLiteral("%1: %2").arg(finding.collection, finding.text));
    }
    return out;
}

} // namespace

ReportView::ReportView(QWidget* parent)
    : QWidget(parent)
    , m_layout(new QVBoxLayout(this))
    , m_icon(new QLabel(this))
    , m_verdict(style::textLabel(this, QStringLiteral("verdictLabel")))
    , m_equation(style::helpLabel(this, QStringLiteral("equationLabel"), false))
    , m_tools(new QVBoxLayout)
{
    style::tighten(m_layout, this, 1);
    auto* head = new QHBoxLayout;
    style::tighten(head, this, 1.5);
    auto* words = new QVBoxLayout;
    style::tighten(words, this, 0.5);
    m_verdict->setFont(style::scaledFont(m_verdict, verdictFactor, QFont::DemiBold));
    words->addWidget(m_verdict);
    words->addWidget(m_equation);
    m_verdict->setMaximumWidth(style::textWidth(m_verdict, style::readingWidth));
    head->addWidget(m_icon, 0, Qt::AlignTop);
    head->addLayout(words, 100);
    head->addStretch(1);
    m_layout->addLayout(head);
    style::tighten(m_tools, this, 1);
    m_layout->addSpacing(style::unit(this));
    m_layout->addLayout(m_tools);

    const auto body = [this] {
        auto* widget = new QWidget(this);
        style::tighten(new QVBoxLayout(widget), this, 0.75);
        return widget;
    };

    QWidget* numbers = body();
    m_numbers = new QTableView(numbers);
    m_numbers->setObjectName(QStringLiteral("reconciliationTableView"));
    m_numbers->setModel(&m_reconciliation);
    style::prepareTable(m_numbers);
    QList<std::pair<int, int>> widths{
        {ReconciliationModel::Collection, 30}, {ReconciliationModel::AddsUp, 14}};
    for (int column = ReconciliationModel::Source; column <= ReconciliationModel::TargetNow; ++column)
        widths.append({column, 13});
    style::setColumnWidths(m_numbers, widths);
    m_origins = style::helpLabel(numbers, QStringLiteral("originsLabel"));
    numbers->layout()->addWidget(m_numbers);
    numbers->layout()->addWidget(m_origins);
    m_numbersSection = addSection(QStringLiteral("numbers"), numbers);

    m_verification = style::textLabel(this, QStringLiteral("verificationLabel"));
    m_verificationSection = addSection(QStringLiteral("verification"), m_verification);

    QWidget* mismatches = body();
    m_mismatchTable = new QTableView(mismatches);
    m_mismatchTable->setObjectName(QStringLiteral("mismatchesTableView"));
    m_mismatchTable->setModel(&m_mismatches);
    style::prepareTable(m_mismatchTable);
    style::setColumnWidths(m_mismatchTable, mismatchColumns());
    mismatches->layout()->addWidget(m_mismatchTable);
    m_mismatchSection = addSection(QStringLiteral("mismatches"), mismatches);

    QWidget* rejects = body();
    m_rejectLines = style::textLabel(rejects, QStringLiteral("rejectGroupsLabel"));
    m_showRejects = new QPushButton(rejects);
    m_showRejects->setObjectName(QStringLiteral("showRejectsPushButton"));
    rejects->layout()->addWidget(m_rejectLines);
    static_cast<QVBoxLayout*>(rejects->layout())->addWidget(m_showRejects, 0, Qt::AlignLeft);
    m_rejectsSection = addSection(QStringLiteral("rejects"), rejects);

    m_bars = new CollectionBars(this);
    m_bars->setObjectName(QStringLiteral("collectionBars"));
    m_barsSection = addSection(QStringLiteral("bars"), m_bars);
    m_chart = new ThroughputChart(this);
    m_chart->setObjectName(QStringLiteral("throughputChart"));
    m_chartSection = addSection(QStringLiteral("chart"), m_chart);

    m_times = new QWidget(this);
    m_timesSection = addSection(QStringLiteral("times"), m_times);
    m_warnings = style::textLabel(this, QStringLiteral("warningsLabel"));
    m_warningsSection = addSection(QStringLiteral("warnings"), m_warnings);
    m_findings = style::textLabel(this, QStringLiteral("findingsLabel"));
    m_findingsSection = addSection(QStringLiteral("findings"), m_findings);

    QWidget* next = body();
    auto* choose = new QHBoxLayout;
    style::tighten(choose, this, 1);
    m_chooseLabel = new QLabel(next);
    m_choose = new QComboBox(next);
    m_choose->setObjectName(QStringLiteral("statementsComboBox"));
    m_choose->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_choose->setMinimumContentsLength(30);
    m_chooseLabel->setBuddy(m_choose);
    choose->addWidget(m_chooseLabel);
    choose->addWidget(m_choose);
    choose->addStretch();
    static_cast<QVBoxLayout*>(next->layout())->addLayout(choose);
    m_statements = new SqlView(QStringLiteral("nextStepsPlainTextEdit"), next);
    m_statements->editor()->setMinimumHeight(
        QFontMetrics(m_statements->editor()->font()).lineSpacing() * sqlLines);
    next->layout()->addWidget(m_statements);
    m_nextSection = addSection(QStringLiteral("nextSteps"), next);

    m_rollbackFold = new SectionFold(QStringLiteral("rollbackToolButton"), this);
    m_rollback = new SqlView(QStringLiteral("rollbackPlainTextEdit"), m_rollbackFold);
    m_rollback->editor()->setMinimumHeight(
        QFontMetrics(m_rollback->editor()->font()).lineSpacing() * sqlLines / 2);
    m_rollbackFold->setContent(m_rollback);
    m_layout->addSpacing(style::unit(this));
    m_layout->addWidget(m_rollbackFold);
    m_factsFold = new SectionFold(QStringLiteral("factsToolButton"), this);
    m_facts = new QWidget(m_factsFold);
    m_factsFold->setContent(m_facts);
    m_layout->addWidget(m_factsFold);
    m_layout->addStretch();

    connect(m_choose, &QComboBox::currentIndexChanged, this, &ReportView::showStatements);
    connect(m_showRejects, &QPushButton::clicked, this, &ReportView::rejectsRequested);
    retranslate();
}

ReportView::Section ReportView::addSection(const QString& name, QWidget* body)
{
    auto* title = new QLabel(this);
    title->setObjectName(name + QStringLiteral("TitleLabel"));
    title->setFont(style::scaledFont(title, 1.1, QFont::DemiBold));
    title->setContentsMargins(0, style::unit(this), 0, 0);
    m_layout->addWidget(title);
    m_layout->addWidget(body);
    return {title, body};
}

void ReportView::setShown(const Section& section, bool shown)
{
    section.title->setVisible(shown);
    section.body->setVisible(shown);
}

void ReportView::setReport(const RunReport& report)
{
    m_report = report;
    showVerdict();
    m_reconciliation.setReport(report);
    fitTable(m_numbers, mostNumberRows);
    setShown(m_numbersSection, !report.collections.isEmpty());
    m_origins->setText(report.collections.isEmpty()
            ? QString()
            : numberOrigins(report.collections.first()).join(QLatin1Char(' ')));

    QStringList verified;
    for (const ReportCollection& collection : report.collections)
        verified << tr("%1: %2").arg(collection.name, reportwords::verification(collection.verification));
    for (const SearchComparison& search : report.searches)
        verified << tr("%1, searches: %2").arg(comparisonTitle(search), search.sentence);
    m_verification->setText(lines(verified));
    setShown(m_verificationSection, !verified.isEmpty());
    m_mismatches.setReport(report);
    fitTable(m_mismatchTable, mostMismatchRows);
    setShown(m_mismatchSection, m_mismatches.rowCount() > 0);

    m_bars->setCollections(report.collections);
    setShown(m_barsSection, report.collections.size() > 1 || report.totals().rejected > 0);
    m_chart->setSamples(report.throughput, report.rowsPerSecond());
    m_chart->describe();
    setShown(m_chartSection, !throughputChart(report.throughput, 0, 600, 120).line.isEmpty());
    QList<QPair<QString, QString>> times = reportwords::times(report);
    if (report.rowsPerSecond() > 0)
        times.append({tr("Mean speed"), tr("%1 points/s").arg(formatCount(qint64(report.rowsPerSecond())))});
    fillGrid(m_times, times);
    showLists();

    m_choose->clear();
    if (!report.nextSteps.isEmpty())
        m_choose->addItem(tr("The run: commands"), -1);
    for (qsizetype i = 0; i < report.collections.size(); ++i) {
        if (!report.collections.at(i).nextSteps.isEmpty())
            m_choose->addItem(
                tr("%1: queries").arg(shortened(report.collections.at(i).name, longestChoice)), int(i));
    }
    // Queries are what people come for; commands when the run has yet to be continued.
    if (report.isGood() && m_choose->count() > 1)
        m_choose->setCurrentIndex(1);
    setShown(m_nextSection, m_choose->count() > 0);
    showStatements();
    m_rollback->setSql(report.rollback.join(QLatin1Char('\n')));
    m_rollbackFold->setVisible(!report.rollback.isEmpty());
    fillGrid(m_facts, reportwords::facts(report));
}

void ReportView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange && !m_verdict->text().isEmpty())
        showVerdict();
    QWidget::changeEvent(event);
}

void ReportView::showVerdict()
{
    const Status status = moodStatus(m_report.mood());
    const int side = QFontMetrics(m_verdict->font()).height() * 5 / 4;
    m_icon->setPixmap(statusIcon(status).pixmap(QSize(side, side), devicePixelRatioF()));
    m_icon->setAccessibleName(statusWord(status));
    m_verdict->setText(m_report.verdict());
    m_verdict->setAccessibleName(tr("%1: %2").arg(statusWord(status), m_report.verdict()));
    m_equation->setText(
        m_report.collections.size() == 1 ? m_report.collections.first().equation() : QString());
    m_equation->setVisible(!m_equation->text().isEmpty());
}

void ReportView::showLists()
{
    QStringList rejects;
    for (const ReportRejectGroup& group : m_report.rejects)
        rejects << tr("%1: %n point(s): %2", nullptr, int(group.count)).arg(group.collection, group.reason)
                + (group.column.isEmpty() ? QString() : tr(" (column %1)").arg(group.column));
    m_rejectLines->setText(lines(rejects));
    setShown(m_rejectsSection, !rejects.isEmpty());
    QStringList warnings = m_report.warnings;
    for (const ReportCollection& collection : m_report.collections) {
        for (const QString& note : collection.notes)
            warnings << tr("%1: %2").arg(collection.name, note);
    }
    m_warnings->setText(lines(warnings));
    setShown(m_warningsSection, !warnings.isEmpty());
    const QStringList findings = findingLines(m_report);
    m_findings->setText(lines(findings));
    setShown(m_findingsSection, !findings.isEmpty());
}

void ReportView::showStatements()
{
    const int index = m_choose->currentData().toInt();
    const QStringList texts = !m_choose->currentData().isValid() ? QStringList()
        : index < 0                                              ? m_report.nextSteps
                    : m_report.collections.value(index).nextSteps;
    m_statements->setSql(texts.join(QStringLiteral("\n\n")));
    m_statements->editor()->verticalScrollBar()->setValue(0);
}

void ReportView::fillGrid(QWidget* body, const QList<QPair<QString, QString>>& rows)
{
    qDeleteAll(body->findChildren<QWidget*>(QString(), Qt::FindDirectChildrenOnly));
    delete body->layout();
    auto* grid = new QGridLayout(body);
    style::tighten(grid, body, 0.5);
    grid->setHorizontalSpacing(style::unit(body) * 3);
    for (int row = 0; row < rows.size(); ++row) {
        auto* label = new QLabel(rows.at(row).first, body);
        label->setForegroundRole(QPalette::PlaceholderText);
        auto* value = new QLabel(rows.at(row).second, body);
        value->setTextInteractionFlags(Qt::TextSelectableByMouse);
        value->setWordWrap(true);
        value->setMinimumWidth(style::textWidth(body, 12));
        grid->addWidget(label, row, 0, Qt::AlignTop);
        grid->addWidget(value, row, 1);
        // The body may be in view already.
        label->show();
        value->show();
    }
    grid->setColumnStretch(1, 1);
}

void ReportView::fitTable(QTableView* table, int most)
{
    const int rows = std::min(table->model()->rowCount(), most);
    const int height = table->verticalHeader()->defaultSectionSize();
    table->setFixedHeight(height * rows + table->horizontalHeader()->sizeHint().height()
        + table->horizontalScrollBar()->sizeHint().height() + 2);
}

QString ReportView::verdict() const
{
    return m_verdict->text();
}

void ReportView::retranslate()
{
    m_numbersSection.title->setText(tr("Do the numbers add up?"));
    m_verificationSection.title->setText(tr("Were the rows compared?"));
    m_mismatchSection.title->setText(tr("Differences"));
    m_rejectsSection.title->setText(tr("Rejected points"));
    m_barsSection.title->setText(tr("Points by collection"));
    m_chartSection.title->setText(tr("Points per second"));
    m_timesSection.title->setText(tr("How long it took"));
    m_warningsSection.title->setText(tr("Worth knowing"));
    m_findingsSection.title->setText(tr("Said on Review"));
    m_nextSection.title->setText(tr("Next steps"));
    m_numbers->setAccessibleName(m_numbersSection.title->text());
    m_mismatchTable->setAccessibleName(m_mismatchSection.title->text());
    m_showRejects->setText(tr("&Show the rejected points…"));
    m_chooseLabel->setText(tr("&For"));
    m_statements->setAccessibleTitle(tr("Next steps"));
    m_rollback->setAccessibleTitle(tr("How to roll back"));
    m_rollbackFold->setTitle(tr("&How to roll back"));
    m_factsFold->setTitle(tr("&What ran where"));
    if (!m_report.state.isEmpty())
        setReport(m_report);
}

} // namespace qdrant2pg
