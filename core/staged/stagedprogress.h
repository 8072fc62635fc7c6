// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>
#include <QtGlobal>

#include <functional>

namespace qdrant2pg {

/// Where a staged step stands. Sent from the thread that runs the step, at most a few times a second.
struct StagedProgress {
    /// checking, export, convert, import, indexes.
    QString stage;
    /// Points or rows.
    qint64 done = 0;
    /// -1 when not known.
    qint64 total = -1;
    qint64 bytes = 0;
    qint64 totalBytes = -1;
    qint64 rejected = 0;
    /// A sentence worth telling: a wait, a retry, what is being built; empty otherwise.
    QString note;
};

using StagedProgressCallback = std::function<void(const StagedProgress&)>;

} // namespace qdrant2pg
