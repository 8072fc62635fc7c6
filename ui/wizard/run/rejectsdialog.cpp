// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/run/rejectsdialog.h"

#include "core/postgres/ledger.h"
#include "core/profile/statefolders.h"
#include "core/staged/datamanifest.h"
#include "ui/services/dialogs.h"
#include "ui/services/settings.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/style.h"

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

namespace qdrant2pg {

namespace {
/// What the table shows; an export has them all up to here too, and the run's folder all there are.
constexpr qsizetype mostRejects = 20'000;
constexpr QSize firstSize(940, 560);
} // namespace

RejectsDialog::RejectsDialog(Services& services, QWidget* parent)
    : QDialog(parent)
    , m_services(services)
    , m_loading(services.threads)
    , m_messages(new MessageBar(this))
    , m_summary(style::helpLabel(this, QStringLiteral("rejectsSummaryLabel"), false))
    , m_reasonLabel(new QLabel(this))
    , m_reason(new QComboBox(this))
    , m_splitter(new QSplitter(Qt::Horizontal, this))
    , m_table(new QTableView(m_splitter))
    , m_point(new QPlainTextEdit(m_splitter))
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
    const std::pair<int, int> widths[] = {{RejectsModel::PointId, 20}, {RejectsModel::Collection, 16},
        {RejectsModel::ColumnName, 12}, {RejectsModel::Reason, 50}, {RejectsModel::SqlState, 10}};
    for (const auto& [column, characters] : widths)
        m_table->setColumnWidth(column, style::textWidth(this, characters));
    m_table->horizontalHeader()->setStretchLastSection(true);
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
    connect(m_export, &QPushButton::clicked, this, &RejectsDialog::exportRejects);
    connect(m_close, &QPushButton::clicked, this, &QDialog::close);
    connect(m_splitter, &QSplitter::splitterMoved, this, [this] {
        m_services.settings.setValue(
            SettingKey::RejectsSplitter, QString::fromLatin1(m_splitter->saveState().toBase64()));
    });
    retranslate();
    showRejects({});
}

void RejectsDialog::setRun(
    const TargetOptions& target, const QString& ledgerSchema, const QString& runId, qint64 count)
{
    const bool same = runId == m_runId && count == m_count;
    if (runId != m_runId)
        m_model.setRejects({});
    m_target = target;
    m_ledgerSchema = ledgerSchema;
    m_runId = runId;
    m_count = count;
    if (!same && !runId.isEmpty())
        load();
}

void RejectsDialog::load()
{
    if (m_loading.isRunning() && m_model.rowCount() > 0)
        return;
    m_loading.start(
        [target = m_target, schema = m_ledgerSchema, runId = m_runId](
            const JobControl& control) -> Result<QList<RejectRow>> {
            auto connection = Connection::open(target);
            if (!connection)
                return fail(connection.error());
            QList<RejectRow> rejects;
            auto visited = Ledger(schema).visitRejects(*connection, runId, [&](const RejectRow& row) {
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
            m_messages->clear();
            showRejects(*rejects);
        });
}

void RejectsDialog::showRejects(const QList<RejectRow>& rejects)
{
    m_model.setRejects(rejects);
    const QString chosen = m_reason->currentData().toString();
    {
        const QSignalBlocker blocker(m_reason);
        m_reason->clear();
        m_reason->addItem(tr("All reasons"), QString());
        for (const auto& [reason, count] : m_model.reasons())
            m_reason->addItem(tr("%1 (%2)").arg(reason, QLocale().toString(count)), reason);
        m_reason->setCurrentIndex(std::max(0, m_reason->findData(chosen)));
    }
    if (m_count > m_model.rowCount() && m_model.rowCount() >= mostRejects)
        m_summary->setText(tr("The first %1 of %2 rejected points. All of them are in the run's folder.")
                               .arg(QLocale().toString(m_model.rowCount()),
                                   QLocale().toString(static_cast<qlonglong>(m_count))));
    else if (m_model.rowCount() == 0)
        m_summary->setText(m_count > 0 ? tr("Reading the rejected points…") : tr("Nothing was rejected."));
    else
        m_summary->setText(tr("%n point(s) could not be stored. Each is here with its reason; the others are "
                              "in PostgreSQL.",
            nullptr, m_model.rowCount()));
    m_export->setEnabled(m_model.rowCount() > 0);
    if (!m_table->currentIndex().isValid() && m_proxy.rowCount() > 0)
        m_table->selectRow(0);
    showPoint();
}

void RejectsDialog::showPoint()
{
    const RejectRow* row = m_model.reject(m_proxy.mapToSource(m_table->currentIndex()).row());
    if (!row) {
        m_point->clear();
        return;
    }
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
        QByteArray bytes;
        if (path.endsWith(QLatin1String(".csv"), Qt::CaseInsensitive)) {
            bytes = rejectsToCsv(m_model.rejects());
        } else {
            for (const RejectRow& row : m_model.rejects())
                bytes += rejectToLine(row);
        }
        if (auto written = writePrivateFile(path, bytes); !written)
            m_messages->showError(written.error());
        else
            m_messages->showMessage(Status::Ok, tr("Written: %1").arg(path));
    });
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
    m_export->setText(tr("&Export…"));
    m_close->setText(tr("&Close"));
}

} // namespace qdrant2pg
