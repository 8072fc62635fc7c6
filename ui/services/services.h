// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>
#include <functional>

namespace qdrant2pg {

class BackgroundThreads;
class DemoServer;
class Dialogs;
class LogBuffer;
class Recents;
class Settings;
class ThemeService;

/// What pages may use; made in main() or a test and outliving the window.
struct Services {
    Settings& settings;
    Recents& recents;
    ThemeService& theme;
    LogBuffer& log;
    Dialogs& dialogs;
    BackgroundThreads& threads;
    DemoServer& demo;
    /// For what depends on how long a person waited.
    std::function<std::chrono::steady_clock::time_point()> now = &std::chrono::steady_clock::now;
};

} // namespace qdrant2pg
