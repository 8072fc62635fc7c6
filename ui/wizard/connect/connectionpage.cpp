// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/connect/connectionpage.h"

#include "core/common/error.h"
#include "core/profile/keychain.h"
#include "ui/services/dialogs.h"
#include "ui/services/services.h"
#include "ui/services/settings.h"
#include "ui/widgets/checklistwidget.h"
#include "ui/widgets/formgrid.h"
#include "ui/widgets/messagebar.h"
#include "ui/widgets/pathedit.h"
#include "ui/widgets/sectionfold.h"
#include "ui/widgets/style.h"

#include <QCheckBox>
#include <QFileInfo>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include <cstdlib>
#include <memory>

namespace qdrant2pg {

namespace {
constexpr int labelCharacters = 18;
} // namespace

ConnectionPage::ConnectionPage(PageId id, const PageContext& context)
    : BasePage(id, context)
    , m_check(context.services.threads)
{
}

void ConnectionPage::layOut(const QString& checkName)
{
    auto* content = new QWidget;
    auto* layout = new QVBoxLayout(content);
    style::tighten(layout, this, 2);
    auto* form = new FormGrid(labelCharacters, content);
    buildForm(form);
    layout->addWidget(form);
    m_advanced = new SectionFold(QStringLiteral("advancedToolButton"), content);
    auto* advanced = new FormGrid(labelCharacters);
    buildAdvanced(advanced);
    m_advanced->setContent(advanced);
    layout->addWidget(m_advanced);
    m_test = new QPushButton(content);
    m_test->setObjectName(QStringLiteral("testConnectionPushButton"));
    layout->addWidget(m_test, 0, Qt::AlignLeft);
    m_lines = new CheckListWidget(content);
    m_lines->setObjectName(checkName);
    layout->addWidget(m_lines);
    layout->addStretch();
    setContent(content, Scrolling::Scrolls);
    connect(m_test, &QPushButton::clicked, this, &BasePage::check);
}

void ConnectionPage::addRemember(FormGrid* form)
{
    m_remember = new QCheckBox(form);
    m_remember->setObjectName(QStringLiteral("rememberCheckBox"));
    form->addField(m_remember);
    m_rememberHelp = form->addHelp(QStringLiteral("rememberHelpLabel"));
}

void ConnectionPage::tidyWhenWhole(QLineEdit* edit, const std::function<void()>& tidy)
{
    auto before = std::make_shared<qsizetype>(edit->text().size());
    connect(edit, &QLineEdit::textEdited, this, [before, tidy](const QString& text) {
        if (std::abs(text.size() - *before) > 1)
            tidy();
    });
    // After textEdited, and also when the page sets the text.
    connect(edit, &QLineEdit::textChanged, this, [before](const QString& text) { *before = text.size(); });
    connect(edit, &QLineEdit::editingFinished, this, tidy);
}

void ConnectionPage::addPemFile(
    FormGrid* form, const char* name, int characters, PathEdit*& edit, QLabel*& label)
{
    auto* field = new PathEdit(QLatin1String(name), form);
    setFieldWidth(field, characters);
    label = form->addRow(field, field->edit());
    connect(field->edit(), &QLineEdit::textEdited, this, [this] { edited(); });
    connect(field, &PathEdit::browseRequested, this, [this, field] { browse(field); });
    edit = field;
}

void ConnectionPage::entered()
{
    load();
    const QString reason = keychain::unavailableReason();
    m_remember->setEnabled(reason.isEmpty());
    m_rememberHelp->setText(reason);
    m_rememberHelp->setVisible(!reason.isEmpty());
}

void ConnectionPage::stopCheck()
{
    m_check.cancel();
    m_lines->reset();
}

void ConnectionPage::refuse(const Error& error, bool blocked)
{
    if (!blocked) {
        checkFailed(error);
        return;
    }
    checkBlocked();
    messages().showError(error);
    messages().addAction(QStringLiteral("checkAgainPushButton"), tr("&Check again"), [this] { check(); });
}

void ConnectionPage::remember(const QString& key, const QByteArray& secret)
{
    if (!m_remember->isEnabled() || !m_remember->isChecked() || secret.isEmpty())
        return;
    keychain::write(this, key, secret, keychainPatience, [this](const Result<void>& written) {
        if (!written)
            messages().showMessage(
                Status::Note, written.error().summary, written.error().hint, written.error().detail);
    });
}

void ConnectionPage::browse(PathEdit* edit)
{
    FileRequest request;
    request.title = tr("Choose a PEM file");
    request.folder = edit->path().isEmpty() ? services().settings.text(SettingKey::LastCertificateFolder)
                                            : QFileInfo(edit->path()).absolutePath();
    request.filters = {tr("Certificates and keys (*.pem *.crt *.key)"), tr("All files (*)")};
    services().dialogs.openFile(this, request, [this, edit](const QString& path) {
        if (path.isEmpty())
            return;
        services().settings.setValue(SettingKey::LastCertificateFolder, QFileInfo(path).absolutePath());
        edit->setPath(path);
        edited();
    });
}

} // namespace qdrant2pg
