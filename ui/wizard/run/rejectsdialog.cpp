// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/run/rejectsdialog.h"

#include "core/postgres/ledger.h"
#include "core/report/runfiles.h"
#include "ui/services/dialogs.h"
#include "ui/services/settings.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/style.h"
#include "ui/wizard/run/retrybar.h"

#include <QComboBox>
#include <QEvent>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QJsonDocument>
#include <QLabel>
#include <QLocale>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSplitter>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>
#include <utility>

namespace qdrant2pg {

namespace {
/// What the table shows; an export has all there are.
constexpr qsizetype mostRejects = 20'000;
constexpr QSize firstSize(940, 560);
} // namespace

RejectsDialog::RejectsDialog(Services& services, std::shared_ptr<MigrationSession> session, QWidget* parent)
    : QDialog(parent)
    , m_services(services)
    , m_session(std::move(session))
    , m_loading(services.threads)
    , m_writing(services.threads)
    , m_messages(new MessageBar(this))
    , m_summary(style::helpLabel(this, QStringLiteral("rejectsSummaryLabel"), false))
    , m_reasonLabel(new QLabel(this))
    , m_reason(new QComboBox(this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_table(new QTableView(m_splitter))
    , m_point(new QPlainTextEdit(this))
    , m_why(style::textLabel(this, QStringLiteral("reasonInFullLabel")))
    , m_retry(new RetryBar(this))
    , m_export(new QPushButton(this))
    , m_close(new QPushButton(this))
{
    setObjectName(QStringLiteral("rejectsDialog"));
    m_reason->setObjectName(QStringLiteral("reasonComboBox"));
    m_splitter->setObjectName(QStringLiteral("rejectsSplitter"));
    m_table->setObjectName(QStringLiteral("rejectsTableView"));
    m_point->setObjectName(QStringLiteral("rawPointPlainTextEdit"));
    m_export->setObjectName(QStringLiteral("exportRejectsPushButton"));
    m_close->setObjectName(QStringLiteral("closeRejectsPushButton"));
    m_reasonLabel->setBuddy(m_reason);
    m_reason->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_reason->setMinimumContentsLength(40);
    m_proxy.setSourceModel(&m_model);
    m_proxy.setFilterKeyColumn(RejectsModel::Reason);
    m_table->setModel(&m_proxy);
    style::prepareTable(m_table);
    style::setColumnWidths(m_table,
        {{RejectsModel::PointId, 20}, {RejectsModel::Collection, 16}, {RejectsModel::ColumnName, 12},
            {RejectsModel::Reason, 50}, {RejectsModel::SqlState, 10}});
    auto* side = new QWidget(m_splitter);
    auto* sideLayout = new QVBoxLayout(side);
    style::tighten(sideLayout, this, 1);
    sideLayout->addWidget(m_why);
    sideLayout->addWidget(m_point, 1);
    m_point->setReadOnly(true);
    m_point->setFont(style::fixedFont());
    m_point->setTabChangesFocus(true);
    m_splitter->setStretchFactor(0, 3);
    m_splitter->setStretchFactor(1, 2);
    m_splitter->setChildrenCollapsible(false);
    if (const auto kept =
            QByteArray::fromBase64(services.settings.text(SettingKey::RejectsSplitter).toLatin1());
        !kept.isEmpty())
        m_splitter->restoreState(kept);
    m_export->setIcon(icon(Icon::Save));

    const int unit = style::unit(this);
    auto* tools = new QHBoxLayout;
    style::tighten(tools, this, 1);
    tools->addWidget(m_reasonLabel);
    tools->addWidget(m_reason, 1);
    tools->addStretch();
    auto* buttons = new QHBoxLayout;
    style::tighten(buttons, this, 1);
    buttons->addWidget(m_export);
    buttons->addStretch();
    buttons->addWidget(m_close);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(2 * unit, 2 * unit, 2 * unit, 2 * unit);
    layout->setSpacing(unit + unit / 2);
    layout->addWidget(m_messages);
    layout->addWidget(m_summary);
    layout->addLayout(tools);
    layout->addWidget(m_splitter, 1);
    layout->addWidget(m_retry);
    layout->addLayout(buttons);
    resize(firstSize);

    connect(m_reason, &QComboBox::currentIndexChanged, this, [this] {
        const QString reason = m_reason->currentData().toString();
        m_proxy.setFilterRegularExpression(reason.isEmpty()
                ? QString()
                : QRegularExpression::anchoredPattern(QRegularExpression::escape(reason)));
    });
    connect(
        m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this] { showPoint(); });
    connect(m_table->selectionModel(), &QItemSelectionModel::selectionChanged, this, [this] { showRetry(); });
    connect(m_retry, &RetryBar::policiesChanged, this, &RejectsDialog::showRetry);
    connect(m_retry, &RetryBar::retryRequested, this, &RejectsDialog::retry);
    connect(&run(), &RunController::progressed, this, &RejectsDialog::refresh);
    connect(&run(), &RunController::stateChanged, this, &RejectsDialog::refresh);
    connect(&run(), &RunController::reportChanged, this, &RejectsDialog::refresh);
    connect(&run(), &RunController::replayed, this, &RejectsDialog::showReplayed);
    connect(&run(), &RunController::replayFailed, this, [this](const Error& error) {
        showRetry();
        if (std::exchange(m_retried, false))
            m_messages->showError(error);
    });
    connect(m_export, &QPushButton::clicked, this, &RejectsDialog::exportRejects);
    connect(m_close, &QPushButton::clicked, this, &QDialog::close);
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] {
        m_services.settings.setValue(
            SettingKey::RejectsSplitter, QString::fromLatin1(m_splitter->saveState().toBase64()));
    });
    retranslate();
    m_count = 0;
    showRejects({});
    m_count = -1;
}

