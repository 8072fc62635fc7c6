// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"
#include "core/qdrant/connectionfaults.h"
#include "core/qdrant/rest/httpmessage.h"

namespace qdrant2pg {

/// The error of a reply whose status is not 2xx (qdrant.md 6.1 and 6.2).
Error errorFromReply(const HttpReply& reply, const Endpoint& endpoint);

/// The error of a reply longer than the request allowed; `announced` -1 when the server did not say how long.
Error replyTooLargeError(const Endpoint& endpoint, qint64 announced, qint64 limit);
/// True for that error: ask for fewer points at once.
bool isReplyTooLarge(const Error& error);

/// The error of a body that is not what Qdrant answers.
Error notQdrantError(const Endpoint& endpoint, const QString& detail);

Error cancelledError();

} // namespace qdrant2pg
