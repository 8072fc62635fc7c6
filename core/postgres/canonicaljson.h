// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace qdrant2pg {

/// JSON by value: two texts that jsonb holds to be equal have the same canonical form, however they were
/// written (docs/digest.md says how it looks). One pass; keeps its scratch memory, so in the steady state
/// nothing is allocated. One per thread.
class CanonicalJson {
public:
    /// Room that append() needs at most.
    static constexpr std::size_t capacityFor(std::size_t jsonBytes) { return 2 * jsonBytes + 64; }

    /// Writes the canonical form to `out` and returns its end; nullptr when the text is no JSON (then `out`
    /// is spoilt).
    char* append(char* out, std::string_view json);
    /// The same for one number token of any size. nullptr when it is none.
    static char* appendNumber(char* out, std::string_view token);

private:
    struct Member {
        std::size_t begin = 0;
        /// Length of the key with its quotes; it starts at `begin`.
        std::size_t keySize = 0;
        std::size_t end = 0;
        /// Length and first bytes of the key as one number: it orders most keys by itself.
        std::uint64_t rank = 0;
    };
    struct Frame {
        std::size_t begin = 0;
        std::size_t firstMember = 0;
        bool isObject = false;
        bool isSorted = true;
    };

    bool beginMember(const char*& at, const char* end, char*& out);
    void sortMembers(char*& out);
    int compareKeys(const Member& a, const Member& b) const;

    char* m_base = nullptr;
    std::vector<Frame> m_frames;
    std::vector<Member> m_members;
    std::vector<char> m_scratch;
};

} // namespace qdrant2pg
