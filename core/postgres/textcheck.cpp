// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/textcheck.h"

#include "core/postgres/decimal.h"
#include "core/postgres/jsonscan.h"

#include <cstring>
#include <string>

#include <simdjson.h>

namespace qdrant2pg {

namespace {

/// A field travels in one message and is held in one allocation, both below 1 GiB; the rest is for the other
/// columns.
constexpr std::size_t maxFieldBytes = 0x3FFFFFFFU - 65536U;
/// JENTRY_OFFLENMASK: the longest string inside a jsonb value.
constexpr std::ptrdiff_t maxJsonbString = 0x0FFFFFFF;
/// Shorter tokens without exponent cannot overflow numeric.
constexpr std::ptrdiff_t alwaysFittingDigits = 16000;

EncodeProblem problem(const char* sqlState, const char* reason)
{
    return EncodeProblem{sqlState, QString::fromUtf8(reason)};
}

EncodeProblem syntaxProblem(std::string_view json, const char* at)
{
    return EncodeProblem{"22P02",
        QStringLiteral("the JSON text is not valid at byte %1")
            .arg(static_cast<qint64>(at - json.data()) + 1)};
}

bool hasBadBytes(std::string_view text)
{
    return !simdjson::validate_utf8(text.data(), text.size());
}

bool hasNul(std::string_view text)
{
    return !text.empty() && std::memchr(text.data(), 0, text.size()) != nullptr;
}

/// One forward pass by JSON's grammar. The stack holds one character per open container; std::string keeps up
/// to 15 of them without an allocation.
class JsonbCheck {
public:
    explicit JsonbCheck(std::string_view json)
        : m_json(json)
        , m_at(json.data())
        , m_end(json.data() + json.size())
    {
    }

    EncodeResult run()
    {
        while (true) {
            if (!value())
                return m_problem;
            // value() leaves a container open exactly when its first member is still to come.
            if (m_expectValue)
                continue;
            if (!afterValue())
                return m_problem;
            if (!m_expectValue)
                return std::nullopt;
        }
    }

private:
    /// Reads a scalar, an empty container, or the beginning of a container up to its first value.
    bool value()
    {
        m_expectValue = false;
        m_at = jsonscan::skipSpace(m_at, m_end);
        if (m_at == m_end)
            return broken();
        switch (*m_at) {
        case '"':
            return string();
        case '{':
            m_at = jsonscan::skipSpace(m_at + 1, m_end);
            if (m_at != m_end && *m_at == '}') {
                ++m_at;
                return true;
            }
            m_open.push_back('{');
            m_expectValue = true;
            return key();
        case '[':
            m_at = jsonscan::skipSpace(m_at + 1, m_end);
            if (m_at != m_end && *m_at == ']') {
                ++m_at;
                return true;
            }
            m_open.push_back('[');
            m_expectValue = true;
            return true;
        case 't':
            return word("true");
        case 'f':
            return word("false");
        case 'n':
            return word("null");
        default:
            return number();
        }
    }

    /// Closes what ends here; sets m_expectValue when a comma announces another value.
    bool afterValue()
    {
        while (true) {
            m_at = jsonscan::skipSpace(m_at, m_end);
            if (m_open.empty())
                return m_at == m_end || broken();
            if (m_at == m_end)
                return broken();
            const bool object = m_open.back() == '{';
            const char c = *m_at;
            if (c == ',') {
                m_at = jsonscan::skipSpace(m_at + 1, m_end);
                m_expectValue = true;
                return !object || key();
            }
            if (c != (object ? '}' : ']'))
                return broken();
            ++m_at;
            m_open.pop_back();
        }
    }

    bool key()
    {
        if (m_at == m_end || *m_at != '"')
            return broken();
        if (!string())
            return false;
        m_at = jsonscan::skipSpace(m_at, m_end);
        if (m_at == m_end || *m_at != ':')
            return broken();
        ++m_at;
        return true;
    }

    bool string()
    {
        const char* const start = ++m_at;
        while (true) {
            m_at = jsonscan::stringStop(m_at, m_end);
            if (m_at == m_end)
                return broken();
            if (*m_at == '"')
                break;
            if (*m_at != '\\')
                return broken();
            if (!escape())
                return false;
        }
        if (m_at - start > maxJsonbString)
            return fail("54000", "a text inside the JSON value is longer than jsonb can hold (256 MiB)");
        ++m_at;
        return true;
    }

    bool escape()
    {
        if (m_end - m_at < 2)
            return broken();
        switch (m_at[1]) {
        case '"':
        case '\\':
        case '/':
        case 'b':
        case 'f':
        case 'n':
        case 'r':
        case 't':
            m_at += 2;
            return true;
        case 'u':
            break;
        default:
            return broken();
        }
        const jsonscan::UnicodeEscape escape = jsonscan::unicodeEscape(m_at + 2, m_end);
        if (escape.codePoint == -2)
            return fail("22P02",
                "the JSON text contains a surrogate escape (\\ud800 to \\udfff) without its partner");
        if (escape.codePoint < 0)
            return broken();
        if (escape.codePoint == 0)
            return fail("22P05", "the JSON text contains a NUL character (\\u0000), which jsonb cannot hold");
        m_at = escape.next;
        return true;
    }

    bool number()
    {
        bool hasExponent = false;
        const char* const end = jsonscan::numberEnd(m_at, m_end, hasExponent);
        if (end == nullptr)
            return broken();
        if (hasExponent || end - m_at > alwaysFittingDigits) {
            DecimalToken token;
            if (!DecimalToken::parse(std::string_view(m_at, static_cast<std::size_t>(end - m_at)), token))
                return broken();
            if (!token.fitsNumeric())
                return fail(
                    "22003", "a number in the JSON text has more digits than PostgreSQL's numeric can hold");
        }
        m_at = end;
        return true;
    }

    bool word(std::string_view expected)
    {
        if (static_cast<std::size_t>(m_end - m_at) < expected.size()
            || std::string_view(m_at, expected.size()) != expected)
            return broken();
        m_at += expected.size();
        return true;
    }

    bool broken()
    {
        m_problem = syntaxProblem(m_json, m_at);
        return false;
    }

    bool fail(const char* sqlState, const char* reason)
    {
        m_problem = problem(sqlState, reason);
        return false;
    }

    std::string_view m_json;
    const char* m_at;
    const char* m_end;
    std::string m_open;
    bool m_expectValue = false;
    EncodeResult m_problem;
};

} // namespace

EncodeResult checkText(std::string_view utf8)
{
    if (utf8.size() > maxFieldBytes)
        return problem("54000", "the text is larger than PostgreSQL can hold in one value (1 GiB)");
    if (hasNul(utf8))
        return problem("22021", "the text contains a NUL character (\\u0000), which PostgreSQL cannot hold");
    if (hasBadBytes(utf8))
        return problem("22021", "the text is not valid UTF-8");
    return std::nullopt;
}

EncodeResult checkJsonb(std::string_view json)
{
    if (json.size() > maxFieldBytes)
        return problem("54000", "the JSON text is larger than PostgreSQL can hold in one value (1 GiB)");
    // PostgreSQL looks at the bytes before it parses.
    if (hasBadBytes(json))
        return problem("22021", "the JSON text is not valid UTF-8");
    EncodeResult bad = JsonbCheck(json).run();
    if (bad && hasNul(json))
        return problem("22021", "the JSON text contains a raw NUL byte");
    return bad;
}

} // namespace qdrant2pg
