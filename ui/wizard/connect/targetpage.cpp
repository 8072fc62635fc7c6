// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/connect/targetpage.h"

#include "core/profile/keychain.h"
#include "ui/services/recents.h"
#include "ui/services/targetcheck.h"
#include "ui/widgets/checklistwidget.h"
#include "ui/widgets/formgrid.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/pathedit.h"
#include "ui/widgets/secretedit.h"
#include "ui/widgets/sectionfold.h"
#include "ui/wizard/connect/recentsbutton.h"
#include "ui/wizard/plandraft.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QIntValidator>
#include <QLabel>
#include <QLineEdit>
#include <QLoggingCategory>
#include <QPushButton>

Q_LOGGING_CATEGORY(uiLog, "qdrant2pg.ui", QtInfoMsg)

namespace qdrant2pg {

namespace {
constexpr int nameCharacters = 40;
constexpr int shortCharacters = 10;
const QString defaultSchema = QStringLiteral("public");

QStringList sslModes()
{
    return {QString(), QStringLiteral("disable"), QStringLiteral("allow"), QStringLiteral("prefer"),
        QStringLiteral("require"), QStringLiteral("verify-ca"), QStringLiteral("verify-full")};
}

QString keychainKey(const QString& conninfo)
{
    return keychain::keyFor(QStringLiteral("target"), targetLabel(conninfo));
}
} // namespace

TargetPage::TargetPage(const PageContext& context)
    : ConnectionPage(PageId::Target, context)
{
    setObjectName(QStringLiteral("targetPage"));
    layOut(QStringLiteral("targetCheckListWidget"));
    connect(m_recents, &RecentsButton::targetChosen, this, &TargetPage::take);
    connect(&m_lists, &CatalogueLists::databasesListed, this,
        [this](const QStringList& names) { offer(m_database, names); });
    connect(&m_lists, &CatalogueLists::schemasListed, this,
        [this](const QStringList& names) { offer(m_schema, names); });
    connect(&m_lists, &CatalogueLists::failed, this,
        [](const QString& reason) { qCInfo(uiLog, "lists of the target: %s", qUtf8Printable(reason)); });
    connect(&draft(), &PlanDraft::targetChanged, this, [this] {
        if (!m_loading)
            load();
    });
    load();
    retranslate();
}

QLineEdit* TargetPage::lineEdit(FormGrid* form, const char* name, int characters)
{
    auto* edit = new QLineEdit(form);
    edit->setObjectName(QLatin1String(name) + QStringLiteral("LineEdit"));
    setFieldWidth(edit, characters);
    connect(edit, &QLineEdit::textEdited, this, &TargetPage::edited);
    return edit;
}

void TargetPage::buildForm(FormGrid* form)
{
    auto* hostRow = new QWidget(form);
    auto* row = new QHBoxLayout(hostRow);
    style::tighten(row, this, 1);
    m_host = new QLineEdit(hostRow);
    m_host->setObjectName(QStringLiteral("hostLineEdit"));
    setFieldWidth(m_host, nameCharacters);
    connect(m_host, &QLineEdit::textEdited, this, &TargetPage::hostEdited);
    tidyWhenWhole(m_host, [this] {
        if (tidyHost()) {
            invalidate();
            m_lines->reset();
        }
    });
    m_recents = new RecentsButton(RecentsButton::Kind::Targets, services().recents, hostRow);
    row->addWidget(m_host, 1);
    row->addWidget(m_recents);
    row->addStretch();
    m_hostLabel = form->addRow(hostRow, m_host);
    m_hostHelp = form->addHelp(QStringLiteral("hostHelpLabel"));
    m_port = lineEdit(form, "port", shortCharacters);
    m_port->setValidator(new QIntValidator(1, 65535, m_port));
    m_portLabel = form->addRow(m_port);
    const auto combo = [&](const char* name) {
        auto* box = new QComboBox(form);
        box->setObjectName(QLatin1String(name) + QStringLiteral("ComboBox"));
        box->setEditable(true);
        box->setInsertPolicy(QComboBox::NoInsert);
        box->lineEdit()->setObjectName(QLatin1String(name) + QStringLiteral("LineEdit"));
        setFieldWidth(box, nameCharacters);
        connect(box->lineEdit(), &QLineEdit::textEdited, this, &TargetPage::edited);
        connect(box, &QComboBox::activated, this, &TargetPage::edited);
        return box;
    };
    m_database = combo("database");
    m_databaseLabel = form->addRow(m_database);
    m_user = lineEdit(form, "user", nameCharacters);
    m_userLabel = form->addRow(m_user);
    m_password = new SecretEdit(QStringLiteral("password"), form);
    setFieldWidth(m_password, nameCharacters);
    m_passwordLabel = form->addRow(m_password, m_password->edit());
    m_passwordHelp = form->addHelp(QStringLiteral("passwordHelpLabel"));
    connect(m_password->edit(), &QLineEdit::textEdited, this, &TargetPage::edited);
    addRemember(form);
    m_schema = combo("schema");
    m_schemaLabel = form->addRow(m_schema);
    m_schemaHelp = form->addHelp(QStringLiteral("schemaHelpLabel"));
}

void TargetPage::buildAdvanced(FormGrid* form)
{
    m_sslMode = new QComboBox(form);
    m_sslMode->setObjectName(QStringLiteral("sslModeComboBox"));
    m_sslMode->addItems(sslModes());
    connect(m_sslMode, &QComboBox::activated, this, &TargetPage::edited);
    m_sslModeLabel = form->addRow(m_sslMode);
    m_service = lineEdit(form, "service", nameCharacters);
    m_serviceLabel = form->addRow(m_service);
    addPemFile(form, "caFile", nameCharacters, m_caFile, m_caFileLabel);
    addPemFile(form, "certificateFile", nameCharacters, m_certificateFile, m_certificateFileLabel);
    addPemFile(form, "keyFile", nameCharacters, m_keyFile, m_keyFileLabel);
    m_searchPath = lineEdit(form, "searchPath", nameCharacters);
    m_searchPathLabel = form->addRow(m_searchPath);
    m_timeout = lineEdit(form, "timeout", shortCharacters);
    m_timeout->setValidator(new QIntValidator(1, 600, m_timeout));
    m_timeoutLabel = form->addRow(m_timeout);
    m_others = lineEdit(form, "others", nameCharacters);
    m_othersLabel = form->addRow(m_others);
    m_othersHelp = form->addHelp(QStringLiteral("othersHelpLabel"));
}

QString TargetPage::stepName() const
{
    return tr("Target");
}

QString TargetPage::stepChoice() const
{
    const QString label = targetLabel(draft().target().conninfo);
    if (!draft().targetOverview())
        return label;
    return tr("%1, PostgreSQL %2").arg(label, draft().targetOverview()->server.versionText);
}

QString TargetPage::helpText() const
{
    return tr(
        "<h3>Target</h3><p>The database that gets the tables. A whole <code>postgres://</code> address can "
        "be pasted into Host. "
        "What is left empty is taken from libpq's own sources: the variables <code>PGHOST</code> and so on, "
        "<code>~/.pgpass</code>, and service files.</p><p>The server needs the extension <b>vector</b> "
        "(pgvector). When it is there "
        "but not installed in this database, the migration installs it, and Review says so.</p><p>The check "
        "writes nothing but a "
        "scratch table, inside a transaction that is taken back.</p><p>Behind a connection pooler use the "
        "direct or session "
        "address.</p>");
}

QWidget* TargetPage::firstFocus()
{
    return m_host;
}

int TargetPage::nextId() const
{
    // A run that is resumed has its plan; there is nothing to choose or to map.
    if (draft().startChoice() == StartChoice::Resume && wizard()->page(static_cast<int>(PageId::Run)))
        return static_cast<int>(PageId::Run);
    if (draft().startChoice() == StartChoice::Verify && wizard()->page(static_cast<int>(PageId::Verify)))
        return static_cast<int>(PageId::Verify);
    return BasePage::nextId();
}

void TargetPage::load()
{
    const auto parsed = parseConninfo(draft().target().conninfo);
    if (parsed && parsed->form != form()) {
        const ConninfoForm& given = parsed->form;
        m_host->setText(given.host);
        m_port->setText(given.port);
        m_database->setEditText(given.database);
        m_user->setText(given.user);
        m_sslMode->setCurrentText(given.sslMode);
        m_service->setText(given.service);
        m_caFile->setPath(given.caFile);
        m_certificateFile->setPath(given.certificateFile);
        m_keyFile->setPath(given.keyFile);
        m_searchPath->setText(given.searchPath);
        m_timeout->setText(given.connectTimeout);
        m_others->setText(given.others);
    }
    m_password->setSecret(draft().targetPassword());
    if (m_schema->currentText().trimmed() != draft().target().schema)
        m_schema->setEditText(draft().target().schema);
    if (!draft().targetOverview() && state() == State::Ready) {
        m_lines->reset();
        invalidate();
    }
}

ConninfoForm TargetPage::form() const
{
    ConninfoForm form;
    form.host = m_host->text().trimmed();
    form.port = m_port->text().trimmed();
    form.database = m_database->currentText().trimmed();
    form.user = m_user->text().trimmed();
    form.sslMode = m_sslMode->currentText();
    form.service = m_service->text().trimmed();
    form.caFile = m_caFile->path();
    form.certificateFile = m_certificateFile->path();
    form.keyFile = m_keyFile->path();
    form.searchPath = m_searchPath->text().trimmed();
    form.connectTimeout = m_timeout->text().trimmed();
    form.others = m_others->text().trimmed();
    return form;
}

void TargetPage::hostEdited()
{
    // An address that is being typed can hold a password, which nothing else is to show.
    if (looksLikeConninfo(m_host->text()))
        invalidate();
    else
        edited();
}

bool TargetPage::tidyHost()
{
    if (!looksLikeConninfo(m_host->text()))
        return false;
    const auto parsed = parseConninfo(m_host->text());
    if (!parsed)
        return false;
    TargetPlan target = draft().target();
    target.conninfo = parsed->form.toConninfo();
    m_host->clear();
    draft().setTarget(target, parsed->password.isEmpty() ? m_password->secret() : parsed->password);
    load();
    return true;
}

void TargetPage::edited()
{
    invalidate();
    m_lines->reset();
    TargetPlan target = draft().target();
    target.conninfo = form().toConninfo();
    target.schema = m_schema->currentText().trimmed();
    m_loading = true;
    draft().setTarget(target, m_password->secret());
    m_loading = false;
}

void TargetPage::take(const RecentTarget& recent)
{
    invalidate();
    m_lines->reset();
    draft().setTarget(recent.plan, {});
    if (!keychain::unavailableReason().isEmpty())
        return;
    const QString conninfo = recent.plan.conninfo;
    keychain::read(this, keychainKey(conninfo), keychainPatience,
        [this, conninfo](const std::optional<QByteArray>& secret) {
            if (!secret || draft().target().conninfo != conninfo || !m_password->secret().isEmpty())
                return;
            m_remember->setChecked(true);
            draft().setTarget(draft().target(), *secret);
        });
}

void TargetPage::startCheck()
{
    tidyHost();
    m_lines->setLines(targetCheckLines());
    TargetPlan target = draft().target();
    target.conninfo = form().toConninfo();
    target.schema =
        m_schema->currentText().trimmed().isEmpty() ? defaultSchema : m_schema->currentText().trimmed();
    if (const auto split = splitConninfo(target.conninfo);
        !split || !conninfoHoldsNoSecret(target.conninfo)) {
        checkFailed(split ? makeError(ErrorKind::Usage, tr("A password stands among the other parameters."),
                        {}, tr("Put it into the field Password; it is not stored there."))
                          : split.error());
        return;
    }
    m_loading = true;
    draft().setTarget(target, m_password->secret());
    m_loading = false;
    m_check.start(
        [options = draft().targetOptions(), schema = target.schema, lines = m_lines](
            const JobControl& control) {
            return checkTarget(
                options, schema,
                [&control, lines](
                    const CheckLine& line) { control.post([lines, line] { lines->setLine(line); }); },
                control.stopToken());
        },
        [this](const TargetCheckResult& result) { finish(result); });
}

void TargetPage::finish(const TargetCheckResult& result)
{
    if (result.overview)
        m_lists.refresh(draft().target().conninfo, draft().targetPassword(), draft().target().schema);
    if (result.error) {
        refuse(*result.error, result.blocked);
        // Where the answer is most probably wrong.
        if (!result.blocked && result.error->kind == ErrorKind::Authentication)
            m_password->edit()->selectAll();
        return;
    }
    m_loading = true;
    draft().setTargetOverview(result.overview);
    m_loading = false;
    services().recents.addTarget(draft().target());
    remember(keychainKey(draft().target().conninfo), draft().targetPassword());
    checkPassed();
}

void TargetPage::offer(QComboBox* box, const QStringList& names)
{
    // The text stays what it was; the list only gains entries.
    const QString text = box->currentText();
    box->clear();
    box->addItems(names);
    box->setEditText(text);
}

void TargetPage::retranslate()
{
    setHeader(tr("Where shall the tables be?"),
        tr("The check writes nothing but a scratch table, which it takes back. Tables are created after "
           "Review."));
    m_hostLabel->setText(tr("H&ost"));
    m_host->setPlaceholderText(tr("local socket"));
    m_hostHelp->setText(tr("Paste a postgres:// address here to fill all fields."));
    m_portLabel->setText(tr("&Port"));
    m_port->setPlaceholderText(QStringLiteral("5432"));
    m_databaseLabel->setText(tr("&Database"));
    m_database->lineEdit()->setPlaceholderText(tr("named like the user"));
    m_userLabel->setText(tr("&User"));
    m_user->setPlaceholderText(conninfoValue(QString(), "user"));
    m_passwordLabel->setText(tr("Pass&word"));
    m_password->edit()->setPlaceholderText(tr("from PGPASSWORD or .pgpass"));
    m_passwordHelp->setText(tr("Kept for this session only, unless you let the keychain remember it."));
    m_remember->setText(tr("Re&member the password in the keychain"));
    m_schemaLabel->setText(tr("S&chema"));
    m_schemaHelp->setText(tr("The tables go there; it is created when it does not exist."));
    m_advanced->setTitle(tr("Ad&vanced"));
    m_sslModeLabel->setText(tr("&TLS mode"));
    m_serviceLabel->setText(tr("&Service"));
    m_caFileLabel->setText(tr("Trusted &authority"));
    m_certificateFileLabel->setText(tr("C&lient certificate"));
    m_keyFileLabel->setText(tr("Client private &key"));
    m_searchPathLabel->setText(tr("Search pat&h"));
    m_searchPath->setPlaceholderText(tr("as the server sets it"));
    m_timeoutLabel->setText(tr("T&ime limit in seconds"));
    m_timeout->setPlaceholderText(QStringLiteral("15"));
    m_othersLabel->setText(tr("&Further parameters"));
    m_othersHelp->setText(tr("As libpq knows them, for example options='-c work_mem=64MB'."));
    const auto forms = findChildren<FormGrid*>();
    for (FormGrid* form : forms)
        form->nameFields();
    m_test->setText(tr("T&est connection"));
    m_lines->setAccessibleName(tr("Check of the target"));
    if (m_lines->lines().isEmpty() || state() == State::Idle)
        m_lines->setLines(targetCheckLines());
}

} // namespace qdrant2pg
