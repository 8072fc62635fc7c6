// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/rest/fastfloat.h"

#include <charconv>
#include <system_error>

namespace qdrant2pg::fastfloat {

namespace {

bool isDigit(const char* at, const char* end)
{
    return at != end && *at >= '0' && *at <= '9';
}

const char* skipDigits(const char* at, const char* end)
{
    while (isDigit(at, end))
        ++at;
    return at;
}

/// Position behind a number as JSON has it: no sign but minus, no leading zeros, digits around the point.
const char* endOfNumber(const char* at, const char* end)
{
    if (at != end && *at == '-')
        ++at;
    if (!isDigit(at, end))
        return nullptr;
    at = *at == '0' ? at + 1 : skipDigits(at, end);
    if (isDigit(at, end))
        return nullptr;
    if (at != end && *at == '.') {
        if (!isDigit(++at, end))
            return nullptr;
        at = skipDigits(at, end);
    }
    if (at != end && (*at == 'e' || *at == 'E')) {
        ++at;
        if (at != end && (*at == '+' || *at == '-'))
            ++at;
        if (!isDigit(at, end))
            return nullptr;
        at = skipDigits(at, end);
    }
    return at;
}

} // namespace

const char* readFloatByTheBook(const char* at, const char* end, float& value) noexcept
{
    const char* const stop = endOfNumber(at, end);
    if (!stop)
        return nullptr;
    if (const auto [read, error] = std::from_chars(at, stop, value); error == std::errc())
        return read == stop ? stop : nullptr;
    // Out of range on either side, which from_chars does not tell apart.
    double wide = 0;
    if (const auto [read, error] = std::from_chars(at, stop, wide); error != std::errc() || read != stop)
        return nullptr;
    value = static_cast<float>(wide);
    return stop;
}

} // namespace qdrant2pg::fastfloat
