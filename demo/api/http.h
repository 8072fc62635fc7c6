// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace qdrant2pg::demo {

/// A request as received. Header names are in lower case.
struct HttpRequest {
    std::string method;
    std::string target; ///< as sent, with query and escapes
    std::map<std::string, std::string, std::less<>> headers;
    std::string body;

    [[nodiscard]] const std::string* header(std::string_view lowerCaseName) const;
    /// The path without the query, as sent.
    [[nodiscard]] std::string_view path() const;
    /// The decoded parts of the path; doubled and trailing slashes count as one and none.
    [[nodiscard]] std::vector<std::string> segments() const;
    /// A decoded value of the query string.
    [[nodiscard]] std::optional<std::string> queryValue(std::string_view key) const;
};

/// An answer before it is framed. Content-Length, Vary and Date are added by the connection.
struct HttpReply {
    int status = 200;
    std::string contentType; ///< empty: none is sent
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;

    void clear();
};

/// Undoes percent-escapes; a broken escape stays as it is.
[[nodiscard]] std::string percentDecoded(std::string_view text);
[[nodiscard]] std::string percentEncoded(std::string_view text);
[[nodiscard]] std::string_view reasonPhrase(int status);

} // namespace qdrant2pg::demo
