// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "app/cli/commandcontext.h"
#include "core/staged/stagedprogress.h"

#include <QJsonObject>

#include <chrono>
#include <mutex>
#include <stop_token>

namespace qdrant2pg::cli {

/// Surroundings of a long blocking call: signals become stop requests (the second one ends the program),
/// progress is shown at a bearable rate. Its functions may be called from any thread.
class BlockingRun {
public:
    explicit BlockingRun(const CommandContext& context);
    ~BlockingRun();
    BlockingRun(const BlockingRun&) = delete;
    BlockingRun& operator=(const BlockingRun&) = delete;

    std::stop_token token() const { return m_stop.get_token(); }
    /// A line on the terminal, or now and then one in the output; `json` goes out with --json.
    void show(const QString& line, const QJsonObject& json);
    /// With rates, worked out here.
    void show(const StagedProgress& progress);
    StagedProgressCallback callback();

private:
    using Clock = std::chrono::steady_clock;

    const CommandContext& m_context;
    std::stop_source m_stop;
    SignalScope m_signals;
    std::mutex m_mutex;
    Clock::time_point m_shown{};
    QString m_stage;
    Clock::time_point m_stageBegan{};
    qint64 m_firstDone = 0;
    qint64 m_firstBytes = 0;
    QString m_note;
};

} // namespace qdrant2pg::cli
