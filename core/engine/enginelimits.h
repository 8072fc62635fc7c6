// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QtGlobal>

namespace qdrant2pg {

/// Bytes of a page over REST when the plan names none (qdrant.md section 10).
inline constexpr qint64 restPageBytes = 2'000'000;
/// The same over gRPC (performance.md section 5).
inline constexpr qint64 grpcPageBytes = 1'000'000;
/// Lanes when neither request nor plan names a number.
inline constexpr int automaticLanes = 2;

} // namespace qdrant2pg