void RejectsDialog::open()
{
    m_count = -1;
    show();
    raise();
    activateWindow();
}

void RejectsDialog::showEvent(QShowEvent* event)
{
    QDialog::showEvent(event);
    refresh();
}

RejectsDialog::Place RejectsDialog::place() const
{
    return {run().request().target, run().ledgerSchema(), run().runId()};
}

void RejectsDialog::refresh()
{
    if (!isVisible())
        return;
    const QString runId = run().runId();
    const qint64 count = run().progress().rejected();
    if (runId != m_runId) {
        m_model.setRejects({});
        m_hadRejects = false;
    }
    const bool same = runId == m_runId && count == m_count;
    m_runId = runId;
    m_count = count;
    m_model.setPlan(run().request().plan);
    if (!same && !runId.isEmpty())
        load();
    showRetry();
}

void RejectsDialog::load()
{
    if (m_loading.isRunning() && m_model.rowCount() > 0)
        return;
    m_loaded = m_count;
    m_loading.start(
        [where = place()](const JobControl& control) -> Result<QList<RejectRow>> {
            auto connection = Connection::open(where.target);
            if (!connection)
                return fail(connection.error());
            QList<RejectRow> rejects;
            auto visited =
                Ledger(where.ledgerSchema).visitRejects(*connection, where.runId, [&](const RejectRow& row) {
                    rejects.append(row);
                    return !control.stopRequested() && rejects.size() < mostRejects;
                });
            if (!visited)
                return fail(visited.error());
            return rejects;
        },
        [this](const Result<QList<RejectRow>>& rejects) {
            if (!rejects) {
                m_messages->showError(rejects.error());
                m_messages->addAction(
                    QStringLiteral("tryAgainPushButton"), tr("&Try again"), [this] { load(); });
                return;
            }
            if (m_messages->status() == Status::Problem)
                m_messages->clear();
            showRejects(*rejects);
            // More came while these were read.
            if (m_loaded != m_count)
                load();
        });
}

void RejectsDialog::showRejects(const QList<RejectRow>& rejects)
{
    m_hadRejects = m_hadRejects || m_model.rowCount() > 0;
    m_model.setRejects(rejects);
    showReasons();
    if (m_count > m_model.rowCount() && m_model.rowCount() >= mostRejects)
        m_summary->setText(tr("The first %1 of %2 rejected points. An export has all of them.")
                               .arg(QLocale().toString(m_model.rowCount()),
                                   QLocale().toString(static_cast<qlonglong>(m_count))));
    else if (m_model.rowCount() == 0)
        m_summary->setText(m_count > 0 ? tr("Reading the rejected points…")
                : m_hadRejects         ? tr("No rejected point is left.")
                                       : tr("Nothing was rejected."));
    else
        m_summary->setText(tr("%n point(s) could not be stored. Each is here with its reason; the others are "
                              "in PostgreSQL.",
            nullptr, m_model.rowCount()));
    const bool some = m_model.rowCount() > 0;
    m_export->setEnabled(some);
    for (QWidget* widget : std::initializer_list<QWidget*>{m_reasonLabel, m_reason, m_splitter, m_retry})
        widget->setVisible(some);
    if (!m_table->currentIndex().isValid() && m_proxy.rowCount() > 0)
        m_table->selectRow(0);
    showPoint();
    showRetry();
}

void RejectsDialog::showReasons()
{
    const QString chosen = m_reason->currentData().toString();
    {
        const QSignalBlocker blocker(m_reason);
        m_reason->clear();
        m_reason->addItem(tr("All reasons"), QString());
        for (const auto& [reason, count] : m_model.reasons())
            m_reason->addItem(tr("%1 (%2)").arg(reason, QLocale().toString(count)), reason);
        m_reason->setCurrentIndex(std::max(0, m_reason->findData(chosen)));
    }
    // The last of the chosen reason may have been stored meanwhile.
    if (m_reason->currentData().toString() != chosen)
        m_proxy.setFilterRegularExpression(QString());
}

