// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/verify/verifypage.h"

#include "ui/services/dialogs.h"
#include "ui/widgets/bardelegate.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/run/closequestion.h"

#include <QComboBox>
#include <QHBoxLayout>
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

const QStringList& levels()
{
    static const QStringList names{
        QStringLiteral("counts"), QStringLiteral("digest"), QStringLiteral("full")};
    return names;
}

} // namespace

VerifyPage::VerifyPage(const PageContext& context, std::shared_ptr<MigrationSession> session)
    : BasePage(PageId::Verify, context)
    , m_session(std::move(session))
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
    const std::pair<int, int> widths[] = {{VerificationModel::Collection, 22}, {VerificationModel::Level, 22},
        {VerificationModel::Share, 14}, {VerificationModel::Result, 18}, {VerificationModel::Rows, 20}};
    for (const auto& [column, characters] : widths)
        m_resultTable->setColumnWidth(column, style::textWidth(this, characters));
    m_resultTable->horizontalHeader()->setStretchLastSection(true);
    layout->addWidget(m_resultTable);

    auto* again = new QHBoxLayout;
    style::tighten(again, this, 1);
    m_levelLabel = new QLabel(content);
    m_level = new QComboBox(content);
    m_level->setObjectName(QStringLiteral("levelComboBox"));
    m_level->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    for (const QString& level : levels())
        m_level->addItem(verifyLevelText(level), level);
    m_levelLabel->setBuddy(m_level);
    m_compare = new QPushButton(content);
    m_compare->setObjectName(QStringLiteral("compareAgainPushButton"));
    m_compare->setIcon(icon(Icon::Refresh));
    m_cancel = new QPushButton(content);
    m_cancel->setObjectName(QStringLiteral("cancelComparisonPushButton"));
    m_cancel->setIcon(icon(Icon::Stop));
    again->addWidget(m_levelLabel);
    again->addWidget(m_level);
    again->addWidget(m_compare);
    again->addWidget(m_cancel);
    again->addStretch();
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
    const std::pair<int, int> mismatchWidths[] = {{MismatchModel::Collection, 18}, {MismatchModel::Type, 22},
        {MismatchModel::PointId, 24}, {MismatchModel::ColumnName, 14}, {MismatchModel::SourceValue, 30}};
    for (const auto& [column, characters] : mismatchWidths)
        m_mismatchTable->setColumnWidth(column, style::textWidth(this, characters));
    m_mismatchTable->horizontalHeader()->setStretchLastSection(true);
    layout->addWidget(m_mismatchTable, 1);
    layout->addStretch();
    setContent(content, Scrolling::Fills);

    connect(m_level, &QComboBox::currentIndexChanged, this, &VerifyPage::showMeaning);
    connect(m_compare, &QPushButton::clicked, this, &VerifyPage::compareAgain);
    connect(m_cancel, &QPushButton::clicked, this, [this] { cancelOperation(); });
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
            tr("It only reads; nothing was changed. The result of the one before is shown."));
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
    return tr(
        "<h3>Verify</h3><p>Source and target are compared, reading only, at one of three levels:</p>"
        "<ul><li><b>Counts</b>: %1</li><li><b>Digest</b>: %2</li><li><b>Full</b>: %3</li></ul>"
        "<p>A difference after the copy can mean that Qdrant was written to meanwhile: level full tells "
        "such points apart where it can.</p>")
        .arg(verifyLevelMeaning(levels().at(0)), verifyLevelMeaning(levels().at(1)),
            verifyLevelMeaning(levels().at(2)));
}

void VerifyPage::entered()
{
    const QString planned = verifyLevelName(run().order().request.plan.run.verify);
    // What proves more than the run's own level comes to mind next.
    const int suggested = std::clamp(int(levels().indexOf(planned)) + 1, 1, int(levels().size()) - 1);
    if (!verification().isRunning())
        m_level->setCurrentIndex(suggested);
    refresh();
}

QWidget* VerifyPage::firstFocus()
{
    return m_resultTable;
}

void VerifyPage::refresh()
{
    m_live = run().isRunning();
    if (m_live) {
        QStringList names;
        for (const CollectionPlan& plan : run().order().request.plan.collections)
            names << plan.name;
        m_results.setWaiting(names, verifyLevelName(run().order().request.plan.run.verify));
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
    m_cancel->hide();
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
    if (has && !report.collections.isEmpty()) {
        if (report.isDifferent())
            messages().showMessage(Status::Problem, report.verdict(),
                differs ? tr("Each difference is listed below.")
                        : tr("Compare again at level Full to learn which points differ."));
        else if (report.isGood()
            && report.collections.first().verification.result == QLatin1String("identical"))
            messages().showMessage(Status::Ok, report.verdict());
        else
            messages().showMessage(Status::Note, report.verdict(), tr("You can compare now."));
    }
    const bool canCompare = has && run().canCompare();
    m_compare->setEnabled(canCompare);
    m_level->setEnabled(canCompare);
    m_compare->show();
    m_cancel->hide();
    setState(State::Idle);
    emit stepChanged();
}

QString VerifyPage::chosenLevel() const
{
    return m_level->currentData().toString();
}

void VerifyPage::compareAgain()
{
    if (!run().canCompare() || verification().isRunning())
        return;
    messages().clear();
    VerifyRequest request;
    request.plan = run().order().request.plan;
    request.plan.target.ledgerSchema = run().ledgerSchema();
    request.source = run().order().request.source;
    request.target = run().order().request.target;
    request.runId = run().runId();
    request.level = verifyLevelFromName(chosenLevel()).value_or(VerifyLevel::Full);
    request.outDir = run().folder();
    QStringList names;
    for (const CollectionPlan& plan : request.plan.collections)
        names << plan.name;
    m_results.setWaiting(names, chosenLevel());
    m_mismatches.clear();
    m_mismatchTitle->hide();
    m_mismatchHint->hide();
    m_mismatchTable->hide();
    m_compare->hide();
    m_cancel->show();
    m_level->setEnabled(false);
    setState(State::Blocked);
    verification().start(request);
    m_cancel->setFocus(Qt::OtherFocusReason);
    emit stepChanged();
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
    m_cancel->setText(tr("&Cancel the comparison"));
    m_resultTable->setAccessibleName(tr("Result by collection"));
    m_mismatchTable->setAccessibleName(tr("Differences"));
    showMeaning();
}

} // namespace qdrant2pg
