// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/bytekernels.h"

#include <bit>

#if defined(__x86_64__) && defined(__GNUC__)
#define QDRANT2PG_X86_KERNELS 1
#include <immintrin.h>
#endif

namespace qdrant2pg::bytes {

namespace {

constexpr std::uint32_t magnitudeMask = 0x7FFFFFFFU;
constexpr std::uint32_t infinityBits = 0x7F800000U;

bool storeFloatsPortable(char* out, const float* in, std::size_t count)
{
    std::uint32_t largest = 0;
    for (std::size_t i = 0; i < count; ++i) {
        std::uint32_t bits = 0;
        std::memcpy(&bits, in + i, sizeof bits);
        const std::uint32_t magnitude = bits & magnitudeMask;
        largest = largest > magnitude ? largest : magnitude;
        store32(out + 4 * i, bits);
    }
    return largest < infinityBits;
}

bool storeHalvesPortable(char* out, const float* in, std::size_t count, bool* changed)
{
    bool finite = true;
    bool differs = false;
    for (std::size_t i = 0; i < count; ++i) {
        const std::uint16_t half = toHalf(in[i]);
        finite &= (half & 0x7C00U) != 0x7C00U;
        differs |= fromHalf(half) != in[i];
        store16(out + 2 * i, half);
    }
    if (differs)
        *changed = true;
    return finite;
}

#ifdef QDRANT2PG_X86_KERNELS
__attribute__((target("avx2"))) bool storeFloatsAvx2(char* out, const float* in, std::size_t count)
{
    const __m256i order = _mm256_setr_epi8(3, 2, 1, 0, 7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12, 3, 2, 1, 0,
        7, 6, 5, 4, 11, 10, 9, 8, 15, 14, 13, 12);
    const __m256i mask = _mm256_set1_epi32(static_cast<int>(magnitudeMask));
    __m256i largest = _mm256_setzero_si256();
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m256i bits = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(in + i));
        largest = _mm256_max_epi32(largest, _mm256_and_si256(bits, mask));
        _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + 4 * i), _mm256_shuffle_epi8(bits, order));
    }
    const __m256i tooLarge =
        _mm256_cmpgt_epi32(largest, _mm256_set1_epi32(static_cast<int>(infinityBits - 1)));
    const bool tail = storeFloatsPortable(out + 4 * i, in + i, count - i);
    return _mm256_testz_si256(tooLarge, tooLarge) != 0 && tail;
}

__attribute__((target("avx2,f16c"))) bool storeHalvesF16c(
    char* out, const float* in, std::size_t count, bool* changed)
{
    const __m128i order = _mm_setr_epi8(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
    const __m128i exponent = _mm_set1_epi16(0x7C00);
    __m128i overflow = _mm_setzero_si128();
    __m256 differs = _mm256_setzero_ps();
    std::size_t i = 0;
    for (; i + 8 <= count; i += 8) {
        const __m256 values = _mm256_loadu_ps(in + i);
        const __m128i halves = _mm256_cvtps_ph(values, _MM_FROUND_TO_NEAREST_INT | _MM_FROUND_NO_EXC);
        differs = _mm256_or_ps(differs, _mm256_cmp_ps(values, _mm256_cvtph_ps(halves), _CMP_NEQ_UQ));
        overflow = _mm_or_si128(overflow, _mm_cmpeq_epi16(_mm_and_si128(halves, exponent), exponent));
        _mm_storeu_si128(reinterpret_cast<__m128i*>(out + 2 * i), _mm_shuffle_epi8(halves, order));
    }
    if (_mm256_movemask_ps(differs) != 0)
        *changed = true;
    const bool tail = storeHalvesPortable(out + 2 * i, in + i, count - i, changed);
    return _mm_movemask_epi8(overflow) == 0 && tail;
}
#endif

} // namespace

std::uint16_t toHalf(float value)
{
    const auto bits = std::bit_cast<std::uint32_t>(value);
    const std::uint32_t sign = (bits >> 16) & 0x8000U;
    const std::uint32_t magnitude = bits & magnitudeMask;
    std::uint32_t half = 0;
    if (magnitude >= 0x47800000U) {
        // 65536 and more, infinity, NaN.
        half = magnitude > infinityBits ? 0x7E00U : 0x7C00U;
    } else if (magnitude >= 0x38800000U) {
        // Normal in binary16: re-bias the exponent, round the 13 bits that go. A carry runs into the exponent
        // as it should.
        half = (magnitude - 0x38000000U + 0xFFFU + ((magnitude >> 13) & 1U)) >> 13;
    } else {
        // Subnormal: adding 0.5 lets the processor's own rounding align the last bit to 2^-24.
        half = std::bit_cast<std::uint32_t>(std::bit_cast<float>(magnitude) + 0.5F) - 0x3F000000U;
    }
    return static_cast<std::uint16_t>(sign | half);
}

float fromHalf(std::uint16_t half)
{
    const std::uint32_t sign = (half & 0x8000U) << 16;
    const std::uint32_t exponent = (half >> 10) & 0x1FU;
    const std::uint32_t fraction = half & 0x3FFU;
    if (exponent == 0) {
        const float magnitude = static_cast<float>(fraction) * 0x1p-24F;
        return std::bit_cast<float>(std::bit_cast<std::uint32_t>(magnitude) | sign);
    }
    const std::uint32_t wide = exponent == 0x1FU ? infinityBits : (exponent + 112U) << 23;
    return std::bit_cast<float>(sign | wide | (fraction << 13));
}

bool storeFloats(char* out, const float* in, std::size_t count)
{
#ifdef QDRANT2PG_X86_KERNELS
    static const bool fast = __builtin_cpu_supports("avx2");
    if (fast)
        return storeFloatsAvx2(out, in, count);
#endif
    return storeFloatsPortable(out, in, count);
}

bool storeHalves(char* out, const float* in, std::size_t count, bool* changed)
{
#ifdef QDRANT2PG_X86_KERNELS
    static const bool fast = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("f16c");
    if (fast)
        return storeHalvesF16c(out, in, count, changed);
#endif
    return storeHalvesPortable(out, in, count, changed);
}

} // namespace qdrant2pg::bytes
