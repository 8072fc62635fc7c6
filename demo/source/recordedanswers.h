// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/api/http.h"
#include "demo/store/collection.h"

#include <deque>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

/// One recorded request and its answer; the JSON values point into the texts beside them.
struct RecordedExchange {
    int number = 0;
    HttpRequest request;
    int status = 0;
    std::string file; ///< text of the description
    std::string body; ///< text of the answer
    std::optional<Json> requestBody;
    std::optional<Json> result; ///< `result` of the answer

    /// The collection the request is about, or empty.
    [[nodiscard]] std::string collection() const;
    /// True for what alters a collection and was accepted.
    [[nodiscard]] bool changes() const;
};

/// The exchanges of a topic, by number. Files that are no exchange are left out.
[[nodiscard]] std::deque<RecordedExchange> readExchanges(const std::filesystem::path& folder);

[[nodiscard]] std::optional<std::string> readFile(const std::filesystem::path& file);

/// What answers have shown of points: payload and vectors where they were asked for whole.
class RecordedPoints {
public:
    struct Seen {
        std::optional<std::string> payload;
        std::map<std::string, std::string>
            members; ///< raw values seen where the payload was not asked for whole
        std::optional<std::vector<StoredVector>> vectors;
        std::uint64_t version = 0;
    };
    /// Takes the records of an answer to a read of points; the first answer about a point wins.
    void take(const RecordedExchange& exchange);
    void takeRecord(const Json& record, bool wholePayload, bool wholeVectors);
    /// Takes the members of a payload that was asked for by plain keys: they overrule the upload.
    void takeMembers(const Json& record, const Json& keys);
    /// Completes a point from its upload; one that no answer has shown is added where \a addNew says so.
    void complete(const Point& uploaded, bool addNew);
    [[nodiscard]] std::size_t size() const { return m_points.size(); }
    /// Points of which payload or vectors were seen; the other of the two counts as empty.
    [[nodiscard]] std::vector<Point> all() const;

private:
    void takeVersions(const Json& hits);
    [[nodiscard]] Seen* seenAt(const Json& record);

    std::map<std::pair<PointId, std::string>, Seen> m_points;
    std::map<PointId, std::uint64_t> m_versions;
};

} // namespace qdrant2pg::demo
