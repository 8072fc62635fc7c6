// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/pointid.h"

#include <QString>

#include <optional>

namespace qdrant2pg {

/// A point by name. The shard key is a JSON token, empty without custom sharding.
struct NamedPoint {
    PointId id;
    QString shardKey;
    bool operator==(const NamedPoint&) const = default;
};

/// "17" or "17 (shard key "eu")", as mismatches name points; `id` as text, which may be no point id.
QString pointName(const QString& id, const QString& shardKey);
QString pointName(const NamedPoint& point);
/// The reverse; nothing for a name that is no point id.
std::optional<NamedPoint> pointFromName(const QString& name);

} // namespace qdrant2pg
