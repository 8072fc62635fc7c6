// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/blockingrun.h"

#include "app/cli/progresstext.h"

#include <unistd.h>

namespace qdrant2pg::cli {

namespace {

constexpr std::chrono::seconds plainLineEvery{5};
constexpr std::chrono::seconds jsonLineEvery{1};
constexpr std::chrono::milliseconds ratesAfter{500};

} // namespace

BlockingRun::BlockingRun(const CommandContext& context)
    : m_context(context)
    , m_signals(context.signals_, [this](int count, int) {
        if (count > 1)
            _exit(static_cast<int>(ExitCode::Stopped));
        m_context.console.warn(
            QStringLiteral("Stopping: what is in hand is finished. Once more ends at once."));
        m_stop.request_stop();
    })
{
}

BlockingRun::~BlockingRun()
{
    m_context.console.status({});
}

void BlockingRun::show(const QString& line, const QJsonObject& json)
{
    m_context.console.status(line);
    {
        const std::lock_guard lock(m_mutex);
        const auto now = Clock::now();
        if (now - m_shown < (m_context.console.json() ? jsonLineEvery : plainLineEvery))
            return;
        m_shown = now;
    }
    m_context.console.jsonLine(json);
    if (!m_context.console.isTerminal())
        m_context.console.say(line);
}

void BlockingRun::show(const StagedProgress& progress)
{
    double perSecond = 0;
    double bytesPerSecond = 0;
    bool newNote = false;
    {
        const std::lock_guard lock(m_mutex);
        const auto now = Clock::now();
        if (m_stage != progress.stage) {
            m_stage = progress.stage;
            m_stageBegan = now;
            // What an earlier, interrupted call had done is no speed of this one.
            m_firstDone = progress.done;
            m_firstBytes = progress.bytes;
        }
        if (now - m_stageBegan > ratesAfter) {
            const double seconds = std::chrono::duration<double>(now - m_stageBegan).count();
            perSecond = static_cast<double>(progress.done - m_firstDone) / seconds;
            bytesPerSecond = static_cast<double>(progress.bytes - m_firstBytes) / seconds;
        }
        newNote = !progress.note.isEmpty() && progress.note != m_note;
        m_note = progress.note;
    }
    if (newNote)
        m_context.console.detail(progress.note);
    const auto known = [](qint64 value) {
        return value < 0 ? QJsonValue() : QJsonValue(value);
    };
    QString line = countLine(progress.stage, progress.done, progress.total, perSecond, bytesPerSecond);
    if (!progress.note.isEmpty())
        line += QStringLiteral("  ") + progress.note;
    show(line,
        {{QStringLiteral("event"), QStringLiteral("progress")}, {QStringLiteral("stage"), progress.stage},
            {QStringLiteral("done"), progress.done}, {QStringLiteral("total"), known(progress.total)},
            {QStringLiteral("bytes"), progress.bytes},
            {QStringLiteral("totalBytes"), known(progress.totalBytes)},
            {QStringLiteral("rejected"), progress.rejected}, {QStringLiteral("note"), progress.note}});
}

StagedProgressCallback BlockingRun::callback()
{
    return [this](const StagedProgress& progress) {
        show(progress);
    };
}

} // namespace qdrant2pg::cli
