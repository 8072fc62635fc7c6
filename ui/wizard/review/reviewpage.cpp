// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/review/reviewpage.h"

#include "core/plan/mappingedits.h"
#include "ui/models/findingsmodel.h"
#include "ui/services/dialogs.h"
#include "ui/services/settings.h"
#include "ui/widgets/flowlayout.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/sqlview.h"
#include "ui/widgets/statuslabel.h"
#include "ui/wizard/plandraft.h"
#include "ui/wizard/review/findingsview.h"
#include "ui/wizard/review/runoptionsform.h"

#include <QApplication>
#include <QCheckBox>
#include <QClipboard>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace qdrant2pg {

namespace {
constexpr int hashDigits = 16;
/// Lines of statements that are visible at once.
constexpr int statementLines = 14;
/// Longer names are cut in the table of needs; their tool tip has them whole.
constexpr int nameCharacters = 30;
constexpr int numberCharacters = 14;
} // namespace

ReviewPage::ReviewPage(const PageContext& context)
    : BasePage(PageId::Review, context)
    , m_controller(context.draft, context.services.threads)
    , m_findings(new FindingsModel(this))
{
    setObjectName(QStringLiteral("reviewPage"));
    setCommitPage(true);
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    style::tighten(layout, this, 1.5);
    buildSummary(layout);
    m_findingsTitle = heading(layout, "findingsTitleLabel");
    m_findingsView = new FindingsView(m_controller, *m_findings, content);
    m_findingsView->setObjectName(QStringLiteral("findingsView"));
    layout->addWidget(m_findingsView);
    m_confirmations = new QWidget(content);
    m_confirmationLayout = new QVBoxLayout(m_confirmations);
    style::tighten(m_confirmationLayout, this, 1);
    layout->addWidget(m_confirmations);
    m_runTitle = heading(layout, "runTitleLabel");
    m_run = new RunOptionsForm(content);
    m_run->setObjectName(QStringLiteral("runOptionsForm"));
    layout->addWidget(m_run);
    buildPlan(layout);
    layout->addStretch();
    setContent(content, Scrolling::Scrolls);

    connect(&m_controller, &ReviewController::changed, this, &ReviewPage::refresh);
    connect(&m_controller, &ReviewController::checked, this, &ReviewPage::finish);
    connect(&m_controller, &ReviewController::progress, this, [this](const QString& text) {
        if (state() == State::Checking)
            messages().showMessage(Status::Checking, text, tr("Nothing is written. Esc cancels."));
    });
    connect(this, &BasePage::stateChanged, this, &ReviewPage::refreshState);
    connect(m_run, &RunOptionsForm::edited, this, [this](const RunPlan& run) { draft().setRun(run); });
    connect(m_findingsView, &FindingsView::fixRequested, this, [this](const Finding& finding) {
        if (const auto fixed = m_controller.applyFinding(finding); !fixed) {
            messages().showError(fixed.error());
            return;
        }
        if (state() != State::Checking)
            check();
    });
    connect(m_findingsView, &FindingsView::placeRequested, this, &ReviewPage::showPlace);
    connect(&draft(), &PlanDraft::planChanged, this, [this] {
        if (!isVisible())
            return;
        const bool wasChecking = state() == State::Checking;
        if (wasChecking)
            invalidate();
        m_controller.reconsider();
        if (wasChecking)
            check();
    });
    retranslate();
}

ReviewPage::~ReviewPage() = default;

QLabel* ReviewPage::heading(QVBoxLayout* layout, const char* name)
{
    auto* label = new QLabel(this);
    label->setObjectName(QLatin1String(name));
    label->setFont(style::scaledFont(this, 1.15, QFont::DemiBold));
    layout->addSpacing(style::unit(this));
    layout->addWidget(label);
    return label;
}

