// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/qdrant/connectionfaults.h"

#include <chrono>
#include <optional>
#include <string>

namespace qdrant2pg {

/// How a call ended, without the library's types. `code` is a gRPC status code.
struct GrpcStatus {
    int code = 0;
    std::string message;
    /// Trailing metadata `retry-after`, in seconds.
    std::optional<int> retryAfterSeconds;
    /// A byte of the answer had come.
    bool answerStarted = false;
};

/// The same error that REST would give: the server's codes by way of the HTTP statuses that they stand for
/// (Error::httpStatus holds it), the library's own by their words (qdrant.md section 7). `limit` is the time
/// that the call had, `maxReplyBytes` what the request allowed.
Error errorFromGrpc(const GrpcStatus& status, const Endpoint& endpoint, std::chrono::milliseconds limit = {},
    qint64 maxReplyBytes = 0);

} // namespace qdrant2pg
