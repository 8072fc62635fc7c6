// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/review/runoptionsform.h"

#include "ui/widgets/formgrid.h"
#include "ui/widgets/sectionfold.h"
#include "ui/widgets/style.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSpinBox>
#include <QVBoxLayout>

#include <algorithm>

namespace qdrant2pg {

namespace {
constexpr int labelCharacters = 22;
constexpr int choiceCharacters = 60;
constexpr int numberCharacters = 14;
constexpr int mostLanes = 64;
constexpr int mostRejects = 1'000'000'000;
constexpr int mostRate = 100'000'000;
} // namespace

RunOptionsForm::RunOptionsForm(QWidget* parent)
    : QWidget(parent)
    , m_form(new FormGrid(labelCharacters, this))
    , m_more(new FormGrid(labelCharacters))
    , m_advanced(new SectionFold(QStringLiteral("runAdvancedToolButton"), this))
{
    auto* layout = new QVBoxLayout(this);
    style::tighten(layout, this, 1);
    m_verify = new QComboBox(m_form);
    m_verify->setObjectName(QStringLiteral("verifyComboBox"));
    setFieldWidth(m_verify, choiceCharacters);
    for (const VerifyLevel level :
        {VerifyLevel::Digest, VerifyLevel::Full, VerifyLevel::Counts, VerifyLevel::None})
        m_verify->addItem(QString(), static_cast<int>(level));
    m_verifyLabel = m_form->addRow(m_verify);
    m_verifyHelp = m_form->addHelp(QStringLiteral("verifyHelpLabel"));
    m_onReject = new QComboBox(m_form);
    m_onReject->setObjectName(QStringLiteral("onRejectComboBox"));
    setFieldWidth(m_onReject, choiceCharacters);
    for (const OnReject policy : {OnReject::Continue, OnReject::Stop})
        m_onReject->addItem(QString(), static_cast<int>(policy));
    m_onRejectLabel = m_form->addRow(m_onReject);
    m_maxRejects = spinBox(m_form, "maxRejectsSpinBox", mostRejects);
    m_maxRejectsLabel = m_form->addRow(m_maxRejects);
    layout->addWidget(m_form);

    m_lanes = spinBox(m_more, "lanesSpinBox", mostLanes);
    m_lanesLabel = m_more->addRow(m_lanes);
    m_lanesHelp = m_more->addHelp(QStringLiteral("lanesHelpLabel"));
    m_rate = spinBox(m_more, "rateSpinBox", mostRate);
    m_rateLabel = m_more->addRow(m_rate);
    m_rateHelp = m_more->addHelp(QStringLiteral("rateHelpLabel"));
    m_rejectValues = new QCheckBox(m_more);
    m_rejectValues->setObjectName(QStringLiteral("rejectValuesCheckBox"));
    m_more->addField(m_rejectValues);
    m_hold = new QCheckBox(m_more);
    m_hold->setObjectName(QStringLiteral("holdCheckBox"));
    m_more->addField(m_hold);
    m_advanced->setContent(m_more);
    layout->addWidget(m_advanced);

    connect(m_verify, &QComboBox::currentIndexChanged, this, &RunOptionsForm::emitEdited);
    connect(m_onReject, &QComboBox::currentIndexChanged, this, &RunOptionsForm::emitEdited);
    connect(m_rejectValues, &QCheckBox::toggled, this, &RunOptionsForm::emitEdited);
    connect(m_hold, &QCheckBox::toggled, this, &RunOptionsForm::emitEdited);
    // No wider than label and reading width: what is over would go between label and field.
    setMaximumWidth(style::textWidth(this, labelCharacters + style::readingWidth + 4));
    retranslate();
}

QSpinBox* RunOptionsForm::spinBox(FormGrid* form, const char* name, int most)
{
    auto* box = new QSpinBox(form);
    box->setObjectName(QLatin1String(name));
    box->setRange(0, most);
    box->setGroupSeparatorShown(true);
    setFieldWidth(box, numberCharacters);
    connect(box, &QSpinBox::valueChanged, this, &RunOptionsForm::emitEdited);
    return box;
}

void RunOptionsForm::setRun(const RunPlan& run, bool replaces)
{
    m_run = run;
    m_loading = true;
    m_verify->setCurrentIndex(m_verify->findData(static_cast<int>(run.verify)));
    m_onReject->setCurrentIndex(m_onReject->findData(static_cast<int>(run.onReject)));
    m_maxRejects->setValue(static_cast<int>(std::min<qint64>(run.maxRejects, mostRejects)));
    m_lanes->setValue(run.lanes);
    m_rate->setValue(static_cast<int>(std::min<qint64>(run.maxPointsPerSecond, mostRate)));
    m_rejectValues->setChecked(run.rejectValues);
    m_hold->setChecked(run.publish == PublishMode::Hold);
    m_loading = false;
    m_hold->setVisible(replaces);
    m_form->setRowVisible(m_maxRejects, run.onReject == OnReject::Continue);
    retranslate();
}

void RunOptionsForm::emitEdited()
{
    if (m_loading)
        return;
    m_run.verify = static_cast<VerifyLevel>(m_verify->currentData().toInt());
    m_run.onReject = static_cast<OnReject>(m_onReject->currentData().toInt());
    m_run.maxRejects = m_maxRejects->value();
    m_run.lanes = m_lanes->value();
    m_run.maxPointsPerSecond = m_rate->value();
    m_run.rejectValues = m_rejectValues->isChecked();
    m_run.publish = m_hold->isChecked() ? PublishMode::Hold : PublishMode::Auto;
    emit edited(m_run);
}

void RunOptionsForm::retranslate()
{
    const QStringList levels{
        tr("every row by its digest"), tr("every row, value by value"), tr("numbers only"), tr("nothing")};
    for (int i = 0; i < levels.size(); ++i)
        m_verify->setItemText(i, levels.at(i));
    m_verifyLabel->setText(tr("Compare after&wards"));
    const QStringList helps{tr("Proves that what was read is what is stored; costs about half the load."),
        tr("Reads the source once more and names every difference."),
        tr("Counts do not prove that the contents are equal."),
        tr("The report will say that nothing was compared.")};
    m_verifyHelp->setText(helps.value(m_verify->currentIndex()));
    m_onReject->setItemText(0, tr("keep it aside and go on"));
    m_onReject->setItemText(1, tr("stop the run"));
    m_onRejectLabel->setText(tr("A point that does not &fit"));
    m_maxRejectsLabel->setText(tr("Stop after re&jects"));
    m_advanced->setTitle(tr("Advanced"));
    m_lanes->setSpecialValueText(tr("automatic"));
    m_lanesLabel->setText(tr("&Lanes"));
    m_lanesHelp->setText(tr("Readers and writers that work side by side."));
    m_rate->setSpecialValueText(tr("no limit"));
    m_rateLabel->setText(tr("&Points per second"));
    m_rateHelp->setText(tr("Spares a source that others use at the same time."));
    m_rejectValues->setText(tr("Keep rejected points, so that they can be &replayed"));
    m_hold->setText(tr("Wait with replacin&g the table until it is asked for"));
}

} // namespace qdrant2pg
