// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <string>
#include <vector>

namespace qdrant2pg::test {

/// JSON texts and what jsonb says to them; the unit test asks our check, the PostgreSQL test the server.
struct JsonCase {
    const char* name;
    std::string json;
    /// Empty: accepted.
    const char* sqlState;
};

inline std::vector<JsonCase> jsonCases()
{
    return {
        {"empty object", "{}", ""},
        {"empty array", "[]", ""},
        {"white space", " \t\r\n{ \"a\" : [ 1 , 2 ] , \"b\" : { } } \n", ""},
        {"scalar", "17", ""},
        {"words", "[true,false,null]", ""},
        {"escapes", R"("\" \\ \/ \b \f \n \r \t \u00e9 \ud83d\ude00")", ""},
        {"escaped backslash before u0000", R"("\\u0000")", ""},
        {"three backslashes", R"("\\\u0000")", "22P05"},
        {"NUL escape", R"({"a":"x\u0000y"})", "22P05"},
        {"NUL escape in a key", R"({"\u0000":1})", "22P05"},
        {"high alone", R"("\ud800")", "22P02"},
        {"high then text", R"("\ud800x")", "22P02"},
        {"high then escape", R"("\ud800\n")", "22P02"},
        {"high then high", R"("\ud800\ud800")", "22P02"},
        {"high then BMP", R"("\ud800\u0041")", "22P02"},
        {"low alone", R"("\udc00")", "22P02"},
        {"bad hex", R"("\u12g4")", "22P02"},
        {"short hex", R"("\u12)", "22P02"},
        {"bad escape", R"("\x41")", "22P02"},
        {"ends in backslash", "\"\\", "22P02"},
        {"not closed", "\"abc", "22P02"},
        {"raw control character", "\"a\nb\"", "22P02"},
        {"raw control character far in", "\"" + std::string(40, 'a') + "\t\"", "22P02"},
        {"raw NUL", std::string("\"a\0b\"", 5), "22021"},
        {"DEL is allowed", "\"\x7f\"", ""},
        {"UTF-8", "{\"\xc3\xa4\":\"\xf0\x9f\x98\x80\"}", ""},
        {"bad UTF-8", "\"\xff\"", "22021"},
        {"overlong", "\"\xc0\xaf\"", "22021"},
        {"encoded surrogate", "\"\xed\xa0\x80\"", "22021"},
        {"cut UTF-8", "\"\xc3\"", "22021"},
        {"UTF-8 outside of strings", "\xc3\xa4", "22P02"},
        {"nothing", "", "22P02"},
        {"only space", "  ", "22P02"},
        {"two values", "1 2", "22P02"},
        {"trailing comma", "[1,]", "22P02"},
        {"trailing comma in object", R"({"a":1,})", "22P02"},
        {"missing colon", R"({"a" 1})", "22P02"},
        {"missing value", R"({"a":})", "22P02"},
        {"number as key", "{1:1}", "22P02"},
        {"wrong bracket", "[1}", "22P02"},
        {"not closed array", "[1", "22P02"},
        {"not closed object", R"({"a":1)", "22P02"},
        {"closed twice", "[]]", "22P02"},
        {"NaN", "NaN", "22P02"},
        {"Infinity", "[-Infinity]", "22P02"},
        {"leading zero", "01", "22P02"},
        {"leading plus", "+1", "22P02"},
        {"bare minus", "-", "22P02"},
        {"bare point", "1.", "22P02"},
        {"point first", ".5", "22P02"},
        {"bare exponent", "1e", "22P02"},
        {"word cut", "tru", "22P02"},
        {"word too long", "trues", "22P02"},
        {"numbers", "[0,-0,-0.0,1.10,1e5,1E+5,1e-7,18446744073709551615,1e400,-12.5e-3]", ""},
        {"largest exponent", "1e131071", ""},
        {"too large", "1e131072", "22003"},
        {"largest by digits", "1" + std::string(131071, '0'), ""},
        {"too large by digits", "1" + std::string(131072, '0'), "22003"},
        {"fraction moves the limit", "0.1e131072", ""},
        {"smallest scale", "1e-16383", ""},
        {"too small", "1e-16384", "22003"},
        {"trailing zero counts", "1.0e-16383", "22003"},
        {"zero of a large scale", "0e-20000", "22003"},
        {"zero of a large exponent", "0e200000", ""},
        {"absurd exponent", "0e99999999999999999999", "22003"},
        {"scale by digits", "0." + std::string(16383, '1'), ""},
        {"scale over by digits", "0." + std::string(16384, '1'), "22003"},
        {"deep", std::string(500, '[') + std::string(500, ']'), ""},
        {"deep, broken", std::string(500, '[') + std::string(499, ']'), "22P02"},
    };
}

/// Valid texts with a bit of everything, to be damaged.
inline std::vector<std::string> validJson()
{
    return {R"({"a\n":[1.5e-3,"\ud83d\ude00",true,{"b":null}],"c":-0,"\u0041":"x\\u0000"})",
        R"([[], {}, [[1,2],[3,4e5]], "a\"b", false, 0.10, -7])",
        "{\"n\":123456789e99,\"s\":\"\\/\\b\\f\\r\\t\",\"u\":\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"}"};
}

} // namespace qdrant2pg::test
