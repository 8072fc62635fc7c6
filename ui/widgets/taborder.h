// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>

class QWidget;

namespace qdrant2pg {

/// Lets Tab go from `anchor` through these widgets, in this order, before it goes on: for what is made later
/// than what follows it on the page. An anchor that takes no focus stands for the stop before it.
void tabAfter(QWidget* anchor, const QList<QWidget*>& widgets);

/// All in `parent` that Tab stops at, in the order in which they were made.
QList<QWidget*> tabStops(const QWidget* parent);

} // namespace qdrant2pg
