// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

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
};

} // namespace qdrant2pg
