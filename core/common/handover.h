// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#if defined(__SANITIZE_THREAD__)
#include <sanitizer/tsan_interface.h>

extern "C" {
void AnnotateIgnoreReadsBegin(const char* file, int line);
void AnnotateIgnoreReadsEnd(const char* file, int line);
void AnnotateIgnoreWritesBegin(const char* file, int line);
void AnnotateIgnoreWritesEnd(const char* file, int line);
}
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

/// While it lives, the thread sanitizer does not look at what this thread reads and writes: for calls into a
/// library whose templates are compiled into the program, while the locks that guard what they write are not.
/// Nothing of ours may be shared within. Does nothing in other builds.
class LibraryCode {
public:
    LibraryCode()
    {
#if defined(__SANITIZE_THREAD__)
        AnnotateIgnoreReadsBegin(__FILE__, __LINE__);
        AnnotateIgnoreWritesBegin(__FILE__, __LINE__);
#endif
    }
    ~LibraryCode()
    {
#if defined(__SANITIZE_THREAD__)
        AnnotateIgnoreWritesEnd(__FILE__, __LINE__);
        AnnotateIgnoreReadsEnd(__FILE__, __LINE__);
#endif
    }
    LibraryCode(const LibraryCode&) = delete;
    LibraryCode& operator=(const LibraryCode&) = delete;
};

} // namespace qdrant2pg
