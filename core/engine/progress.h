// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/runstate.h"

#include <QList>
#include <QMetaType>
#include <QString>

#include <chrono>
#include <optional>

namespace qdrant2pg {

/// What limits the run now; decided with hysteresis.
enum class Bottleneck { Unknown, Qdrant, PostgreSql, ThisComputer };
QString bottleneckText(Bottleneck bottleneck);

struct CollectionProgress {
    QString collection;
    QString table;
    /// Exact where the server gave an exact count or an id pass was made.
    qint64 expected = -1;
    bool expectedExact = false;
    qint64 read = 0;
    qint64 stored = 0;
    qint64 rejected = 0;
    qint64 skipped = 0;
    qint64 sourceBytes = 0;
    qint64 copyBytes = 0;
    int rangesDone = 0;
    int ranges = 0;
};

/// One finished or running piece of work after the data: primary key, index, analyze, verification.
struct StageProgress {
    QString collection;
    /// schema, copy, primary-key, index, functions, analyze, verify.
    QString stage;
    QString name;
    enum class State { Waiting, Running, Done, Failed, Skipped } state = State::Waiting;
    /// 0..1; negative when not known.
    double fraction = -1;
    std::chrono::milliseconds elapsed{};
    QString note;
};

/// Snapshot of a run, sent about four times a second. Values only.
struct RunProgress {
    RunState state = RunState::Idle;
    QString runId;
    std::chrono::milliseconds elapsed{};
    /// This session only; excludes what an earlier one had done.
    double rowsPerSecond = 0;
    double bytesPerSecond = 0;
    Bottleneck bottleneck = Bottleneck::Unknown;
    /// Remaining time of the data part; absent until trustworthy.
    std::optional<std::chrono::milliseconds> remaining;
    QList<CollectionProgress> collections;
    QList<StageProgress> stages;
    /// A wait worth telling: "no answer from Qdrant for 30 s, attempt 3 of 10, next in 8 s"; empty otherwise.
    QString waiting;
    int retries = 0;
    int lanes = 0;
    /// Of these, how many have a page in their hands that Qdrant or PostgreSQL is busy with.
    int busyLanes = 0;

    qint64 expected() const;
    qint64 stored() const;
    qint64 rejected() const;
};

} // namespace qdrant2pg

Q_DECLARE_METATYPE(qdrant2pg::RunProgress)
