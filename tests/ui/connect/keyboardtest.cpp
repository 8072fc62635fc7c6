// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"
#include "ui/widgets/sectionfold.h"

#include <QAbstractButton>
#include <QAccessible>
#include <QDialog>
#include <QLabel>
#include <QLineEdit>
#include <QSet>
#include <QTabBar>
#include <QTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// The first pages without a mouse and without a screen: mnemonics, names, tab order, help.
class KeyboardTest : public QObject {
    Q_OBJECT
private slots:
    void mnemonicsAreUnique_data() { pages(); }
    void mnemonicsAreUnique();
    void whatTakesFocusHasANameToReadOut_data() { pages(); }
    void whatTakesFocusHasANameToReadOut();
    void tabFollowsReadingOrder();
    void f1ShowsThePagesHelp();

private:
    static void pages();
    static bool reach(WizardBench& bench);
};

void KeyboardTest::pages()
{
    QTest::addColumn<int>("page");
    QTest::newRow("Start") << static_cast<int>(PageId::Start);
    QTest::newRow("Source") << static_cast<int>(PageId::Source);
    QTest::newRow("Target") << static_cast<int>(PageId::Target);
    QTest::newRow("Collections") << static_cast<int>(PageId::Collections);
}

bool KeyboardTest::reach(WizardBench& bench)
{
    QFETCH(int, page);
    bench.addGameCollection("game", 20);
    bench.open();
    if (!bench.goTo(static_cast<PageId>(page)))
        return false;
    const auto folds = bench.current()->findChildren<SectionFold*>();
    for (SectionFold* fold : folds)
        fold->findChild<QAbstractButton*>()->click();
    return true;
}

void KeyboardTest::mnemonicsAreUnique()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY2(reach(bench), qPrintable(bench.trouble()));
    QMap<QKeySequence, QString> seen;
    const auto take = [&](const QString& text) {
        const QKeySequence key = QKeySequence::mnemonic(text);
        if (key.isEmpty())
            return;
        if (seen.contains(key))
            QFAIL(qPrintable(
                QStringLiteral("%1 of both \"%2\" and \"%3\"").arg(key.toString(), seen.value(key), text)));
        seen.insert(key, text);
    };
    const auto widgets = bench.wizard().findChildren<QWidget*>();
    for (QWidget* widget : widgets) {
        if (!widget->isVisible())
            continue;
        if (const auto* label = qobject_cast<QLabel*>(widget); label && label->buddy())
            take(label->text());
        else if (const auto* button = qobject_cast<QAbstractButton*>(widget))
            take(button->text());
        else if (const auto* tabs = qobject_cast<QTabBar*>(widget)) {
            for (int i = 0; i < tabs->count(); ++i)
                take(tabs->tabText(i));
        }
    }
    QVERIFY(seen.size() >= 4);
}

void KeyboardTest::whatTakesFocusHasANameToReadOut()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    QVERIFY2(reach(bench), qPrintable(bench.trouble()));
    const auto widgets = bench.current()->findChildren<QWidget*>();
    int checked = 0;
    for (QWidget* widget : widgets) {
        const bool inside = widget->focusProxy() || widget->objectName().startsWith(QLatin1String("qt_"));
        if (!widget->isVisible() || inside || (widget->focusPolicy() & Qt::TabFocus) == 0)
            continue;
        // Scroll areas take the focus only to be scrolled.
        if (widget->inherits("QScrollArea") || widget->inherits("QTabBar"))
            continue;
        QVERIFY2(!widget->objectName().isEmpty(), widget->metaObject()->className());
        if (qobject_cast<QLineEdit*>(widget) && widget->parentWidget()->inherits("QComboBox"))
            continue;
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
        QVERIFY2(face && !face->text(QAccessible::Name).isEmpty(), qPrintable(widget->objectName()));
        ++checked;
    }
    QVERIFY(checked >= 3);
}

void KeyboardTest::tabFollowsReadingOrder()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 20);
    bench.open();
    QVERIFY2(bench.goTo(PageId::Target), qPrintable(bench.trouble()));
    int last = -1;
    int steps = 0;
    for (QWidget* widget = QApplication::focusWidget(); widget && bench.current()->isAncestorOf(widget);
         widget = QApplication::focusWidget()) {
        const int top = widget->mapTo(bench.current(), QPoint(0, widget->height())).y();
        QVERIFY2(top >= last, qPrintable(widget->objectName()));
        last = top;
        bench.press(Qt::Key_Tab);
        if (++steps > 40 || QApplication::focusWidget() == widget)
            break;
    }
    QVERIFY(steps >= 6);
}

void KeyboardTest::f1ShowsThePagesHelp()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.open();
    QVERIFY(bench.goTo(PageId::Source));
    bench.press(Qt::Key_F1);
    auto* help = bench.wizard().findChild<QDialog*>(QStringLiteral("helpDialog"));
    QVERIFY(help);
    QVERIFY(help->isVisible());
    QVERIFY(help->windowTitle().contains(bench.current()->stepName()));
    QTest::keyClick(help, Qt::Key_Escape);
    QVERIFY(!help->isVisible());
    QVERIFY(bench.wizard().isVisible());
}

QTEST_MAIN(KeyboardTest)
#include "keyboardtest.moc"
