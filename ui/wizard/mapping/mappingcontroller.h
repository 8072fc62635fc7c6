// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/plancheck.h"
#include "ui/models/mappinglistmodel.h"
#include "ui/models/mappingmodel.h"
#include "ui/services/backgroundjob.h"
#include "ui/services/mappingsample.h"
#include "ui/wizard/plandraft.h"

#include <QObject>
#include <QTimer>

#include <functional>

namespace qdrant2pg {

/// What the Mapping page does, without the page: the collection that is looked at, edits into the draft's
/// history, the statements, and in the background the rows that sampled points become and what the checker
/// says. The latest question wins. GUI thread.
class MappingController : public QObject {
    Q_OBJECT
public:
    /// Points that are shown as rows.
    static constexpr int samplePoints = 20;

    MappingController(PlanDraft& draft, BackgroundThreads& threads, QObject* parent = nullptr);

    /// The chosen collections.
    QStringList collections() const;
    QString current() const { return m_current; }
    void setCurrent(const QString& collection);
    MappingState state() const;
    QList<MappingListModel::Entry> entries() const;

    void edit(const CollectionPlan& plan, const QString& text);
    /// Usage error for a name that PostgreSQL would not take or another collection has.
    [[nodiscard]] Result<void> setTable(const QString& name);
    void setMode(TableMode mode);
    void setParents(ParentPolicy policy);
    void setSearchFunctions(bool create);
    /// What of the person's edits did not fit into the preset, in words.
    [[nodiscard]] Result<QStringList> setPreset(const QString& preset);
    [[nodiscard]] Result<void> addPath(const QString& path);
    void resetCollection();
    /// Names all tables by a pattern with "{collection}"; one step of the history.
    [[nodiscard]] Result<void> nameTables(const QString& pattern);
    static QString tableFromPattern(const QString& pattern, const QString& collection);
    /// Gives the same place of the other collections this one's type and policies; how many changed.
    int applyToSimilar(const MappingPlace& place);

    /// The statements of the current collection; empty with an error.
    Result<QString> statements() const;

    /// Reads points and converts them again after every change, from start() on.
    void start();
    void stop();
    /// Esc: gives up the reading that is under way; false when there was none.
    bool cancelReading();
    void readAgain();
    bool isReading() const { return m_reading; }
    const SampleTable& sample() const { return m_sample; }
    /// Findings about the current collection, their paths as if the plan held it alone.
    QList<Finding> findings() const;

    /// Checks the whole plan, with the tables that exist on the target; `done` gets the findings or why they
    /// could not be made. Starting again or cancelCheck() drops an earlier one.
    void check(std::function<void(const Result<QList<Finding>>&)> done);
    void cancelCheck();

signals:
    /// Another collection, or the plan has changed: everything shown is to be read again.
    void changed();
    void sampleChanged();
    void findingsChanged();

private:
    void planChanged();
    void schedule();
    void refresh();
    void readSample();

    PlanDraft& m_draft;
    BackgroundJob m_sampleJob;
    BackgroundJob m_findingsJob;
    BackgroundJob m_checkJob;
    /// Collects several changes of one event into one question.
    QTimer m_soon;
    QString m_current;
    bool m_active = false;
    bool m_reading = false;
    SampleTable m_sample;
    /// The points of `m_pageOf`, read once and converted again after each edit.
    SamplePage m_page;
    QString m_pageOf;
    QList<Finding> m_findings;
    MigrationPlan m_findingsPlan;
};

} // namespace qdrant2pg
