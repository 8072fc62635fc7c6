// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/qdrant/errormapping.h"
#include "core/qdrant/pagedecoder.h"
#include "core/qdrant/pointsource.h"
#include "core/qdrant/rest/httpmessage.h"
#include "core/qdrant/sourceoptions.h"

#include <initializer_list>
#include <string>
#include <string_view>

namespace qdrant2pg {

/// What the client and the point source share: how requests are put and replies are taken.

/// Members of a JSON object in the making; values are JSON text, members with an empty value are left out.
std::string jsonObject(std::initializer_list<std::pair<std::string_view, std::string>> members);
std::string jsonString(const QString& text);
std::string jsonBool(bool value);

/// "/collections/<percent-encoded name><tail>".
QByteArray collectionTarget(const QString& collection, std::string_view tail = {});
/// "?timeout=60&consistency=majority", as the options say; consistency only where the endpoint takes it.
QByteArray readQuery(const SourceOptions& options, bool withConsistency);
HttpRequest getRequest(QByteArray target);
HttpRequest postRequest(QByteArray target, const std::string& body);
HttpRequest scrollRequest(const SourceOptions& options, const QString& collection, const PageRequest& page);

/// The reply when it is a success, else its error.
[[nodiscard]] Result<HttpReply> successful(Result<HttpReply> reply, const Endpoint& endpoint);
/// Decodes a page, and says where it came from when it cannot.
[[nodiscard]] Result<void> decodePage(HttpReply reply, RestPageDecoder& decoder, PointPage& page,
    bool payloadRequested, const Endpoint& endpoint);
/// The text of the member `result` of a reply; the whole body is checked to be valid JSON.
[[nodiscard]] Result<std::string_view> resultText(const QByteArray& body, const Endpoint& endpoint);

} // namespace qdrant2pg
