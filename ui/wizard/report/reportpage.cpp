// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/report/reportpage.h"

#include "core/plan/planjson.h"
#include "core/profile/statefolders.h"
#include "core/report/reportwriters.h"
#include "ui/models/progressmodel.h"
#include "ui/services/dialogs.h"
#include "ui/services/runrecords.h"
#include "ui/services/settings.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/taborder.h"
#include "ui/wizard/plandraft.h"
#include "ui/wizard/report/pdfreport.h"
#include "ui/wizard/report/reportview.h"
#include "ui/wizard/run/closequestion.h"
#include "ui/wizard/run/rejectsdialog.h"

#include <QApplication>
#include <QClipboard>
#include <QFile>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QMenu>
#include <QPushButton>
#include <QVBoxLayout>

namespace qdrant2pg {

namespace {

QString shellQuoted(const QString& text)
{
    QString inner = text;
    inner.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
    return QLatin1Char('\'') + inner + QLatin1Char('\'');
}

} // namespace

ReportPage::ReportPage(const PageContext& context, std::shared_ptr<MigrationSession> session)
    : BasePage(PageId::Report, context)
    , m_session(std::move(session))
    , m_loading(context.services.threads)
    , m_writing(context.services.threads)
{
    setObjectName(QStringLiteral("reportPage"));
    m_view = new ReportView;
    m_view->setObjectName(QStringLiteral("reportView"));

    auto* row = new FlowLayout(style::unit(this));
    QList<QWidget*> tools;
    const auto button = [&](const char* name, Icon which) {
        auto* made = new QPushButton(m_view);
        made->setObjectName(QLatin1String(name));
        made->setIcon(icon(which));
        row->addWidget(made);
        tools << made;
        return made;
    };
    m_export = button("exportPushButton", Icon::Save);
    m_openFolder = button("openFolderPushButton", Icon::Folder);
    m_copyCommand = button("copyCommandPushButton", Icon::Copy);
    m_verify = button("verifyAgainPushButton", Icon::Refresh);
    m_verify->hide();
    m_new = button("newMigrationPushButton", Icon::Add);
    m_view->toolArea()->addLayout(row);
    auto* menu = new QMenu(m_export);
    menu->setObjectName(QStringLiteral("exportMenu"));
    const char* const names[] = {
        "exportHtmlAction", "exportPdfAction", "exportMarkdownAction", "exportJsonAction"};
    for (int i = 0; i < 4; ++i) {
        m_formats[i] = menu->addAction(QString());
        m_formats[i]->setObjectName(QLatin1String(names[i]));
        connect(m_formats[i], &QAction::triggered, this, [this, i] { chooseExport(Format(i)); });
    }
    m_export->setMenu(menu);
    setContent(m_view, Scrolling::Scrolls);
    tabAfter(m_view, tools);
    setFinalPage(true);

    connect(m_openFolder, &QPushButton::clicked, this, [this] { services().dialogs.showFile(m_folder); });
    connect(m_copyCommand, &QPushButton::clicked, this, &ReportPage::copyCommand);
    connect(m_verify, &QPushButton::clicked, this, &ReportPage::verifyAgain);
    connect(m_new, &QPushButton::clicked, this, &ReportPage::startAnew);
    connect(m_view, &ReportView::rejectsRequested, this, &ReportPage::openRejects);
    connect(&run(), &RunController::reportChanged, this, [this] {
        if (draft().startChoice() != StartChoice::Report && run().report())
            showOwnReport();
    });
    connect(&run(), &RunController::kept, this, [this] { emit stepChanged(); });
    retranslate();
}

QString ReportPage::stepName() const
{
    return tr("Report");
}

QString ReportPage::stepChoice() const
{
    return m_report && !m_folder.isEmpty() ? QFileInfo(m_folder).fileName() : QString();
}

QString ReportPage::helpText() const
{
    return tr(
        "<h3>Report</h3><p>The sentence on top is the verdict. Under it the numbers must add up: points in "
        "Qdrant = stored + rejected + skipped; each number says in its tool tip how it was obtained."
        "</p><p><b>Export</b> writes the report as one HTML file, as PDF, Markdown or JSON. The run's "
        "folder has it already, with the plan, the log and the rejected points. It holds no "
        "password.</p><p><b>Next steps</b> are statements to copy, with the search settings that fit "
        "your collection.</p>");
}

void ReportPage::entered()
{
    if (draft().startChoice() == StartChoice::Report)
        loadReport();
    else if (run().report())
        showOwnReport();
}

QWidget* ReportPage::firstFocus()
{
    return m_export;
}

bool ReportPage::mayClose()
{
    return mayCloseWindow(*m_session, services().dialogs, this);
}

void ReportPage::showOwnReport()
{
    show(*run().report(), run().folder());
}

void ReportPage::loadReport()
{
    const QString path = draft().reportPath();
    m_loading.start([path](const JobControl&) { return readReportFile(path); },
        [this, path](const Result<RunReport>& report) {
            if (report) {
                show(*report, QFileInfo(path).absolutePath());
                return;
            }
            messages().showError(report.error());
            messages().addAction(
                QStringLiteral("tryAgainPushButton"), tr("&Try again"), [this] { loadReport(); });
        });
}

void ReportPage::show(const RunReport& report, const QString& folder)
{
    m_report = report;
    m_folder = folder;
    m_view->setReport(report);
    m_openFolder->setEnabled(!folder.isEmpty());
    m_copyCommand->setEnabled(QFileInfo::exists(folder + QStringLiteral("/plan.json")));
    m_verify->setVisible(knownPlan().has_value());
    setState(State::Idle);
    emit stepChanged();
}

void ReportPage::chooseExport(Format format)
{
    if (!m_report)
        return;
    const QString suffixes[] = {
        QStringLiteral("html"), QStringLiteral("pdf"), QStringLiteral("md"), QStringLiteral("json")};
    const QString filters[] = {
        tr("HTML (*.html)"), tr("PDF (*.pdf)"), tr("Markdown (*.md)"), tr("JSON (*.json)")};
    FileRequest request;
    request.title = tr("Export the report");
    request.folder = services().settings.text(SettingKey::LastExportFolder);
    request.defaultSuffix = suffixes[int(format)];
    request.suggestedName = (m_report->runId.isEmpty() ? QStringLiteral("report")
                                                       : QStringLiteral("report-%1").arg(m_report->runId))
        + QLatin1Char('.') + request.defaultSuffix;
    request.filters = {filters[int(format)]};
    services().dialogs.saveFile(this, request, [this, format](const QString& path) {
        if (!path.isEmpty())
            exportTo(format, path);
    });
}

void ReportPage::exportTo(Format format, const QString& path)
{
    services().settings.setValue(SettingKey::LastExportFolder, QFileInfo(path).absolutePath());
    m_writing.start(
        [report = *m_report, format, path](const JobControl&) -> Result<void> {
            switch (format) {
            case Format::Html:
                return writePrivateFile(path, reportToHtml(report));
            case Format::Pdf:
                return writeReportPdf(report, path);
            case Format::Markdown:
                return writePrivateFile(path, reportToMarkdown(report));
            case Format::Json:
                break;
            }
            return writePrivateFile(path, reportToJson(report));
        },
        [this, path](const Result<void>& written) {
            if (!written) {
                messages().showError(written.error());
                return;
            }
            messages().showMessage(Status::Ok, tr("Written: %1").arg(path));
            messages().addAction(QStringLiteral("openExportPushButton"), tr("&Open"),
                [this, path] { services().dialogs.showFile(path); });
        });
}

void ReportPage::copyCommand()
{
    QApplication::clipboard()->setText(QStringLiteral("qdrant2pg migrate --plan %1")
                                           .arg(shellQuoted(m_folder + QStringLiteral("/plan.json"))));
    messages().showMessage(Status::Ok, tr("The command was copied."),
        tr("It runs the same plan. Keys and passwords are not in it; give them by QDRANT_API_KEY, PGPASSWORD "
           "or "
           "the options for files."));
}

/// Of a run that reached its end and whose report is shown from the Start page; that of this window is
/// compared again on the page Verify.
std::optional<MigrationPlan> ReportPage::knownPlan() const
{
    const bool ended = m_report
        && (m_report->state == runStateName(RunState::Completed)
            || m_report->state == runStateName(RunState::CompletedWithRejects));
    if (!ended || m_report->runId.isEmpty() || draft().startChoice() != StartChoice::Report)
        return std::nullopt;
    auto plan = planFromJson(m_report->planJson);
    return plan ? std::optional(*plan) : std::nullopt;
}

void ReportPage::verifyAgain()
{
    const auto plan = knownPlan();
    if (!plan)
        return;
    messages().clear();
    // The ways to both ends are checked first: a report holds no secrets, and addresses may have changed.
    draft().startVerify(*plan, m_report->runId, draft().reportPath());
    emit jumpRequested(PageId::Source);
}

void ReportPage::openRejects()
{
    if (!run().report() || draft().startChoice() == StartChoice::Report) {
        const QString file = m_folder + QStringLiteral("/rejects.jsonl");
        if (QFileInfo::exists(file))
            services().dialogs.showFile(file);
        else
            messages().showMessage(Status::Note, tr("The rejected points are in the target's book-keeping."),
                tr("The run's folder has no file of them."));
        return;
    }
    if (!m_rejects)
        m_rejects = new RejectsDialog(services(), m_session, this);
    m_rejects->open();
}

void ReportPage::startAnew()
{
    messages().clear();
    // First: on the way back the page Run must still know that its run is over.
    emit jumpRequested(PageId::Start);
    run().reset();
    m_report.reset();
    draft().setCommitted(false);
    draft().startNew();
}

void ReportPage::retranslate()
{
    setHeader(
        tr("Report"), tr("What moved, what did not, and how that is known. A copy is in the run's folder."));
    m_export->setText(tr("&Export"));
    const QString formats[] = {tr("&HTML, one file…"), tr("&PDF…"), tr("&Markdown…"), tr("&JSON…")};
    for (int i = 0; i < 4; ++i)
        m_formats[i]->setText(formats[i]);
    m_openFolder->setText(tr("Open fol&der"));
    m_copyCommand->setText(tr("Co&py command"));
    m_copyCommand->setToolTip(tr("The same migration for the command line, without secrets."));
    m_verify->setText(tr("Compare &again…"));
    m_verify->setToolTip(tr("Source and target of this run, at any level; nothing is written to them."));
    m_new->setText(tr("&New migration"));
    m_view->retranslate();
}

} // namespace qdrant2pg
