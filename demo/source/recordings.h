// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/store/store.h"

#include <filesystem>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

/// Puts the collections of recorded exchanges (`NNN-name.json` and `.body`, `setup.json`, `expected*.jsonl`)
/// into the store: what the recorded server held, taken from its answers; uploaded points only where no
/// answer shows both payload and vectors, treated as an upload.
///
/// \a folder is one topic, or a folder of topics (searched to any depth). Topics without points are loaded
/// too; a collection whose points cannot be known from the recordings stays empty. A topic that tells a story
/// is loaded as it was at the exchange with the number \a at (one topic only), 0 meaning before the first
/// change. Returns the names of the collections. The error is a plain sentence.
[[nodiscard]] tl::expected<std::vector<std::string>, std::string> loadRecordings(
    Store& store, const std::filesystem::path& folder, int at = 0);

/// Makes a collection of the scroll answers in a folder (every `*.json` with `result.points` or `points`, in
/// the order of their names): exported batches, or saved answers. The configuration follows from `info.json`
/// or `manifest.json`'s `collection` member where there is one (a collection info answer), else from the
/// vectors of the points.
[[nodiscard]] tl::expected<std::shared_ptr<Collection>, std::string> loadBatches(
    Store& store, const std::string& name, const std::filesystem::path& folder);

} // namespace qdrant2pg::demo
