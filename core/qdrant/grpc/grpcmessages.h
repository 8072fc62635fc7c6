// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/pointsource.h"
#include "core/qdrant/sourceoptions.h"

#include <optional>
#include <string>

namespace qdrant2pg {

/// qdrant.ScrollPoints as bytes of the wire. The error: a filter that gRPC does not carry (grpcfilter.h).
[[nodiscard]] Result<std::string> scrollMessage(
    const SourceOptions& options, const std::string& collection, const PageRequest& request);

/// What qdrant.Qdrant/HealthCheck answers.
struct GrpcHealth {
    std::string title;
    std::string version;
    std::string commit;
};
/// Nothing when the bytes are no such message.
std::optional<GrpcHealth> readHealth(std::string_view message);

} // namespace qdrant2pg
