// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/run/runpage.h"

#include "core/verify/verifier.h"
#include "ui/services/dialogs.h"
#include "ui/services/notifier.h"
#include "ui/services/runrecords.h"
#include "ui/services/settings.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/sectionfold.h"
#include "ui/wizard/plandraft.h"
#include "ui/wizard/run/closequestion.h"
#include "ui/wizard/run/logview.h"
#include "ui/wizard/run/rejectsdialog.h"
#include "ui/wizard/run/runview.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QVBoxLayout>

#include <algorithm>

namespace qdrant2pg {

namespace {

constexpr int keyCharacters = 40;

QString number(qint64 value)
{
    return QLocale().toString(static_cast<qlonglong>(value));
}

} // namespace

RunPage::RunPage(const PageContext& context, std::shared_ptr<MigrationSession> session)
    : BasePage(PageId::Run, context)
    , m_session(std::move(session))
    , m_reading(context.services.threads)
{
    setObjectName(QStringLiteral("runPage"));
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    style::tighten(layout, this, 1.5);

    m_keyRow = new QWidget(content);
    auto* keyLayout = new QHBoxLayout(m_keyRow);
    style::tighten(keyLayout, this, 1);
    m_keyLabel = new QLabel(m_keyRow);
    m_key = new QLineEdit(m_keyRow);
    m_key->setObjectName(QStringLiteral("newKeyLineEdit"));
    m_key->setEchoMode(QLineEdit::Password);
    m_key->setMaximumWidth(style::textWidth(this, keyCharacters));
    m_keyLabel->setBuddy(m_key);
    m_keyUse = new QPushButton(m_keyRow);
    m_keyUse->setObjectName(QStringLiteral("useKeyPushButton"));
    keyLayout->addWidget(m_keyLabel);
    keyLayout->addWidget(m_key, 1);
    keyLayout->addWidget(m_keyUse);
    keyLayout->addStretch();
    m_keyRow->hide();
    layout->addWidget(m_keyRow);

    m_view = new RunView(content);
    m_view->setObjectName(QStringLiteral("runView"));
    layout->addWidget(m_view, 1);
    m_logFold = new SectionFold(QStringLiteral("logToolButton"), content);
    m_log = new LogView(services().log, services().dialogs, m_logFold);
    m_logFold->setContent(m_log);
    m_logFold->setOpen(services().settings.value(SettingKey::RunLogVisible).toBool());
    layout->addWidget(m_logFold);
    setContent(content, Scrolling::Scrolls);

    connect(m_view, &RunView::startRequested, this, &RunPage::startOrResume);
    connect(m_view, &RunView::pauseRequested, &run(), &RunController::pause);
    connect(m_view, &RunView::continueRequested, &run(), &RunController::resume);
    connect(m_view, &RunView::stopRequested, &run(), &RunController::stop);
    connect(m_view, &RunView::abortRequested, this, &RunPage::askAbort);
    connect(m_view, &RunView::rejectsRequested, this, &RunPage::openRejects);
    const auto useKey = [this] {
        m_startedAt = services().now();
        run().startAgain(m_key->text().toUtf8());
        m_key->clear();
    };
    connect(m_keyUse, &QPushButton::clicked, this, useKey);
    connect(m_key, &QLineEdit::returnPressed, this, useKey);
    connect(m_logFold, &SectionFold::toggled, this,
        [this](bool open) { services().settings.setValue(SettingKey::RunLogVisible, open); });
    auto* toggleLog = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_L), this);
    connect(toggleLog, &QShortcut::activated, this, [this] { m_logFold->setOpen(!m_logFold->isOpen()); });

    connect(&run(), &RunController::stateChanged, this, &RunPage::refreshState);
    connect(&run(), &RunController::progressed, this, &RunPage::refresh);
    connect(&run(), &RunController::finished, this, &RunPage::showEnd);
    connect(&run(), &RunController::reportChanged, this, &RunPage::showEndMessage);
    connect(&run(), &RunController::kept, this, [this](const QStringList& problems) {
        m_log->setFile(run().folder().isEmpty() ? QString() : run().folder() + QStringLiteral("/run.log"));
        if (!problems.isEmpty() && !messages().isShowing())
            messages().showMessage(Status::Warning, problems.first(),
                tr("The rows themselves are not concerned."), problems.mid(1).join(QLatin1Char('\n')));
    });
    retranslate();
}

