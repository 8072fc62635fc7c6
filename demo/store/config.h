// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/base/serverversion.h"
#include "demo/store/vectors.h"

#include <optional>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

/// The part of `strict_mode_config` that concerns reads. Absent limits do not apply.
struct StrictMode {
    bool enabled = false;
    std::optional<std::uint64_t> maxQueryLimit;
    std::optional<std::uint64_t> maxTimeout;
    std::optional<std::uint64_t> filterMaxConditions;
    std::optional<std::uint64_t> conditionMaxSize;
    std::optional<std::uint64_t> searchMaxHnswEf;
    std::optional<double> searchMaxOversampling;
    std::optional<std::uint64_t> searchMaxBatchsize;
    std::optional<std::uint64_t> readRateLimit; ///< operations per minute
    bool allowExact = true;
    bool allowUnindexedFilter = true;
};

/// The `config` object of a collection: kept as JSON text, with what the stand-in acts on read out of it.
class CollectionConfig {
public:
    /// From the body of `PUT /collections/{c}`, completed by the server's defaults.
    [[nodiscard]] static tl::expected<CollectionConfig, std::string> fromCreateRequest(std::string_view body);
    /// From the `config` object of a collection info answer.
    [[nodiscard]] static tl::expected<CollectionConfig, std::string> fromInfo(std::string_view config);

    [[nodiscard]] const std::vector<VectorSpec>& vectors() const { return m_vectors; }
    [[nodiscard]] const VectorSpec* find(std::string_view name) const;
    [[nodiscard]] const StrictMode& strictMode() const { return m_strict; }
    [[nodiscard]] bool customSharding() const { return m_customSharding; }
    [[nodiscard]] std::uint64_t shardNumber() const { return m_shardNumber; }
    [[nodiscard]] bool preventUnoptimized() const { return m_preventUnoptimized; }
    [[nodiscard]] std::uint64_t indexingThreshold() const { return m_indexingThreshold; }

    /// The object as a server of that version would answer it.
    [[nodiscard]] std::string render(const ServerVersion& version) const;

    /// Replaces a member of the object by raw JSON, or removes it: `strict_mode_config`, `metadata`, ...
    [[nodiscard]] tl::expected<void, std::string> setMember(
        std::string_view key, std::optional<std::string_view> rawValue);
    /// Adds or drops a vector of a live collection; the vectors become a map that may hold the empty name.
    [[nodiscard]] tl::expected<void, std::string> addVector(
        std::string_view name, const Json& definition, bool sparse);
    void dropVector(std::string_view name);

private:
    [[nodiscard]] tl::expected<void, std::string> read(std::string text);

    std::string m_text;
    std::vector<VectorSpec> m_vectors;
    StrictMode m_strict;
    bool m_customSharding = false;
    bool m_preventUnoptimized = false;
    std::uint64_t m_shardNumber = 1;
    std::uint64_t m_indexingThreshold = 10000;
};

} // namespace qdrant2pg::demo
