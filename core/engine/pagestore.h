// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/rowencoder.h"
#include "core/engine/runcontext.h"
#include "core/postgres/connection.h"
#include "core/postgres/rowdigest.h"

#include <memory>
#include <span>
#include <unordered_set>
#include <vector>

namespace qdrant2pg {

/// Encodes a page and stores it: rows, rejects and the range's new cursor in one transaction. One per lane
/// and collection.
class PageStore {
public:
    enum class Stored {
        Yes,
        /// The range belongs to somebody else now, or its cursor is not where we thought: look at the ledger
        /// again.
        RangeMoved,
    };

    [[nodiscard]] static Result<PageStore> create(RunContext& context, CollectionRun& collection);
    ~PageStore();
    PageStore(PageStore&&) noexcept;
    PageStore& operator=(PageStore&&) noexcept;

    /// Stores the first `count` points of the page and moves `range` to the last of them. On error nothing is
    /// stored (or, when the connection was lost in COMMIT, nobody knows yet: the ledger answers on the next
    /// connection).
    [[nodiscard]] Result<Stored> store(Connection& connection, LedgerRange& range, const QString& owner,
        const PointPage& page, std::size_t count, bool done);
    /// Forgets what a lost connection knew (staging table).
    void connectionLost();

private:
    struct State;
    explicit PageStore(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace qdrant2pg
