// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#pragma once

#include "demo/store/collection.h"

#include <map>
#include <memory>
#include <shared_mutex>
#include <string>
#include <vector>

namespace qdrant2pg::demo {

/// All collections and aliases of a stand-in server. Thread-safe; a collection handed out stays valid after
/// it was dropped, as a request in flight needs.
class Store {
public:
    /// \a createRequest is the body of `PUT /collections/{c}`, for example
    /// `{"vectors":{"size":4,"distance":"Dot"}}`.
    [[nodiscard]] tl::expected<std::shared_ptr<Collection>, std::string> create(
        const std::string& name, std::string_view createRequest);
    /// A collection with a finished configuration; replaces one of the same name.
    std::shared_ptr<Collection> put(const std::string& name, CollectionConfig config);
    bool drop(const std::string& name);
    void setAlias(const std::string& alias, const std::string& collection);
    void dropAlias(const std::string& alias);

    /// By name or alias; null when there is none.
    [[nodiscard]] std::shared_ptr<Collection> find(const std::string& nameOrAlias) const;
    /// Sorted.
    [[nodiscard]] std::vector<std::string> names() const;
    /// Pairs of alias and collection, in the order in which they were made.
    [[nodiscard]] std::vector<std::pair<std::string, std::string>> aliases() const;

private:
    mutable std::shared_mutex m_mutex;
    std::map<std::string, std::shared_ptr<Collection>, std::less<>> m_collections;
    std::vector<std::pair<std::string, std::string>> m_aliases;
};

} // namespace qdrant2pg::demo
