// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/verification.h"

namespace qdrant2pg {

/// One column of a point: what Qdrant's point would become, beside what the row holds.
struct SampledCell {
    QString column;
    /// Cut to a readable length.
    QString source;
    QString target;
    bool same = false;
};

struct SampledPoint {
    QString pointId;
    bool inSource = false;
    bool inTarget = false;
    /// Why Qdrant's point cannot be stored; empty when it can.
    QString reject;
    QList<SampledCell> cells;

    bool isSame() const;
};

/// Some rows of a collection beside their points, for people to look at; proves nothing about the others.
struct RowSample {
    QString collection;
    /// The same seed picks the same rows of an unchanged table.
    int seed = 0;
    QList<SampledPoint> points;
    /// How the rows were picked.
    QString method;
};

/// Picks at most `rows` rows and reads both sides. Level and folder of the request do not count. Blocking,
/// read-only.
[[nodiscard]] Result<RowSample> sampleRows(const VerifyRequest& request, const QString& collection, int rows,
    int seed, const std::stop_token& stop = {});

} // namespace qdrant2pg
