// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/report/runreport.h"
#include "ui/models/progressmodel.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QTreeView;

namespace qdrant2pg {

class PipelineView;
class StatusLabel;
class ThroughputChart;

/// What a run shows: state, finish lines, pipeline, throughput, stages, and the buttons that steer it. Values
/// in, wishes out; knows no engine and no wizard.
class RunView : public QWidget {
    Q_OBJECT
public:
    /// What can be asked for now.
    enum class Offer { Nothing, StartReady, Pause, Continue, Stopping, Ended, Resume, TryAgain };

    explicit RunView(QWidget* parent = nullptr);

    void setPlan(const MigrationPlan& plan);
    void setOffer(Offer offer);
    Offer offer() const { return m_offer; }
    /// `state` may be ahead of the snapshot's: what was asked for.
    void setProgress(RunState state, const RunProgress& progress, const QList<ReportSample>& samples);
    /// Cancelling drops the pages in flight instead of finishing them.
    void setAborting(bool aborting) { m_aborting = aborting; }
    /// Ready to resume: what is known of the run from its folder, in words.
    void setReady(const QString& text);
    /// How much of the data an earlier session has moved, as far as is known: a resumed bar does not begin at
    /// zero. Absent for a new run.
    void setEarlierShare(std::optional<double> share);
    void retranslate();
    ProgressModel& model() { return m_model; }
    QWidget* firstFocus() const;
    /// "42 %" of the data, "Building indexes 10 %", ...
    QString progressTitle() const { return m_title; }

signals:
    void startRequested();
    void pauseRequested();
    void continueRequested();
    void stopRequested();
    void abortRequested();
    void rejectsRequested();

private:
    struct FinishLine {
        QLabel* label = nullptr;
        QProgressBar* bar = nullptr;
        QLabel* text = nullptr;
    };
    FinishLine addFinishLine(QGridLayout* grid, int row, const QString& name);
    static void setFinishLine(const FinishLine& line, std::optional<double> share, const QString& text);
    /// Tells screen readers how far it is, at a new state or another tenth of a line and not at every
    /// refresh.
    void announce(RunState state);
    QString stateWord(RunState state, const RunProgress& progress) const;
    void showTimes(RunState state, const RunProgress& progress);
    void showLimits(RunState state, const RunProgress& progress);

    Offer m_offer = Offer::Nothing;
    MigrationPlan m_plan;
    ProgressModel m_model;
    QString m_title;
    QString m_announced;
    qint64 m_rejected = 0;
    bool m_aborting = false;
    std::optional<double> m_earlierShare;
    StatusLabel* m_status;
    QLabel* m_times;
    QPushButton* m_start;
    QPushButton* m_pause;
    QPushButton* m_continue;
    QPushButton* m_stop;
    QPushButton* m_abort;
    QPushButton* m_rejects;
    FinishLine m_data;
    FinishLine m_indexes;
    FinishLine m_verify;
    PipelineView* m_pipeline;
    QLabel* m_limit;
    QLabel* m_waiting;
    ThroughputChart* m_chart;
    QTreeView* m_tree;
};

} // namespace qdrant2pg
