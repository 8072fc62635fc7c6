// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/profile/statefolders.h"
#include "ui/services/backgroundjob.h"
#include "ui/services/demoserver.h"
#include "ui/services/dialogs.h"
#include "ui/services/englishplurals.h"
#include "ui/services/logbuffer.h"
#include "ui/services/recents.h"
#include "ui/services/services.h"
#include "ui/services/settings.h"
#include "ui/services/startupvalues.h"
#include "ui/services/themeservice.h"
#include "ui/widgets/applicationicon.h"
#include "ui/wizard/migrationwizard.h"
#include "ui/wizard/plandraft.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QDir>

int main(int argc, char* argv[])
{
    using namespace qdrant2pg;
    QApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("qdrant2pg"));
    QCoreApplication::setApplicationVersion(QStringLiteral(QDRANT2PG_VERSION));
    QGuiApplication::setDesktopFileName(QStringLiteral("io.github.qdrant2pg.Wizard"));

    EnglishPlurals plurals;
    QCoreApplication::installTranslator(&plurals);

    QCommandLineParser parser;
    parser.setApplicationDescription(
        QCoreApplication::translate("main", "Migrates Qdrant collections to PostgreSQL with pgvector."));
    parser.addHelpOption();
    parser.addVersionOption();
    addStartupOptions(parser);
    parser.process(application);

    LogBuffer log;
    log.setFile(QDir(stateFolder()).filePath(QStringLiteral("wizard.log")));
    log.install();

    Settings settings(Settings::defaultPath());
    ThemeService theme(settings);
    theme.apply();
    Recents recents(settings);
    DesktopDialogs dialogs;
    BackgroundThreads threads;
    DemoServer demo;
    Services services{settings, recents, theme, log, dialogs, threads, demo};
    PlanDraft draft;
    const QStringList problems = applyEnvironment(draft) + applyOptions(parser, draft);
    for (const QString& problem : problems)
        qWarning("%s", qUtf8Printable(problem));

    QApplication::setWindowIcon(applicationIcon());
    MigrationWizard wizard(draft, services, standardPages());
    wizard.show();
    return QApplication::exec();
}
