// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/server/requestreader.h"

#include <boost/beast/http/message.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <cctype>
#include <limits>

namespace qdrant2pg::demo {

namespace http = boost::beast::http;

namespace {

constexpr std::uint32_t maxHead = 128U << 10U;

std::string text(boost::beast::string_view view)
{
    return {view.data(), view.size()};
}

} // namespace

struct RequestReader::Parser : http::request_parser<http::string_body> { };

RequestReader::RequestReader()
    : m_parser(std::make_unique<Parser>())
{
    m_parser->eager(true);
    m_parser->header_limit(maxHead);
    m_parser->body_limit(std::numeric_limits<std::uint64_t>::max());
}

RequestReader::~RequestReader() = default;

bool RequestReader::headComplete() const
{
    return m_parser->is_header_done();
}

bool RequestReader::started() const
{
    return m_any;
}

RequestReader::State RequestReader::advance(std::uint64_t maxBody)
{
    m_state = State::NeedsMore;
    boost::system::error_code error;
    while (!m_buffer.empty() && !m_parser->is_done()) {
        m_any = true;
        const std::size_t used =
            m_parser->put(boost::asio::const_buffer(m_buffer.data(), m_buffer.size()), error);
        m_buffer.erase(0, used);
        if (error == http::error::need_more || (!error && used == 0))
            break;
        if (error) {
            const bool huge = error == http::error::header_limit || error == http::error::buffer_overflow;
            return m_state = huge ? State::HugeHead : State::BadHead;
        }
        if (m_parser->is_header_done() && m_parser->content_length().value_or(0) > maxBody) {
            m_bodySkipped = true;
            return m_state = State::Done;
        }
    }
    if (m_parser->is_done())
        return m_state = State::Done;
    if (m_parser->is_header_done() && !m_continued
        && m_parser->get()[http::field::expect] == "100-continue") {
        m_continued = true;
        return m_state = State::WantsContinue;
    }
    return m_state;
}

void RequestReader::take(HttpRequest& request, bool& keepAlive)
{
    keepAlive = m_parser->keep_alive() && !m_bodySkipped;
    auto message = m_parser->release();
    request.method = text(message.method_string());
    request.target = text(message.target());
    request.headers.clear();
    for (const auto& field : message) {
        std::string name = text(field.name_string());
        std::transform(name.begin(), name.end(), name.begin(),
            [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
        request.headers[name] = text(field.value());
    }
    request.body = std::move(message.body());
    m_parser = std::make_unique<Parser>();
    m_parser->eager(true);
    m_parser->header_limit(maxHead);
    m_parser->body_limit(std::numeric_limits<std::uint64_t>::max());
    m_continued = false;
    m_bodySkipped = false;
    m_any = false;
}

} // namespace qdrant2pg::demo
