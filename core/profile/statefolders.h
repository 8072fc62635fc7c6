// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QByteArray>
#include <QString>

namespace qdrant2pg {

/// $XDG_STATE_HOME/qdrant2pg (~/.local/state/qdrant2pg): what a run leaves behind.
QString stateFolder();
/// Folder of one run below it; not created.
QString runFolder(const QString& runId);
/// $XDG_CONFIG_HOME/qdrant2pg (~/.config/qdrant2pg).
QString configFolder();

/// Creates the folder with its parents; what is created is for its owner alone (0700).
[[nodiscard]] Result<void> makePrivateFolder(const QString& path);
/// Writes the file in one step (a reader sees the old or the new one), readable by its owner alone (0600).
/// File errors name the path, and the disk being full in words.
[[nodiscard]] Result<void> writePrivateFile(const QString& path, const QByteArray& bytes);

} // namespace qdrant2pg