RunPage::~RunPage() = default;

QString RunPage::stepName() const
{
    return tr("Run");
}

QString RunPage::stepChoice() const
{
    if (!run().hasStarted())
        return {};
    if (run().report())
        return tr("%1, %2 stored").arg(runStateText(run().state()), number(run().progress().stored()));
    return m_view->progressTitle();
}

QString RunPage::helpText() const
{
    return tr(
        "<h3>Run</h3><p>Points are read, converted and loaded at the same time; the highlighted box is "
        "the narrow place. Indexes are built when all points are in, then source and target are "
        "compared.</p><p><b>Pause</b> asks for no new pages and lets running ones finish. <b>Stop</b> "
        "does the same and ends the run. <b>Abort</b> drops what is in flight. After each of them the "
        "run can be resumed, now or from the first page, also after a crash: the book-keeping in the "
        "database knows what is stored, so nothing is written twice or left out.</p><p>Points that "
        "cannot be stored are put aside with their reason: see <b>Rejected</b>. <b>Ctrl+L</b> shows the "
        "log.</p>");
}

void RunPage::entered()
{
    if (run().isRunning()) {
        refresh();
        return;
    }
    if (run().hasStarted() && !std::exchange(m_leftForReview, false)) {
        refresh();
        return;
    }
    if (draft().startChoice() == StartChoice::Resume)
        showReady();
    else
        startRun();
}

QWidget* RunPage::firstFocus()
{
    return m_view->firstFocus();
}

void RunPage::showReady()
{
    messages().clear();
    m_view->setPlan(draft().plan());
    m_view->setOffer(RunView::Offer::StartReady);
    m_view->setReady(tr("Run %1. What is stored already is not written again.").arg(draft().runId()));
    setState(State::Blocked);
    m_reading.start(
        [runId = draft().runId()](const JobControl&) -> std::optional<double> {
            for (const RunRecord& record : readRunRecords(defaultRunsFolder())) {
                if (record.runId == runId && record.stored >= 0 && record.expected > 0)
                    return std::min(0.999, double(record.stored) / double(record.expected));
            }
            return std::nullopt;
        },
        [this](const std::optional<double>& share) {
            if (!run().hasStarted())
                m_view->setEarlierShare(share);
        });
}

void RunPage::startRun()
{
    if (draft().startChoice() != StartChoice::Resume)
        m_view->setEarlierShare(std::nullopt);
    RunRequest request;
    request.plan = draft().plan();
    request.source = draft().sourceOptions();
    for (const CollectionFacts& facts : draft().allFacts())
        respectStrictMode(request.source, facts.info);
    request.target = draft().targetOptions();
    request.verifier = makeVerifier();
    request.findings = draft().findings();
    if (draft().startChoice() == StartChoice::Resume)
        request.resumeRunId = draft().runId();
    draft().setCommitted(true);
    m_startedAt = services().now();
    m_view->setPlan(request.plan);
    run().start(std::move(request));
    refreshState();
}

void RunPage::startOrResume()
{
    messages().clear();
    m_keyRow->hide();
    m_startedAt = services().now();
    if (run().hasStarted())
        run().startAgain();
    else
        startRun();
}

void RunPage::refresh()
{
    if (!run().hasStarted())
        return;
    m_view->setAborting(run().isAborting());
    m_view->setProgress(run().state(), run().progress(), run().samples());
    emit progressTitleChanged(run().isRunning() ? m_view->progressTitle() : QString());
    emit stepChanged();
}

void RunPage::refreshState()
{
    if (!run().hasStarted())
        return;
    const RunState state = run().state();
    RunView::Offer offer = RunView::Offer::Nothing;
    if (run().isRunning()) {
        m_awake.inhibit(tr("Moving points to PostgreSQL"));
        messages().clear();
        m_keyRow->hide();
        offer = state == RunState::Copying || state == RunState::BuildingIndexes ? RunView::Offer::Pause
            : state == RunState::Paused || state == RunState::Pausing            ? RunView::Offer::Continue
            : state == RunState::Cancelling                                      ? RunView::Offer::Stopping
                                                                                 : RunView::Offer::Nothing;
        // The comparison can be watched on the next page.
        setState(state == RunState::Verifying || state == RunState::Finishing ? State::Idle : State::Blocked);
    } else {
        m_awake.release();
        offer = run().canContinue()     ? RunView::Offer::Resume
            : state == RunState::Failed ? RunView::Offer::TryAgain
                                        : RunView::Offer::Ended;
        setState(State::Idle);
    }
    m_view->setOffer(offer);
    refresh();
}

