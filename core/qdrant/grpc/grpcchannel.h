// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/connectionfaults.h"
#include "core/qdrant/grpc/grpcerrors.h"
#include "core/qdrant/sourceoptions.h"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>

#include <grpcpp/channel.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/security/credentials.h>

namespace qdrant2pg {

/// A unary call under way; the library's threads receive its answer while the caller does other work. Kept
/// alive by the library until it has ended. Thread-safe.
class GrpcCall : public std::enable_shared_from_this<GrpcCall> {
public:
    /// Blocks for the end; a Cancelled error, and the call given up, when `stop` is requested before.
    [[nodiscard]] Result<GrpcStatus> wait(std::stop_token stop);
    /// Gives the call up: the stream is reset, which ends the work on the server.
    void cancel();
    /// The answer's bytes, once wait() returned a status with code 0. `into` keeps its memory.
    void takeBody(QByteArray& into);

private:
    friend class GrpcChannel;

    /// In a thread of the library.
    void finish(const grpc::Status& status);

    grpc::ClientContext m_context;
    grpc::ByteBuffer m_request;
    grpc::ByteBuffer m_response;
    std::mutex m_mutex;
    std::condition_variable_any m_finished;
    std::optional<GrpcStatus> m_status;
};

/// One HTTP/2 connection to Qdrant's gRPC door, in clear text or TLS, shared with nobody. It connects with
/// the first call and again whenever needed. Never retries. Replies are not compressed: Qdrant gzips whenever
/// it may, at eight times the cost. Owns the time limits of calls. Thread-safe.
class GrpcChannel {
public:
    /// `maxReplyBytes`: a longer answer is an error; 0 for no limit. The error: a key, certificate or address
    /// that cannot be right.
    [[nodiscard]] static Result<std::unique_ptr<GrpcChannel>> open(
        const SourceOptions& options, qint64 maxReplyBytes);

    /// Waits until the library has let go of the calls: give up those that are under way first.
    ~GrpcChannel();
    GrpcChannel(const GrpcChannel&) = delete;
    GrpcChannel& operator=(const GrpcChannel&) = delete;

    /// `method` as on the wire: "/qdrant.Points/Scroll".
    std::shared_ptr<GrpcCall> call(const std::string& method, const std::string& request);
    qint64 maxReplyBytes() const { return m_maxReplyBytes; }
    /// What a call may take.
    std::chrono::milliseconds timeLimit() const { return m_timeLimit; }

private:
    /// Calls that a thread of the library still holds.
    struct Lent {
        std::mutex mutex;
        std::condition_variable returned;
        int calls = 0;
    };

    GrpcChannel(const SourceOptions& options, qint64 maxReplyBytes,
        const std::shared_ptr<grpc::ChannelCredentials>& credentials);

    std::shared_ptr<GrpcCall> prepare(const std::string& request) const;

    std::string m_apiKey;
    std::chrono::milliseconds m_timeLimit;
    qint64 m_maxReplyBytes;
    std::unique_ptr<grpc::GenericStub> m_stub;
    std::shared_ptr<Lent> m_lent = std::make_shared<Lent>();
};

/// Where the gRPC door is: the configured port, else 6334 beside Qdrant's own REST port or a standard web
/// port, else the port after the REST port.
Endpoint grpcEndpoint(const SourceOptions& options);

} // namespace qdrant2pg
