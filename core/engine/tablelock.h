// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/postgres/connection.h"

#include <QString>

namespace qdrant2pg {

/// Key of an advisory lock for a text.
qint32 advisoryKey(const QByteArray& text);
/// Holds the table for this run as long as the connection lives. Any number of processes of one run may hold
/// it; two runs into one table never mix: Conflict when another run holds it.
[[nodiscard]] Result<void> holdTable(
    Connection& connection, const QString& runId, const QString& schema, const QString& table);
/// Time-ordered and readable: 20261122-190455-3f9a.
QString newRunId();

} // namespace qdrant2pg
