// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/store/store.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

enum class IdKind : std::uint8_t {
    Uuid, ///< random version 4 UUIDs
    Sequential, ///< 1, 2, 3, ...
    Sparse, ///< spread from 0 to 2^64-1, both ends included
    Mixed ///< the first half sparse numbers, the rest UUIDs
};

/// What to generate. Equal recipes give equal collections on every machine; memory is about 60 bytes a point,
/// because payloads and vectors are put together from shared pieces at each request and no float is printed
/// then.
struct Recipe {
    std::uint64_t points = 1000;
    std::uint64_t seed = 1;
    IdKind ids = IdKind::Uuid;
    std::size_t dimensions = 768; ///< of every dense vector; 0 for none
    Distance distance = Distance::Cosine;
    Datatype datatype = Datatype::Float32;
    std::vector<std::string> dense{""}; ///< names; the empty one is the default vector
    std::vector<std::string> sparse;
    std::vector<std::string> multi;
    double missing = 0; ///< share of the named vectors that a point lacks
    std::size_t payloadBytes = 500; ///< about; 0 for empty payloads
};

/// Makes (or replaces) the collection. The error is a plain sentence.
[[nodiscard]] tl::expected<std::shared_ptr<Collection>, std::string> generateCollection(
    Store& store, const std::string& name, const Recipe& recipe);

/// The typical user's collection: UUID ids, unnamed 768-d Cosine vectors, and a payload of game_id, user_id,
/// content, created_at, type, sometimes character_id, location_id (now and then null) and quest_id, and
/// nested metadata. Five payload indexes. \a dimensions other than 768 serve quick tests.
[[nodiscard]] tl::expected<std::shared_ptr<Collection>, std::string> generateGameCollection(Store& store,
    const std::string& name, std::uint64_t points, std::uint64_t seed = 1, std::size_t dimensions = 768);

} // namespace qdrant2pg::demo
