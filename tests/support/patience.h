// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <chrono>

namespace qdrant2pg::test {

/// How much longer everything may take in this build: the sanitizers make a program five to twenty times
/// slower. CMake does the same to the time limits of whole test programs.
#if defined(__SANITIZE_THREAD__)
inline constexpr int slowness = 8;
#elif defined(__SANITIZE_ADDRESS__)
inline constexpr int slowness = 4;
#else
inline constexpr int slowness = 1;
#endif

/// A limit after which a test gives up, fit for this build. Not for what the test is about: a limit that has
/// to be reached stays as it is.
template <class Duration> constexpr Duration patience(Duration limit)
{
    return limit * slowness;
}

} // namespace qdrant2pg::test
