// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/checkline.h"

#include <QElapsedTimer>
#include <QList>

#include <functional>
#include <stop_token>

namespace qdrant2pg {

/// Runs the lines of a connection check one after another and reports each as it starts and ends. On a worker
/// thread; the callback is called there.
class CheckRun {
public:
    using Report = std::function<void(const CheckLine&)>;

    CheckRun(QList<CheckLine> lines, Report report, std::stop_token stop);

    /// The line is being worked on from now.
    void begin(const QString& id);
    /// Ends the line begun last, or that one, with its time.
    void end(const QString& id, Status status, const QString& result, const QString& advice = {},
        const QString& detail = {});
    void fail(const QString& id, const Error& error);
    /// A line that says something beyond the fixed list, without a time of its own.
    void add(const CheckLine& line);
    /// Everything that has not been looked at becomes Skipped.
    void skipRest();
    bool stopped() const { return m_stop.stop_requested(); }
    std::stop_token stopToken() const { return m_stop; }
    std::chrono::milliseconds elapsed() const { return std::chrono::milliseconds(m_clock.elapsed()); }

private:
    CheckLine* find(const QString& id);

    QList<CheckLine> m_lines;
    Report m_report;
    std::stop_token m_stop;
    QElapsedTimer m_clock;
};

/// Resolves the name and opens a TCP connection, as the lines "resolve" and "tcp". Returns the error that
/// ended it, if any. `what` is said first when it is not the server itself that is meant.
std::optional<Error> checkReachable(CheckRun& run, const QString& host, quint16 port,
    std::chrono::milliseconds timeout, const QString& what = {});

} // namespace qdrant2pg
