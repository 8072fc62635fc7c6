// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

class QWidget;

namespace qdrant2pg {

class Dialogs;
struct MigrationSession;

/// True when nothing is going on. Else false, after asking whether to stop the run; if so, the window is
/// closed when the run has stopped and its report is written.
bool mayCloseWindow(MigrationSession& session, Dialogs& dialogs, QWidget* page);

} // namespace qdrant2pg
