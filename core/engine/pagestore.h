// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/rowstore.h"
#include "core/engine/runcontext.h"

#include <memory>

namespace qdrant2pg {

/// Encodes a page and stores it: rows, rejects and the range's new cursor in one transaction. One per lane
/// and collection.
class PageStore {
public:
    [[nodiscard]] static Result<PageStore> create(RunContext& context, CollectionRun& collection);
    ~PageStore();
    PageStore(PageStore&&) noexcept;
    PageStore& operator=(PageStore&&) noexcept;

    /// Stores the first `count` points of the page and moves `range` to the last of them; errors as for
    /// RowStore::store().
    [[nodiscard]] Result<RowStore::Stored> store(Connection& connection, LedgerRange& range,
        const QString& owner, const PointPage& page, std::size_t count, bool done);

private:
    struct State;
    explicit PageStore(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace qdrant2pg
