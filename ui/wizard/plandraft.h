// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"
#include "core/plan/plancheck.h"
#include "core/plan/sourcefacts.h"
#include "core/postgres/connection.h"
#include "core/postgres/serverprofile.h"

#include <QMap>
#include <QObject>
#include <QUndoStack>

#include <chrono>
#include <optional>
#include <utility>

namespace qdrant2pg {

/// What the check of the source found.
struct SourceOverview {
    ServerVersion version;
    QStringList collections;
    /// In words: what the key may do, how the server is set up.
    QString keyScope;
    QString clusterMode;
    std::chrono::milliseconds latency{};
};

/// What the check of the target found.
struct TargetOverview {
    ServerProfile server;
    SchemaRights rights;
    std::chrono::milliseconds latency{};
};

/// What the person chose on the first page.
enum class StartChoice { NewMigration, PlanFile, Resume, Report, Verify };

/// The one value that all pages show and edit: connections with their secrets, what was found on both sides,
/// the plan. Pages read it in entered() and on its signals; going Back changes nothing in it. GUI thread.
/// Secrets are here and in nothing that is made from the plan.
class PlanDraft : public QObject {
    Q_OBJECT
public:
    explicit PlanDraft(QObject* parent = nullptr);

    // Start
    StartChoice startChoice() const { return m_start; }
    /// Run to resume, to compare again, or whose report is shown.
    QString runId() const { return m_runId; }
    /// Report file to show (StartChoice::Report) or to bring up to date (StartChoice::Verify).
    QString reportPath() const { return m_reportPath; }
    /// Where the plan was read from or saved to; empty for none.
    QString planFile() const { return m_planFile; }
    void setPlanFile(const QString& path);
    /// A new migration drops a plan that came from a file or a run; connections stay.
    void startNew();
    void startFromPlan(const MigrationPlan& plan, const QString& file);
    void startResume(const MigrationPlan& plan, const QString& runId);
    void startReport(const QString& runId, const QString& reportPath);
    /// A run that ended is compared again; its plan, and the report that is to say so.
    void startVerify(const MigrationPlan& plan, const QString& runId, const QString& reportPath);

    // Source
    const SourcePlan& source() const { return m_source; }
    QByteArray apiKey() const { return m_apiKey; }
    /// Another address drops what was found there and, unless the plan came from a file, the mapping of its
    /// collections.
    void setSource(const SourcePlan& source, const QByteArray& apiKey);
    /// Way from here to the source; of this computer, so no part of the plan.
    const SourceAccess& sourceAccess() const { return m_sourceAccess; }
    void setSourceAccess(const SourceAccess& access);
    const std::optional<SourceOverview>& sourceOverview() const { return m_sourceOverview; }
    void setSourceOverview(const std::optional<SourceOverview>& overview);
    SourceOptions sourceOptions() const;

    // Target
    const TargetPlan& target() const { return m_target; }
    QByteArray targetPassword() const { return m_targetPassword; }
    void setTarget(const TargetPlan& target, const QByteArray& password);
    const std::optional<TargetOverview>& targetOverview() const { return m_targetOverview; }
    void setTargetOverview(const std::optional<TargetOverview>& overview);
    std::optional<ServerProfile> serverProfile() const;
    TargetOptions targetOptions() const;

    // Collections
    QStringList selected() const { return m_selected; }
    /// Unselecting keeps the mapping, so that selecting again brings it back.
    void setSelected(const QStringList& names);
    /// Qdrant filter of a collection as JSON text; empty for none.
    QByteArray filter(const QString& name) const { return m_filters.value(name); }
    void setFilter(const QString& name, const QByteArray& filterJson);
    const CollectionFacts* facts(const QString& name) const;
    const QMap<QString, CollectionFacts>& allFacts() const { return m_facts; }
    void setFacts(const CollectionFacts& facts);

    // Mapping. Collections are the selected ones, in their order.
    QList<CollectionPlan> collections() const;
    const CollectionPlan* collection(const QString& name) const;
    /// What was proposed for it, the base for "reset"; null without a proposal.
    const CollectionPlan* proposal(const QString& name) const;
    /// Sets the base and, where the person edited nothing, the plan.
    void adoptProposal(const CollectionPlan& proposal);
    bool isEdited(const QString& name) const;
    /// Edits go through the history, so that they can be undone; `text` names the edit ("Rename table").
    void editCollection(const CollectionPlan& changed, const QString& text);
    /// One step of the history for several collections.
    void editCollections(const QList<CollectionPlan>& changed, const QString& text);
    QUndoStack& history() { return m_history; }

    // Review
    const RunPlan& run() const { return m_run; }
    void setRun(const RunPlan& run);
    /// What Review found about the plan as it is, for the report; empty when it has changed since.
    const QList<Finding>& findings() const { return m_findings; }
    void setFindings(const QList<Finding>& findings) { m_findings = findings; }
    /// Everything together, without secrets: what is reviewed, saved and executed.
    MigrationPlan plan() const;

    /// Place in the plan ("collections[0].table") that the page entered next shows first; taken once.
    void setFocusPath(const QString& path) { m_focusPath = path; }
    QString takeFocusPath() { return std::exchange(m_focusPath, {}); }

    /// True from the moment a run was started: nothing before Run may be changed any more.
    bool isCommitted() const { return m_committed; }
    void setCommitted(bool committed);

signals:
    void startChanged();
    void sourceChanged();
    void targetChanged();
    /// Selection, filters or facts.
    void collectionsChanged();
    /// Mapping or run options.
    void planChanged();
    void committedChanged(bool committed);

private:
    friend class EditCommand;
    void putCollections(const QList<CollectionPlan>& changed);
    void takePlan(const MigrationPlan& plan);
    void dropMapping();

    StartChoice m_start = StartChoice::NewMigration;
    QString m_runId;
    QString m_reportPath;
    QString m_planFile;
    bool m_planGiven = false;
    SourcePlan m_source;
    QByteArray m_apiKey;
    SourceAccess m_sourceAccess;
    std::optional<SourceOverview> m_sourceOverview;
    TargetPlan m_target;
    QByteArray m_targetPassword;
    std::optional<TargetOverview> m_targetOverview;
    QStringList m_selected;
    QMap<QString, QByteArray> m_filters;
    QMap<QString, CollectionFacts> m_facts;
    QMap<QString, CollectionPlan> m_plans;
    QMap<QString, CollectionPlan> m_proposals;
    RunPlan m_run;
    QList<Finding> m_findings;
    QString m_focusPath;
    bool m_committed = false;
    QUndoStack m_history;
};

} // namespace qdrant2pg
