// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/base/pointid.h"
#include "demo/store/vectors.h"

#include <protozero/pbf_writer.hpp>

#include <vector>

namespace qdrant2pg::demo {

/// A JSON value as the fields of qdrant.Value. Integers beyond 2^63-1 become doubles, as on the server.
void writeValue(protozero::pbf_writer& message, const Json& value);

/// Adds qdrant.PointId as field \a tag.
void writeId(protozero::pbf_writer& message, protozero::pbf_tag_type tag, const PointId& id);

/// One vector of a point, in the layout of servers from 1.17 on, or the older one.
void writeVector(
    protozero::pbf_writer& message, const StoredVector& vector, std::size_t rowSize, bool legacy);

} // namespace qdrant2pg::demo
