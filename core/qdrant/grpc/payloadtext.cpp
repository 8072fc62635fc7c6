// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/grpc/payloadtext.h"

#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <optional>

#include <protozero/pbf_reader.hpp>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace qdrant2pg {

namespace {

/// Of JSON levels; REST takes 124 (qdrant.md section 5).
constexpr int deepest = 256;
/// From here on a double may have been an integer (2^63 to 2^64-1, which becomes 2^64).
constexpr double inexactFrom = 9223372036854775808.0;
constexpr double inexactTo = 18446744073709551616.0;
/// Decimal exponents between which the server prints doubles without one.
constexpr int plainFrom = -5;
constexpr int plainBelow = 16;

std::string_view viewOf(const protozero::data_view& data)
{
    return {data.data(), data.size()};
}

/// Where the next character stands that JSON text cannot hold as it is; the size when there is none.
std::size_t nextSpecial(std::string_view text, std::size_t at)
{
#ifdef __SSE2__
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i lastControl = _mm_set1_epi8(0x1f);
    for (; text.size() - at >= 16; at += 16) {
        const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i*>(text.data() + at));
        const __m128i control = _mm_cmpeq_epi8(_mm_max_epu8(block, lastControl), lastControl);
        const __m128i special = _mm_or_si128(
            control, _mm_or_si128(_mm_cmpeq_epi8(block, quote), _mm_cmpeq_epi8(block, backslash)));
        if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(special)); mask != 0)
            return at + static_cast<std::size_t>(std::countr_zero(mask));
    }
#endif
    for (; at < text.size(); ++at) {
        const auto c = static_cast<unsigned char>(text[at]);
        if (c < 0x20 || c == '"' || c == '\\')
            break;
    }
    return at;
}

void appendString(std::string& out, std::string_view text)
{
    static constexpr char hex[] = "0123456789abcdef";
    out.push_back('"');
    std::size_t plain = 0;
    for (std::size_t at = nextSpecial(text, 0); at < text.size(); at = nextSpecial(text, at + 1)) {
        const auto c = static_cast<unsigned char>(text[at]);
        out.append(text, plain, at - plain);
        plain = at + 1;
        out.push_back('\\');
        switch (c) {
        case '\b':
            out.push_back('b');
            break;
        case '\t':
            out.push_back('t');
            break;
        case '\n':
            out.push_back('n');
            break;
        case '\f':
            out.push_back('f');
            break;
        case '\r':
            out.push_back('r');
            break;
        case '"':
        case '\\':
            out.push_back(static_cast<char>(c));
            break;
        default:
            out += "u00";
            out.push_back(hex[c >> 4U]);
            out.push_back(hex[c & 15U]);
        }
    }
    out.append(text, plain);
    out.push_back('"');
}

/// `text` is a shortest scientific spelling: d.ddde-NN.
void appendDigits(std::string& out, std::string_view text)
{
    const std::size_t mark = text.find('e');
    std::array<char, 24> digits{};
    std::size_t count = 0;
    for (const char c : text.substr(0, mark)) {
        if (c != '.')
            digits[count++] = c;
    }
    const bool negative = text[mark + 1] == '-';
    int exponent = 0;
    std::from_chars(text.data() + mark + 2, text.data() + text.size(), exponent);
    if (negative)
        exponent = -exponent;
    if (exponent < plainFrom || exponent >= plainBelow) {
        out.push_back(digits[0]);
        if (count > 1) {
            out.push_back('.');
            out.append(digits.data() + 1, count - 1);
        }
        out += negative ? "e-" : "e+";
        out += std::to_string(std::abs(exponent));
    } else if (exponent < 0) {
        out += "0.";
        out.append(static_cast<std::size_t>(-exponent - 1), '0');
        out.append(digits.data(), count);
    } else {
        const auto whole = static_cast<std::size_t>(exponent) + 1;
        if (count <= whole) {
            out.append(digits.data(), count);
            out.append(whole - count, '0');
            out += ".0";
        } else {
            out.append(digits.data(), whole);
            out.push_back('.');
            out.append(digits.data() + whole, count - whole);
        }
    }
}

void appendDouble(std::string& out, double value)
{
    if (!std::isfinite(value)) {
        out += "null";
        return;
    }
    if (std::signbit(value))
        out.push_back('-');
    if (value == 0) {
        out += "0.0";
        return;
    }
    std::array<char, 40> text{};
    const auto end =
        std::to_chars(text.data(), text.data() + text.size(), std::abs(value), std::chars_format::scientific)
            .ptr;
    appendDigits(out, {text.data(), static_cast<std::size_t>(end - text.data())});
}

void appendInteger(std::string& out, std::int64_t value)
{
    std::array<char, 24> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    out.append(text.data(), end);
}

/// Walks the messages once, depth first.
class ValueWriter {
public:
    explicit ValueWriter(std::string& out)
        : m_out(out)
    {
    }

    bool exact() const { return m_exact; }

    void writeEntry(std::string_view entry, int depth)
    {
        std::string_view key;
        std::optional<std::string_view> value;
        protozero::pbf_reader reader(entry.data(), entry.size());
        while (reader.next()) {
            if (reader.tag() == 1)
                key = viewOf(reader.get_view());
            else if (reader.tag() == 2)
                value = viewOf(reader.get_view());
            else
                reader.skip();
        }
        appendString(m_out, key);
        m_out.push_back(':');
        writeValue(value.value_or(std::string_view()), depth);
    }

private:
    void writeValue(std::string_view value, int depth)
    {
        if (depth > deepest) {
            m_exact = false;
            m_out += "null";
            return;
        }
        const std::size_t start = m_out.size();
        protozero::pbf_reader reader(value.data(), value.size());
        while (reader.next()) {
            // Of a oneof the last one counts.
            m_out.resize(start);
            switch (reader.tag()) {
            case 1:
                reader.skip();
                m_out += "null";
                break;
            case 2: {
                const double number = reader.get_double();
                m_exact = m_exact && !(number >= inexactFrom && number <= inexactTo);
                appendDouble(m_out, number);
                break;
            }
            case 3:
                appendInteger(m_out, reader.get_int64());
                break;
            case 4:
                appendString(m_out, viewOf(reader.get_view()));
                break;
            case 5:
                m_out += reader.get_bool() ? "true" : "false";
                break;
            case 6:
                writeList(viewOf(reader.get_view()), '{', '}', depth);
                break;
            case 7:
                writeList(viewOf(reader.get_view()), '[', ']', depth);
                break;
            default:
                // A kind of value that a newer server may have: REST knows how to say it.
                m_exact = false;
                reader.skip();
            }
        }
        if (m_out.size() == start)
            m_out += "null";
    }

    /// Struct and ListValue are alike: field 1, repeated.
    void writeList(std::string_view list, char open, char close, int depth)
    {
        m_out.push_back(open);
        bool first = true;
        protozero::pbf_reader reader(list.data(), list.size());
        while (reader.next()) {
            if (reader.tag() != 1) {
                reader.skip();
                continue;
            }
            if (!first)
                m_out.push_back(',');
            first = false;
            if (open == '{')
                writeEntry(viewOf(reader.get_view()), depth + 1);
            else
                writeValue(viewOf(reader.get_view()), depth + 1);
        }
        m_out.push_back(close);
    }

    std::string& m_out;
    bool m_exact = true;
};

} // namespace

bool appendPayloadEntry(std::string& out, std::string_view entry)
{
    ValueWriter writer(out);
    writer.writeEntry(entry, 1);
    return writer.exact();
}

} // namespace qdrant2pg
