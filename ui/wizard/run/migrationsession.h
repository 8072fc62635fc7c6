// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/services/runcontroller.h"
#include "ui/services/services.h"
#include "ui/services/verifycontroller.h"

#include <memory>

namespace qdrant2pg {

/// What the pages Run, Verify and Report share: one run and its verification. Lives as long as one of them.
struct MigrationSession {
    explicit MigrationSession(Services& services)
        : run(services.threads, services.log)
        , verification(services.threads)
    {
        // Rows that came later are compared as the others were.
        QObject::connect(&run, &RunController::replayed, &verification, [this](const ReplayOutcome& outcome) {
            const VerifyLevel level = run.request().plan.run.verify;
            if (outcome.stored > 0 && level != VerifyLevel::None)
                verification.start(run.verifyRequest(level));
        });
    }

    RunController run;
    VerifyController verification;
};

/// Gives the pages of one window their session.
class MigrationSessionMaker {
public:
    std::shared_ptr<MigrationSession> session(Services& services)
    {
        std::shared_ptr<MigrationSession> made = m_made.lock();
        if (!made)
            m_made = made = std::make_shared<MigrationSession>(services);
        return made;
    }

private:
    std::weak_ptr<MigrationSession> m_made;
};

} // namespace qdrant2pg
