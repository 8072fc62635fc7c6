// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/themeservice.h"

#include "ui/services/settings.h"
#include "ui/widgets/appstyle.h"

#include <QApplication>

namespace qdrant2pg {

namespace {

struct Colors {
    QRgb window, base, alternate, text, dimmed, button, border, highlight, link;
};

constexpr Colors lightColors{0xfff5f6f8, 0xffffffff, 0xfff0f2f5, 0xff1d2430, 0xff556074, 0xffffffff,
    0xffc3c9d3, 0xff2f66d0, 0xff2357bd};
// Fields are lighter than the window: Fusion draws their outline darker than it, which a darker field would
// swallow.
constexpr Colors darkColors{0xff1b1e23, 0xff262a31, 0xff2d323a, 0xffe4e7ec, 0xffa8b0be, 0xff343a44,
    0xff4b5260, 0xff3d72dc, 0xff86acf5};

QPalette paletteFrom(const Colors& colors)
{
    QPalette palette(QColor::fromRgb(colors.button), QColor::fromRgb(colors.window));
    const auto set = [&palette](QPalette::ColorRole role, QRgb color) {
        palette.setColor(role, QColor::fromRgb(color));
    };
    set(QPalette::Window, colors.window);
    set(QPalette::WindowText, colors.text);
    set(QPalette::Base, colors.base);
    set(QPalette::AlternateBase, colors.alternate);
    set(QPalette::Text, colors.text);
    set(QPalette::Button, colors.button);
    set(QPalette::ButtonText, colors.text);
    set(QPalette::BrightText, colors.base);
    set(QPalette::Highlight, colors.highlight);
    set(QPalette::HighlightedText, 0xffffffff);
    set(QPalette::Link, colors.link);
    set(QPalette::LinkVisited, colors.link);
    set(QPalette::ToolTipBase, colors.base);
    set(QPalette::ToolTipText, colors.text);
    set(QPalette::PlaceholderText, colors.dimmed);
    set(QPalette::Mid, colors.border);
    const QColor border = QColor::fromRgb(colors.border);
    palette.setColor(QPalette::Light, QColor::fromRgb(colors.base));
    palette.setColor(QPalette::Midlight, QColor::fromRgb(colors.alternate));
    palette.setColor(QPalette::Dark, border.darker(120));
    for (const QPalette::ColorRole role :
        {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::HighlightedText})
        palette.setColor(QPalette::Disabled, role, QColor::fromRgb(colors.dimmed));
    palette.setColor(QPalette::Disabled, QPalette::Highlight, border);
    palette.setColor(QPalette::Disabled, QPalette::Base, QColor::fromRgb(colors.window));
    return palette;
}

} // namespace

ThemeService::ThemeService(Settings& settings, QObject* parent)
    : QObject(parent)
    , m_settings(settings)
    , m_systemPalette(QApplication::palette())
{
}

Theme ThemeService::theme() const
{
    const QString word = m_settings.text(SettingKey::Theme);
    if (word == QLatin1String("light"))
        return Theme::Light;
    return word == QLatin1String("dark") ? Theme::Dark : Theme::System;
}

void ThemeService::setTheme(Theme theme)
{
    const QString word = theme == Theme::System ? QStringLiteral("system")
        : theme == Theme::Light                 ? QStringLiteral("light")
                                                : QStringLiteral("dark");
    m_settings.setValue(SettingKey::Theme, word);
    apply();
}

void ThemeService::apply()
{
    // Once: a new style makes every widget polish itself again.
    if (!qobject_cast<AppStyle*>(QApplication::style()))
        QApplication::setStyle(new AppStyle);
    switch (theme()) {
    case Theme::Light:
        QApplication::setPalette(lightPalette());
        break;
    case Theme::Dark:
        QApplication::setPalette(darkPalette());
        break;
    case Theme::System:
        // What the desktop says decides between light and dark; the colours in between are ours, so that
        // tints and contrasts are those that were looked at.
        QApplication::setPalette(
            m_systemPalette.color(QPalette::Window).lightness() < 128 ? darkPalette() : lightPalette());
        break;
    }
}

QPalette ThemeService::lightPalette()
{
    return paletteFrom(lightColors);
}

QPalette ThemeService::darkPalette()
{
    return paletteFrom(darkColors);
}

} // namespace qdrant2pg
