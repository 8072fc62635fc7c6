// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>
#include <string_view>

namespace qdrant2pg {

/// Appends one entry of RetrievedPoint.payload (a map entry: key and qdrant.Value) as a JSON member, in the
/// spelling that the server uses over REST (1.0, 1e+16, escapes). False when REST would say something else or
/// nothing certain can be said: numbers from 2^63 on, of which integers arrive as doubles, and nesting deeper
/// than any server takes. Throws protozero::exception on bytes that are no such message.
[[nodiscard]] bool appendPayloadEntry(std::string& out, std::string_view entry);

} // namespace qdrant2pg
