// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/screens/looker.h"

#include <QDir>
#include <QImage>
#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// Walks through every page of standardPages() on real data and makes pictures of each in two themes and two
/// languages, at the start size and at the smallest. A page that is registered is part of it; `screens` in
/// the build folder holds the pictures. Nothing may be clipped in any of them.
/// With QDRANT2PG_SCREENSHOTS=<folder> the pictures in light and English go there too (docs/screenshots).
class ScreensTest : public QObject {
    Q_OBJECT
private slots:
    void pages();

private:
    static void addCollections(WizardBench& bench);
    static void keepForDocs(WizardBench& bench);
};

void ScreensTest::addCollections(WizardBench& bench)
{
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
}

void ScreensTest::pages()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    addCollections(bench);
    bench.open();
    Looker looker(bench);
    const auto order = standardPages();
    for (const PageFactory& factory : order) {
        QVERIFY2(bench.goTo(factory.id), qPrintable(bench.trouble()));
        // What loads shows itself.
        (void)WizardBench::waitFor(
            [&] { return bench.current()->state() != BasePage::State::Checking; }, 5'000);
        // What a page said while another language was on stays, so this picture is the first.
        keepForDocs(bench);
        looker.lookAround(bench.current()->objectName());
    }
    QVERIFY2(looker.problems().isEmpty(),
        qPrintable(QLatin1Char('\n') + looker.problems().join(QLatin1Char('\n'))));
}

void ScreensTest::keepForDocs(WizardBench& bench)
{
    const QString folder = qEnvironmentVariable("QDRANT2PG_SCREENSHOTS");
    if (folder.isEmpty())
        return;
    QVERIFY(QDir().mkpath(folder));
    // A preview and a run in full swing show more than a page that has just appeared.
    QTest::qWait(1'500);
    // Opaque and packed as small as PNG goes: these pictures live in the repository.
    const QImage picture = bench.wizard().grab().toImage().convertToFormat(QImage::Format_RGB888);
    const QString file = bench.current()->objectName() + QStringLiteral(".png");
    QVERIFY(picture.save(QDir(folder).filePath(file), "PNG", 0));
}

QTEST_MAIN(ScreensTest)
#include "screenstest.moc"
