// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/migrationplan.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QSpinBox;

namespace qdrant2pg {

class FormGrid;
class SectionFold;

/// How the run goes: verification, rejected points, and under Advanced lanes, throttle and publication.
class RunOptionsForm : public QWidget {
    Q_OBJECT
public:
    explicit RunOptionsForm(QWidget* parent = nullptr);

    /// `replaces` shows the choice of publication, which concerns replaced tables alone.
    void setRun(const RunPlan& run, bool replaces);
    void retranslate();

signals:
    void edited(const qdrant2pg::RunPlan& run);

private:
    QSpinBox* spinBox(FormGrid* form, const char* name, int most);
    void emitEdited();

    RunPlan m_run;
    bool m_loading = false;
    FormGrid* m_form;
    FormGrid* m_more;
    SectionFold* m_advanced;
    QComboBox* m_verify;
    QLabel* m_verifyLabel;
    QLabel* m_verifyHelp;
    QComboBox* m_onReject;
    QLabel* m_onRejectLabel;
    QSpinBox* m_maxRejects;
    QLabel* m_maxRejectsLabel;
    QSpinBox* m_lanes;
    QLabel* m_lanesLabel;
    QLabel* m_lanesHelp;
    QSpinBox* m_rate;
    QLabel* m_rateLabel;
    QLabel* m_rateHelp;
    QCheckBox* m_rejectValues;
    QCheckBox* m_hold;
};

} // namespace qdrant2pg
