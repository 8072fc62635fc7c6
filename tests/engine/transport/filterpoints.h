// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>

namespace qdrant2pg::test {

inline constexpr int filterPointCount = 60;

/// Points of which every kind of condition takes some and leaves some.
inline std::string filterPoints()
{
    static constexpr const char* colors[] = {"red", "green", "blue"};
    std::string list = "[";
    for (int id = 0; id < filterPointCount; ++id) {
        const std::string n = std::to_string(id);
        std::string payload = R"({"color":")" + std::string(colors[id % 3]) + R"(","size":)" + n
            + R"(,"weight":)" + std::to_string(id / 8.0) + R"(,"good":)" + (id % 2 != 0 ? "true" : "false")
            + R"(,"words":"the quick )" + colors[id % 3] + (id % 4 == 0 ? " fox runs" : " cat sleeps") + '"'
            + R"(,"when":"2024-01-)" + (id % 28 < 9 ? "0" : "") + std::to_string(id % 28 + 1)
            + R"(T12:00:00.25Z","at":{"lon":)" + std::to_string(id) + R"(,"lat":)" + std::to_string(id / 2)
            + R"(},"parts":[)";
        for (int part = 0; part < id % 4; ++part)
            payload += (part != 0 ? ",{\"kind\":" : "{\"kind\":") + std::to_string(part) + R"(,"on":)"
                + (id % 5 == 0 ? "true}" : "false}");
        payload += "]";
        if (id % 6 == 0)
            payload += R"(,"gone":null)";
        payload += '}';
        const std::string uuid = "00000000-0000-4000-8000-0000000000" + std::string(id < 10 ? "0" : "") + n;
        list += (id != 0 ? "," : "") + std::string("{\"id\":") + (id < 40 ? n : '"' + uuid + '"')
            + R"(,"vector":{"a":[1,2])" + (id % 3 == 0 ? R"(,"b":[3])" : "") + R"(},"payload":)" + payload
            + '}';
    }
    return list + ']';
}

inline constexpr const char* filterConfig =
    R"({"vectors":{"a":{"size":2,"distance":"Dot"},"b":{"size":1,"distance":"Dot"}}})";

} // namespace qdrant2pg::test
