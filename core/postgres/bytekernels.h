// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace qdrant2pg::bytes {

/// Inner loops of the encoders: numbers into network byte order, with a version for AVX2 chosen at run time
/// where the processor has it. `out` needs room for all elements; neither side needs alignment.

inline void store16(char* out, std::uint16_t value)
{
    value = __builtin_bswap16(value);
    std::memcpy(out, &value, sizeof value);
}

inline void store32(char* out, std::uint32_t value)
{
    value = __builtin_bswap32(value);
    std::memcpy(out, &value, sizeof value);
}

inline void store64(char* out, std::uint64_t value)
{
    value = __builtin_bswap64(value);
    std::memcpy(out, &value, sizeof value);
}

inline std::uint16_t load16(const char* in)
{
    std::uint16_t value = 0;
    std::memcpy(&value, in, sizeof value);
    return __builtin_bswap16(value);
}

inline std::uint32_t load32(const char* in)
{
    std::uint32_t value = 0;
    std::memcpy(&value, in, sizeof value);
    return __builtin_bswap32(value);
}

/// 4 bytes each. False when an element is NaN or infinite (all are written nevertheless).
bool storeFloats(char* out, const float* in, std::size_t count);
/// 2 bytes each, IEEE binary16, rounded half to even. False when a result is NaN or infinite. Sets *changed
/// when a result differs from its source in value, leaves it alone otherwise.
bool storeHalves(char* out, const float* in, std::size_t count, bool* changed);
/// IEEE binary16 of a float, rounded half to even; overflow gives infinity.
std::uint16_t toHalf(float value);
float fromHalf(std::uint16_t half);

} // namespace qdrant2pg::bytes
