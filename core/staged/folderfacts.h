// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/plan/sourcefacts.h"

#include <QString>

#include <stop_token>

namespace qdrant2pg {

/// The facts of a collection as its export folder tells them, so that a plan can be proposed without the
/// server: the configuration from the manifest, or from the points themselves where the folder is of the old
/// four-step script (then the metric is taken to be cosine, and said so in the warnings); payload, ids and
/// sparse vectors from a sample. `collection` names the collection of a folder without a manifest. Blocking,
/// for worker threads.
[[nodiscard]] Result<CollectionFacts> factsFromFolder(
    const QString& folder, const QString& collection, int samplePoints, std::stop_token stop = {});

} // namespace qdrant2pg
