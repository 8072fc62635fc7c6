// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/migrationwizard.h"

#include "ui/services/settings.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/messagebar.h"
#include "ui/wizard/plandraft.h"
#include "ui/wizard/steplist.h"

#include <QAbstractButton>
#include <QApplication>
#include <QCloseEvent>
#include <QDialogButtonBox>
#include <QKeyEvent>
#include <QShortcut>
#include <QTextBrowser>
#include <QVBoxLayout>

#include <algorithm>

namespace qdrant2pg {

namespace {
/// Logical sizes of ux.md 1 and 2.9.
constexpr QSize smallestSize(820, 560);
constexpr QSize firstSize(1080, 720);

/// setCurrentId() asks the current page whether it may be left, also when going back: a page with a problem
/// would then keep the person from the field that solves it.
void goTo(QWizard& wizard, PageId target)
{
    const int id = static_cast<int>(target);
    if (wizard.currentId() < id) {
        wizard.setCurrentId(id);
        return;
    }
    for (int before = -1; wizard.currentId() > id && wizard.currentId() != before;) {
        before = wizard.currentId();
        wizard.back();
    }
    // The page was not among those that led here.
    if (wizard.currentId() < id)
        wizard.setCurrentId(id);
}

} // namespace

MigrationWizard::MigrationWizard(
    PlanDraft& draft, Services& services, const QList<PageFactory>& factories, QWidget* parent)
    : QWizard(parent)
    , m_draft(draft)
    , m_services(services)
    , m_steps(new StepList(services))
{
    setObjectName(QStringLiteral("migrationWizard"));
    setWizardStyle(QWizard::ModernStyle);
    setOption(QWizard::IndependentPages);
    setOption(QWizard::NoBackButtonOnStartPage);
    setOption(QWizard::NoCancelButtonOnLastPage);
    setOption(QWizard::HaveHelpButton);
    setOption(QWizard::HelpButtonOnRight, false);
    setSizeGripEnabled(true);
    setWindowFlags(Qt::Window);
    setMinimumSize(smallestSize);
    resize(firstSize);

    for (const PageFactory& factory : factories) {
        BasePage* made = factory.make({draft, services});
        setPage(static_cast<int>(factory.id), made);
        m_pages.append(made);
        connect(made, &BasePage::stateChanged, this, &MigrationWizard::refreshButtons);
        connect(made, &BasePage::stepChanged, this, &MigrationWizard::refreshSteps);
        connect(made, &BasePage::advanceRequested, this, [this, made] {
            if (m_current == made)
                next();
        });
        connect(made, &BasePage::jumpRequested, this, [this, made](PageId target) {
            if (m_current == made && page(target))
                goTo(*this, target);
        });
        connect(made, &BasePage::progressTitleChanged, this, &MigrationWizard::setProgressTitle);
    }
    m_steps->setPages(m_pages);
    setSideWidget(m_steps);

    connect(m_steps, &StepList::stepClicked, this, [this](PageId target) {
        if (!m_draft.isCommitted())
            goTo(*this, target);
    });
    connect(this, &QWizard::currentIdChanged, this, &MigrationWizard::enter);
    connect(this, &QWizard::helpRequested, this, &MigrationWizard::showHelp);
    connect(&draft, &PlanDraft::sourceChanged, this, &MigrationWizard::refreshSteps);
    connect(&draft, &PlanDraft::targetChanged, this, &MigrationWizard::refreshSteps);
    connect(&draft, &PlanDraft::collectionsChanged, this, &MigrationWizard::refreshSteps);
    connect(&draft, &PlanDraft::planChanged, this, &MigrationWizard::refreshSteps);
    connect(&draft, &PlanDraft::committedChanged, this, &MigrationWizard::refreshSteps);
    auto* help = new QShortcut(QKeySequence::HelpContents, this);
    connect(help, &QShortcut::activated, this, &MigrationWizard::showHelp);

    const std::pair<QWizard::WizardButton, const char*> buttons[] = {{QWizard::BackButton, "backButton"},
        {QWizard::NextButton, "nextButton"}, {QWizard::CommitButton, "commitButton"},
        {QWizard::FinishButton, "finishButton"}, {QWizard::CancelButton, "cancelButton"},
        {QWizard::HelpButton, "helpButton"}};
    for (const auto& [which, name] : buttons)
        button(which)->setObjectName(QLatin1String(name));

    colorButtons();
    retranslate();
    if (const QByteArray geometry =
            QByteArray::fromBase64(services.settings.text(SettingKey::WindowGeometry).toLatin1());
        !geometry.isEmpty())
        restoreGeometry(geometry);
}

MigrationWizard::~MigrationWizard()
{
    // Pages use the draft until they are gone; none of them is to hear about the others' end.
    disconnect(&m_draft, nullptr, this, nullptr);
    for (BasePage* made : std::as_const(m_pages))
        disconnect(made, nullptr, this, nullptr);
}

BasePage* MigrationWizard::page(PageId id) const
{
    const auto found = std::find_if(
        m_pages.begin(), m_pages.end(), [id](const BasePage* made) { return made->pageId() == id; });
    return found == m_pages.end() ? nullptr : *found;
}

BasePage* MigrationWizard::currentBasePage() const
{
    return qobject_cast<BasePage*>(currentPage());
}

void MigrationWizard::reject()
{
    close();
}

void MigrationWizard::closeEvent(QCloseEvent* event)
{
    if (m_current && !m_current->mayClose()) {
        event->ignore();
        return;
    }
    saveGeometryIn();
    event->accept();
    QDialog::reject();
}

void MigrationWizard::keyPressEvent(QKeyEvent* event)
{
    // Esc ends what the page is doing, never the window: too much work would go with it.
    if (event->matches(QKeySequence::Cancel)) {
        if (m_current)
            m_current->cancelOperation();
        event->accept();
        return;
    }
    QWizard::keyPressEvent(event);
}

void MigrationWizard::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    else if (event->type() == QEvent::PaletteChange)
        colorButtons();
    QWizard::changeEvent(event);
}

