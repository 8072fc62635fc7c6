// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/shapes/shapefixtures.h"

namespace qdrant2pg::test {

namespace {

// clang-format off
const Fixture fixtures[] = {
    {"mixed ids", R"({"vectors":{"size":2,"distance":"Dot"}})",
        R"([{"id":0,"vector":[1,2]},{"id":18446744073709551615,"vector":[1,2]},{"id":"00000000-0000-0000-0000-000000000000","vector":[1,2]},{"id":"FFFFFFFF-ffff-ffff-ffff-ffffffffffff","vector":[1,2]}])",
        0, "text", "vector(2)"},
    {"ids beyond bigint", R"({"vectors":{"size":1,"distance":"Dot"}})",
        R"([{"id":9223372036854775807,"vector":[1]},{"id":9223372036854775808,"vector":[1]}])", 0, "numeric(20,0)", "vector(1)"},
    {"sparse alone", R"({"vectors":{},"sparse_vectors":{"s":{}}})",
        R"([{"id":1,"vector":{"s":{"indices":[7,3],"values":[0.5,-1]}}},{"id":2,"vector":{"s":{"indices":[],"values":[]}}},{"id":3,"vector":{"s":{"indices":[1,2],"values":[0,2]}}},{"id":4,"vector":{}}])",
        0, "bigint", "sparsevec(1024)"},
    {"sparse beyond sparsevec", R"({"vectors":{},"sparse_vectors":{"s":{}}})",
        R"([{"id":1,"vector":{"s":{"indices":[4294967295],"values":[0.5]}}}])", 0, "bigint", "jsonb"},
    {"multivector", R"({"vectors":{"m":{"size":2,"distance":"Cosine","multivector_config":{"comparator":"max_sim"}}}})",
        R"([{"id":1,"vector":{"m":[[1,2],[3,4],[0,0]]}},{"id":2,"vector":{}}])", 0, "bigint", "vector(2)[]"},
    {"named, some missing", R"({"vectors":{"size":{"size":2,"distance":"Dot"},"B c.d\"":{"size":3,"distance":"Manhattan"}}})",
        R"([{"id":1,"vector":{"size":[1,2],"B c.d\"":[1,2,3]}},{"id":2,"vector":{"size":[1,2]}},{"id":3,"vector":{}}])", 0, "bigint", nullptr},
    {"unnamed and sparse", R"({"vectors":{"size":2,"distance":"Euclid"},"sparse_vectors":{"s":{"modifier":"idf"}}})",
        R"([{"id":1,"vector":[1,2]},{"id":2,"vector":{"":[1,2],"s":{"indices":[3],"values":[1]}}}])", 0, "bigint", "vector(2), sparsevec(1024)"},
    {"float16 and uint8", R"({"vectors":{"h":{"size":2,"distance":"Dot","datatype":"float16"},"u":{"size":2,"distance":"Dot","datatype":"uint8"}}})",
        R"([{"id":1,"vector":{"h":[0.1,65504],"u":[0,255]}},{"id":2,"vector":{"h":[70000,1],"u":[300,-1]}}])", 1, "bigint", "halfvec(2)"},
    {"not a number", R"({"vectors":{"size":2,"distance":"Dot"}})",
        R"([{"id":1,"vector":[1e39,1]},{"id":2,"vector":[1,1]}])", 1, "bigint", "vector(2)"},
    {"NUL in keys and values", R"({"vectors":{"size":1,"distance":"Dot"}})",
        R"([{"id":1,"vector":[1],"payload":{"a":"\u0000"}},{"id":2,"vector":[1],"payload":{"\u0000":1}},{"id":3,"vector":[1],"payload":{"a":["\\u0000"]}}])",
        2, "bigint", "vector(1)"},
    {"payload by value", R"({"vectors":{}})",
        R"([{"id":1,"vector":{},"payload":{"":0,"a.b":18446744073709551615,"n":-9223372036854775808,"d":1.5e-7,"e":1e300,"z":-0.0,"x":[[[{"y":null}]]],"q":"\"\\\u001f\ud83d\ude80"}}])",
        0, "bigint", ""},
};
// clang-format on

} // namespace

std::span<const Fixture> shapeFixtures()
{
    return fixtures;
}

} // namespace qdrant2pg::test
