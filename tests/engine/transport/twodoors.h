// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/qdrant/pointsource.h"
#include "core/qdrant/sourceoptions.h"
#include "demo/grpc/grpcdoor.h"
#include "demo/server/standinserver.h"

#include <string>
#include <utility>

namespace qdrant2pg::test {

/// A stand-in with both doors open.
struct TwoDoors {
    explicit TwoDoors(demo::GrpcDoor::Options options = {})
        : door(server, std::move(options))
    {
    }

    demo::StandInServer server;
    demo::GrpcDoor door;

    bool open() { return server.start().has_value() && door.start().has_value(); }
    SourceOptions options() const
    {
        SourceOptions source;
        source.url = QUrl(QString::fromStdString(server.url()));
        source.grpcPort = door.port();
        return source;
    }
};

inline Result<PointPage> onePage(PointSource& source, const PageRequest& request)
{
    PointPage page;
    source.request(request);
    if (auto received = source.await(page, {}); !received)
        return fail(received.error());
    return page;
}

/// A collection with the points of an upload; false when it cannot be made.
inline bool uploadInto(
    demo::StandInServer& server, const char* name, const char* config, const std::string& points)
{
    auto made = server.store().create(name, config);
    const auto list = demo::Json::parse(points);
    return made && list && (*made)->upload(*list).has_value();
}

} // namespace qdrant2pg::test
