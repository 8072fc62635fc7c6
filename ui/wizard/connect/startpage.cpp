// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/connect/startpage.h"

#include "core/plan/planjson.h"
#include "ui/services/demoserver.h"
#include "ui/services/dialogs.h"
#include "ui/services/recents.h"
#include "ui/services/settings.h"
#include "ui/widgets/choicebutton.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/plandraft.h"

#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace qdrant2pg {

namespace {
constexpr int visibleRows = 4;

QLabel* sectionTitle(QWidget* parent, const QString& objectName)
{
    auto* label = new QLabel(parent);
    label->setObjectName(objectName);
    label->setFont(style::scaledFont(label, 1.1, QFont::DemiBold));
    return label;
}
} // namespace

StartPage::StartPage(const PageContext& context)
    : BasePage(PageId::Start, context)
    , m_loading(context.services.threads)
    , m_reading(context.services.threads)
    , m_unfinished(new RunRecordModel(this))
    , m_finished(new RunRecordModel(this))
{
    setObjectName(QStringLiteral("startPage"));
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    style::tighten(layout, this, 2);

    auto* choices = new QHBoxLayout;
    style::tighten(choices, this, 1.5);
    m_new = new ChoiceButton(Icon::Add, QStringLiteral("newMigrationChoiceButton"), content);
    m_new->setPrimary(true);
    m_open = new ChoiceButton(Icon::Document, QStringLiteral("openPlanChoiceButton"), content);
    m_demo = new ChoiceButton(Icon::Demo, QStringLiteral("demoChoiceButton"), content);
    for (ChoiceButton* button : {m_new, m_open, m_demo})
        choices->addWidget(button, 1);
    layout->addLayout(choices);

    const auto section = [&](QLabel* title, QLabel* empty, QTableView* table, QPushButton* button) {
        auto* part = new QVBoxLayout;
        style::tighten(part, this, 1);
        part->addWidget(title);
        part->addWidget(empty);
        part->addWidget(table);
        part->addWidget(button, 0, Qt::AlignLeft);
        layout->addLayout(part);
    };
    m_resumeTitle = sectionTitle(content, QStringLiteral("resumeTitleLabel"));
    m_resumeEmpty = style::helpLabel(content, QStringLiteral("resumeEmptyLabel"), false);
    m_resumeTable = makeTable(m_unfinished, QStringLiteral("resumeTableView"));
    m_resume = new QPushButton(content);
    m_resume->setObjectName(QStringLiteral("resumePushButton"));
    section(m_resumeTitle, m_resumeEmpty, m_resumeTable, m_resume);
    m_reportsTitle = sectionTitle(content, QStringLiteral("reportsTitleLabel"));
    m_reportsEmpty = style::helpLabel(content, QStringLiteral("reportsEmptyLabel"), false);
    m_reportsTable = makeTable(m_finished, QStringLiteral("reportsTableView"));
    m_showReport = new QPushButton(content);
    m_showReport->setObjectName(QStringLiteral("showReportPushButton"));
    m_openReport = new QPushButton(content);
    m_openReport->setObjectName(QStringLiteral("openReportPushButton"));
    section(m_reportsTitle, m_reportsEmpty, m_reportsTable, m_showReport);
    layout->addWidget(m_openReport, 0, Qt::AlignLeft);
    layout->addStretch();
    setContent(content, Scrolling::Scrolls);

    connect(m_new, &ChoiceButton::clicked, this, [this] {
        draft().startNew();
        emit advanceRequested();
    });
    connect(m_open, &ChoiceButton::clicked, this, &StartPage::choosePlanFile);
    connect(m_demo, &ChoiceButton::clicked, this, &StartPage::startDemo);
    connect(m_resume, &QPushButton::clicked, this, &StartPage::resumeSelected);
    connect(m_openReport, &QPushButton::clicked, this, &StartPage::chooseReportFile);
    connect(m_showReport, &QPushButton::clicked, this, &StartPage::openReport);
    connect(m_resumeTable, &QTableView::doubleClicked, this, &StartPage::resumeSelected);
    connect(m_reportsTable, &QTableView::doubleClicked, this, &StartPage::openReport);
    connect(&services().demo, &DemoServer::ready, this, &StartPage::demoReady);
    connect(&services().demo, &DemoServer::failed, this, [this](const Error& error) {
        m_waitsForDemo = false;
        messages().showError(error);
    });
    connect(&draft(), &PlanDraft::startChanged, this, &BasePage::stepChanged);
    showRecords({});
    retranslate();
}

