// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/heavy/randomcollection.h"

#include "demo/base/pointid.h"

#include <iterator>
#include <string_view>

namespace qdrant2pg::test {

std::string RandomCollection::text(bool nul, int most)
{
    static const char* const pieces[] = {"a", "Z", "0", " ", "\t", "\n", "\r", "\\", "\\N", "\\.", "'", "\"",
        "\"\"", "$1", "$$", "%", "--", ";", "{", "}", "[", "]", ",", ":", "/", "\x01", "\x1f", "\x7f",
        "\xC3\xA9", "\xE5\x90\x8D", "\xF0\x9F\x9A\x80", "\xE2\x80\xA8", "\xEF\xBB\xBF", "\xCC\x81",
        "\xD7\xA9", "null", "NULL", "select", "e\xCC\x81", "\xEF\xBF\xBD", "u0000", "\\u0000"};
    std::string out;
    for (int n = below(most); n > 0; --n)
        out += pieces[below(static_cast<int>(std::size(pieces)))];
    if (nul && m_nul > 0 && chance(m_nul))
        out.insert(chance(50) ? 0 : out.size(), 1, '\0');
    return out;
}

std::string RandomCollection::number()
{
    static const char* const numbers[] = {"0", "-0.0", "1", "1.0", "-1", "9007199254740993",
        "9223372036854775807", "-9223372036854775808", "9223372036854775808", "18446744073709551615", "1e-7",
        "1.5e300", "-2.5E-10", "0.1", "5.0", "123456.789", "1.7976931348623157e308", "5e-324"};
    return numbers[below(static_cast<int>(std::size(numbers)))];
}

std::string RandomCollection::id(int serial)
{
    static const char* const numbers[] = {"0", "1", "9007199254740993", "9223372036854775807"};
    const auto uuid = [&] {
        if (serial == 0)
            return std::string("\"00000000-0000-0000-0000-000000000000\"");
        if (serial == 1)
            return std::string("\"ffffffff-ffff-ffff-ffff-ffffffffffff\"");
        return quoted(demo::PointId::uuid(m_random(), m_random()).text());
    };
    const auto small = [&] {
        return serial < 4 ? std::string(numbers[serial]) : std::to_string(1000 + serial * 17);
    };
    switch (m_ids) {
    case 0:
        return small();
    case 1:
        return uuid();
    case 2:
        return serial == 2 ? "18446744073709551615" : small();
    default:
        return serial % 2 == 0 ? small() : uuid();
    }
}

std::string RandomCollection::value(int depth)
{
    switch (below(depth > 5 ? 6 : 9)) {
    case 0:
        return "null";
    case 1:
        return chance(50) ? "true" : "false";
    case 2:
    case 3:
        return number();
    case 6: {
        std::string out = "[";
        for (int n = below(4); n > 0; --n)
            out += value(depth + 1) + (n > 1 ? "," : "");
        return out + ']';
    }
    case 7: {
        std::string out = "{";
        for (int n = below(4); n > 0; --n)
            out += quoted(text(true, 4) + std::to_string(n)) + ':' + value(depth + 1) + (n > 1 ? "," : "");
        return out + '}';
    }
    case 8: {
        const int levels = below(80);
        return std::string(static_cast<std::size_t>(levels), '[') + number()
            + std::string(static_cast<std::size_t>(levels), ']');
    }
    default:
        return quoted(text(true, 12));
    }
}

std::string RandomCollection::payload()
{
    // The indexed keys hold what fits and what does not.
    std::string out = R"({"word":)" + value(5) + R"(,"num":)" + (chance(70) ? number() : value(5))
        + R"(,"flag":)" + (chance(70) ? "true" : value(5));
    for (int n = below(5); n > 0; --n)
        out += ',' + quoted(text(true, 5) + 'k' + std::to_string(n)) + ':' + value(0);
    return out + '}';
}

std::string RandomCollection::floats(int count)
{
    static const char* const values[] = {"0.0", "-0.0", "1", "0.5", "-1.25", "3.4028235e38", "1e-45", "1e-38",
        "0.1", "1e39", "7.038531e-26", "16777217", "1e13"};
    std::string out = "[";
    for (int i = 0; i < count; ++i) {
        int pick = below(static_cast<int>(std::size(values)));
        if (std::string_view(values[pick]) == "1e39" && !chance(m_nul))
            pick = 0;
        out += std::string(i > 0 ? "," : "") + values[pick];
    }
    return out + ']';
}

std::string RandomCollection::vector(const Vector& vector)
{
    if (vector.sparse) {
        std::string indices;
        int count = below(5);
        std::uint32_t index = 0;
        for (int i = 0; i < count; ++i) {
            index += 1 + static_cast<std::uint32_t>(below(chance(3) ? 900'000'000 : 5'000));
            indices += (i > 0 ? "," : "") + std::to_string(index);
        }
        return R"({"indices":[)" + indices + R"(],"values":)" + floats(count) + '}';
    }
    if (!vector.multi)
        return floats(vector.size);
    std::string out = "[";
    for (int n = 1 + below(3); n > 0; --n)
        out += floats(vector.size) + (n > 1 ? "," : "");
    return out + ']';
}

std::string RandomCollection::definition()
{
    static const char* const distances[] = {"Cosine", "Dot", "Euclid", "Manhattan"};
    static const char* const datatypes[] = {"float32", "float32", "float16", "uint8"};
    m_ids = below(4);
    m_nul = chance(40) ? 3 : 0;
    const auto dense = [&](Vector& vector) {
        vector.size = 1 + below(12);
        vector.multi = chance(20);
        const int datatype = vector.multi ? 0 : below(4);
        return R"({"size":)" + std::to_string(vector.size) + R"(,"distance":")" + distances[below(4)]
            + R"(","datatype":")" + datatypes[datatype] + '"'
            + (vector.multi ? R"(,"multivector_config":{"comparator":"max_sim"})" : "") + '}';
    };
    std::string vectors = "{}";
    if (chance(50)) {
        vectors = dense(m_vectors.emplace_back());
    } else {
        std::string list;
        for (int n = below(4); n > 0; --n) {
            Vector& vector = m_vectors.emplace_back();
            vector.name = "v" + std::to_string(n) + text(false, 3);
            std::erase(vector.name, '/');
            list += (list.empty() ? "" : ",") + quoted(vector.name) + ':' + dense(vector);
        }
        vectors = '{' + list + '}';
    }
    std::string sparse;
    for (int n = below(3); n > 0; --n) {
        Vector& vector = m_vectors.emplace_back();
        vector.name = "s" + std::to_string(n);
        vector.sparse = true;
        sparse += (sparse.empty() ? "" : ",") + quoted(vector.name) + ":{}";
    }
    return R"({"vectors":)" + vectors + R"(,"sparse_vectors":{)" + sparse + "}}";
}

std::string RandomCollection::vectors()
{
    if (m_vectors.size() == 1 && m_vectors.front().name.empty() && chance(90))
        return vector(m_vectors.front());
    std::string out;
    for (const Vector& each : m_vectors) {
        if (chance(75))
            out += (out.empty() ? "" : ",") + quoted(each.name) + ':' + vector(each);
    }
    return '{' + out + '}';
}

std::string RandomCollection::points()
{
    std::string out = "[";
    const int count = 5 + below(60);
    for (int i = 0; i < count; ++i)
        out += (i > 0 ? ",{" : "{") + (R"("id":)" + id(i)) + R"(,"payload":)" + payload() + R"(,"vector":)"
            + vectors() + '}';
    return out + ']';
}

} // namespace qdrant2pg::test
