// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/engine/retrypolicy.h"
#include "core/engine/runcontext.h"

#include <memory>
#include <string>

namespace qdrant2pg {

/// One lane: a thread's worth of work with a source connection, a decoder and a PostgreSQL connection of its
/// own. Takes ranges from the ledger until none is left; reads one page ahead; stores each page in one
/// transaction with its ledger update. run() blocks; it returns when the work is done or the run is ending. A
/// final error goes to RunContext::failWith.
class Lane {
public:
    Lane(RunContext& context, int number);
    ~Lane();
    Lane(const Lane&) = delete;
    Lane& operator=(const Lane&) = delete;

    void run();

private:
    class Private;
    std::unique_ptr<Private> d;
};

} // namespace qdrant2pg
