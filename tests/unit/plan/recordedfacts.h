// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/sourcefacts.h"
#include "core/qdrant/pagedecoder.h"
#include "tests/support/recordings.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <optional>
#include <set>

namespace qdrant2pg::test {

/// Facts of a recorded collection without a server: a recorded info body and the recorded scroll pages of
/// that topic that hold payload and vectors. `info` is the exchange, for example "game_collection/001-info".
inline std::optional<CollectionFacts> recordedFacts(const QString& info)
{
    const auto exchange = Recordings::exchange(info);
    if (!exchange || exchange->status != 200)
        return std::nullopt;
    const QByteArray name = exchange->path.mid(static_cast<qsizetype>(qstrlen("/collections/")));
    auto parsed =
        parseCollectionInfo(QString::fromUtf8(QByteArray::fromPercentEncoding(name)), exchange->body);
    if (!parsed)
        return std::nullopt;
    CollectionFacts facts;
    facts.info = std::move(*parsed);
    facts.serverVersion = QVersionNumber(1, 18, 3);
    facts.exactCount = facts.info.pointsCount;

    const QString folder = info.section(QLatin1Char('/'), 0, 0);
    std::set<PointId> seen;
    qsizetype visited = 0;
    // Pages with vectors first: what only pages without them show is missing its vectors.
    const QStringList exchanges = Recordings::exchanges(folder);
    for (const QString& other : exchanges + exchanges) {
        const bool secondRound = ++visited > exchanges.size();
        const auto page = Recordings::exchange(other);
        if (!page || page->status != 200 || page->path != "/collections/" + name + "/points/scroll")
            continue;
        const QJsonObject request = QJsonDocument::fromJson(page->requestBody).object();
        const QJsonValue vectors = request.contains(QStringLiteral("with_vector"))
            ? request.value(QStringLiteral("with_vector"))
            : request.value(QStringLiteral("with_vectors"));
        const bool whole = (vectors.toBool() || secondRound)
            && request.value(QStringLiteral("with_payload")).toBool(true)
            && !request.contains(QStringLiteral("filter"));
        RestPageDecoder decoder;
        PointPage points;
        if (!whole || !decoder.decode(page->body, points))
            continue;
        std::erase_if(
            points.m_points, [&seen](const PointView& point) { return !seen.insert(point.id).second; });
        for (const PointView& point : points.points()) {
            facts.ids.hasNumbers = facts.ids.hasNumbers || point.id.isNumber();
            facts.ids.hasUuids = facts.ids.hasUuids || point.id.isUuid();
            if (point.id.isNumber())
                facts.ids.maxNumber = std::max(facts.ids.maxNumber.value_or(0), point.id.number());
        }
        addToSample(facts, points);
    }
    if (facts.ids.maxNumber)
        facts.ids.hasNumbersBeyondInt64 = *facts.ids.maxNumber >> 63 != 0;
    return facts;
}

/// All exchanges that are the info of a collection, for example "vec_named/001-info".
inline QStringList recordedInfos()
{
    QStringList infos;
    for (const QString& folder : Recordings::folders()) {
        for (const QString& name : Recordings::exchanges(folder)) {
            const auto exchange = Recordings::exchange(name);
            if (exchange && exchange->method == "GET" && exchange->status == 200
                && exchange->path.startsWith("/collections/") && exchange->path.count('/') == 2
                && !exchange->path.endsWith('/'))
                infos << name;
        }
    }
    return infos;
}

} // namespace qdrant2pg::test
