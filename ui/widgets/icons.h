// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/style.h"

#include <QIcon>

namespace qdrant2pg {

/// The wizard's own icons: drawn on a grid of 24 with strokes of 1.5, in the text colour of the palette in
/// use when they are painted, so that they follow the theme and any scale without files or an SVG plugin.
enum class Icon {
    Add,
    Back,
    Chart,
    Check,
    ChevronDown,
    ChevronRight,
    Clock,
    Close,
    Copy,
    Database,
    Demo,
    Document,
    Eye,
    EyeOff,
    Folder,
    Forget,
    Help,
    Info,
    Key,
    Link,
    List,
    Pause,
    Pin,
    Pinned,
    Play,
    Problem,
    Redo,
    Refresh,
    Reset,
    Save,
    Search,
    Server,
    Shield,
    Skip,
    Spinner,
    Stop,
    Table,
    Theme,
    Undo,
    Warning,
};

QIcon icon(Icon which);
/// In the status' own colour.
QIcon statusIcon(Status status);
/// Paints it into the rectangle.
void paintIcon(QPainter& painter, const QRectF& rect, Icon which, const QColor& color);
Icon iconOfStatus(Status status);

} // namespace qdrant2pg
