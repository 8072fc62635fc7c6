// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/runcontext.h"
#include "core/qdrant/qdrantclient.h"

namespace qdrant2pg {

/// A collection that was deleted, or made again under the same name with another configuration, must never be
/// mixed with the first: an error then. Trouble on the way to the server is no answer and no error.
[[nodiscard]] Result<void> checkSourceIdentity(const RunContext& context, QdrantClient& client);

} // namespace qdrant2pg
