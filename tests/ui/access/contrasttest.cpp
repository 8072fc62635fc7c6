// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/wizardbench.h"
#include "ui/services/themeservice.h"
#include "ui/widgets/style.h"

#include <QPalette>
#include <QTest>

#include <cmath>

using namespace qdrant2pg;

namespace {

/// WCAG 2.1: relative luminance and contrast of two colours.
double luminance(const QColor& color)
{
    const auto linear = [](double share) {
        return share <= 0.03928 ? share / 12.92 : std::pow((share + 0.055) / 1.055, 2.4);
    };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double contrast(const QColor& a, const QColor& b)
{
    const auto [low, high] = std::minmax({luminance(a), luminance(b)});
    return (high + 0.05) / (low + 0.05);
}

constexpr double forText = 4.5;
constexpr double forShapes = 3.0;

} // namespace

/// Both themes can be read: text 4.5 to 1 on every ground it stands on, shapes that mean something 3 to 1.
class ContrastTest : public QObject {
    Q_OBJECT
private slots:
    void init() { test::failOnWarnings(); }
    void textOnItsGround_data();
    void textOnItsGround();
    void statusOnItsGround_data();
    void statusOnItsGround();
    void focusAndProgress_data();
    void focusAndProgress();

private:
    static void themes()
    {
        QTest::addColumn<bool>("dark");
        QTest::newRow("light") << false;
        QTest::newRow("dark") << true;
    }
    static QPalette palette()
    {
        QFETCH(bool, dark);
        return dark ? ThemeService::darkPalette() : ThemeService::lightPalette();
    }
};

void ContrastTest::textOnItsGround_data()
{
    themes();
}

void ContrastTest::textOnItsGround()
{
    const QPalette colors = palette();
    const QPalette::ColorRole inks[] = {
        QPalette::WindowText, QPalette::Text, QPalette::PlaceholderText, QPalette::Link};
    const QPalette::ColorRole grounds[] = {QPalette::Window, QPalette::Base, QPalette::AlternateBase};
    for (const QPalette::ColorRole ink : inks) {
        for (const QPalette::ColorRole ground : grounds)
            QVERIFY2(contrast(colors.color(ink), colors.color(ground)) >= forText,
                qPrintable(QStringLiteral("role %1 on %2: %3")
                               .arg(ink)
                               .arg(ground)
                               .arg(contrast(colors.color(ink), colors.color(ground)))));
    }
    QVERIFY(contrast(colors.color(QPalette::ButtonText), colors.color(QPalette::Button)) >= forText);
    QVERIFY(contrast(colors.color(QPalette::HighlightedText), colors.color(QPalette::Highlight)) >= forText);
    QVERIFY(contrast(colors.color(QPalette::ToolTipText), colors.color(QPalette::ToolTipBase)) >= forText);
    // The current step and a button under the mouse are tinted.
    for (const QPalette::ColorRole ground : {QPalette::Window, QPalette::Base}) {
        const QColor tint = style::mixed(colors.color(QPalette::Highlight), colors.color(ground), 0.16);
        QVERIFY(contrast(colors.color(QPalette::PlaceholderText), tint) >= forText);
    }
}

void ContrastTest::statusOnItsGround_data()
{
    themes();
}

void ContrastTest::statusOnItsGround()
{
    const QPalette colors = palette();
    for (const Status status : {Status::Waiting, Status::Checking, Status::Ok, Status::Note, Status::Warning,
             Status::Problem, Status::Skipped}) {
        const QColor ink = style::statusColor(colors, status);
        const QColor tint = style::statusBackground(colors, status);
        for (const QColor& ground : {colors.color(QPalette::Window), colors.color(QPalette::Base),
                 colors.color(QPalette::AlternateBase), tint})
            QVERIFY2(contrast(ink, ground) >= forText,
                qPrintable(QStringLiteral("%1 on %2: %3")
                               .arg(statusWord(status), ground.name())
                               .arg(contrast(ink, ground))));
        for (const QPalette::ColorRole text : {QPalette::WindowText, QPalette::PlaceholderText})
            QVERIFY2(contrast(colors.color(text), tint) >= forText, qPrintable(statusWord(status)));
    }
}

void ContrastTest::focusAndProgress_data()
{
    themes();
}

void ContrastTest::focusAndProgress()
{
    const QPalette colors = palette();
    for (const QPalette::ColorRole ground : {QPalette::Window, QPalette::Base})
        QVERIFY(contrast(colors.color(QPalette::Highlight), colors.color(ground)) >= forShapes);
}

QTEST_MAIN(ContrastTest)
#include "contrasttest.moc"
