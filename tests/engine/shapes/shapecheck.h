// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/plancheck.h"
#include "tests/engine/shapes/jsonvalues.h"
#include "tests/engine/support/migrationbench.h"

#include <QMap>
#include <QStringList>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace qdrant2pg::test {

/// A point with all that a full read of it shows.
struct ServedPoint {
    demo::PointId id;
    /// Raw JSON; empty without custom sharding.
    std::string shardKey;
    std::string payload;
    std::map<std::string, demo::StoredVector> vectors;
    /// False when the answer was asked for without vectors.
    bool hasVectors = true;
};

/// Everything that the stand-in would serve of a collection.
std::vector<ServedPoint> servedPoints(const demo::Collection& collection);
/// A record of an answer. Nothing when it is none.
std::optional<ServedPoint> recordedPoint(const demo::Json& record);

/// One row of the target, each column as PostgreSQL prints it.
using TableRow = std::map<QString, std::optional<QString>>;
/// Id and shard key as text.
using RowKey = std::pair<QString, QString>;

/// What became of a collection.
struct ShapeResult {
    CollectionPlan plan;
    RunOutcome outcome;
    QList<Finding> findings;
    std::map<RowKey, TableRow> rows;
    /// By id and shard key: SQLSTATE and reason.
    std::map<RowKey, std::pair<QByteArray, QString>> rejects;
    qint64 points = 0;
    /// Everything that is not as it must be, in words.
    QStringList differences;

    RowKey keyOf(const ServedPoint& point) const;
    /// Empty when the row is what the point says.
    QString difference(const ServedPoint& point, Likeness likeness) const;
    /// "bigint", "vector(4)", ... as the table has them.
    QString idColumn() const;
    QStringList vectorColumns() const;
};

/// Migrates the collection into the bench's database as the proposal says (`change` may alter the plan), and
/// compares every row with what was served, without any of the product's decoders: float bits, JSON values,
/// ids. A reject must have a reason that the point shows, a finding must have announced it, and no point may
/// be both.
ShapeResult checkShape(MigrationBench& bench, const QString& collection,
    const std::function<void(CollectionPlan&)>& change = {});

} // namespace qdrant2pg::test
