// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/store/store.h"

#include <algorithm>
#include <mutex>

namespace qdrant2pg::demo {

tl::expected<std::shared_ptr<Collection>, std::string> Store::create(
    const std::string& name, std::string_view createRequest)
{
    auto config = CollectionConfig::fromCreateRequest(createRequest);
    if (!config)
        return tl::unexpected(config.error());
    return put(name, std::move(*config));
}

std::shared_ptr<Collection> Store::put(const std::string& name, CollectionConfig config)
{
    auto collection = std::make_shared<Collection>(name);
    collection->write([&config](CollectionState& state) { state.config = std::move(config); });
    const std::unique_lock lock(m_mutex);
    m_collections[name] = collection;
    return collection;
}

bool Store::drop(const std::string& name)
{
    const std::unique_lock lock(m_mutex);
    std::erase_if(m_aliases, [&name](const auto& alias) { return alias.second == name; });
    return m_collections.erase(name) > 0;
}

void Store::setAlias(const std::string& alias, const std::string& collection)
{
    const std::unique_lock lock(m_mutex);
    std::erase_if(m_aliases, [&alias](const auto& known) { return known.first == alias; });
    m_aliases.emplace_back(alias, collection);
}

void Store::dropAlias(const std::string& alias)
{
    const std::unique_lock lock(m_mutex);
    std::erase_if(m_aliases, [&alias](const auto& known) { return known.first == alias; });
}

std::shared_ptr<Collection> Store::find(const std::string& nameOrAlias) const
{
    const std::shared_lock lock(m_mutex);
    auto found = m_collections.find(nameOrAlias);
    if (found == m_collections.end()) {
        const auto alias = std::find_if(m_aliases.begin(), m_aliases.end(),
            [&nameOrAlias](const auto& known) { return known.first == nameOrAlias; });
        if (alias != m_aliases.end())
            found = m_collections.find(alias->second);
    }
    return found == m_collections.end() ? nullptr : found->second;
}

std::vector<std::string> Store::names() const
{
    const std::shared_lock lock(m_mutex);
    std::vector<std::string> names;
    for (const auto& [name, collection] : m_collections)
        names.push_back(name);
    return names;
}

std::vector<std::pair<std::string, std::string>> Store::aliases() const
{
    const std::shared_lock lock(m_mutex);
    return m_aliases;
}

} // namespace qdrant2pg::demo