int MigrationWizard::nextId() const
{
    return QWizard::nextId();
}

void MigrationWizard::enter(int id)
{
    if (m_current)
        m_current->left();
    m_current = id < 0 ? nullptr : currentBasePage();
    if (m_current) {
        m_current->entered();
        if (QWidget* widget = m_current->firstFocus())
            widget->setFocus(Qt::OtherFocusReason);
        if (m_help && m_help->isVisible())
            m_helpText->setHtml(m_current->helpText());
    }
    // QWizard gives the side widget a frame with the margins of a form, no sooner than it shows a page.
    if (const QWidget* frame = m_steps->parentWidget(); frame && frame->layout())
        frame->layout()->setContentsMargins(0, 0, 0, 0);
    refreshTitle();
    refreshSteps();
    refreshButtons();
}

void MigrationWizard::showHelp()
{
    if (!m_current)
        return;
    if (!m_help) {
        m_help = new QDialog(this);
        m_help->setObjectName(QStringLiteral("helpDialog"));
        m_helpText = new QTextBrowser(m_help);
        m_helpText->setObjectName(QStringLiteral("helpTextBrowser"));
        m_helpText->setOpenExternalLinks(true);
        m_helpText->setFrameShape(QFrame::NoFrame);
        auto* buttons = new QDialogButtonBox(QDialogButtonBox::Close, m_help);
        connect(buttons, &QDialogButtonBox::rejected, m_help, &QDialog::hide);
        auto* layout = new QVBoxLayout(m_help);
        layout->addWidget(m_helpText);
        layout->addWidget(buttons);
        m_help->resize(style::textWidth(this, style::readingWidth), style::unit(this) * 56);
    }
    m_help->setWindowTitle(tr("Help: %1").arg(m_current->stepName()));
    m_helpText->setAccessibleName(m_help->windowTitle());
    m_helpText->setHtml(m_current->helpText());
    m_help->show();
    m_help->raise();
    m_help->activateWindow();
    m_helpText->setFocus();
}

void MigrationWizard::retranslate()
{
    setButtonText(QWizard::BackButton, tr("&Back"));
    setButtonText(QWizard::CommitButton, tr("&Start migration"));
    setButtonText(QWizard::FinishButton, tr("&Close"));
    setButtonText(QWizard::CancelButton, tr("&Quit"));
    // F1 is its key; the letters of a page are few.
    setButtonText(QWizard::HelpButton, tr("Help"));
    refreshTitle();
    refreshSteps();
    refreshButtons();
}

void MigrationWizard::colorButtons()
{
    const QPalette colors = QApplication::palette();
    QPalette strong = colors;
    for (const QPalette::ColorGroup group : {QPalette::Active, QPalette::Inactive}) {
        strong.setColor(group, QPalette::Button, colors.color(QPalette::Highlight));
        strong.setColor(group, QPalette::ButtonText, colors.color(QPalette::HighlightedText));
    }
    for (const QWizard::WizardButton which :
        {QWizard::NextButton, QWizard::CommitButton, QWizard::FinishButton})
        button(which)->setPalette(strong);
}

void MigrationWizard::refreshSteps()
{
    m_steps->refresh(m_current, m_draft.isCommitted());
}

void MigrationWizard::refreshButtons()
{
    const bool checking = m_current && m_current->state() == BasePage::State::Checking;
    setButtonText(QWizard::NextButton, checking ? tr("Checking…") : tr("&Next"));
}

void MigrationWizard::setProgressTitle(const QString& text)
{
    m_progressTitle = text;
    refreshTitle();
}

void MigrationWizard::refreshTitle()
{
    const QString name = QStringLiteral("qdrant2pg");
    const QString first = !m_progressTitle.isEmpty() ? m_progressTitle
        : m_current                                  ? m_current->stepName()
                                                     : QString();
    setWindowTitle(first.isEmpty() ? name : tr("%1 – %2").arg(first, name));
}

void MigrationWizard::saveGeometryIn()
{
    m_services.settings.setValue(SettingKey::WindowGeometry, QString::fromLatin1(saveGeometry().toBase64()));
}

} // namespace qdrant2pg