void ReviewPage::buildSummary(QVBoxLayout* layout)
{
    m_summary = style::textLabel(this, QStringLiteral("summaryLabel"));
    m_summary->setFont(style::scaledFont(this, 1.15, QFont::DemiBold));
    layout->addWidget(m_summary);
    auto* verdict = new QHBoxLayout;
    style::tighten(verdict, this, 1);
    m_verdictStatus = new StatusLabel(this);
    m_verdictStatus->setObjectName(QStringLiteral("verdictStatusLabel"));
    m_verdict = style::textLabel(this, QStringLiteral("verdictLabel"));
    m_again = new QPushButton(this);
    m_again->setObjectName(QStringLiteral("checkAgainPushButton"));
    m_verdictStatus->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    verdict->addWidget(m_verdictStatus, 0, Qt::AlignVCenter);
    verdict->addWidget(m_verdict, 1);
    m_again->setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    verdict->addStretch();
    verdict->addWidget(m_again, 0, Qt::AlignTop);
    layout->addLayout(verdict);
    m_steps = style::textLabel(this, QStringLiteral("stepsLabel"));
    m_steps->setTextFormat(Qt::PlainText);
    layout->addWidget(m_steps);
    m_needsTitle = heading(layout, "needsTitleLabel");
    m_needs = style::textLabel(this, QStringLiteral("needsLabel"));
    layout->addWidget(m_needs);
    m_estimateView = new QTableView(this);
    m_estimateView->setObjectName(QStringLiteral("estimateTableView"));
    m_estimateView->setModel(&m_estimates);
    style::prepareTable(m_estimateView);
    QList<std::pair<int, int>> widths;
    for (int column = 0; column < m_estimates.columnCount(); ++column) {
        const bool name = column == EstimateModel::Collection || column == EstimateModel::Table;
        widths.append({column, name ? nameCharacters : numberCharacters});
    }
    style::setColumnWidths(m_estimateView, widths);
    m_estimateView->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    layout->addWidget(m_estimateView);
    connect(m_again, &QPushButton::clicked, this, [this] {
        m_fresh = true;
        if (state() != State::Checking)
            check();
    });
}

void ReviewPage::buildPlan(QVBoxLayout* layout)
{
    m_statementsTitle = heading(layout, "statementsTitleLabel");
    m_sql = new SqlView(QStringLiteral("ddlPlainTextEdit"), this);
    m_sql->setMinimumHeight(QFontMetrics(style::fixedFont()).lineSpacing() * statementLines);
    layout->addWidget(m_sql);
    m_planTitle = heading(layout, "planTitleLabel");
    m_hash = style::textLabel(this, QStringLiteral("planHashLabel"));
    layout->addWidget(m_hash);
    auto* buttons = new FlowLayout(style::unit(this));
    const auto button = [&](const char* name, Icon which) {
        auto* made = new QPushButton(icon(which), QString(), this);
        made->setObjectName(QLatin1String(name));
        buttons->addWidget(made);
        return made;
    };
    m_savePlan = button("savePlanPushButton", Icon::Save);
    m_saveSql = button("saveSqlPushButton", Icon::Document);
    m_copyCommand = button("copyCommandPushButton", Icon::Copy);
    layout->addLayout(buttons);
    m_done = style::helpLabel(this, QStringLiteral("planDoneLabel"), false);
    m_done->hide();
    layout->addWidget(m_done);
    connect(m_savePlan, &QPushButton::clicked, this, [this] { save(false); });
    connect(m_saveSql, &QPushButton::clicked, this, [this] { save(true); });
    connect(m_copyCommand, &QPushButton::clicked, this, &ReviewPage::copyCommand);
}

QString ReviewPage::stepName() const
{
    return tr("Review");
}

QString ReviewPage::stepChoice() const
{
    switch (m_controller.readiness()) {
    case ReviewController::Readiness::Unchecked:
        return {};
    case ReviewController::Readiness::Blocked:
        return tr("%n problem(s)", nullptr, m_findings->count(Severity::Blocker));
    case ReviewController::Readiness::Unacknowledged:
        return tr("%n warning(s) to read", nullptr, m_findings->count(Severity::Warning));
    case ReviewController::Readiness::Unconfirmed:
        return tr("a table name to type");
    case ReviewController::Readiness::Ready:
        return tr("ready to start");
    }
    return {};
}

