// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/verify/verifypage.h"

#include "ui/services/dialogs.h"
#include "ui/services/runrecords.h"
#include "ui/widgets/bardelegate.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/sectionfold.h"
#include "ui/wizard/plandraft.h"
#include "ui/wizard/run/closequestion.h"
#include "ui/wizard/run/rejectsdialog.h"
#include "ui/wizard/verify/sampleview.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace qdrant2pg {

namespace {

constexpr int mostVisibleResults = 8;
constexpr int visibleMismatches = 6;
const QString searchLevel = QStringLiteral("search");

const QStringList& levels()
{
    static const QStringList names{
        QStringLiteral("counts"), QStringLiteral("digest"), QStringLiteral("full"), searchLevel};
    return names;
}

QStringList collectionsOf(const MigrationPlan& plan)
{
    QStringList names;
    for (const CollectionPlan& collection : plan.collections)
        names << collection.name;
    return names;
}

bool nothingWasCompared(const RunReport& report)
{
    return std::any_of(
        report.collections.begin(), report.collections.end(), [](const ReportCollection& collection) {
            return collection.verification.result == QLatin1String("not-run")
                || collection.verification.result == QLatin1String("failed");
        });
}

bool replacesTables(const MigrationPlan& plan)
{
    return std::any_of(plan.collections.begin(), plan.collections.end(),
        [](const CollectionPlan& collection) { return collection.mode == TableMode::Replace; });
}

} // namespace

