// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/migrationplan.h"

#include <QByteArray>

namespace qdrant2pg {

/// The plan as indented JSON, keys in the design's order, only secrets-free values. Reading it back gives an
/// equal plan.
QByteArray planToJson(const MigrationPlan& plan);
/// Refuses unknown keys and wrong types with their path ("collections[0].vectors[1].tpye"), and unknown
/// versions with both versions named; upgrades older versions. Missing keys take their defaults.
[[nodiscard]] Result<MigrationPlan> planFromJson(const QByteArray& json);
/// SHA-256 of the canonical JSON, 64 hex digits.
QString planHash(const MigrationPlan& plan);
/// A Qdrant filter as the plan holds it: a JSON object without white space, every token as it was. Usage
/// error for anything else. Whether Qdrant understands the filter is the server's to say.
[[nodiscard]] Result<QByteArray> normalizedFilter(const QByteArray& json);

} // namespace qdrant2pg