void RunPage::showEnd()
{
    refreshState();
    const RunReport& report = *run().report();
    const bool wanted = services().settings.value(SettingKey::NotifyWhenDone).toBool();
    const auto waited = std::chrono::duration_cast<std::chrono::milliseconds>(services().now() - m_startedAt);
    if (Notifier::isWorthTelling(waited, window()->isActiveWindow(), wanted))
        Notifier::tell(window(), runStateText(run().state()), report.verdict());
}

void RunPage::showEndMessage()
{
    const RunReport& report = *run().report();
    if (report.error && run().state() == RunState::Failed) {
        Error error = *report.error;
        if (run().canContinue())
            error.hint += (error.hint.isEmpty() ? QString() : QStringLiteral(" "))
                + tr("What is stored stays; resuming continues from there.");
        messages().showError(error);
        if (report.runId.isEmpty() && draft().startChoice() != StartChoice::Resume)
            messages().addAction(QStringLiteral("backToReviewPushButton"), tr("&Back to the choices"),
                [this] { backToReview(); });
        if (error.kind == ErrorKind::Authentication && error.sqlState.isEmpty()) {
            m_keyRow->show();
            m_key->setFocus(Qt::OtherFocusReason);
        }
        return;
    }
    switch (report.mood()) {
    case ReportMood::Good:
        messages().showMessage(Status::Ok, report.verdict(), tr("Next leads to the details and the report."));
        break;
    case ReportMood::Stopped:
        messages().showMessage(Status::Note, report.verdict());
        break;
    case ReportMood::Attention:
    case ReportMood::Bad:
        messages().showMessage(report.mood() == ReportMood::Bad ? Status::Problem : Status::Warning,
            report.verdict(), tr("Next leads to the details and the report."));
        break;
    }
}

void RunPage::askAbort()
{
    Question question;
    question.title = tr("Abort the run");
    question.text = tr("Drop the pages in flight and end now?");
    question.detail = tr("Stop finishes them first and takes a moment longer. After both the run can be "
                         "resumed without loss.");
    question.answers = {tr("Abort"), tr("Keep running")};
    services().dialogs.ask(this, question, [this](int answer) {
        if (answer == 0)
            run().abort();
    });
}

void RunPage::askStop()
{
    Question question;
    question.title = tr("Stop the run");
    question.text = tr("Stop after the pages in flight?");
    question.detail = tr("What is stored stays, and the run can be resumed.");
    question.answers = {tr("Stop"), tr("Keep running")};
    services().dialogs.ask(this, question, [this](int answer) {
        if (answer == 0)
            run().stop();
    });
}

bool RunPage::cancelOperation()
{
    if (!run().isRunning() || run().state() == RunState::Cancelling)
        return false;
    askStop();
    return true;
}

bool RunPage::mayClose()
{
    return mayCloseWindow(*m_session, services().dialogs, this);
}

int RunPage::nextId() const
{
    // A run that did not get there has nothing to compare; its report says so.
    const RunState state = run().progress().state;
    const bool skipsVerify = state == RunState::Failed || state == RunState::Cancelled;
    const int report = static_cast<int>(PageId::Report);
    if (skipsVerify && wizard() && wizard()->page(report))
        return report;
    return BasePage::nextId();
}

void RunPage::openRejects()
{
    if (!m_rejects)
        m_rejects = new RejectsDialog(services(), m_session, this);
    m_rejects->open();
}

void RunPage::backToReview()
{
    m_leftForReview = true;
    draft().setCommitted(false);
    messages().clear();
    const bool review = wizard() && wizard()->page(static_cast<int>(PageId::Review));
    emit jumpRequested(review ? PageId::Review : PageId::Collections);
}

void RunPage::retranslate()
{
    setHeader(tr("Moving the points"),
        tr("Points are read, converted and loaded at once. You can pause or stop at any time and resume "
           "later; nothing is stored twice."));
    m_keyLabel->setText(tr("New API &key"));
    m_keyUse->setText(tr("&Use it and resume"));
    m_logFold->setTitle(tr("&Log"));
    m_log->retranslate();
    m_view->retranslate();
}

} // namespace qdrant2pg
