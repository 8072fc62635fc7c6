// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/transport.h"

namespace qdrant2pg {

/// See probeGrpc() of core/qdrant/transport.h.
[[nodiscard]] Result<QMap<QString, QString>> probeGrpcDoor(
    const SourceOptions& options, const QList<SourceRead>& reads, std::stop_token stop);

} // namespace qdrant2pg
