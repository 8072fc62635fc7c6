// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/estimate.h"
#include "core/plan/plancheck.h"
#include "ui/services/backgroundjob.h"
#include "ui/wizard/plandraft.h"

#include <QObject>
#include <QSet>

namespace qdrant2pg {

/// What the Review page decides, without the page: the check against both servers in the background, what is
/// still in the way of the button, and the plan as texts to take along. GUI thread.
class ReviewController : public QObject {
    Q_OBJECT
public:
    /// How long pages are read to measure the source's speed, all collections together.
    static constexpr std::chrono::milliseconds measuring{5'000};

    enum class Readiness {
        /// Nothing is known about exactly this plan.
        Unchecked,
        /// A finding says that it cannot run.
        Blocked,
        /// Warnings are not acknowledged.
        Unacknowledged,
        /// A table that will be replaced has not been named.
        Unconfirmed,
        Ready,
    };

    ReviewController(PlanDraft& draft, BackgroundThreads& threads, QObject* parent = nullptr);

    /// Looks at both servers. Facts of the source and its speed are read again when they are not of this
    /// visit, or on `fresh`.
    void check(bool fresh);
    /// False when none was running.
    bool cancel();
    /// The next check() reads everything again.
    void forget();
    bool isChecking() const { return m_job.isRunning(); }

    Readiness readiness() const;
    /// Of the last check, for the plan as it is now.
    const QList<Finding>& findings() const { return m_findings; }
    const QMap<QString, CollectionEstimate>& estimates() const { return m_estimates; }
    /// The run options changed: what was found out about the servers still holds.
    void reconsider();

    bool needsAcknowledgement(FindingGroup group) const;
    bool isAcknowledged(FindingGroup group) const;
    void setAcknowledged(FindingGroup group, bool acknowledged);
    /// Existing tables that this plan replaces, each to be typed.
    QStringList tablesToConfirm() const;
    void setTyped(const QString& table, const QString& text);
    bool isConfirmed(const QString& table) const { return m_typed.value(table) == table; }

    /// The fix becomes a step of the mapping's history where it changes the mapping.
    [[nodiscard]] Result<void> applyFinding(const Finding& finding);

    QString planHash() const;
    [[nodiscard]] Result<QString> statements() const;
    /// Without secrets; empty when the plan must be saved first.
    QString commandLine() const;
    [[nodiscard]] Result<void> savePlan(const QString& path);
    [[nodiscard]] Result<void> saveStatements(const QString& path) const;
    /// "350 points of 2 collections move from ... into ...". Counts are exact or begin with "about".
    QString summary() const;
    /// What will be done, one sentence a line.
    QStringList steps() const;
    /// "≈ 1.4 GiB on disk ..." for all collections together; empty before the check.
    QString needs() const;

signals:
    /// Findings, acknowledgements, plan: everything shown is to be read again.
    void changed();
    void progress(const QString& text);
    /// The check that was started last has ended; with the error that ended it, if any.
    void checked(const std::optional<qdrant2pg::Error>& error);

private:
    struct Answer {
        std::optional<Error> error;
        CheckInput input;
        bool planFileHoldsPlan = false;
    };

    void take(Answer answer);
    void evaluate();
    static QString keyOf(const Finding& finding);
    bool planFileHoldsPlan() const;

    PlanDraft& m_draft;
    BackgroundJob m_job;
    std::optional<CheckInput> m_input;
    /// m_input is the answer to the latest question.
    bool m_answered = false;
    QString m_factsOf;
    QList<Finding> m_findings;
    QMap<QString, CollectionEstimate> m_estimates;
    QSet<QString> m_acknowledged;
    QMap<QString, QString> m_typed;
    /// Hash of the plan that the draft's plan file is known to hold.
    QString m_savedHash;
};

} // namespace qdrant2pg
