// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QStringList>
#include <QWidget>

namespace qdrant2pg::test {

/// What has no room in the window: labels, buttons, boxes and tabs whose text is wider or higher than they
/// are, columns narrower than their title, pages wider than their scroll area. One line for each, with object
/// name and sizes; empty when all is well. What ends in
/// dots on purpose and says all of it in a tool tip is left out: steps, ElidedLabel, tabs that elide.
QStringList clippedTexts(const QWidget& window);

} // namespace qdrant2pg::test
