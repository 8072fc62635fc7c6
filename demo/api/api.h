// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/api/http.h"
#include "demo/base/serverversion.h"
#include "demo/store/store.h"

#include <atomic>
#include <mutex>
#include <string>

namespace qdrant2pg::demo {

/// How the stand-in presents itself. A change concerns the requests that come after it.
struct ServerSettings {
    ServerVersion version;
    std::string apiKey; ///< full access; empty keys are not checked
    std::string altApiKey; ///< full access too
    std::string readOnlyApiKey;
    bool keysExpired = false; ///< every right key is answered like a token that has run out
    bool hardwareReporting = false; ///< answers carry `usage`
    bool clusterMode = false; ///< `GET /cluster` says enabled
    std::uint64_t peerId = 7105000413115881;
    std::uint64_t maxRequestBytes = 32ULL << 20U;
};

/// The routes of the server over a store. Thread-safe; knows nothing of sockets, so that another door (gRPC)
/// can stand beside it on the same store.
class Api {
public:
    explicit Api(Store& store)
        : m_store(store)
    {
    }

    /// Fills \a reply, whose memory is used again.
    void handle(const HttpRequest& request, HttpReply& reply);

    [[nodiscard]] ServerSettings settings() const;
    void setSettings(ServerSettings settings);

private:
    Store& m_store;
    mutable std::mutex m_mutex;
    ServerSettings m_settings;
    std::atomic<std::uint64_t> m_requests = 0;
};

} // namespace qdrant2pg::demo
