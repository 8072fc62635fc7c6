// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/sourceidentity.h"

namespace qdrant2pg {

Result<void> checkSourceIdentity(const RunContext& context, QdrantClient& client)
{
    for (const CollectionRun& collection : context.collections) {
        const QString& name = collection.plan.name;
        auto info = client.collectionInfo(name);
        if (!info) {
            if (info.error().kind != ErrorKind::NotFound)
                return {}; // Lanes meet the same trouble and know how to wait; here it only delays the check.
            Error error = info.error();
            error.summary = QStringLiteral("Collection %1 was deleted while it was being copied.").arg(name);
            error.hint = QStringLiteral("What was copied is kept. If the collection comes back with its "
                                        "points, resume; otherwise forget the run.");
            error.retryable = false;
            return fail(error);
        }
        if (info->configFingerprint() != collection.fingerprint && !context.request.acceptDifferences) {
            Error error = makeError(ErrorKind::Conflict,
                QStringLiteral(
                    "Collection %1 was created anew or changed its vectors while it was being copied.")
                    .arg(name),
                {}, QStringLiteral("Forget this run and start another."));
            error.where.collection = name;
            return fail(error);
        }
    }
    return {};
}

} // namespace qdrant2pg
