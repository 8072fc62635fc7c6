// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/pointpage.h"

#include <QString>

#include <string>

namespace qdrant2pg {

/// Appends the vector as Qdrant's REST shape: [..], [[..],..] or {"indices":[..],"values":[..]}; shortest
/// decimals that give the same float32 back, null for NaN and infinities.
void appendVectorJson(std::string& out, const VectorView& vector);

/// The point as JSON text, for rejects: the record as it came, or rebuilt where the transport had no text.
QString rawPointText(const PointPage& page, const PointView& point);

} // namespace qdrant2pg
