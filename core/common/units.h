// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QString>

#include <chrono>

namespace qdrant2pg {

/// "100,000": with group separators, the same on every machine.
QString formatCount(qint64 count);
/// "1.4 GiB", "512 B": binary units, one decimal from KiB on.
QString formatBytes(qint64 bytes);
/// "0.4 s", "12 s", "4 min 10 s", "2 h 5 min".
QString formatDuration(std::chrono::milliseconds duration);

} // namespace qdrant2pg
