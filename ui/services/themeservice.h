// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>
#include <QPalette>

namespace qdrant2pg {

class Settings;

enum class Theme { System, Light, Dark };

/// Gives the application one of its palettes. System follows the desktop's palette as Qt reports it; Light
/// and Dark are ours. The one place that names colours; everything else uses palette roles and mixes of them
/// (style.h).
class ThemeService : public QObject {
    Q_OBJECT
public:
    explicit ThemeService(Settings& settings, QObject* parent = nullptr);

    Theme theme() const;
    /// Stores and applies it.
    void setTheme(Theme theme);
    /// Applies what the settings say; call once after the application exists.
    void apply();

    static QPalette lightPalette();
    static QPalette darkPalette();

private:
    Settings& m_settings;
    QPalette m_systemPalette;
};

} // namespace qdrant2pg
