// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/postgres/copybuffer.h"

#include <string_view>

namespace qdrant2pg {

/// What PostgreSQL would refuse in a text value: a NUL character, bytes that are no UTF-8, more than a field
/// can hold.
[[nodiscard]] EncodeResult checkText(std::string_view utf8);
/// What PostgreSQL would refuse in a jsonb value: all of the above, broken syntax, \u0000, surrogates without
/// a partner, numbers that numeric cannot hold. One pass; nothing is allocated unless the nesting is deeper
/// than 15.
[[nodiscard]] EncodeResult checkJsonb(std::string_view json);

} // namespace qdrant2pg
