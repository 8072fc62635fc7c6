// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/rest/numberlistreader.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <limits>

#include "core/qdrant/rest/fastfloat.h"

namespace qdrant2pg {

namespace {

/// What a float with its comma takes on the wire (qdrant.md section 4), to size the array at once.
constexpr std::size_t bytesPerElement = 11;
constexpr std::size_t smallestArray = 1024;
/// Of the bits of a float.
constexpr std::uint32_t magnitude = 0x7fff'ffff;
constexpr std::uint32_t infinity = 0x7f80'0000;

} // namespace

/// Behind the bracket of a list of numbers, up to and with its end. By far most of the text is read here.
bool NumberListReader::readElements(bool& finite)
{
    const char* const begin = m_scanner.begin();
    const char* const end = m_scanner.end();
    if (m_scanner.peek() == ']')
        return m_scanner.take(']');
    const char* at = m_scanner.position();
    for (;;) {
        if (m_elementCount == m_elements.size())
            growElements();
        float* out = m_elements.data() + m_elementCount;
        float* const limit = m_elements.data() + m_elements.size();
        std::uint32_t largest = 0;
        const char* next = nullptr;
        while (out != limit && (next = readFloatInList(begin, at, end, *out)) != nullptr) {
            largest = std::max(largest, std::bit_cast<std::uint32_t>(*out) & magnitude);
            ++out;
            at = next;
            if (at == end || *at != ',')
                break;
            ++at;
        }
        finite = finite && largest < infinity;
        m_elementCount = static_cast<std::size_t>(out - m_elements.data());
        m_scanner.moveTo(at);
        if (out == limit && next && at != end && at[-1] == ',')
            continue;
        if (next) {
            // No comma right behind the number: the end of the list, or white space.
            bool first = false;
            if (!m_scanner.nextElement(first))
                return !m_scanner.fault();
        } else if (m_scanner.peek() == 'n') {
            // How REST prints NaN and both infinities.
            if (!m_scanner.skip())
                return false;
            if (m_elementCount == m_elements.size())
                growElements();
            m_elements[m_elementCount++] = std::numeric_limits<float>::quiet_NaN();
            finite = false;
            bool first = false;
            if (!m_scanner.nextElement(first))
                return !m_scanner.fault();
        } else if (m_scanner.position() == at) {
            return complainAboutNext("an element of a vector is no number");
        }
        m_scanner.peek();
        at = m_scanner.position();
    }
}

bool NumberListReader::readIndices()
{
    bool first = true;
    while (m_scanner.nextElement(first)) {
        std::string_view text;
        const char next = m_scanner.peek();
        if ((next < '0' || next > '9') && next != '-')
            return complainAboutNext("an index of a sparse vector is no number");
        if (!m_scanner.number(text))
            return false;
        std::uint32_t index = 0;
        const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), index);
        if (error != std::errc() || stop != text.data() + text.size())
            return complain("an index of a sparse vector is no whole number of 32 bits");
        m_indices.push_back(index);
    }
    return !m_scanner.fault();
}

void NumberListReader::growElements()
{
    const auto expected = m_textBytes / bytesPerElement;
    m_elements.resize(m_elements.empty() ? std::max(expected, smallestArray) : 2 * m_elements.size());
}

bool NumberListReader::complainAboutNext(const char* complaint)
{
    return m_scanner.skip() && complain(complaint);
}

bool NumberListReader::complain(const char* complaint)
{
    m_complaint = complaint;
    return false;
}

} // namespace qdrant2pg
