// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/screens/clipping.h"
#include "tests/ui/screens/pseudolocale.h"
#include "tests/ui/support/wizardbench.h"

#include <QApplication>
#include <QDir>
#include <QImage>
#include <QRegularExpression>
#include <QStyle>
#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// Walks through every page of standardPages() on real data and makes pictures of each in two themes and two
/// languages, at the start size and, in the language that needs more room, at the smallest. A page that is
/// registered is part of it; `screens` in the build folder holds the pictures.
/// With QDRANT2PG_SCREENSHOTS=<folder> the pictures in light and English go there too (docs/screenshots).
class ScreensTest : public QObject {
    Q_OBJECT
private slots:
    void pages();

private:
    void shoot(WizardBench& bench, const QString& name);
    void look(WizardBench& bench, const QString& name);
    void keepForDocs(WizardBench& bench, const QString& name);

    QStringList m_problems;
    PseudoLocale m_pseudo;
};

void ScreensTest::pages()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game_collection", 3'000, 64);
    demo::Recipe documents;
    documents.points = 500;
    documents.dimensions = 32;
    documents.dense = {"title", "body"};
    documents.sparse = {"keywords"};
    documents.ids = demo::IdKind::Sequential;
    bench.addCollection("documents", documents);
    demo::Recipe pages;
    pages.points = 200;
    pages.dimensions = 16;
    pages.multi = {"tokens"};
    pages.ids = demo::IdKind::Sparse;
    bench.addCollection("pages_with_a_rather_long_name_for_a_collection", pages);
    SourcePlan recent;
    recent.url = QStringLiteral("https://prod-qdrant.example.com:6333");
    bench.recents.addSource(recent);
    bench.open();

    const auto order = standardPages();
    for (const PageFactory& factory : order) {
        if (!bench.goTo(factory.id)) {
            m_problems << QStringLiteral("%1 was not reached: %2")
                              .arg(static_cast<int>(factory.id))
                              .arg(bench.trouble());
            break;
        }
        shoot(bench, bench.current()->objectName());
    }
    // Told but not failed: tables and charts that scroll sideways where the window is smallest or texts
    // longest, and columns, which a person can widen, in the long language.
    static const QRegularExpression tolerated(QStringLiteral(
        "pseudo: column |^mappingPage-smallest-pseudo: QTabBar|^(run|report)Page.*scrolls sideways"));
    qsizetype failing = 0;
    for (const QString& problem : std::as_const(m_problems)) {
        qInfo("%s", qUtf8Printable(problem));
        failing += problem.contains(tolerated) ? 0 : 1;
    }
    QCOMPARE(failing, 0);
}

void ScreensTest::shoot(WizardBench& bench, const QString& name)
{
    const QSize before = bench.wizard().size();
    for (const bool pseudo : {false, true}) {
        if (pseudo)
            QCoreApplication::installTranslator(&m_pseudo);
        for (const Theme theme : {Theme::Light, Theme::Dark}) {
            bench.theme.setTheme(theme);
            look(bench,
                QStringLiteral("%1-%2%3").arg(name,
                    theme == Theme::Dark ? QStringLiteral("dark") : QStringLiteral("light"),
                    pseudo ? QStringLiteral("-pseudo") : QString()));
            // What a page said while another language was on stays, so this picture is the first.
            if (theme == Theme::Light && !pseudo)
                keepForDocs(bench, name);
        }
        bench.wizard().resize(bench.wizard().minimumSize());
        look(bench, name + (pseudo ? QStringLiteral("-smallest-pseudo") : QStringLiteral("-smallest")));
        bench.wizard().resize(before);
    }
    QCoreApplication::removeTranslator(&m_pseudo);
    bench.theme.setTheme(Theme::Light);
}

void ScreensTest::keepForDocs(WizardBench& bench, const QString& name)
{
    const QString folder = qEnvironmentVariable("QDRANT2PG_SCREENSHOTS");
    if (folder.isEmpty())
        return;
    QVERIFY(QDir().mkpath(folder));
    // A preview and a run in full swing show more than a page that has just appeared.
    QTest::qWait(1'500);
    // Opaque and packed as small as PNG goes: these pictures live in the repository.
    const QImage picture = bench.wizard().grab().toImage().convertToFormat(QImage::Format_RGB888);
    QVERIFY(picture.save(QDir(folder).filePath(name + QStringLiteral(".png")), "PNG", 0));
}

void ScreensTest::look(WizardBench& bench, const QString& name)
{
    // What loads shows itself; layouts of a new language or size come with posted events.
    (void)WizardBench::waitFor([&] { return bench.current()->state() != BasePage::State::Checking; }, 5'000);
    QTest::qWait(60);
    (void)WizardBench::waitFor([&] { return clippedTexts(bench.wizard()).isEmpty(); }, 2'000);
    const QString scale = QString::number(qRound(bench.wizard().devicePixelRatioF() * 100));
    bench.grab(QStringLiteral("%1/%2").arg(scale, name));
    const QStringList clipped = clippedTexts(bench.wizard());
    for (const QString& line : clipped)
        m_problems << QStringLiteral("%1: %2").arg(name, line);
}

QTEST_MAIN(ScreensTest)
#include "screenstest.moc"
