// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/api/http.h"

#include <cstdint>
#include <memory>
#include <string>

namespace qdrant2pg::demo {

/// Takes requests out of a stream of bytes: HTTP/1.0 and 1.1, fixed and chunked bodies, pipelining.
class RequestReader {
public:
    enum class State { NeedsMore, WantsContinue, Done, BadHead, HugeHead };

    RequestReader();
    RequestReader(const RequestReader&) = delete;
    RequestReader& operator=(const RequestReader&) = delete;
    ~RequestReader();

    /// Received bytes go here.
    [[nodiscard]] std::string& buffer() { return m_buffer; }
    /// Reads on in the buffer. A body announced as larger than \a maxBody is left unread: the request is done
    /// without it, and the connection cannot go on.
    [[nodiscard]] State advance(std::uint64_t maxBody);
    [[nodiscard]] State state() const { return m_state; }
    [[nodiscard]] bool headComplete() const;
    [[nodiscard]] bool started() const; ///< some bytes of the next request are here

    /// After Done: hands out the request and gets ready for the next one.
    void take(HttpRequest& request, bool& keepAlive);

private:
    struct Parser;
    std::string m_buffer;
    std::unique_ptr<Parser> m_parser;
    State m_state = State::NeedsMore;
    bool m_continued = false;
    bool m_bodySkipped = false;
    bool m_any = false;
};

} // namespace qdrant2pg::demo
