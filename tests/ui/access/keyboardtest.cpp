// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"
#include "ui/widgets/sectionfold.h"
#include "ui/widgets/statuslabel.h"

#include <QAbstractButton>
#include <QAbstractItemView>
#include <QAbstractSpinBox>
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>
#include <QScrollArea>
#include <QTabBar>
#include <QTest>
#include <QTextBrowser>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

namespace {

/// Parts that Qt makes inside its own widgets; they are reached and named through those.
bool isInner(const QWidget* widget)
{
    if (widget->focusProxy() || widget->objectName().startsWith(QLatin1String("qt_")))
        return true;
    const QWidget* parent = widget->parentWidget();
    return parent
        && (parent->inherits("QComboBox") || parent->inherits("QAbstractSpinBox")
            || parent->inherits("QTabBar") || parent->inherits("QLineEdit")
            || parent->inherits("QHeaderView"));
}

bool isInteractive(const QWidget* widget)
{
    return qobject_cast<const QAbstractButton*>(widget) || qobject_cast<const QLineEdit*>(widget)
        || qobject_cast<const QComboBox*>(widget) || qobject_cast<const QAbstractSpinBox*>(widget)
        || qobject_cast<const QPlainTextEdit*>(widget)
        || (qobject_cast<const QAbstractItemView*>(widget) && !qobject_cast<const QHeaderView*>(widget));
}

bool isField(const QWidget* widget)
{
    const auto* text = qobject_cast<const QPlainTextEdit*>(widget);
    return qobject_cast<const QLineEdit*>(widget) || qobject_cast<const QComboBox*>(widget)
        || qobject_cast<const QAbstractSpinBox*>(widget) || (text && !text->isReadOnly());
}

QString nameOf(const QWidget* widget)
{
    return QStringLiteral("%1 \"%2\"")
        .arg(QLatin1String(widget->metaObject()->className()), widget->objectName());
}

QList<QWidget*> shownIn(const QWidget* parent)
{
    QList<QWidget*> out;
    const auto widgets = parent->findChildren<QWidget*>();
    for (QWidget* widget : widgets) {
        if (widget->isVisible() && !isInner(widget))
            out << widget;
    }
    return out;
}

QList<QWidget*> stopsOf(const QWidget* page)
{
    QList<QWidget*> stops = shownIn(page);
    stops.removeIf([](const QWidget* widget) {
        // A scroll area takes the focus only to be scrolled.
        return !widget->isEnabled() || (widget->focusPolicy() & Qt::TabFocus) == 0
            || qobject_cast<const QScrollArea*>(widget);
    });
    return stops;
}

/// Where a widget is on its page, wherever the page is scrolled to.
QRect placeOf(const QWidget* widget, const QWidget* page)
{
    for (const QWidget* parent = widget->parentWidget(); parent && parent != page;
         parent = parent->parentWidget()) {
        const auto* area = qobject_cast<const QScrollArea*>(parent);
        if (area && area->widget())
            return {area->mapTo(page, QPoint()) + widget->mapTo(area->widget(), QPoint()), widget->size()};
    }
    return {widget->mapTo(page, QPoint()), widget->size()};
}

/// Downwards or to the right: to the next line, along it, or to the next pane.
bool follows(const QRect& next, const QRect& before)
{
    const bool below = next.bottom() >= before.top();
    return below || next.left() >= before.right();
}

} // namespace

/// Every page without a mouse and without a screen: names, mnemonics, labels, tab order, visible focus,
/// copying, help. One walk with all checks on each page, since reaching the last ones takes a migration.
class KeyboardTest : public QObject {
    Q_OBJECT
private slots:
    void everyPage();

private:
    void names(const WizardBench& bench);
    void mnemonics(const WizardBench& bench);
    void labels(const WizardBench& bench);
    void tabOrder(WizardBench& bench);
    void visibleFocus(const WizardBench& bench);
    void copying(const WizardBench& bench);
    void statesInWords(const WizardBench& bench);
    void helpOfThePage(WizardBench& bench);
    void fail(const WizardBench& bench, const QString& text)
    {
        m_problems << bench.current()->objectName() + QStringLiteral(": ") + text;
    }

    QStringList m_problems;
};

