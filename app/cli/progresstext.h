// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/progress.h"

#include <QJsonObject>
#include <QString>

namespace qdrant2pg::cli {

/// One line: share, counts, rates, remaining time, what limits the run; or what the run is doing after the
/// data.
QString progressLine(const RunProgress& progress);
QJsonObject progressToJson(const RunProgress& progress);
/// "Copying", "Building indexes", "Stopping": the state in a person's words.
QString stateText(RunState state);
/// "= share  done of total  rate  ETA" for the file steps of the guide.
QString countLine(const QString& what, qint64 done, qint64 total, double perSecond, double bytesPerSecond);

} // namespace qdrant2pg::cli
