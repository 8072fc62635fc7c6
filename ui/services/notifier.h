// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

#include <chrono>

class QWidget;

namespace qdrant2pg {

/// Tells a person who looks elsewhere that a long run has ended: the window asks for attention and the
/// desktop shows a notification (org.freedesktop.Notifications, where it is there). GUI thread; never waits.
class Notifier {
public:
    /// Nobody is told who watches, or who did not have to wait.
    static bool isWorthTelling(std::chrono::milliseconds elapsed, bool windowIsActive, bool wanted);
    static void tell(QWidget* window, const QString& title, const QString& text);
};

} // namespace qdrant2pg
