// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "demo/server/standinserver.h"
#include "demo/source/generator.h"
#include "tests/support/testpostgres.h"
#include "tests/ui/support/testdialogs.h"
#include "ui/services/backgroundjob.h"
#include "ui/services/demoserver.h"
#include "ui/services/englishplurals.h"
#include "ui/services/logbuffer.h"
#include "ui/services/recents.h"
#include "ui/services/services.h"
#include "ui/services/settings.h"
#include "ui/services/themeservice.h"
#include "ui/wizard/migrationwizard.h"
#include "ui/wizard/plandraft.h"

#include <QTemporaryDir>

#include <functional>
#include <memory>

namespace qdrant2pg::test {

/// Warnings that the running test function prints from here on fail it, but for what the offscreen platform
/// itself says: the one list of what is allowed. A bench calls it; a test without one does so in init().
void failOnWarnings();

/// A wizard on real ends: a stand-in Qdrant in this process (started, empty), a fresh database, settings and
/// state folders of its own, prepared dialogs. Begin a test with QDRANT2PG_REQUIRE_POSTGRES(bench.database);
/// use QTEST_MAIN. Linking it makes the platform offscreen and moves $XDG_* into a temporary folder.
///
///     WizardBench bench;
///     QDRANT2PG_REQUIRE_POSTGRES(bench.database);
///     bench.addGameCollection("game", 200, 16);
///     bench.open();
///     QVERIFY2(bench.goTo(PageId::Mapping), qPrintable(bench.trouble()));
class WizardBench {
public:
    /// Calls failOnWarnings().
    WizardBench();
    ~WizardBench();

    demo::StandInServer server;
    TestPostgres database;
    EnglishPlurals plurals;
    QTemporaryDir folder;
    TestDialogs dialogs;
    Settings settings;
    ThemeService theme;
    Recents recents;
    LogBuffer log;
    BackgroundThreads threads;
    DemoServer demo;
    Services services;
    PlanDraft draft;

    /// Points in the stand-in: the typical collection, or any recipe (demo/source/generator.h).
    std::shared_ptr<demo::Collection> addGameCollection(
        const char* name, std::uint64_t points, std::size_t dimensions = 16);
    std::shared_ptr<demo::Collection> addCollection(const char* name, const demo::Recipe& recipe);
    /// Points given as upload JSON: [{"id":1,"payload":{},"vector":[..]}, ...].
    std::shared_ptr<demo::Collection> addPoints(
        const char* name, const char* createRequest, const char* pointsJson);

    /// Both addresses into the draft, as startup values would do.
    void prefill();
    /// Shows a window over these pages; prefilled unless told otherwise. The draft stays between windows.
    MigrationWizard& open(const QList<PageFactory>& pages = standardPages(), bool prefilled = true);
    void close();
    MigrationWizard& wizard() const { return *m_wizard; }

    BasePage* page(PageId id) const;
    BasePage* current() const;
    PageId currentId() const;
    /// What is shown of that class and object name on the current page; null when there is none.
    template <class Widget> Widget* find(const char* objectName) const
    {
        return current()->findChild<Widget*>(QLatin1String(objectName));
    }

    /// Presses Next (or Start migration) and waits until another page is in view. On Start it takes "New
    /// migration", on Collections it checks all when none is, on Review every check box that is shown whose
    /// object name starts with "acknowledge". False with trouble() when the page stays.
    bool next(int timeoutMs = 60'000);
    bool back();
    /// next() or back() until that page is in view; past Run it waits for the run's end.
    bool goTo(PageId id, int timeoutMs = 60'000);
    /// Page, state and message bar in words, for a failing test.
    QString trouble() const;

    /// Runs the event loop until it is true; false when the time is over.
    static bool waitFor(const std::function<bool()>& condition, int timeoutMs = 20'000);
    /// To the widget that has the focus, as a person would.
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {});
    void type(const QString& text);
    /// The window as <build folder>/screens/<name>.png; its path.
    QString grab(const QString& name) const;

private:
    QWidget* keyTarget() const;

    std::unique_ptr<MigrationWizard> m_wizard;
};

} // namespace qdrant2pg::test
