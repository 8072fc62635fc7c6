// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/grpc/grpcchannel.h"

#include "core/common/handover.h"

#include <algorithm>
#include <charconv>
#include <limits>
#include <utility>
#include <vector>

#include <QFile>
#include <QSslCertificate>
#include <QSslConfiguration>

#include <grpc/support/log.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

namespace qdrant2pg {

namespace {

/// Bit 0 of the set of algorithms: no compression.
constexpr int identityOnly = 1;
/// What the server may send ahead before the window is opened again: a page and some.
constexpr int windowBytes = 4 * 1024 * 1024;
constexpr int frameBytes = 1024 * 1024;

/// The library logs to stderr what calls return as errors anyway.
void keepLibraryQuiet()
{
    static std::once_flag once;
    std::call_once(once, [] { gpr_set_log_function([](gpr_log_func_args*) {}); });
}

Result<std::string> readPem(const QString& path, const QString& what)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly)) {
        Error error = makeError(ErrorKind::File,
            QStringLiteral("The file with the %1 cannot be read.").arg(what), file.errorString());
        error.where.file = path;
        return fail(std::move(error));
    }
    return file.readAll().toStdString();
}

/// The same trust as over REST: what the system trusts, and the file.
std::string trustedRoots(const std::string& extra)
{
    QByteArray roots;
    for (const QSslCertificate& certificate : QSslConfiguration::systemCaCertificates())
        roots += certificate.toPem();
    return roots.toStdString() + extra;
}

Result<std::shared_ptr<grpc::ChannelCredentials>> credentialsFor(const SourceOptions& options)
{
    if (options.url.scheme() != QLatin1String("https"))
        return grpc::InsecureChannelCredentials();
    std::string authority;
    std::string certificate;
    std::string key;
    const auto read = [](const QString& path, const char* what, std::string& into) -> Result<void> {
        if (path.isEmpty())
            return {};
        auto pem = readPem(path, QString::fromLatin1(what));
        if (!pem)
            return fail(pem.error());
        into = std::move(*pem);
        return {};
    };
    if (auto done = read(options.tls.caFile, "certificate authority", authority); !done)
        return fail(done.error());
    if (auto done = read(options.tls.certificateFile, "client certificate", certificate); !done)
        return fail(done.error());
    if (auto done = read(options.tls.keyFile, "client key", key); !done)
        return fail(done.error());
    if (!options.tls.skipVerification)
        return grpc::SslCredentials({trustedRoots(authority), key, certificate});

    namespace tls = grpc::experimental;
    tls::TlsChannelCredentialsOptions settings;
    settings.set_verify_server_certs(false);
    settings.set_check_call_host(false);
    settings.set_certificate_verifier(std::make_shared<tls::NoOpCertificateVerifier>());
    if (!certificate.empty() && !key.empty()) {
        settings.set_certificate_provider(std::make_shared<tls::StaticDataCertificateProvider>(
            std::vector<tls::IdentityKeyCertPair>{{key, certificate}}));
        settings.watch_identity_key_cert_pairs();
    }
    return tls::TlsCredentials(settings);
}

} // namespace

Endpoint grpcEndpoint(const SourceOptions& options)
{
    constexpr quint16 defaultRest = 6333;
    constexpr quint16 defaultGrpc = 6334;
    Endpoint endpoint = Endpoint::fromUrl(options.url);
    if (options.grpcPort > 0)
        endpoint.port = static_cast<quint16>(options.grpcPort);
    else if (endpoint.port == defaultRest || endpoint.port == 80 || endpoint.port == 443
        || endpoint.port == std::numeric_limits<quint16>::max())
        endpoint.port = defaultGrpc;
    else
        ++endpoint.port;
    return endpoint;
}

Result<GrpcStatus> GrpcCall::wait(std::stop_token stop)
{
    {
        std::unique_lock lock(m_mutex);
        if (m_finished.wait(lock, std::move(stop), [this] { return m_status.has_value(); }))
            return *m_status;
    }
    cancel();
    return fail(makeError(ErrorKind::Cancelled, QStringLiteral("Stopped before the server answered.")));
}

void GrpcCall::finish(const grpc::Status& status)
{
    GrpcStatus ended{static_cast<int>(status.error_code()), status.error_message(), {},
        !m_context.GetServerInitialMetadata().empty()};
    const auto& trailer = m_context.GetServerTrailingMetadata();
    if (const auto found = trailer.find("retry-after"); found != trailer.end()) {
        int seconds = 0;
        std::from_chars(found->second.data(), found->second.data() + found->second.size(), seconds);
        ended.retryAfterSeconds = seconds;
    }
    {
        const std::scoped_lock lock(m_mutex);
        m_status = std::move(ended);
    }
    m_finished.notify_all();
}

void GrpcCall::cancel()
{
    m_context.TryCancel();
}

