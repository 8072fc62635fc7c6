// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>
#include <QStringList>

namespace qdrant2pg {

/// The candidate that a person most probably meant by `typed`: smallest edit distance (a swap of neighbours
/// counts once), ignoring case, at most a third of the length. Empty when none is near.
QString nearestName(const QString& typed, const QStringList& candidates);

} // namespace qdrant2pg
