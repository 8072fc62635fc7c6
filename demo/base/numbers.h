// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>
#include <string>

namespace qdrant2pg::demo {

/// Appends a vector element as the recorded server prints it: the shortest decimal that reads back as the
/// same float32, plain for 1e-6 <= |x| < 1e13, else with an exponent that carries its sign; NaN and
/// infinities are `null`.
void appendFloat(std::string& out, float value);

/// The same for a payload number or a time: float64, plain for 1e-5 <= |x| < 1e16.
void appendDouble(std::string& out, double value);

/// Plain decimal digits without exponent and without `.0`, as error texts quote a number.
void appendPlain(std::string& out, double value);

void appendInteger(std::string& out, std::uint64_t value);

/// Rounds to IEEE half precision and back; what does not fit becomes an infinity (65520 and more).
[[nodiscard]] float roundToHalf(float value);

/// Truncates towards zero and saturates to 0...255; NaN is 0.
[[nodiscard]] float roundToUint8(float value);

/// A well mixed 64-bit number from a 64-bit number: the base of everything that is generated, so that equal
/// seeds give equal collections on every machine.
[[nodiscard]] constexpr std::uint64_t mix(std::uint64_t x)
{
    x += 0x9e3779b97f4a7c15U;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9U;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebU;
    return x ^ (x >> 31);
}

} // namespace qdrant2pg::demo
