// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>

namespace qdrant2pg {

/// Limits that the retry policy works with (retrypolicy.h says who owns which timeout).
struct RetryLimits {
    /// After the first try.
    int attempts = 10;
    std::chrono::milliseconds first{250};
    std::chrono::milliseconds cap{30'000};
    /// A silence longer than this is named in the progress; a shorter one is a page in work.
    std::chrono::milliseconds tellAfter{10'000};
};

} // namespace qdrant2pg
