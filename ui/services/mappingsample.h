// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "core/postgres/serverprofile.h"
#include "core/qdrant/pointpage.h"
#include "core/qdrant/sourceoptions.h"

#include <QList>
#include <QStringList>

#include <memory>
#include <optional>
#include <stop_token>

namespace qdrant2pg {

/// One value as PostgreSQL would print it, cut to a kilobyte; nothing for NULL.
using SampleCell = std::optional<QString>;

/// One point and the row that it becomes.
struct SampleRow {
    QString pointId;
    /// In the order of the table's columns; empty when the point would be rejected.
    QList<SampleCell> cells;
    /// Why it would be rejected, in words; empty when it is stored.
    QString problem;
    /// Column that the problem is about.
    QString problemColumn;
    /// What would be changed on the way: a default taken, a NUL replaced, a value left in the payload.
    QStringList notes;
};

struct SampleTable {
    QString collection;
    QStringList columns;
    QStringList types;
    QList<SampleRow> rows;
    /// Why there are no rows.
    std::optional<Error> error;
};

/// Points as they came; read-only and shared between conversions.
using SamplePage = std::shared_ptr<const PointPage>;

/// The first points of a collection that pass its filter, at most `limit`. Blocking, for worker threads.
[[nodiscard]] Result<SamplePage> readSamplePage(const SourceOptions& source, const QString& collection,
    const QByteArray& filterJson, int limit, std::stop_token stop);

/// The rows that these points become under the plan, made by the encoder that the run uses. Pure; for worker
/// threads because twenty points may be large.
SampleTable convertSample(const PointPage& page, const MigrationPlan& plan, const CollectionPlan& collection,
    const std::optional<ServerProfile>& server);

} // namespace qdrant2pg