VerifyPage::VerifyPage(const PageContext& context, std::shared_ptr<MigrationSession> session)
    : BasePage(PageId::Verify, context)
    , m_session(std::move(session))
    , m_opening(context.services.threads)
{
    setObjectName(QStringLiteral("verifyPage"));
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    style::tighten(layout, this, 1.5);

    m_resultTable = new QTableView(content);
    m_resultTable->setObjectName(QStringLiteral("verificationTableView"));
    m_resultTable->setModel(&m_results);
    style::prepareTable(m_resultTable);
    m_resultTable->setItemDelegateForColumn(
        VerificationModel::Share, new BarDelegate(VerificationModel::ShareRole, m_resultTable));
    style::setColumnWidths(m_resultTable,
        {{VerificationModel::Collection, 20}, {VerificationModel::Level, 23}, {VerificationModel::Share, 12},
            {VerificationModel::Result, 21}, {VerificationModel::Rows, 16},
            {VerificationModel::Sentence, 40}});
    layout->addWidget(m_resultTable);

    auto* again = new FlowLayout(style::unit(this));
    m_levelLabel = new QLabel(content);
    m_level = new QComboBox(content);
    m_level->setObjectName(QStringLiteral("levelComboBox"));
    m_level->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    for (const QString& level : levels())
        m_level->addItem(verifyLevelText(level), level);
    m_levelLabel->setBuddy(m_level);
    again->addPair(m_levelLabel, m_level);
    const auto button = [&](const char* name, Icon which) {
        auto* made = new QPushButton(content);
        made->setObjectName(QLatin1String(name));
        made->setIcon(icon(which));
        again->addWidget(made);
        return made;
    };
    m_compare = button("compareAgainPushButton", Icon::Refresh);
    m_recheck = button("recheckPushButton", Icon::Refresh);
    m_showRejects = button("showRejectsPushButton", Icon::List);
    m_cancel = button("cancelComparisonPushButton", Icon::Stop);
    layout->addLayout(again);
    m_meaning = style::helpLabel(content, QStringLiteral("levelMeaningLabel"));
    layout->addWidget(m_meaning);

    m_mismatchTitle = new QLabel(content);
    m_mismatchTitle->setObjectName(QStringLiteral("mismatchTitleLabel"));
    m_mismatchTitle->setFont(style::scaledFont(m_mismatchTitle, 1.1, QFont::DemiBold));
    layout->addWidget(m_mismatchTitle);
    m_mismatchHint = style::helpLabel(content, QStringLiteral("mismatchHintLabel"));
    m_mismatchHint->setTextInteractionFlags(Qt::TextSelectableByMouse);
    layout->addWidget(m_mismatchHint);
    m_mismatchTable = new QTableView(content);
    m_mismatchTable->setObjectName(QStringLiteral("mismatchesTableView"));
    m_mismatchTable->setModel(&m_mismatches);
    style::prepareTable(m_mismatchTable);
    style::setColumnWidths(m_mismatchTable, mismatchColumns());
    m_mismatchTable->setMinimumHeight(
        m_mismatchTable->verticalHeader()->defaultSectionSize() * (visibleMismatches + 1));
    layout->addWidget(m_mismatchTable, 1);
    m_sampleFold = new SectionFold(QStringLiteral("sampleToolButton"), content);
    m_sample = new SampleView;
    m_sampleFold->setContent(m_sample);
    layout->addWidget(m_sampleFold);
    layout->addStretch();
    setContent(content, Scrolling::Scrolls);

    connect(m_level, &QComboBox::currentIndexChanged, this, &VerifyPage::showMeaning);
    connect(m_compare, &QPushButton::clicked, this, &VerifyPage::compareAgain);
    connect(m_recheck, &QPushButton::clicked, this, &VerifyPage::recheck);
    connect(m_showRejects, &QPushButton::clicked, this, &VerifyPage::openRejects);
    connect(m_cancel, &QPushButton::clicked, this, [this] { cancelOperation(); });
    connect(m_sample, &SampleView::wanted, this, [this](const QString& collection, int rows, int seed) {
        verification().sample(run().verifyRequest(VerifyLevel::Full), collection, rows, seed);
    });
    connect(&verification(), &VerifyController::sampled, m_sample, &SampleView::setSample);
    connect(&verification(), &VerifyController::sampleFailed, m_sample, &SampleView::setTrouble);
    connect(&verification(), &VerifyController::searched, this,
        [this](const QList<SearchComparison>& searches) { run().adoptSearches(searches); });
    connect(&run(), &RunController::progressed, this, [this] {
        if (m_live)
            showLive();
    });
    connect(&run(), &RunController::reportChanged, this, &VerifyPage::refresh);
    connect(&verification(), &VerifyController::progressed, &m_results, &VerificationModel::setRunning);
    connect(&verification(), &VerifyController::finished, this,
        [this](const QList<VerificationOutcome>& outcomes) { run().adoptVerification(outcomes); });
    connect(&verification(), &VerifyController::failed, this, [this](const Error& error) {
        showReport();
        messages().showError(error);
        messages().addAction(
            QStringLiteral("tryAgainPushButton"), tr("&Try again"), [this] { compareAgain(); });
    });
    connect(&verification(), &VerifyController::cancelled, this, [this] {
        showReport();
        messages().showMessage(Status::Note, tr("The comparison was cancelled."),
            tr("It only reads; nothing was changed. The result of the one before is shown, and counts."));
    });
    retranslate();
}

QString VerifyPage::stepName() const
{
    return tr("Verify");
}

QString VerifyPage::stepChoice() const
{
    if (!run().report() || run().report()->collections.isEmpty())
        return {};
    if (verification().isRunning())
        return tr("Comparing again");
    if (run().report()->isDifferent())
        return tr("Differences found");
    const ReportVerification& first = run().report()->collections.first().verification;
    return first.result == QLatin1String("identical") ? verifyLevelText(first.level) : QString();
}

QString VerifyPage::helpText() const
{
    QString list;
    for (const QString& level : levels())
        list +=
            QStringLiteral("<li><b>%1</b>: %2</li>").arg(verifyLevelText(level), verifyLevelMeaning(level));
    return tr(
        "<h3>Verify</h3><p>Source and target are compared, reading only, at one of these levels:</p>"
        "<ul>%1</ul><p>A difference after the copy can mean that Qdrant was written to meanwhile: level "
        "full tells such points apart where it can. <b>Compare differences again</b> reads only the "
        "points that were named, on both sides.</p><p><b>Rows side by side</b> shows a few rows, to see "
        "for yourself.</p><p>You can go on without comparing; the report then says so.</p>")
        .arg(list);
}

