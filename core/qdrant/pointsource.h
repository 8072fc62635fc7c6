// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/qdrant/pointpage.h"

#include <chrono>
#include <optional>
#include <stop_token>
#include <string>

namespace qdrant2pg {

/// What to ask for in one page. Limits are decided by the caller (page size by bytes, design.md section 4).
struct PageRequest {
    /// Inclusive lower bound; nothing means from the smallest id.
    std::optional<PointId> from;
    std::uint32_t limit = 256;
    bool withPayload = true;
    bool withVectors = true;
    /// Qdrant filter object as JSON text; empty for none.
    std::string filterJson;
    /// Shard key as JSON token; empty for all shards.
    std::string shardKeyJson;
    /// A reply that announces more bytes than this is given up before it is read: Capacity error. 0 = no
    /// limit.
    qint64 maxReplyBytes = 0;
};

/// Reads pages of one collection over one connection. Used by one worker thread: request() starts a fetch and
/// returns at once (the page is received while the caller works), await() blocks for it. At most one request
/// is in flight. Never retries: errors say whether a retry makes sense.
class PointSource {
public:
    virtual ~PointSource() = default;

    virtual void request(const PageRequest& request) = 0;
    /// Waits for the requested page and decodes it into `page`. Ends early with a Cancelled error when stop
    /// is requested.
    [[nodiscard]] virtual Result<void> await(PointPage& page, std::stop_token stop) = 0;
    /// Drops a request in flight, if any, and the connection with it.
    virtual void cancel() = 0;
    /// "REST" or "gRPC".
    virtual QString transportName() const = 0;
    /// Time spent waiting for the server / decoding since the last call of takeTimes().
    struct Times {
        std::chrono::nanoseconds waiting{};
        std::chrono::nanoseconds decoding{};
    };
    virtual Times takeTimes() = 0;
};

} // namespace qdrant2pg
