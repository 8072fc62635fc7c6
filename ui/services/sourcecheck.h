// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"
#include "core/qdrant/sourceoptions.h"
#include "ui/services/checkrun.h"
#include "ui/wizard/plandraft.h"

namespace qdrant2pg {

/// Lines of the source's check, all waiting: resolve, tcp, tls, http, authentication, version, rights,
/// capability.
QList<CheckLine> sourceCheckLines();

struct SourceCheckResult {
    /// Absent when the check did not get through.
    std::optional<SourceOverview> overview;
    std::optional<Error> error;
    /// The error is a fact about the server that trying again cannot change.
    bool blocked = false;
};

/// Looks at a Qdrant server from the name down to what the key may do. Blocking, for worker threads; changes
/// nothing.
SourceCheckResult checkSource(
    const SourceOptions& options, const CheckRun::Report& report, std::stop_token stop);

/// What a JWT says about itself, in words ("collections: game (read), until 2026-12-01 10:00"); empty for a
/// plain key. Reads only, proves nothing.
QString jwtScope(const QByteArray& key);

} // namespace qdrant2pg
