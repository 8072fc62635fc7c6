// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGlobal>

namespace qdrant2pg {

/// Bytes of a page over REST when the plan names none: 250 points of 768 dimensions. Qdrant answers fastest
/// about there, and what a page costs the ledger once is spread over enough points (docs/performance.md).
inline constexpr qint64 restPageBytes = 2'500'000;
/// The same over gRPC, where a point takes a third: 420 points.
inline constexpr qint64 grpcPageBytes = 1'500'000;
/// Lanes when neither request nor plan names a number.
inline constexpr int automaticLanes = 2;

} // namespace qdrant2pg
