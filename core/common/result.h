// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"

#include <tl/expected.hpp>

namespace qdrant2pg {

/// A value or the Error that prevented it. Functions that return it are [[nodiscard]].
template <class T> using Result = tl::expected<T, Error>;

/// Shorthand for a failed Result.
inline tl::unexpected<Error> fail(Error error)
{
    return tl::unexpected<Error>(std::move(error));
}

inline tl::unexpected<Error> fail(ErrorKind kind, QString summary, QString detail = {}, QString hint = {})
{
    return tl::unexpected<Error>(makeError(kind, std::move(summary), std::move(detail), std::move(hint)));
}

} // namespace qdrant2pg
