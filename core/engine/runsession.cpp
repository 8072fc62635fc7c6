// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/runsession.h"

#include "core/engine/tablelock.h"
#include "core/qdrant/qdrantclient.h"

namespace qdrant2pg {

RunSession::RunSession(RunContext& runContext, RunCallbacks runCallbacks)
    : context(runContext)
    , callbacks(std::move(runCallbacks))
    , client(std::make_unique<QdrantClient>(context.request.source, context.abortToken()))
{
}

RunSession::~RunSession() = default;

void RunSession::enter(RunState state)
{
    outcome.state = state;
    callbacks.state(state, context.runId);
}

bool RunSession::waitBeforeRetry(RetryPolicy& policy, const Error& error, const QString& who)
{
    if (context.ending())
        return false;
    const auto delay = policy.next(error);
    if (!delay)
        return false;
    ++context.retries;
    return context.waitNamed(policy.waitText(who, error), *delay);
}

Result<void> RunSession::keepApart()
{
    for (const CollectionRun& collection : context.collections) {
        const TableSpec& table = collection.schema.table;
        if (auto held = holdTable(*control, context.runId, table.schema, table.name); !held)
            return held;
    }
    return {};
}

Result<void> RunSession::ensureControl()
{
    RetryPolicy policy(context.request.retry);
    for (;;) {
        // Only an answer shows that the server still knows this session.
        if (control && control->isUsable() && control->execute("SELECT 1"))
            return {};
        control.reset();
        auto opened = Connection::open(context.request.target);
        if (opened) {
            control.emplace(std::move(*opened));
            auto held = keepApart();
            if (held || !held.error().poisonsConnection)
                return held;
            opened = fail(held.error());
            control.reset();
        }
        if (!waitBeforeRetry(policy, opened.error(), QStringLiteral("PostgreSQL")))
            return fail(opened.error());
    }
}

} // namespace qdrant2pg
