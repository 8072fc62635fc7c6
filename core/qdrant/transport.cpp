// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/transport.h"

#include "core/qdrant/restpointsource.h"

#ifdef QDRANT2PG_HAVE_GRPC
#include "core/qdrant/grpc/grpcpointsource.h"
#include "core/qdrant/grpc/grpcprobe.h"
#endif

namespace qdrant2pg {

namespace {

#ifndef QDRANT2PG_HAVE_GRPC
Error builtWithout()
{
    return makeError(ErrorKind::Unsupported, QStringLiteral("This program was built without gRPC."), {},
        QStringLiteral("Choose the transport auto or rest."));
}
#endif

} // namespace

QString transportLabel(Transport transport)
{
    return transport == Transport::Grpc ? QStringLiteral("gRPC") : QStringLiteral("REST");
}

#ifdef QDRANT2PG_HAVE_GRPC

bool transportHasGrpc()
{
    return true;
}

Result<void> probeGrpc(const SourceOptions& options, const QString& collection, std::stop_token stop)
{
    return probeGrpcDoor(options, collection, std::move(stop));
}

#else

bool transportHasGrpc()
{
    return false;
}

Result<void> probeGrpc(const SourceOptions&, const QString&, std::stop_token)
{
    return fail(builtWithout());
}

#endif

Result<TransportDecision> chooseTransport(
    const SourceOptions& options, const QString& collection, bool automatic, std::stop_token stop)
{
    if (automatic && !transportHasGrpc())
        return TransportDecision{};
    auto probed = probeGrpc(options, collection, std::move(stop));
    if (probed)
        return TransportDecision{Transport::Grpc,
            QStringLiteral("Points are read over gRPC, which costs both sides less than REST.")};
    if (!automatic || probed.error().kind == ErrorKind::Cancelled)
        return fail(std::move(probed.error()));
    return TransportDecision{
        Transport::Rest, QStringLiteral("Points are read over REST: %1").arg(probed.error().summary)};
}

Result<std::unique_ptr<PointSource>> makePointSource(
    Transport transport, const SourceOptions& options, const QString& collection)
{
    if (transport == Transport::Rest)
        return makeRestPointSource(options, collection);
#ifdef QDRANT2PG_HAVE_GRPC
    return std::make_unique<GrpcPointSource>(options, collection);
#else
    return fail(builtWithout());
#endif
}

} // namespace qdrant2pg