void VerifyPage::entered()
{
    if (draft().startChoice() == StartChoice::Verify && !verification().isRunning()) {
        if (!run().report() || run().runId() != draft().runId()) {
            openRun();
            return;
        }
        // The ways to the two ends may be others than before.
        const RunReport report = *run().report();
        adopt(report);
    }
    showRun();
}

void VerifyPage::showRun()
{
    const QString planned = verifyLevelName(run().request().plan.run.verify);
    // What proves more than the run's own level comes to mind next.
    const int suggested = std::clamp(int(levels().indexOf(planned)) + 1, 1, int(levels().size()) - 1);
    if (!verification().isRunning())
        m_level->setCurrentIndex(suggested);
    m_sample->setCollections(collectionsOf(run().request().plan));
    refresh();
}

void VerifyPage::openRun()
{
    setState(State::Blocked);
    m_compare->setEnabled(false);
    m_level->setEnabled(false);
    m_opening.start([path = draft().reportPath()](const JobControl&) { return readReportFile(path); },
        [this](const Result<RunReport>& report) {
            if (report) {
                adopt(*report);
                showRun();
                return;
            }
            messages().showError(report.error());
            messages().addAction(
                QStringLiteral("tryAgainPushButton"), tr("&Try again"), [this] { openRun(); });
        });
}

void VerifyPage::adopt(const RunReport& report)
{
    RunRequest request;
    request.plan = draft().plan();
    request.source = draft().sourceOptions();
    request.target = draft().targetOptions();
    draft().setCommitted(true);
    run().open(std::move(request), report);
}

QWidget* VerifyPage::firstFocus()
{
    return m_resultTable;
}

void VerifyPage::refresh()
{
    m_live = run().isRunning();
    if (m_live) {
        m_results.setWaiting(
            collectionsOf(run().request().plan), verifyLevelName(run().request().plan.run.verify));
        showLive();
        setState(State::Blocked);
    } else {
        showReport();
    }
    emit stepChanged();
}

void VerifyPage::showLive()
{
    for (const StageProgress& stage : run().progress().stages) {
        if (stage.stage == QLatin1String("verify"))
            m_results.setRunning(stage.collection, stage.fraction, stage.note);
    }
    m_compare->setEnabled(false);
    m_recheck->hide();
    m_showRejects->hide();
    m_cancel->hide();
    m_sample->setReady(false);
    m_mismatchTitle->hide();
    m_mismatchHint->hide();
    m_mismatchTable->hide();
}

void VerifyPage::showReport()
{
    const bool has = run().report().has_value();
    const RunReport report = run().report().value_or(RunReport());
    m_results.setReport(report);
    m_mismatches.setReport(report);
    const bool differs = m_mismatches.rowCount() > 0;
    m_mismatchTitle->setVisible(differs);
    m_mismatchTable->setVisible(differs);
    QStringList files;
    for (const ReportCollection& collection : report.collections) {
        if (!collection.verification.mismatchFile.isEmpty())
            files << collection.verification.mismatchFile;
    }
    m_mismatchHint->setVisible(differs);
    m_mismatchTitle->setText(tr("%n difference(s)", nullptr, int(m_mismatches.total())));
    m_mismatchHint->setText(files.isEmpty() ? tr("The first of each collection are listed.")
                                            : tr("All of them: %1").arg(files.join(QStringLiteral(", "))));
    const int rowHeight = m_resultTable->verticalHeader()->defaultSectionSize();
    m_resultTable->setMaximumHeight(
        rowHeight * (std::min(m_results.rowCount(), mostVisibleResults) + 2) + rowHeight / 2);

    messages().clear();
    if (has && !report.collections.isEmpty())
        showVerdict(report);
    const bool canCompare = has && run().canCompare();
    m_compare->setEnabled(canCompare);
    m_level->setEnabled(canCompare);
    m_compare->show();
    m_recheck->setVisible(differs);
    m_showRejects->setVisible(!report.rejects.isEmpty());
    m_recheck->setEnabled(canCompare);
    m_sample->setReady(canCompare);
    m_cancel->hide();
    setState(State::Idle);
    emit stepChanged();
}

