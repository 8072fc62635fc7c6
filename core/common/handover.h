// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>
#endif

namespace qdrant2pg {

/// Tells the thread sanitizer what a library that is not built with it guarantees: all that was done before
/// handOver(token) in one thread has happened before what follows takeOver(token) in the thread to which the
/// library carried the token. Does nothing in other builds, and is no synchronisation by itself.
inline void handOver([[maybe_unused]] void* token)
{
#if defined(__SANITIZE_THREAD__)
    __tsan_release(token);
#endif
}

/// See handOver().
inline void takeOver([[maybe_unused]] void* token)
{
#if defined(__SANITIZE_THREAD__)
    __tsan_acquire(token);
#endif
}

} // namespace qdrant2pg