void KeyboardTest::everyPage()
{
    WizardBench bench;
    QDRANT2PG_REQUIRE_POSTGRES(bench.database);
    bench.addGameCollection("game", 60);
    bench.addGameCollection("other", 20);
    bench.open();
    const QList<PageFactory> pages = standardPages();
    for (const PageFactory& factory : pages) {
        QVERIFY2(bench.goTo(factory.id), qPrintable(bench.trouble()));
        (void)WizardBench::waitFor(
            [&] { return bench.current()->state() != BasePage::State::Checking; }, 30'000);
        QTest::qWait(50);
        tabOrder(bench);
        const auto folds = bench.current()->findChildren<SectionFold*>();
        for (SectionFold* fold : folds)
            fold->setOpen(true);
        QTest::qWait(50);
        names(bench);
        mnemonics(bench);
        labels(bench);
        visibleFocus(bench);
        copying(bench);
        statesInWords(bench);
        helpOfThePage(bench);
        for (SectionFold* fold : folds)
            fold->setOpen(false);
    }
    QVERIFY2(m_problems.isEmpty(), qPrintable(QLatin1Char('\n') + m_problems.join(QLatin1Char('\n'))));
}

void KeyboardTest::names(const WizardBench& bench)
{
    static const QRegularExpression form(QStringLiteral("^[a-z][A-Za-z0-9]*$"));
    int checked = 0;
    const auto widgets = shownIn(bench.current());
    for (QWidget* widget : widgets) {
        if (!isInteractive(widget))
            continue;
        QString type =
            QString::fromLatin1(widget->metaObject()->className()).section(QLatin1String("::"), -1);
        type = type.startsWith(QLatin1Char('Q')) ? type.mid(1) : type;
        if (!form.match(widget->objectName()).hasMatch() || !widget->objectName().endsWith(type))
            fail(bench, QStringLiteral("%1 is not named <role>%2").arg(nameOf(widget), type));
        QAccessibleInterface* face = QAccessible::queryAccessibleInterface(widget);
        if (!face || face->text(QAccessible::Name).trimmed().isEmpty())
            fail(bench, QStringLiteral("%1 has nothing to read out").arg(nameOf(widget)));
        ++checked;
    }
    if (checked < 3)
        fail(bench, QStringLiteral("only %1 widgets").arg(checked));
}

void KeyboardTest::mnemonics(const WizardBench& bench)
{
    QMap<QKeySequence, QString> seen;
    const auto take = [&](const QString& text) {
        const QKeySequence key = QKeySequence::mnemonic(text);
        if (key.isEmpty())
            return;
        if (seen.contains(key))
            fail(bench,
                QStringLiteral("%1 of both \"%2\" and \"%3\"").arg(key.toString(), seen.value(key), text));
        seen.insert(key, text);
    };
    const auto widgets = shownIn(&bench.wizard());
    for (QWidget* widget : widgets) {
        if (const auto* label = qobject_cast<QLabel*>(widget); label && label->buddy())
            take(label->text());
        else if (const auto* button = qobject_cast<QAbstractButton*>(widget))
            take(button->text());
        else if (const auto* tabs = qobject_cast<QTabBar*>(widget)) {
            for (int i = 0; i < tabs->count(); ++i)
                take(tabs->tabText(i));
        }
    }
}

void KeyboardTest::labels(const WizardBench& bench)
{
    QMap<QWidget*, QString> labels;
    const auto all = bench.current()->findChildren<QLabel*>();
    for (const QLabel* label : all) {
        if (label->buddy() && label->isVisible())
            labels.insert(label->buddy(), label->text());
    }
    const auto widgets = shownIn(bench.current());
    for (QWidget* widget : widgets) {
        if (!isField(widget) || widget->parentWidget()->inherits("QAbstractItemView"))
            continue;
        // A compound field stands for the edit in it.
        const bool labelled = labels.contains(widget) || labels.contains(widget->parentWidget());
        if (!labelled)
            fail(bench, QStringLiteral("%1 has no label").arg(nameOf(widget)));
        else if (QKeySequence::mnemonic(labels.value(widget, labels.value(widget->parentWidget()))).isEmpty())
            fail(bench, QStringLiteral("the label of %1 has no mnemonic").arg(nameOf(widget)));
    }
}

void KeyboardTest::tabOrder(WizardBench& bench)
{
    const BasePage* page = bench.current();
    QList<QWidget*> missed = stopsOf(page);
    if (missed.isEmpty())
        return;
    // The first of the page is the one after what is no part of it.
    QWidget* first = missed.first();
    first->setFocus(Qt::TabFocusReason);
    for (int i = 0; i < 200 && page->isAncestorOf(QApplication::focusWidget()); ++i)
        bench.press(Qt::Key_Backtab, Qt::ShiftModifier);
    bench.press(Qt::Key_Tab);
    QRect before;
    for (int i = 0; i < 200; ++i) {
        QWidget* now = QApplication::focusWidget();
        if (!now || !page->isAncestorOf(now))
            break;
        missed.removeAll(now);
        const QRect place = placeOf(now, page);
        if (!before.isNull() && !follows(place, before))
            fail(bench, QStringLiteral("Tab jumps back to %1").arg(nameOf(now)));
        before = place;
        bench.press(Qt::Key_Tab);
        if (QApplication::focusWidget() == now) {
            fail(bench, QStringLiteral("Tab does not leave %1").arg(nameOf(now)));
            break;
        }
    }
    for (const QWidget* widget : std::as_const(missed)) {
        // Of the buttons of one group Tab reaches the chosen one, and arrows the others.
        if (!widget->inherits("QRadioButton"))
            fail(bench, QStringLiteral("Tab does not reach %1").arg(nameOf(widget)));
    }
}

void KeyboardTest::visibleFocus(const WizardBench& bench)
{
    const auto stops = stopsOf(bench.current());
    for (QWidget* widget : stops) {
        bench.wizard().setFocus(Qt::OtherFocusReason);
        const QImage without = widget->grab().toImage();
        widget->setFocus(Qt::TabFocusReason);
        if (!widget->hasFocus())
            continue;
        if (widget->grab().toImage() == without)
            fail(bench, QStringLiteral("the focus of %1 is not to be seen").arg(nameOf(widget)));
    }
}

void KeyboardTest::copying(const WizardBench& bench)
{
    const auto views = bench.current()->findChildren<QAbstractItemView*>();
    for (QAbstractItemView* view : views) {
        if (!view->isVisible() || isInner(view) || qobject_cast<QHeaderView*>(view) || !view->model()
            || view->model()->rowCount() == 0 || view->model()->columnCount() < 2)
            continue;
        const QModelIndex cell = view->model()->index(0, 0);
        view->setCurrentIndex(cell);
        view->selectionModel()->select(cell, QItemSelectionModel::ClearAndSelect | QItemSelectionModel::Rows);
        view->setFocus();
        QApplication::clipboard()->clear();
        QTest::keyClick(view, Qt::Key_C, Qt::ControlModifier);
        const QString copied = QApplication::clipboard()->text();
        if (copied.count(QLatin1Char('\t')) < 1 || !copied.contains(cell.data().toString()))
            fail(bench, QStringLiteral("Ctrl+C on %1 gives \"%2\"").arg(nameOf(view), copied.left(60)));
    }
}

void KeyboardTest::statesInWords(const WizardBench& bench)
{
    const auto labels = bench.current()->findChildren<StatusLabel*>();
    for (const StatusLabel* label : labels) {
        if (label->isVisible() && label->text().trimmed().isEmpty())
            fail(bench, QStringLiteral("%1 tells its state by an icon alone").arg(nameOf(label)));
    }
}

void KeyboardTest::helpOfThePage(WizardBench& bench)
{
    bench.press(Qt::Key_F1);
    auto* help = bench.wizard().findChild<QDialog*>(QStringLiteral("helpDialog"));
    if (!help || !help->isVisible() || !help->windowTitle().contains(bench.current()->stepName())
        || help->findChild<QTextBrowser*>()->toPlainText().size() < 100)
        fail(bench, QStringLiteral("F1 does not show the help"));
    if (help)
        QTest::keyClick(help, Qt::Key_Escape);
    if (help && (help->isVisible() || !bench.wizard().isVisible()))
        fail(bench, QStringLiteral("Esc does not close the help alone"));
    bench.wizard().activateWindow();
    (void)QTest::qWaitForWindowActive(&bench.wizard());
}

QTEST_MAIN(KeyboardTest)
#include "keyboardtest.moc"
