// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/base/serverversion.h"

#include <protozero/pbf_reader.hpp>

#include <string>

namespace qdrant2pg::demo {

/// qdrant.Filter as the JSON filter that REST takes. As on the server, fields that the imitated version does
/// not know yet are passed over, and a condition in which nothing is left then is dropped. Throws protozero's
/// exceptions on broken bytes.
[[nodiscard]] std::string filterJson(protozero::pbf_reader message, const ServerVersion& version);

} // namespace qdrant2pg::demo
