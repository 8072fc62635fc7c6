// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/shapes/jsonvalues.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace qdrant2pg::test {

namespace {

/// A decimal number without its spelling: digits × 10^exponent, no zeros at either end of the digits.
struct Decimal {
    bool negative = false;
    std::string digits;
    long exponent = 0;

    explicit Decimal(std::string_view token)
    {
        std::size_t i = 0;
        negative = token.front() == '-';
        i += negative ? 1 : 0;
        bool fraction = false;
        for (; i < token.size(); ++i) {
            if (token[i] == '.') {
                fraction = true;
            } else if (token[i] == 'e' || token[i] == 'E') {
                exponent += std::strtol(std::string(token.substr(i + 1)).c_str(), nullptr, 10);
                break;
            } else {
                digits.push_back(token[i]);
                exponent -= fraction ? 1 : 0;
            }
        }
        while (!digits.empty() && digits.back() == '0') {
            digits.pop_back();
            ++exponent;
        }
        digits.erase(0, digits.find_first_not_of('0'));
        if (digits.empty()) {
            negative = false;
            exponent = 0;
        }
    }
    bool operator==(const Decimal&) const = default;
};

bool sameNumber(std::string_view wanted, std::string_view found, Likeness likeness)
{
    if (Decimal(wanted) == Decimal(found))
        return true;
    if (likeness == Likeness::Exact)
        return false;
    constexpr double threeUnits = 1e-15;
    const double a = std::strtod(std::string(wanted).c_str(), nullptr);
    const double b = std::strtod(std::string(found).c_str(), nullptr);
    return std::abs(a - b) <= threeUnits * std::max(std::abs(a), std::abs(b));
}

std::string shortened(std::string_view text)
{
    return text.size() <= 80 ? std::string(text) : std::string(text.substr(0, 80)) + "...";
}

std::string differs(const demo::Json& wanted, const demo::Json& found)
{
    return ": " + shortened(wanted.raw()) + " expected, got " + shortened(found.raw());
}

} // namespace

std::string differenceOfValues(const demo::Json& wanted, const demo::Json& found, Likeness likeness)
{
    using Kind = demo::Json::Kind;
    if (wanted.kind() != found.kind())
        return differs(wanted, found);
    switch (wanted.kind()) {
    case Kind::Null:
        return {};
    case Kind::Bool:
        return wanted.isTrue() == found.isTrue() ? std::string() : differs(wanted, found);
    case Kind::Number:
        return sameNumber(wanted.raw(), found.raw(), likeness) ? std::string() : differs(wanted, found);
    case Kind::String:
        return wanted.text() == found.text() ? std::string() : differs(wanted, found);
    case Kind::Array:
        if (wanted.items().size() != found.items().size())
            return differs(wanted, found);
        for (std::size_t i = 0; i < wanted.items().size(); ++i) {
            const std::string inner = differenceOfValues(wanted.items()[i], found.items()[i], likeness);
            if (!inner.empty())
                return '[' + std::to_string(i) + ']' + inner;
        }
        return {};
    case Kind::Object:
        if (wanted.members().size() != found.members().size())
            return differs(wanted, found);
        for (const demo::Json::Member& member : wanted.members()) {
            const demo::Json* other = found.find(member.key);
            if (other == nullptr)
                return '.' + member.key + " is missing";
            const std::string inner = differenceOfValues(member.value, *other, likeness);
            if (!inner.empty())
                return '.' + member.key + inner;
        }
        return {};
    }
    return {};
}

bool holdsNul(const demo::Json& value)
{
    const auto has = [](const std::string& text) {
        return text.find('\0') != std::string::npos;
    };
    if (value.isString())
        return has(value.text());
    if (value.isArray())
        return std::any_of(value.items().begin(), value.items().end(), holdsNul);
    return std::any_of(value.members().begin(), value.members().end(),
        [&](const demo::Json::Member& member) { return has(member.key) || holdsNul(member.value); });
}

} // namespace qdrant2pg::test