void GrpcCall::takeBody(QByteArray& into)
{
    std::vector<grpc::Slice> slices;
    into.resize(0);
    if (!m_response.Dump(&slices).ok())
        return;
    into.resize(static_cast<qsizetype>(m_response.Length()));
    char* at = into.data();
    for (const grpc::Slice& slice : slices)
        at = std::copy_n(reinterpret_cast<const char*>(slice.begin()), slice.size(), at);
    m_response.Clear();
}

GrpcChannel::GrpcChannel(const SourceOptions& options, qint64 maxReplyBytes,
    const std::shared_ptr<grpc::ChannelCredentials>& credentials)
    : m_apiKey(options.apiKey.toStdString())
    , m_timeLimit(options.stallTimeout)
    , m_maxReplyBytes(maxReplyBytes)
{
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_COMPRESSION_CHANNEL_ENABLED_ALGORITHMS_BITSET, identityOnly);
    arguments.SetMaxReceiveMessageSize(maxReplyBytes <= 0
            ? -1
            : static_cast<int>(std::min<qint64>(maxReplyBytes, std::numeric_limits<int>::max())));
    // A connection of its own for every channel; else channels with equal arguments share one.
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    arguments.SetInt(GRPC_ARG_ENABLE_RETRIES, 0);
    // Never through a proxy, also not through one that the environment names.
    arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, windowBytes);
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_FRAME_SIZE, frameBytes);
    // The least time for connecting is the time for connecting.
    arguments.SetInt(GRPC_ARG_MIN_RECONNECT_BACKOFF_MS, static_cast<int>(options.connectTimeout.count()));
    arguments.SetString(GRPC_ARG_PRIMARY_USER_AGENT_STRING, "qdrant2pg/" QDRANT2PG_VERSION);
    m_stub = std::make_unique<grpc::GenericStub>(grpc::CreateCustomChannel(
        "dns:///" + grpcEndpoint(options).address().toStdString(), credentials, arguments));
}

Result<std::unique_ptr<GrpcChannel>> GrpcChannel::open(const SourceOptions& options, qint64 maxReplyBytes)
{
    keepLibraryQuiet();
    const QString scheme = options.url.scheme();
    if ((scheme != QLatin1String("http") && scheme != QLatin1String("https")) || options.url.host().isEmpty())
        return fail(ErrorKind::Usage,
            QStringLiteral("The address of Qdrant has to begin with http:// or https://."), {},
            QStringLiteral("A local server is http://localhost:6333."));
    const auto isVisible = [](char character) {
        return character > ' ' && character < '\x7f';
    };
    if (!std::all_of(options.apiKey.cbegin(), options.apiKey.cend(), isVisible))
        return fail(ErrorKind::Usage, QStringLiteral("The API key holds characters that no key has."), {},
            QStringLiteral("Check it for blanks, line breaks and quotes at its ends."));
    auto credentials = credentialsFor(options);
    if (!credentials)
        return fail(credentials.error());
    return std::unique_ptr<GrpcChannel>(new GrpcChannel(options, maxReplyBytes, *credentials));
}

GrpcChannel::~GrpcChannel()
{
    // A call holds the connection. Where the last call is dropped by a thread of the library, that thread
    // would take down the queue that it works for, which aborts the program.
    std::unique_lock lock(m_lent->mutex);
    m_lent->returned.wait(lock, [this] { return m_lent->calls == 0; });
}

std::shared_ptr<GrpcCall> GrpcChannel::prepare(const std::string& request) const
{
    const LibraryCode libraryCode;
    auto call = std::make_shared<GrpcCall>();
    const grpc::Slice slice(request);
    call->m_request = grpc::ByteBuffer(&slice, 1);
    if (!m_apiKey.empty())
        call->m_context.AddMetadata("api-key", m_apiKey);
    call->m_context.set_deadline(std::chrono::system_clock::now() + m_timeLimit);
    return call;
}

std::shared_ptr<GrpcCall> GrpcChannel::call(const std::string& method, const std::string& request)
{
    auto call = prepare(request);
    {
        const std::scoped_lock lock(m_lent->mutex);
        ++m_lent->calls;
    }
    auto lent = std::make_unique<std::shared_ptr<GrpcCall>>(
        call.get(), [held = call, count = m_lent](GrpcCall*) mutable {
            held.reset();
            const std::scoped_lock lock(count->mutex);
            --count->calls;
            count->returned.notify_all();
        });
    handOver(lent.get());
    const LibraryCode libraryCode;
    m_stub->UnaryCall(&call->m_context, method, {}, &call->m_request, &call->m_response,
        [taken = lent.release()](const grpc::Status& status) {
            takeOver(taken);
            const std::unique_ptr<std::shared_ptr<GrpcCall>> owned(taken);
            (*owned)->finish(status);
        });
    return call;
}

} // namespace qdrant2pg
