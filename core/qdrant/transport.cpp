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

Error noGrpcThroughProxy()
{
    return makeError(ErrorKind::Unsupported, QStringLiteral("gRPC is not used through a proxy."), {},
        QStringLiteral("Choose the transport auto or rest, or reach the server without the proxy."));
}

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

Result<QMap<QString, QString>> probeGrpc(
    const SourceOptions& options, const QList<SourceRead>& reads, std::stop_token stop)
{
    return probeGrpcDoor(options, reads, std::move(stop));
}

#else

bool transportHasGrpc()
{
    return false;
}

Result<QMap<QString, QString>> probeGrpc(const SourceOptions&, const QList<SourceRead>&, std::stop_token)
{
    return fail(builtWithout());
}

#endif

QString TransportDecision::label() const
{
    QString text = transportLabel(transport);
    if (!overRest.isEmpty())
        text += QStringLiteral(", REST for ") + overRest.join(QStringLiteral(", "));
    return text;
}

Result<TransportDecision> chooseTransport(
    const SourceOptions& options, const QList<SourceRead>& reads, bool automatic, std::stop_token stop)
{
    if (automatic && !transportHasGrpc())
        return TransportDecision{};
    auto probed = options.proxy ? Result<QMap<QString, QString>>(fail(noGrpcThroughProxy()))
                                : probeGrpc(options, reads, std::move(stop));
    if (!probed) {
        if (!automatic || probed.error().kind == ErrorKind::Cancelled)
            return fail(std::move(probed.error()));
        return TransportDecision{
            Transport::Rest, QStringLiteral("Points are read over REST: %1").arg(probed.error().summary)};
    }
    if (!reads.isEmpty() && probed->size() == reads.size())
        return TransportDecision{
            Transport::Rest, QStringLiteral("Points are read over REST: %1").arg(probed->first())};
    TransportDecision decision{Transport::Grpc,
        QStringLiteral("Points are read over gRPC, which costs both sides less than REST."), probed->keys()};
    for (auto it = probed->constBegin(); it != probed->constEnd(); ++it)
        decision.reason += QStringLiteral(" Collection %1 is read over REST: %2").arg(it.key(), it.value());
    return decision;
}

Result<TransportDecision> chooseTransport(
    const SourceOptions& options, const QString& collection, bool automatic, std::stop_token stop)
{
    QList<SourceRead> reads;
    if (!collection.isEmpty())
        reads << SourceRead{collection, {}};
    return chooseTransport(options, reads, automatic, std::move(stop));
}

Result<std::unique_ptr<PointSource>> makePointSource(
    Transport transport, const SourceOptions& options, const QString& collection)
{
    if (transport == Transport::Rest)
        return makeRestPointSource(options, collection);
    if (options.proxy)
        return fail(noGrpcThroughProxy());
#ifdef QDRANT2PG_HAVE_GRPC
    return std::make_unique<GrpcPointSource>(options, collection);
#else
    return fail(builtWithout());
#endif
}

} // namespace qdrant2pg