void VerifyPage::openRejects()
{
    if (!m_rejects)
        m_rejects = new RejectsDialog(services(), m_session, this);
    m_rejects->open();
}

void VerifyPage::showVerdict(const RunReport& report)
{
    if (report.isDifferent()) {
        messages().showMessage(Status::Problem, report.verdict(),
            m_mismatches.rowCount() > 0 ? tr("Each difference is listed below.")
                                        : tr("Compare again at level Full to learn which points differ."));
        return;
    }
    if (!nothingWasCompared(report) && report.isGood()) {
        messages().showMessage(Status::Ok, report.verdict());
        return;
    }
    // Going on is allowed; what that means is said before it is done.
    QString consequence = tr("You can compare now, or go on without it: then nothing proves that PostgreSQL "
                             "holds what Qdrant returned, and the report says so.");
    if (replacesTables(run().request().plan))
        consequence += QLatin1Char(' ')
            + tr("A new table takes the place of an old one only after you confirm it by name.");
    messages().showMessage(Status::Note, report.verdict(), consequence);
}

QString VerifyPage::chosenLevel() const
{
    return m_level->currentData().toString();
}

void VerifyPage::compareAgain()
{
    if (!run().canCompare() || verification().isRunning())
        return;
    showComparing(collectionsOf(run().request().plan), chosenLevel());
    if (chosenLevel() == searchLevel)
        verification().search(run().searchRequest());
    else
        verification().start(
            run().verifyRequest(verifyLevelFromName(chosenLevel()).value_or(VerifyLevel::Full)));
    m_cancel->setFocus(Qt::OtherFocusReason);
    emit stepChanged();
}

void VerifyPage::recheck()
{
    if (!run().canCompare() || !run().report() || verification().isRunning())
        return;
    QStringList names;
    for (const ReportCollection& collection : run().report()->collections) {
        if (!collection.verification.mismatches.isEmpty())
            names << collection.name;
    }
    showComparing(names, verifyLevelName(VerifyLevel::Full));
    verification().startAgain(run().verifyRequest(VerifyLevel::Full), *run().report());
    m_cancel->setFocus(Qt::OtherFocusReason);
    emit stepChanged();
}

void VerifyPage::showComparing(const QStringList& waiting, const QString& level)
{
    messages().clear();
    m_results.setWaiting(waiting, level);
    m_mismatches.clear();
    m_mismatchTitle->hide();
    m_mismatchHint->hide();
    m_mismatchTable->hide();
    m_compare->hide();
    m_recheck->hide();
    m_showRejects->hide();
    m_cancel->show();
    m_level->setEnabled(false);
    setState(State::Blocked);
}

bool VerifyPage::cancelOperation()
{
    if (!verification().isRunning())
        return false;
    verification().cancel();
    return true;
}

bool VerifyPage::mayClose()
{
    return mayCloseWindow(*m_session, services().dialogs, this);
}

void VerifyPage::showMeaning()
{
    m_meaning->setText(verifyLevelMeaning(chosenLevel()));
}

void VerifyPage::retranslate()
{
    setHeader(tr("Is everything there?"),
        tr("Source and target are compared, reading only. Here is what was found, and you can compare "
           "again."));
    m_levelLabel->setText(tr("&Level"));
    for (int i = 0; i < m_level->count(); ++i)
        m_level->setItemText(i, verifyLevelText(m_level->itemData(i).toString()));
    m_compare->setText(tr("Compare &again"));
    m_recheck->setText(tr("Compare di&fferences again"));
    m_showRejects->setText(tr("Re&jected points…"));
    m_cancel->setText(tr("&Cancel the comparison"));
    m_sampleFold->setTitle(tr("&Rows side by side"));
    m_sample->retranslate();
    m_resultTable->setAccessibleName(tr("Result by collection"));
    m_mismatchTable->setAccessibleName(tr("Differences"));
    showMeaning();
}

} // namespace qdrant2pg