void RejectsDialog::showPoint()
{
    const RejectRow* row = m_model.reject(m_proxy.mapToSource(m_table->currentIndex()).row());
    m_why->setVisible(row != nullptr);
    if (!row) {
        m_point->clear();
        return;
    }
    m_why->setText(row->column.isEmpty() ? row->reason : tr("%1: %2").arg(row->column, row->reason));
    // Only for the eye: numbers beyond double precision stay as they are in the export.
    const QJsonDocument point = QJsonDocument::fromJson(row->rawPoint.toUtf8());
    const bool isLong = row->rawPoint.size() > 200'000;
    m_point->setPlainText(
        point.isNull() || isLong ? row->rawPoint.left(200'000) : QString::fromUtf8(point.toJson()));
}

void RejectsDialog::exportRejects()
{
    FileRequest request;
    request.title = tr("Export rejected points");
    request.folder = m_services.settings.text(SettingKey::LastExportFolder);
    request.suggestedName = QStringLiteral("rejects.jsonl");
    request.filters = {tr("JSON Lines (*.jsonl)"), tr("CSV (*.csv)")};
    request.defaultSuffix = QStringLiteral("jsonl");
    m_services.dialogs.saveFile(this, request, [this](const QString& path) {
        if (path.isEmpty())
            return;
        m_services.settings.setValue(SettingKey::LastExportFolder, QFileInfo(path).absolutePath());
        const bool csv = path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive);
        m_writing.start(
            [where = place(), path, csv](const JobControl&) -> Result<qint64> {
                auto connection = Connection::open(where.target);
                if (!connection)
                    return fail(connection.error());
                return csv
                    ? exportRejectsAs(*connection, Ledger(where.ledgerSchema), where.runId, path,
                        rejectsCsvHeading(), rejectToCsvLine)
                    : qdrant2pg::exportRejects(*connection, Ledger(where.ledgerSchema), where.runId, path);
            },
            [this, path](const Result<qint64>& written) {
                if (!written)
                    m_messages->showError(written.error());
                else
                    m_messages->showMessage(
                        Status::Ok, tr("Written: %1").arg(path), tr("%n point(s)", nullptr, int(*written)));
            });
    });
}

QList<RejectRow> RejectsDialog::fittingRejects() const
{
    const ReplayPolicies policies = m_retry->policies();
    QList<RejectRow> rejects;
    for (const QModelIndex& index : m_table->selectionModel()->selectedRows()) {
        const RejectRow* row = m_model.reject(m_proxy.mapToSource(index).row());
        if (row && run().mayFit(*row, policies))
            rejects << *row;
    }
    return rejects;
}

void RejectsDialog::showRetry()
{
    m_retry->setChangeable(run().canReplay());
    if (run().isReplaying()) {
        m_retry->setOffer(false, tr("Trying again…"));
        return;
    }
    if (!run().canReplay()) {
        m_retry->setOffer(false, tr("They can be tried again when the run is complete."));
        return;
    }
    const qsizetype selected = m_table->selectionModel()->selectedRows().size();
    const int fitting = int(fittingRejects().size());
    if (selected == 0)
        m_retry->setOffer(false, tr("Select the points to try again."));
    else if (fitting == 0)
        m_retry->setOffer(
            false, tr("They would be refused again. Choose above what is to be treated in another way."));
    else
        m_retry->setOffer(true,
            tr("%n point(s): each is stored, or keeps its place here with the present reason.", nullptr,
                fitting));
}

void RejectsDialog::retry()
{
    const QList<RejectRow> rejects = fittingRejects();
    m_messages->clear();
    m_retried = true;
    run().replay(rejects, m_retry->policies());
    showRetry();
}

void RejectsDialog::showReplayed(const ReplayOutcome& outcome)
{
    // Also points that keep their place may have another reason now.
    m_count = -1;
    if (std::exchange(m_retried, false)) {
        m_retry->resetPolicies();
        const int left = int(outcome.remaining.size());
        const int stored = int(outcome.stored + outcome.skipped + outcome.gone);
        m_messages->showMessage(left == 0 ? Status::Ok : Status::Note,
            tr("%n point(s) (is|are) in PostgreSQL now.", nullptr, stored),
            left == 0 ? QString() : tr("%n still (does|do) not fit, with the reason shown.", nullptr, left));
    }
    refresh();
}

void RejectsDialog::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QDialog::changeEvent(event);
}

void RejectsDialog::retranslate()
{
    setWindowTitle(tr("Rejected points"));
    m_reasonLabel->setText(tr("&Reason"));
    m_table->setAccessibleName(tr("Rejected points"));
    m_point->setAccessibleName(tr("The point as Qdrant sent it"));
    m_retry->retranslate();
    m_export->setText(tr("&Export…"));
    m_close->setText(tr("&Close"));
}

} // namespace qdrant2pg
