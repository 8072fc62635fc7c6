// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <cstddef>
#include <string_view>

namespace qdrant2pg {

/// Walks JSON text once, from front to back, and hands out slices of it instead of values. Strict: everything
/// it passes over, skipped values too, is valid JSON in valid UTF-8 (surrogate escapes are not paired up).
/// Allocates nothing, reads nothing outside the text. After the first fault every call returns false; fault()
/// says what it was.
class JsonScanner {
public:
    JsonScanner(const char* begin, const char* end)
        : m_begin(begin)
        , m_at(begin)
        , m_end(end)
    {
    }

    /// The next character that is no white space; 0 at the end of the text.
    char peek()
    {
        while (m_at != m_end && isSpace(*m_at))
            ++m_at;
        return m_at == m_end ? '\0' : *m_at;
    }
    /// Takes that character; it is a fault when it is another one.
    bool take(char expected);
    /// The next member of an object whose brace was taken: its key, still escaped, up to and with the colon.
    /// False when the object ends (its brace is taken then) or on a fault. `first` begins as true.
    bool nextMember(bool& first, std::string_view& key);
    /// The same for the elements of an array.
    bool nextElement(bool& first);
    /// The inside of a string, still escaped.
    bool string(std::string_view& inside);
    /// The token of a number.
    bool number(std::string_view& token);
    /// Passes over any value; `value` is its slice, without white space around it.
    bool skip(std::string_view& value);
    bool skip()
    {
        std::string_view value;
        return skip(value);
    }
    /// Nothing but white space is left.
    bool atEnd() { return peek() == '\0' && m_at == m_end && !m_fault; }

    /// For readers of their own: where the scanner stands, and where it goes on.
    const char* position() const { return m_at; }
    const char* begin() const { return m_begin; }
    const char* end() const { return m_end; }
    void moveTo(const char* position) { m_at = position; }

    bool fail(const char* fault);
    /// Null as long as all is well.
    const char* fault() const { return m_fault; }
    /// Where the fault was found, in bytes from the beginning.
    std::size_t faultOffset() const { return m_faultOffset; }
    /// The text was over where more was expected.
    bool endedEarly() const { return m_fault && m_endedEarly; }

    static bool isSpace(char character)
    {
        return character == ' ' || character == '\n' || character == '\r' || character == '\t';
    }

private:
    bool literal(std::string_view word);
    bool escape();

    const char* m_begin;
    const char* m_at;
    const char* m_end;
    const char* m_fault = nullptr;
    std::size_t m_faultOffset = 0;
    bool m_endedEarly = false;
};

} // namespace qdrant2pg
