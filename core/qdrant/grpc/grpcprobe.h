// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/qdrant/sourceoptions.h"

#include <stop_token>

namespace qdrant2pg {

/// See probeGrpc() of core/qdrant/transport.h.
[[nodiscard]] Result<void> probeGrpcDoor(
    const SourceOptions& options, const QString& collection, std::stop_token stop);

} // namespace qdrant2pg