QString ReviewPage::helpText() const
{
    return tr(
        "<h3>Review</h3><p>Everything that will happen, before it happens. The page reads both servers once "
        "more and tries to write a scratch table, which it takes back; nothing else is written before "
        "<b>Start migration</b>.</p><p><b>Problems</b> must be fixed; many have a button that does it. "
        "<b>Warnings</b> are acknowledged by one check box a group. A table that will be replaced is "
        "confirmed "
        "by typing its name.</p><p><b>Save plan</b> and <b>Copy as command line</b> take the same migration "
        "to a server or a script; neither holds a password or key.</p>");
}

void ReviewPage::entered()
{
    m_fresh = true;
    m_controller.forget();
    m_done->hide();
    setState(State::Idle);
    refresh();
    check();
}

void ReviewPage::left()
{
    if (state() == State::Checking)
        invalidate();
}

QWidget* ReviewPage::firstFocus()
{
    // Arrow keys scroll, and Enter is the window's button once that may be pressed.
    return findChild<QWidget*>(QStringLiteral("pageScrollArea"));
}

void ReviewPage::focusWhatIsNext()
{
    const QWidget* focused = QApplication::focusWidget();
    if (!isVisible() || (focused && focused != firstFocus() && focused != m_again))
        return;
    QWidget* next = nullptr;
    switch (m_controller.readiness()) {
    case ReviewController::Readiness::Blocked:
        next = m_findingsView->findChild<QPushButton*>();
        break;
    case ReviewController::Readiness::Unacknowledged:
        next = m_findingsView->findChild<QCheckBox*>();
        break;
    case ReviewController::Readiness::Unconfirmed:
        next = m_confirmations->findChild<QLineEdit*>();
        break;
    case ReviewController::Readiness::Ready:
        next = wizard() ? wizard()->button(QWizard::CommitButton) : nullptr;
        break;
    case ReviewController::Readiness::Unchecked:
        break;
    }
    if (next)
        next->setFocus();
}

void ReviewPage::startCheck()
{
    messages().showMessage(Status::Checking, tr("Checking the plan against both servers…"),
        tr("Nothing is written. Esc cancels."));
    m_controller.check(std::exchange(m_fresh, false));
}

void ReviewPage::stopCheck()
{
    m_controller.cancel();
    // The next one must not take what was half read for the whole.
    m_fresh = true;
}

void ReviewPage::finish(const std::optional<Error>& error)
{
    messages().clear();
    if (error) {
        m_fresh = true;
        checkFailed(*error);
        return;
    }
    // No moving on by itself: the person reads what was found and then presses the button.
    setState(State::Idle);
    refresh();
    focusWhatIsNext();
}

bool ReviewPage::commitPage()
{
    if (draft().isCommitted())
        return false;
    if (m_controller.readiness() == ReviewController::Readiness::Ready)
        return true;
    refreshState();
    return false;
}