QTableView* StartPage::makeTable(RunRecordModel* model, const QString& objectName)
{
    auto* table = new QTableView(this);
    table->setObjectName(objectName);
    table->setModel(model);
    style::prepareTable(table);
    table->setSelectionMode(QAbstractItemView::SingleSelection);
    table->installEventFilter(this);
    const int rowHeight = table->verticalHeader()->defaultSectionSize();
    table->setMinimumHeight(rowHeight * 3);
    table->setMaximumHeight(rowHeight * (visibleRows + 1) + rowHeight / 2);
    return table;
}

QString StartPage::stepName() const
{
    return tr("Start");
}

QString StartPage::stepChoice() const
{
    switch (draft().startChoice()) {
    case StartChoice::NewMigration:
        return tr("New migration");
    case StartChoice::PlanFile:
        return QFileInfo(draft().planFile()).fileName();
    case StartChoice::Resume:
        return tr("Resume %1").arg(draft().runId());
    case StartChoice::Report:
        return tr("Report of %1").arg(draft().runId());
    case StartChoice::Verify:
        return tr("Compare %1 again").arg(draft().runId());
    }
    return {};
}

QString StartPage::helpText() const
{
    return tr("<h3>Start</h3><p><b>New migration</b> leads from a Qdrant server to tables in PostgreSQL. "
              "Nothing is written before "
              "you press Start migration on the page Review.</p><p><b>Open a plan file</b> takes the choices "
              "from a file that this wizard "
              "or <code>qdrant2pg plan</code> saved.</p><p><b>Try it with demo data</b> starts a stand-in "
              "server on this computer that "
              "serves generated points. It is not Qdrant and ends with this window. You still choose the "
              "PostgreSQL to write to.</p>"
              "<p><b>Resume</b> lists runs that were stopped, failed, or ended with a crash. The "
              "book-keeping in the target database "
              "knows which points are stored, so nothing is written twice.</p>");
}

QWidget* StartPage::firstFocus()
{
    return m_new;
}

bool StartPage::eventFilter(QObject* watched, QEvent* event)
{
    // Enter on a row does what its button says; left to the view it would press Next as well.
    if (event->type() == QEvent::KeyPress && (watched == m_resumeTable || watched == m_reportsTable)) {
        const int key = static_cast<QKeyEvent*>(event)->key();
        if (key == Qt::Key_Return || key == Qt::Key_Enter) {
            watched == m_resumeTable ? resumeSelected() : openReport();
            return true;
        }
    }
    return BasePage::eventFilter(watched, event);
}

bool StartPage::commitPage()
{
    // A report that was looked at is no start of a migration; one that is about to be shown is none either,
    // but has to be known to its page.
    if (draft().startChoice() == StartChoice::Report && !m_showingReport)
        draft().startNew();
    return true;
}

void StartPage::entered()
{
    m_loading.start([folder = defaultRunsFolder()](const JobControl&) { return readRunRecords(folder); },
        [this](const QList<RunRecord>& records) { showRecords(records); });
}

bool StartPage::cancelOperation()
{
    if (!m_waitsForDemo)
        return false;
    m_waitsForDemo = false;
    services().demo.stop();
    messages().showMessage(Status::Note, tr("The stand-in server was not started."));
    return true;
}

void StartPage::showRecords(const QList<RunRecord>& records)
{
    QList<RunRecord> unfinished;
    QList<RunRecord> reports;
    for (const RunRecord& record : records) {
        if (record.isUnfinished())
            unfinished.append(record);
        if (!record.reportPath.isEmpty())
            reports.append(record);
    }
    m_unfinished->setRecords(unfinished);
    m_finished->setRecords(reports);
    const auto show = [](const QList<RunRecord>& list, QLabel* empty, QTableView* table,
                          QPushButton* button) {
        empty->setVisible(list.isEmpty());
        table->setVisible(!list.isEmpty());
        button->setVisible(!list.isEmpty());
        if (!list.isEmpty())
            table->selectRow(0);
    };
    show(unfinished, m_resumeEmpty, m_resumeTable, m_resume);
    show(reports, m_reportsEmpty, m_reportsTable, m_showReport);
}

