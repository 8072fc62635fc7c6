// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QIcon>

namespace qdrant2pg {

/// The program's icon, drawn as resources/icons/io.github.qdrant2pg.Wizard.svg shows it: points that become
/// rows. In its own colours on every theme.
QIcon applicationIcon();

} // namespace qdrant2pg
