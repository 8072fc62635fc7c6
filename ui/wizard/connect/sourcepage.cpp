// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/connect/sourcepage.h"

#include "core/profile/keychain.h"
#include "ui/services/recents.h"
#include "ui/services/sourcecheck.h"
#include "ui/services/startupvalues.h"
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
#include <QPushButton>

namespace qdrant2pg {

namespace {
constexpr int addressCharacters = 56;
constexpr int keyCharacters = 40;
constexpr int portCharacters = 8;
constexpr int mostSeconds = 24 * 3600;

QString keychainKey(const QString& url)
{
    return keychain::keyFor(QStringLiteral("source"), sourceLabel(url));
}

QString proxyKeychainKey(const ProxyOptions& proxy)
{
    return keychain::keyFor(QStringLiteral("proxy"), proxy.url());
}
} // namespace

SourcePage::SourcePage(const PageContext& context)
    : ConnectionPage(PageId::Source, context)
{
    setObjectName(QStringLiteral("sourcePage"));
    layOut(QStringLiteral("sourceCheckListWidget"));
    connect(m_recents, &RecentsButton::sourceChosen, this, &SourcePage::take);
    connect(&draft(), &PlanDraft::sourceChanged, this, [this] {
        if (!m_loading)
            load();
    });
    load();
    retranslate();
}

void SourcePage::buildForm(FormGrid* form)
{
    auto* addressRow = new QWidget(form);
    auto* row = new QHBoxLayout(addressRow);
    style::tighten(row, this, 1);
    m_address = new QLineEdit(addressRow);
    m_address->setObjectName(QStringLiteral("addressLineEdit"));
    m_address->setInputMethodHints(Qt::ImhUrlCharactersOnly);
    setFieldWidth(m_address, addressCharacters);
    m_recents = new RecentsButton(RecentsButton::Kind::Sources, services().recents, addressRow);
    row->addWidget(m_address, 1);
    row->addWidget(m_recents);
    row->addStretch();
    m_addressLabel = form->addRow(addressRow, m_address);
    m_addressHelp = form->addHelp(QStringLiteral("addressHelpLabel"));
    m_key = new SecretEdit(QStringLiteral("apiKey"), form);
    setFieldWidth(m_key, keyCharacters);
    m_keyLabel = form->addRow(m_key, m_key->edit());
    addRemember(form);
    connect(m_address, &QLineEdit::textEdited, this, &SourcePage::addressEdited);
    tidyWhenWhole(m_address, [this] {
        if (tidyAddress())
            edited();
    });
    connect(m_key->edit(), &QLineEdit::textEdited, this, &SourcePage::edited);
}

void SourcePage::buildAdvanced(FormGrid* form)
{
    m_transport = new QComboBox(form);
    m_transport->setObjectName(QStringLiteral("transportComboBox"));
    m_transport->addItems({QString(), QString(), QString()});
    m_transportLabel = form->addRow(m_transport);
    m_transportHelp = form->addHelp(QStringLiteral("transportHelpLabel"));
    m_grpcPort = new QLineEdit(form);
    m_grpcPort->setObjectName(QStringLiteral("grpcPortLineEdit"));
    m_grpcPort->setValidator(new QIntValidator(1, 65535, m_grpcPort));
    setFieldWidth(m_grpcPort, portCharacters);
    m_grpcPortLabel = form->addRow(m_grpcPort);
    addPemFile(form, "caFile", keyCharacters, m_caFile, m_caFileLabel);
    addPemFile(form, "certificateFile", keyCharacters, m_certificateFile, m_certificateFileLabel);
    addPemFile(form, "keyFile", keyCharacters, m_keyFile, m_keyFileLabel);
    m_skipVerification = new QCheckBox(form);
    m_skipVerification->setObjectName(QStringLiteral("skipVerificationCheckBox"));
    form->addField(m_skipVerification);
    m_skipHelp = form->addHelp(QStringLiteral("skipVerificationHelpLabel"));
    m_proxy = new QLineEdit(form);
    m_proxy->setObjectName(QStringLiteral("proxyLineEdit"));
    m_proxy->setInputMethodHints(Qt::ImhUrlCharactersOnly);
    setFieldWidth(m_proxy, keyCharacters);
    m_proxyLabel = form->addRow(m_proxy);
    m_proxyHelp = form->addHelp(QStringLiteral("proxyHelpLabel"));
    m_proxyPassword = new SecretEdit(QStringLiteral("proxyPassword"), form);
    setFieldWidth(m_proxyPassword, keyCharacters);
    m_proxyPasswordLabel = form->addRow(m_proxyPassword, m_proxyPassword->edit());
    const auto seconds = [&](const char* name, QLabel*& label) {
        auto* edit = new QLineEdit(form);
        edit->setObjectName(QLatin1String(name));
        edit->setValidator(new QIntValidator(1, mostSeconds, edit));
        setFieldWidth(edit, portCharacters);
        label = form->addRow(edit);
        connect(edit, &QLineEdit::textEdited, this, &SourcePage::edited);
        return edit;
    };
    m_connectTimeout = seconds("connectTimeoutLineEdit", m_connectTimeoutLabel);
    m_requestTimeout = seconds("requestTimeoutLineEdit", m_requestTimeoutLabel);
    m_requestTimeoutHelp = form->addHelp(QStringLiteral("requestTimeoutHelpLabel"));
    connect(m_proxy, &QLineEdit::textEdited, this, &SourcePage::edited);
    tidyWhenWhole(m_proxy, [this] {
        if (tidyProxy())
            edited();
    });
    connect(m_proxyPassword->edit(), &QLineEdit::textEdited, this, &SourcePage::edited);
    connect(m_transport, &QComboBox::activated, this, &SourcePage::edited);
    connect(m_grpcPort, &QLineEdit::textEdited, this, &SourcePage::edited);
    connect(m_skipVerification, &QCheckBox::clicked, this, &SourcePage::edited);
}

QString SourcePage::stepName() const
{
    return tr("Source");
}

QString SourcePage::stepChoice() const
{
    const QString label = sourceLabel(draft().source().url);
    if (!draft().sourceOverview())
        return label;
    const auto count = static_cast<int>(draft().sourceOverview()->collections.size());
    return tr("%1, %2").arg(label, tr("%n collection(s)", nullptr, count));
}

QString SourcePage::helpText() const
{
    return tr("<h3>Source</h3><p>The address of the Qdrant server, as its REST clients use it. Port 6333 is "
              "meant when none is named; "
              "6334 is the port of gRPC, which the migration finds by itself.</p><p>The key is needed for "
              "Qdrant Cloud and for servers "
              "with an <code>api_key</code>; a read-only key is enough. It is kept for this session, and in "
              "the keychain if you ask for "
              "it. It is never written into a plan, a report or a log.</p><p>The check goes line by line; "
              "the first line that fails says "
              "what to try. For slow links gRPC is the better choice, not compression.</p>");
}

QWidget* SourcePage::firstFocus()
{
    return m_address;
}

void SourcePage::load()
{
    const SourcePlan& source = draft().source();
    if (m_address->text() != source.url && !m_address->isModified())
        m_address->setText(source.url);
    m_key->setSecret(draft().apiKey());
    m_transport->setCurrentIndex(static_cast<int>(source.transport));
    if (m_grpcPort->text().toInt() != source.grpcPort)
        m_grpcPort->setText(source.grpcPort > 0 ? QString::number(source.grpcPort) : QString());
    m_caFile->setPath(source.tls.caFile);
    m_certificateFile->setPath(source.tls.certificateFile);
    m_keyFile->setPath(source.tls.keyFile);
    m_skipVerification->setChecked(source.tls.skipVerification);
    loadAccess();
    if (!draft().sourceOverview() && state() == State::Ready) {
        m_lines->reset();
        invalidate();
    }
}

void SourcePage::addressEdited()
{
    edited();
    if (const auto tidy = tidySourceAddress(m_address->text()); tidy && tidy->grpcPort)
        messages().showMessage(Status::Note, tr("6334 is the port of gRPC."),
            tr("Give the REST port here, usually 6333; gRPC is found by itself."));
}

bool SourcePage::tidyAddress()
{
    const auto tidy = tidySourceAddress(m_address->text());
    if (!tidy || tidy->apiKey.isEmpty())
        return false;
    m_key->setSecret(tidy->apiKey);
    m_address->setText(tidy->url);
    return true;
}

bool SourcePage::tidyProxy()
{
    const auto proxy = parseProxy(m_proxy->text());
    if (!proxy || proxy->password.isEmpty())
        return false;
    m_proxyPassword->setSecret(proxy->password);
    m_proxy->setText(proxy->url());
    return true;
}

void SourcePage::loadAccess()
{
    const SourceAccess& access = draft().sourceAccess();
    if (!m_proxy->isModified() && m_proxy->text() != access.proxy.url())
        m_proxy->setText(access.proxy.url());
    m_proxyPassword->setSecret(access.proxy.password);
    const auto put = [](QLineEdit* edit, int seconds) {
        if (edit->text().toInt() != seconds)
            edit->setText(seconds > 0 ? QString::number(seconds) : QString());
    };
    put(m_connectTimeout, access.connectTimeout);
    put(m_requestTimeout, access.requestTimeout);
}

SourceAccess SourcePage::access() const
{
    SourceAccess access;
    if (const auto proxy = parseProxy(m_proxy->text())) {
        access.proxy = *proxy;
        if (*proxy && proxy->password.isEmpty())
            access.proxy.password = m_proxyPassword->secret();
    }
    access.connectTimeout = m_connectTimeout->text().toInt();
    access.requestTimeout = m_requestTimeout->text().toInt();
    return access;
}

void SourcePage::edited()
{
    invalidate();
    m_lines->reset();
    SourcePlan source = draft().source();
    const auto tidy = tidySourceAddress(m_address->text());
    // What stands before an @ may be a key; as long as it is no address it goes nowhere.
    const QString typed = m_address->text().trimmed();
    source.url = tidy ? tidy->url : typed.contains(QLatin1Char('@')) ? QString() : typed;
    source.transport = static_cast<TransportChoice>(m_transport->currentIndex());
    source.grpcPort = m_grpcPort->text().toInt();
    source.tls = {
        m_caFile->path(), m_certificateFile->path(), m_keyFile->path(), m_skipVerification->isChecked()};
    m_loading = true;
    draft().setSource(source, m_key->secret());
    draft().setSourceAccess(access());
    m_loading = false;
}

void SourcePage::take(const RecentSource& recent)
{
    invalidate();
    m_lines->reset();
    m_address->setModified(false);
    m_proxy->setModified(false);
    draft().setSource(recent.plan, {});
    draft().setSourceAccess(recent.access);
    if (!keychain::unavailableReason().isEmpty())
        return;
    const QString url = recent.plan.url;
    keychain::read(
        this, keychainKey(url), keychainPatience, [this, url](const std::optional<QByteArray>& secret) {
            // Only for the address it was asked for, and never over something typed meanwhile.
            if (!secret || draft().source().url != url || !m_key->secret().isEmpty())
                return;
            m_remember->setChecked(true);
            draft().setSource(draft().source(), *secret);
        });
    if (recent.access.proxy.user.isEmpty())
        return;
    keychain::read(this, proxyKeychainKey(recent.access.proxy), keychainPatience,
        [this, asked = recent.access](const std::optional<QByteArray>& secret) {
            SourceAccess now = draft().sourceAccess();
            if (!secret || now.proxy.url() != asked.proxy.url() || !now.proxy.password.isEmpty())
                return;
            now.proxy.password = *secret;
            draft().setSourceAccess(now);
        });
}

void SourcePage::startCheck()
{
    tidyAddress();
    tidyProxy();
    const auto tidy = tidySourceAddress(m_address->text());
    if (!tidy) {
        checkFailed(tidy.error());
        m_address->setFocus();
        return;
    }
    if (const auto proxy = parseProxy(m_proxy->text()); !proxy) {
        checkFailed(proxy.error());
        m_proxy->setFocus();
        return;
    }
    m_lines->setLines(sourceCheckLines());
    m_loading = true;
    SourcePlan source = draft().source();
    source.url = tidy->url;
    draft().setSource(source, m_key->secret());
    draft().setSourceAccess(access());
    m_loading = false;
    m_check.start(
        [options = draft().sourceOptions(), lines = m_lines](const JobControl& control) {
            return checkSource(
                options,
                [&control, lines](
                    const CheckLine& line) { control.post([lines, line] { lines->setLine(line); }); },
                control.stopToken());
        },
        [this](const SourceCheckResult& result) { finish(result); });
}

void SourcePage::finish(const SourceCheckResult& result)
{
    if (result.error) {
        refuse(*result.error, result.blocked);
        return;
    }
    m_address->setModified(false);
    m_proxy->setModified(false);
    m_loading = true;
    draft().setSourceOverview(result.overview);
    m_loading = false;
    services().recents.addSource(draft().source(), draft().sourceAccess());
    remember(keychainKey(draft().source().url), draft().apiKey());
    const ProxyOptions& proxy = draft().sourceAccess().proxy;
    if (proxy)
        remember(proxyKeychainKey(proxy), proxy.password);
    checkPassed();
}

void SourcePage::retranslate()
{
    setHeader(tr("Where are the points?"),
        tr("The server is only read. The check below tells what this program can see there."));
    m_addressLabel->setText(tr("&Address"));
    m_address->setPlaceholderText(QStringLiteral("http://localhost:6333"));
    m_addressHelp->setText(
        tr("Paste the address of the server or of its dashboard. The REST port is usually 6333."));
    m_keyLabel->setText(tr("API &key"));
    m_key->edit()->setPlaceholderText(tr("none"));
    m_remember->setText(tr("Re&member the key in the keychain"));
    m_advanced->setTitle(tr("Ad&vanced"));
    m_transportLabel->setText(tr("&Transport"));
    const QStringList transports{tr("Automatic"), tr("REST"), tr("gRPC")};
    for (int i = 0; i < transports.size(); ++i)
        m_transport->setItemText(i, transports[i]);
    m_transportHelp->setText(
        tr("Automatic takes gRPC where it is open: faster, and less work for the server."));
    m_grpcPortLabel->setText(tr("&gRPC port"));
    m_grpcPort->setPlaceholderText(QStringLiteral("6334"));
    m_caFileLabel->setText(tr("Tr&usted authority"));
    m_certificateFileLabel->setText(tr("C&lient certificate"));
    m_keyFileLabel->setText(tr("Client &private key"));
    m_proxyLabel->setText(tr("Pro&xy"));
    m_proxy->setPlaceholderText(tr("none"));
    m_proxyHelp->setText(
        tr("http:// or socks5:// and its address. Through a proxy points are read over REST."));
    m_proxyPasswordLabel->setText(tr("Proxy pass&word"));
    m_proxyPassword->edit()->setPlaceholderText(tr("none"));
    m_connectTimeoutLabel->setText(tr("Seconds to c&onnect"));
    m_connectTimeout->setPlaceholderText(QStringLiteral("15"));
    m_requestTimeoutLabel->setText(tr("Seconds &for a request"));
    m_requestTimeout->setPlaceholderText(QStringLiteral("90"));
    m_requestTimeoutHelp->setText(tr("Longer without an answer, a request is given up and tried again."));
    m_skipVerification->setText(tr("&Do not verify the server's certificate"));
    m_skipHelp->setText(tr("Whoever sits in between can then read the key and change the points."));
    const auto forms = findChildren<FormGrid*>();
    for (FormGrid* form : forms)
        form->nameFields();
    m_test->setText(tr("T&est connection"));
    m_lines->setAccessibleName(tr("Check of the source"));
    if (m_lines->lines().isEmpty() || state() == State::Idle)
        m_lines->setLines(sourceCheckLines());
}

} // namespace qdrant2pg