void StartPage::choosePlanFile()
{
    FileRequest request;
    request.title = tr("Open a plan file");
    request.folder = services().settings.text(SettingKey::LastPlanFolder);
    request.filters = {tr("Plan files (*.json)"), tr("All files (*)")};
    services().dialogs.openFile(this, request, [this](const QString& path) {
        if (!path.isEmpty())
            openPlanFile(path);
    });
}

void StartPage::openPlanFile(const QString& path)
{
    messages().clear();
    services().settings.setValue(SettingKey::LastPlanFolder, QFileInfo(path).absolutePath());
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        Error error = makeError(ErrorKind::File, tr("The plan file cannot be read."), file.errorString());
        error.where.file = path;
        messages().showError(error);
        return;
    }
    const auto plan = planFromJson(file.readAll());
    if (!plan) {
        Error error = plan.error();
        error.where.file = path;
        messages().showError(error);
        return;
    }
    services().settings.setValue(SettingKey::LastPlanFile, path);
    draft().startFromPlan(*plan, path);
    emit advanceRequested();
}

void StartPage::startDemo()
{
    m_waitsForDemo = true;
    messages().showMessage(Status::Checking, tr("Starting the stand-in server…"),
        tr("It serves generated points. Esc cancels."));
    services().demo.start();
}

void StartPage::demoReady(const QString& url)
{
    if (!std::exchange(m_waitsForDemo, false))
        return;
    messages().clear();
    draft().startNew();
    SourcePlan source;
    source.url = url;
    draft().setSource(source, {});
    emit advanceRequested();
}

void StartPage::resumeSelected()
{
    const RunRecord* record = m_unfinished->record(m_resumeTable->currentIndex().row());
    if (!record)
        return;
    if (record->running) {
        messages().showMessage(Status::Warning, tr("Another program is working on this run."),
            tr("Wait for it to end, or stop it there. Two programs may work on one run, but that is started "
               "with qdrant2pg worker."));
        return;
    }
    draft().startResume(record->plan, record->runId);
    emit advanceRequested();
}

void StartPage::openReport()
{
    const RunRecord* record = m_finished->record(m_reportsTable->currentIndex().row());
    if (!record)
        return;
    showReport(record->runId, record->reportPath);
}

void StartPage::showReport(const QString& runId, const QString& path)
{
    draft().startReport(runId, path);
    m_showingReport = true;
    emit jumpRequested(PageId::Report);
    m_showingReport = false;
}

void StartPage::chooseReportFile()
{
    FileRequest request;
    request.title = tr("Open a report");
    request.folder = services().settings.text(SettingKey::LastExportFolder);
    request.filters = {tr("Reports (*.json)"), tr("All files (*)")};
    services().dialogs.openFile(this, request, [this](const QString& path) {
        if (path.isEmpty())
            return;
        messages().clear();
        m_reading.start([path](const JobControl&) { return readReportFile(path); },
            [this, path](const Result<RunReport>& report) {
                if (!report) {
                    messages().showError(report.error());
                    return;
                }
                showReport(report->runId, path);
            });
    });
}

void StartPage::retranslate()
{
    setHeader(tr("Bring Qdrant collections into PostgreSQL"),
        tr("Connect, look, map, review. Nothing is written before you press Start migration."));
    m_new->setTexts(tr("New &migration"), tr("Choose a Qdrant server and a PostgreSQL database."));
    m_open->setTexts(tr("&Open a plan file…"), tr("Go on with choices that were saved before."));
    m_demo->setTexts(tr("&Try it with demo data"),
        tr("Starts a stand-in source on this computer; you choose the target."));
    m_resumeTitle->setText(tr("Unfinished runs"));
    m_resumeEmpty->setText(tr("Runs that were stopped or interrupted appear here and can be continued."));
    m_resumeTable->setAccessibleName(tr("Unfinished runs"));
    m_resume->setText(tr("&Resume the selected run"));
    m_reportsTitle->setText(tr("Reports"));
    m_reportsEmpty->setText(tr("Every migration leaves a report. The latest ones appear here."));
    m_reportsTable->setAccessibleName(tr("Reports"));
    m_showReport->setText(tr("&Show the selected report"));
    m_openReport->setText(tr("Open a report &file…"));
    for (QTableView* table : {m_resumeTable, m_reportsTable})
        style::setColumnWidths(table,
            {{RunRecordModel::Started, 18}, {RunRecordModel::Route, 44}, {RunRecordModel::Progress, 26}});
}

} // namespace qdrant2pg
