// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <QVersionNumber>

#include <string>
#include <string_view>

namespace qdrant2pg {

/// A filter as gRPC carries it.
struct GrpcFilter {
    /// qdrant.Filter in bytes of the wire.
    std::string message;
    /// The first server version that knows every field in it. An older one would pass over what it does not
    /// know, and so answer with points that the filter excludes; over REST it refuses.
    QVersionNumber since;
};

/// Qdrant's JSON filter object as the message qdrant.Filter, field numbers as in Qdrant's
/// lib/api/src/grpc/proto/qdrant_common.proto (points.proto before 1.16). Carries must, should, must_not,
/// min_should; match (value, any, except, text, text_any, phrase), range of numbers and of moments,
/// values_count, geo_radius, geo_bounding_box, geo_polygon; is_empty, is_null, has_id, has_vector, nested and
/// filters within filters. Whatever might mean something else over there is an Unsupported error, whose
/// summary says what it is, as a whole sentence about "the filter": a number that loses digits (the radius is
/// a 32-bit float), an unusual spelling, a clause that only REST has, and what Qdrant would refuse, so that
/// the user reads Qdrant's own words.
[[nodiscard]] Result<GrpcFilter> grpcFilter(std::string_view json);

} // namespace qdrant2pg
