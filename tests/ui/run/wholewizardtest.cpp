// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/run/runbench.h"
#include "ui/wizard/run/runview.h"

#include <QApplication>
#include <QCheckBox>
#include <QLabel>
#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// From the first page to a verified report with nothing but a keyboard.
class WholeWizardTest : public QObject {
    Q_OBJECT
private slots:
    void byKeyboardAlone();

private:
    static bool goOn(WizardBench& bench, QWizard::WizardButton button, Qt::Key mnemonic);
};

/// Presses the mnemonic of the button when it can be pressed and waits for another page. On the way check
/// boxes that ask for a word of consent are reached with Tab and toggled with Space.
bool WholeWizardTest::goOn(WizardBench& bench, QWizard::WizardButton button, Qt::Key mnemonic)
{
    BasePage* const before = bench.current();
    const bool ready = WizardBench::waitFor(
        [&] {
            if (bench.wizard().button(button)->isVisible() && bench.wizard().button(button)->isEnabled())
                return true;
            auto* box = qobject_cast<QCheckBox*>(QApplication::focusWidget());
            if (box && !box->isChecked() && box->objectName().startsWith(QLatin1String("acknowledge")))
                bench.press(Qt::Key_Space);
            else if (before->state() == BasePage::State::Blocked)
                bench.press(Qt::Key_Tab);
            return false;
        },
        60'000);
    if (!ready)
        return false;
    bench.press(mnemonic, Qt::AltModifier);
    return WizardBench::waitFor([&] { return bench.current() != before; }, 60'000);
}

void WholeWizardTest::byKeyboardAlone()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 1000);
    bench.open();
    QCOMPARE(bench.currentId(), PageId::Start);
    for (const PageId page : {PageId::Source, PageId::Target, PageId::Collections}) {
        bench.press(Qt::Key_Return);
        QVERIFY2(
            WizardBench::waitFor([&] { return bench.currentId() == page; }), qPrintable(bench.trouble()));
    }
    // The list arrives later than the page.
    QVERIFY(WizardBench::waitFor([&] {
        if (bench.draft.selected().isEmpty())
            bench.press(Qt::Key_Space);
        return !bench.draft.selected().isEmpty();
    }));
    QVERIFY2(goOn(bench, QWizard::NextButton, Qt::Key_N), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Mapping);
    QVERIFY2(goOn(bench, QWizard::NextButton, Qt::Key_N), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Review);
    QVERIFY2(goOn(bench, QWizard::CommitButton, Qt::Key_S), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Run);
    QVERIFY(!bench.wizard().button(QWizard::BackButton)->isEnabled());
    auto* view = bench.find<RunView>("runView");
    QTRY_COMPARE_WITH_TIMEOUT(view->offer(), RunView::Offer::Ended, 60'000);
    QVERIFY2(goOn(bench, QWizard::NextButton, Qt::Key_N), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Verify);
    QVERIFY2(goOn(bench, QWizard::NextButton, Qt::Key_N), qPrintable(bench.trouble()));
    QCOMPARE(bench.currentId(), PageId::Report);
    QCOMPARE(bench.find<QLabel>("verdictLabel")->text(),
        QStringLiteral("1,000 of 1,000 points are in PostgreSQL and every row was compared: identical."));
    QCOMPARE(bench.database.scalar("SELECT count(*) FROM game"), QStringLiteral("1000"));
}

QTEST_MAIN(WholeWizardTest)
#include "wholewizardtest.moc"
