// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/grpc/grpcdoor.h"

#include "core/common/handover.h"
#include "demo/server/gauge.h"
#include "demo/server/standinserver.h"

#include <grpc/support/log.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <atomic>
#include <mutex>
#include <vector>

namespace qdrant2pg::demo {

namespace {

using Interceptor = std::function<std::optional<GrpcAnswer>(const std::string& method)>;

std::string bytesOf(const grpc::ByteBuffer& buffer)
{
    std::string bytes;
    std::vector<grpc::Slice> slices;
    if (buffer.Dump(&slices).ok()) {
        bytes.reserve(buffer.Length());
        for (const grpc::Slice& slice : slices)
            bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
    }
    return bytes;
}

/// The bytes without a copy: the string lives as long as the slice.
grpc::ByteBuffer bufferOf(std::string bytes)
{
    auto* const owned = new std::string(std::move(bytes));
    const grpc::Slice slice(
        owned->data(), owned->size(), [](void* string) { delete static_cast<std::string*>(string); }, owned);
    return {&slice, 1};
}

/// One unary call. Deletes itself when the library is done with it. Its events come from changing threads of
/// the library, whose locks the thread sanitizer does not see.
class Call : public grpc::ServerGenericBidiReactor {
public:
    Call(grpc::GenericCallbackServerContext* context, GrpcCalls& calls, const Interceptor& interceptor,
        Gauge& underWay)
        : m_context(context)
        , m_calls(calls)
        , m_interceptor(interceptor)
        , m_underWay(underWay)
    {
        m_underWay.enter();
        handOver(this);
        StartRead(&m_request);
    }

    void OnReadDone(bool ok) override
    {
        takeOver(this);
        if (!ok) {
            finish(grpc::Status(grpc::StatusCode::INTERNAL, "Missing request message."));
            return;
        }
        auto answer = m_interceptor ? m_interceptor(m_context->method()) : std::nullopt;
        if (!answer) {
            std::optional<std::string> key;
            const auto& metadata = m_context->client_metadata();
            if (const auto found = metadata.find("api-key"); found != metadata.end())
                key = std::string(found->second.data(), found->second.size());
            answer = m_calls.handle(m_context->method(), key, bytesOf(m_request));
        }
        if (answer->never)
            return;
        if (answer->code != 0) {
            if (answer->retryAfter)
                m_context->AddTrailingMetadata("retry-after", *answer->retryAfter);
            finish(grpc::Status(static_cast<grpc::StatusCode>(answer->code), answer->message));
            return;
        }
        m_response = bufferOf(std::move(answer->body));
        handOver(this);
        if (claim())
            StartWriteAndFinish(&m_response, grpc::WriteOptions(), grpc::Status::OK);
    }

    void OnCancel() override
    {
        takeOver(this);
        finish(grpc::Status::CANCELLED);
    }
    void OnDone() override
    {
        takeOver(this);
        handOver(&m_calls);
        delete this;
    }

private:
    /// A call may be given up while it is answered; it ends once, before its answer leaves.
    bool claim()
    {
        const bool first = !m_ended.exchange(true);
        if (first)
            m_underWay.leave();
        return first;
    }
    void finish(const grpc::Status& status)
    {
        handOver(this);
        if (claim())
            Finish(status);
    }

    grpc::GenericCallbackServerContext* m_context;
    GrpcCalls& m_calls;
    const Interceptor& m_interceptor;
    Gauge& m_underWay;
    grpc::ByteBuffer m_request;
    grpc::ByteBuffer m_response;
    std::atomic<bool> m_ended = false;
};

/// The library takes a service for one server only, so every start has its own.
class Service : public grpc::CallbackGenericService {
public:
    Service(
        GrpcCalls& calls, const Interceptor& interceptor, std::atomic<std::uint64_t>& count, Gauge& underWay)
        : m_calls(calls)
        , m_interceptor(interceptor)
        , m_count(count)
        , m_underWay(underWay)
    {
    }

    grpc::ServerGenericBidiReactor* CreateReactor(grpc::GenericCallbackServerContext* context) override
    {
        takeOver(&m_calls);
        ++m_count;
        return new Call(context, m_calls, m_interceptor, m_underWay);
    }

private:
    GrpcCalls& m_calls;
    const Interceptor& m_interceptor;
    std::atomic<std::uint64_t>& m_count;
    Gauge& m_underWay;
};

} // namespace

class GrpcDoor::Private {
public:
    Private(StandInServer& standIn, Options given)
        : options(std::move(given))
        , calls(standIn.api(), standIn.store())
    {
    }

    Options options;
    GrpcCalls calls;
    Interceptor interceptor;
    std::atomic<std::uint64_t> count = 0;
    Gauge underWay;
    std::unique_ptr<Service> service;
    std::unique_ptr<grpc::Server> server;
    std::uint16_t port = 0;
};

GrpcDoor::GrpcDoor(StandInServer& server)
    : GrpcDoor(server, Options())
{
}

GrpcDoor::GrpcDoor(StandInServer& server, Options options)
    : d(std::make_unique<Private>(server, std::move(options)))
{
}

GrpcDoor::~GrpcDoor()
{
    stop();
}

tl::expected<void, std::string> GrpcDoor::start()
{
    static std::once_flag quiet;
    std::call_once(quiet, [] { gpr_set_log_function([](gpr_log_func_args*) {}); });
    auto credentials = grpc::InsecureServerCredentials();
    if (!d->options.certificate.empty()) {
        grpc::SslServerCredentialsOptions tls(d->options.clientAuthority.empty()
                ? GRPC_SSL_DONT_REQUEST_CLIENT_CERTIFICATE
                : GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
        tls.pem_root_certs = d->options.clientAuthority;
        tls.pem_key_cert_pairs.push_back({d->options.key, d->options.certificate});
        credentials = grpc::SslServerCredentials(tls);
    }
    int bound = 0;
    const std::uint16_t wanted = d->port != 0 ? d->port : d->options.port;
    grpc::ServerBuilder builder;
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddListeningPort(d->options.address + ':' + std::to_string(wanted), credentials, &bound);
    d->service = std::make_unique<Service>(d->calls, d->interceptor, d->count, d->underWay);
    handOver(&d->calls);
    builder.RegisterCallbackGenericService(d->service.get());
    d->server = builder.BuildAndStart();
    if (!d->server || bound == 0) {
        d->server.reset();
        return tl::unexpected("The gRPC door cannot listen on port " + std::to_string(wanted) + '.');
    }
    d->port = static_cast<std::uint16_t>(bound);
    return {};
}

void GrpcDoor::stop()
{
    if (!d->server)
        return;
    d->server->Shutdown(std::chrono::system_clock::now());
    d->server->Wait();
    d->server.reset();
    takeOver(&d->calls);
}

std::uint16_t GrpcDoor::port() const
{
    return d->port;
}

int GrpcDoor::mostAtOnce() const
{
    return d->underWay.most();
}

std::uint64_t GrpcDoor::calls() const
{
    return d->count;
}

void GrpcDoor::setInterceptor(Interceptor interceptor)
{
    d->interceptor = std::move(interceptor);
    // The next call sees it.
    handOver(&d->calls);
}

} // namespace qdrant2pg::demo