void ReviewPage::refresh()
{
    QList<Finding> findings = m_controller.findings();
    // The table of needs says it better.
    findings.removeIf([](const Finding& finding) { return finding.code == QLatin1String("estimate"); });
    if (!std::equal(findings.begin(), findings.end(), m_findings->findings().begin(),
            m_findings->findings().end(), [](const Finding& a, const Finding& b) {
                return a.code == b.code && a.path == b.path && a.text == b.text && a.hint == b.hint;
            }))
        m_findings->setFindings(findings);
    m_findingsView->refresh();
    m_findingsTitle->setVisible(!findings.isEmpty());
    QList<EstimateModel::Row> rows;
    const MigrationPlan plan = draft().plan();
    for (const CollectionPlan& collection : plan.collections) {
        if (const auto& estimates = m_controller.estimates(); estimates.contains(collection.name))
            rows << EstimateModel::Row{collection.name, collection.table, estimates.value(collection.name)};
    }
    m_estimates.setRows(rows);
    int height = m_estimateView->horizontalHeader()->sizeHint().height() + 2 * m_estimateView->frameWidth();
    height += m_estimateView->verticalHeader()->defaultSectionSize()
        * static_cast<int>(std::max<qsizetype>(rows.size(), 1));
    m_estimateView->setMinimumHeight(height + style::unit(this) * 2);
    m_estimateView->setMaximumHeight(height + style::unit(this) * 2);
    for (QWidget* widget : {static_cast<QWidget*>(m_needsTitle), static_cast<QWidget*>(m_needs),
             static_cast<QWidget*>(m_estimateView)})
        widget->setVisible(!rows.isEmpty());
    m_needs->setText(m_controller.needs());
    m_summary->setText(m_controller.summary());
    QStringList steps;
    for (const QString& step : m_controller.steps())
        steps << QStringLiteral("\u2022 ") + step;
    // Long names may be broken at their underscores.
    m_steps->setText(steps.join(QLatin1Char('\n')).replace(QLatin1Char('_'), QStringLiteral("_\u200b")));
    m_run->setRun(draft().run(),
        std::any_of(plan.collections.begin(), plan.collections.end(),
            [](const CollectionPlan& collection) { return collection.mode == TableMode::Replace; }));
    const auto statements = m_controller.statements();
    m_sql->setSql(statements ? *statements : QStringLiteral("-- ") + statements.error().summary);
    m_hash->setText(tr("Plan %1").arg(m_controller.planHash().left(hashDigits)));
    m_hash->setToolTip(m_controller.planHash());
    refreshConfirmations();
    refreshState();
}

