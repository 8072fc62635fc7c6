// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"

#include "ui/widgets/messagebar.h"

#include <QApplication>
#include <QCheckBox>
#include <QDir>
#include <QFileInfo>
#include <QPixmap>
#include <QPushButton>
#include <QRegularExpression>
#include <QTest>

#include <cstdlib>

namespace qdrant2pg::test {

namespace {

/// Before QApplication reads them; a test never sees or changes what belongs to the person who runs it.
struct Environment {
    QTemporaryDir folder;

    Environment()
    {
        if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM"))
            qputenv("QT_QPA_PLATFORM", "offscreen");
        for (const char* name : {"XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_DATA_HOME"})
            qputenv(name, folder.path().toUtf8());
        for (const char* name : {"QDRANT_URL", "QDRANT_API_KEY", "COLLECTION"})
            qunsetenv(name);
        // Messages in English, and no keychain of the desktop.
        qputenv("LC_ALL", "C.UTF-8");
        qunsetenv("DBUS_SESSION_BUS_ADDRESS");
    }
};
const Environment environment;

const QString allowedMessages = QStringLiteral("^(?!This plugin does not support)(?!QStandardPaths: ).*");

void mustNotFail(const tl::expected<std::shared_ptr<demo::Collection>, std::string>& made)
{
    if (!made)
        qFatal("%s", made.error().c_str());
}

bool isShown(const QAbstractButton* button)
{
    return button && button->isVisible() && button->isEnabled();
}

} // namespace

void failOnWarnings()
{
    QTest::failOnWarning(QRegularExpression(allowedMessages, QRegularExpression::DotMatchesEverythingOption));
}

WizardBench::WizardBench()
    : settings(folder.filePath(QStringLiteral("wizard.ini")))
    , theme(settings)
    , recents(settings)
    , demo(QStringLiteral(QDRANT2PG_BINARY_DIR "/bin/qdrant2pg-demo"))
    , services{settings, recents, theme, log, dialogs, threads, demo}
{
    failOnWarnings();
    QCoreApplication::installTranslator(&plurals);
    if (const auto started = server.start(); !started)
        qFatal("%s", started.error().c_str());
    theme.setTheme(Theme::Light);
}

WizardBench::~WizardBench()
{
    close();
}

std::shared_ptr<demo::Collection> WizardBench::addGameCollection(
    const char* name, std::uint64_t points, std::size_t dimensions)
{
    const auto made = demo::generateGameCollection(server.store(), name, points, 1, dimensions);
    mustNotFail(made);
    return *made;
}

std::shared_ptr<demo::Collection> WizardBench::addCollection(const char* name, const demo::Recipe& recipe)
{
    const auto made = demo::generateCollection(server.store(), name, recipe);
    mustNotFail(made);
    return *made;
}

std::shared_ptr<demo::Collection> WizardBench::addPoints(
    const char* name, const char* createRequest, const char* pointsJson)
{
    const auto made = server.store().create(name, createRequest);
    mustNotFail(made);
    const auto points = demo::Json::parse(pointsJson);
    if (!points)
        qFatal("the points of %s are no JSON", name);
    if (const auto uploaded = (*made)->upload(*points); !uploaded)
        qFatal("%s", uploaded.error().c_str());
    return *made;
}

void WizardBench::prefill()
{
    SourcePlan source = draft.source();
    source.url = QString::fromStdString(server.url());
    draft.setSource(source, {});
    TargetPlan target = draft.target();
    const TargetOptions options = database.options();
    target.conninfo = options.conninfo;
    draft.setTarget(target, options.password);
}

MigrationWizard& WizardBench::open(const QList<PageFactory>& pages, bool prefilled)
{
    close();
    if (prefilled)
        prefill();
    m_wizard = std::make_unique<MigrationWizard>(draft, services, pages);
    m_wizard->show();
    m_wizard->activateWindow();
    (void)QTest::qWaitForWindowActive(m_wizard.get());
    return *m_wizard;
}

void WizardBench::close()
{
    m_wizard.reset();
}

BasePage* WizardBench::page(PageId id) const
{
    return m_wizard->page(id);
}

BasePage* WizardBench::current() const
{
    return m_wizard->currentBasePage();
}

PageId WizardBench::currentId() const
{
    return current()->pageId();
}

bool WizardBench::next(int timeoutMs)
{
    BasePage* const before = current();
    if (before->pageId() == PageId::Start) {
        QTest::mouseClick(find<QAbstractButton>("newMigrationChoiceButton"), Qt::LeftButton);
        return waitFor([&] { return current() != before; }, timeoutMs);
    }
    if (before->pageId() == PageId::Collections && draft.selected().isEmpty()) {
        auto* all = find<QPushButton>("selectAllPushButton");
        if (all)
            all->click();
    }
    const auto forward = [this]() -> QAbstractButton* {
        for (const QWizard::WizardButton which : {QWizard::NextButton, QWizard::CommitButton}) {
            if (isShown(m_wizard->button(which)))
                return m_wizard->button(which);
        }
        return nullptr;
    };
    const auto acknowledge = [before] {
        const auto boxes = before->findChildren<QCheckBox*>();
        for (QCheckBox* box : boxes) {
            if (box->objectName().startsWith(QLatin1String("acknowledge")) && isShown(box)
                && !box->isChecked())
                box->click();
        }
    };
    const bool ready = waitFor(
        [&] {
            if (before->pageId() == PageId::Review)
                acknowledge();
            // Review's check starts by itself and moves nobody on.
            const bool checked =
                before->pageId() != PageId::Review || before->state() == BasePage::State::Ready;
            return checked && forward() != nullptr;
        },
        timeoutMs);
    if (!ready)
        return false;
    forward()->click();
    return waitFor(
               [&] {
                   return current() != before
                       || (before->state() == BasePage::State::Blocked && before->messages().isShowing());
               },
               timeoutMs)
        && current() != before;
}

bool WizardBench::back()
{
    BasePage* const before = current();
    QAbstractButton* button = m_wizard->button(QWizard::BackButton);
    if (!isShown(button))
        return false;
    button->click();
    return waitFor([&] { return current() != before; });
}

bool WizardBench::goTo(PageId id, int timeoutMs)
{
    if (!page(id))
        return false;
    while (currentId() != id) {
        if (!(currentId() < id ? next(timeoutMs) : back()))
            return false;
    }
    return true;
}

QString WizardBench::trouble() const
{
    const MessageBar& bar = current()->messages();
    return QStringLiteral("page %1, state %2: %3 | %4 | %5")
        .arg(current()->objectName())
        .arg(static_cast<int>(current()->state()))
        .arg(bar.summary(), bar.hint(), bar.details());
}

bool WizardBench::waitFor(const std::function<bool()>& condition, int timeoutMs)
{
    return QTest::qWaitFor(condition, timeoutMs);
}

QWidget* WizardBench::keyTarget() const
{
    QWidget* focused = QApplication::focusWidget();
    return focused ? focused : m_wizard.get();
}

void WizardBench::press(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QTest::keyClick(keyTarget(), key, modifiers);
}

void WizardBench::type(const QString& text)
{
    QTest::keyClicks(keyTarget(), text);
}

QString WizardBench::grab(const QString& name) const
{
    const QString path =
        QDir(QStringLiteral(QDRANT2PG_BINARY_DIR "/screens")).filePath(name + QStringLiteral(".png"));
    if (!QDir().mkpath(QFileInfo(path).path()) || !m_wizard->grab().save(path))
        qFatal("%s cannot be written", qPrintable(path));
    return path;
}

} // namespace qdrant2pg::test
