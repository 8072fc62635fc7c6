// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/api/api.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace qdrant2pg::demo {

/// How a gRPC call ends: a status code of gRPC, and the answer's bytes when it is 0.
struct GrpcAnswer {
    int code = 0;
    std::string message;
    std::string body;
    std::optional<std::string> retryAfter; ///< trailing metadata, seconds
    bool never = false; ///< no answer until the caller gives up or the door closes
};

/// The calls of Qdrant's gRPC door over the same store: Qdrant/HealthCheck, Collections/List, and
/// Points/Scroll, Get and Count. Who may ask, what is refused and which points come is decided by the REST
/// routes; here the answers get their other form. Thread-safe; knows nothing of sockets.
class GrpcCalls {
public:
    GrpcCalls(Api& api, Store& store)
        : m_api(api)
        , m_store(store)
    {
    }

    /// \a method as on the wire: `/qdrant.Points/Scroll`. \a apiKey: the metadata, if there was any.
    [[nodiscard]] GrpcAnswer handle(
        std::string_view method, const std::optional<std::string>& apiKey, std::string_view request);

private:
    Api& m_api;
    Store& m_store;
};

} // namespace qdrant2pg::demo