void ReviewPage::refreshConfirmations()
{
    const QStringList tables = m_controller.tablesToConfirm();
    m_confirmations->setVisible(!tables.isEmpty());
    if (tables == m_confirmationTables)
        return;
    m_confirmationTables = tables;
    while (QLayoutItem* item = m_confirmationLayout->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    for (const QString& table : tables) {
        auto* label = style::textLabel(m_confirmations, QStringLiteral("confirmTableLabel"));
        label->setText(
            tr("The table %1 and all its rows will be replaced. Type its name to confirm:").arg(table));
        auto* field = new QLineEdit(m_confirmations);
        field->setObjectName(QStringLiteral("confirmTableLineEdit"));
        field->setFont(style::fixedFont());
        field->setMaximumWidth(style::textWidth(this, 40));
        field->setAccessibleName(label->text());
        label->setBuddy(field);
        connect(field, &QLineEdit::textEdited, this,
            [this, table](const QString& text) { m_controller.setTyped(table, text); });
        m_confirmationLayout->addWidget(label);
        m_confirmationLayout->addWidget(field);
    }
}

void ReviewPage::refreshState()
{
    if (state() == State::Checking) {
        m_verdictStatus->setStatus(Status::Checking);
        m_verdict->setText(tr("Nothing has been written yet. Both servers are being looked at."));
        m_again->setEnabled(false);
        return;
    }
    m_again->setEnabled(true);
    const auto show = [this](State next, Status status, const QString& text) {
        setState(next);
        m_verdictStatus->setStatus(status);
        m_verdict->setText(text);
    };
    switch (m_controller.readiness()) {
    case ReviewController::Readiness::Unchecked:
        show(State::Idle, Status::Waiting,
            tr("Nothing has been written yet. The plan has not been checked as it is now."));
        break;
    case ReviewController::Readiness::Blocked:
        show(State::Blocked, Status::Problem,
            tr("This plan cannot run: %n problem(s) must be fixed first. Nothing has been written.", nullptr,
                m_findings->count(Severity::Blocker)));
        break;
    case ReviewController::Readiness::Unacknowledged:
        show(State::Blocked, Status::Warning,
            tr("%n warning(s) must be read and acknowledged below. Nothing has been written.", nullptr,
                m_findings->count(Severity::Warning)));
        break;
    case ReviewController::Readiness::Unconfirmed:
        show(State::Blocked, Status::Warning,
            tr("An existing table will be replaced: type its name below. Nothing has been written."));
        break;
    case ReviewController::Readiness::Ready:
        show(State::Ready, Status::Ok,
            tr("This plan can run. Nothing has been written yet; the button below starts it."));
        break;
    }
    emit stepChanged();
}

void ReviewPage::showPlace(const QString& path)
{
    const PlanPlace place = placeOfPath(draft().plan(), path);
    draft().setFocusPath(path);
    if (path.startsWith(QLatin1String("target")))
        emit jumpRequested(PageId::Target);
    else if (path.startsWith(QLatin1String("source")))
        emit jumpRequested(PageId::Source);
    else if (place.field == QLatin1String("filter"))
        emit jumpRequested(PageId::Collections);
    else
        emit jumpRequested(PageId::Mapping);
}

void ReviewPage::save(bool statements)
{
    FileRequest request;
    const QString name =
        draft().collections().isEmpty() ? QStringLiteral("plan") : draft().collections().first().table;
    request.folder = services().settings.text(SettingKey::LastPlanFolder);
    request.title = statements ? tr("Save the statements") : tr("Save the plan");
    request.suggestedName = name + (statements ? QStringLiteral(".sql") : QStringLiteral(".json"));
    request.filters = {statements ? tr("SQL (*.sql)") : tr("Plan files (*.json)")};
    request.defaultSuffix = statements ? QStringLiteral("sql") : QStringLiteral("json");
    services().dialogs.saveFile(this, request, [this, statements](const QString& path) {
        if (path.isEmpty())
            return;
        services().settings.setValue(SettingKey::LastPlanFolder, QFileInfo(path).absolutePath());
        const auto saved = statements ? m_controller.saveStatements(path) : m_controller.savePlan(path);
        if (!saved) {
            messages().showError(saved.error());
            return;
        }
        if (!statements)
            services().settings.setValue(SettingKey::LastPlanFile, path);
        m_done->setText(tr("Saved as %1.").arg(path));
        m_done->show();
    });
}

void ReviewPage::copyCommand()
{
    const QString command = m_controller.commandLine();
    if (command.isEmpty()) {
        m_done->setText(
            tr("The mapping was edited, and the command line takes such a plan from a file: save the "
               "plan first, then copy again."));
    } else {
        QApplication::clipboard()->setText(command);
        m_done->setText(tr("Copied. Keys and passwords are not in it: the command takes them from its "
                           "environment (QDRANT_API_KEY, PGPASSWORD) or from files."));
    }
    m_done->show();
}

void ReviewPage::retranslate()
{
    setHeader(tr("Is this what shall happen?"),
        tr("Nothing has been written so far. The migration begins with the button below, not before."));
    setButtonText(QWizard::CommitButton, tr("&Start migration"));
    m_needsTitle->setText(tr("What it needs"));
    m_findingsTitle->setText(tr("What the check found"));
    m_runTitle->setText(tr("How it runs"));
    m_statementsTitle->setText(tr("What is created"));
    m_planTitle->setText(tr("Take the plan along"));
    m_savePlan->setText(tr("Sa&ve plan…"));
    m_saveSql->setText(tr("Save &as .sql…"));
    m_copyCommand->setText(tr("&Copy as command line"));
    m_again->setText(tr("Chec&k again"));
    m_sql->setAccessibleTitle(tr("Statements that will run"));
    m_estimateView->setAccessibleName(tr("Needs of each collection"));
    m_estimates.retranslate();
    m_run->retranslate();
    refresh();
}

} // namespace qdrant2pg
