// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/mapping/samplepane.h"

#include "ui/widgets/flowlayout.h"
#include "ui/widgets/style.h"
#include "ui/wizard/mapping/mappingcontroller.h"

#include <QCheckBox>
#include <QHeaderView>
#include <QLabel>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace qdrant2pg {

namespace {
constexpr int valueCharacters = 22;
constexpr int pointCharacters = 16;
} // namespace

SamplePane::SamplePane(MappingController& controller, QWidget* parent)
    : QWidget(parent)
    , m_controller(controller)
    , m_state(style::helpLabel(this, QStringLiteral("sampleStateLabel"), false))
    , m_problemsOnly(new QCheckBox(this))
    , m_again(new QPushButton(this))
    , m_table(new QTableView(this))
{
    m_proxy.setSourceModel(&m_model);
    m_proxy.setFilterRole(MappingSampleModel::ProblemRole);
    m_problemsOnly->setObjectName(QStringLiteral("sampleProblemsOnlyCheckBox"));
    m_again->setObjectName(QStringLiteral("sampleAgainPushButton"));
    m_table->setObjectName(QStringLiteral("sampleTableView"));
    m_table->setModel(&m_proxy);
    style::prepareTable(m_table);
    m_table->horizontalHeader()->setStretchLastSection(true);
    m_table->setMinimumHeight(style::unit(this) * 6);
    auto* top = new FlowLayout(style::unit(this));
    top->addWidget(m_again);
    top->addWidget(m_problemsOnly);
    auto* layout = new QVBoxLayout(this);
    style::tighten(layout, this, 0.5);
    layout->addWidget(m_state);
    layout->addLayout(top);
    layout->addWidget(m_table, 1);
    connect(m_problemsOnly, &QCheckBox::toggled, this, [this](bool on) {
        m_proxy.setFilterFixedString(on ? QStringLiteral("true") : QString());
        spanReasons();
    });
    connect(m_again, &QPushButton::clicked, this, [this] { m_controller.readAgain(); });
    refresh();
}

void SamplePane::refresh()
{
    const SampleTable& table = m_controller.sample();
    const bool sameColumns = table.columns == m_model.table().columns;
    m_model.setTable(table);
    if (!sameColumns) {
        m_table->resizeColumnToContents(MappingSampleModel::State);
        m_table->setColumnWidth(MappingSampleModel::Point, style::textWidth(this, pointCharacters));
        for (int column = MappingSampleModel::FirstValue; column < m_model.columnCount(); ++column)
            m_table->setColumnWidth(column,
                std::max(style::textWidth(this, valueCharacters),
                    m_table->horizontalHeader()->sectionSizeHint(column)));
    }
    spanReasons();
    retranslate();
}

void SamplePane::spanReasons()
{
    m_table->clearSpans();
    const int values = m_model.columnCount() - MappingSampleModel::FirstValue;
    for (int row = 0; row < m_proxy.rowCount() && values > 1; ++row) {
        const int source = m_proxy.mapToSource(m_proxy.index(row, 0)).row();
        if (!m_model.table().rows.at(source).problem.isEmpty())
            m_table->setSpan(row, MappingSampleModel::FirstValue, 1, values);
    }
}

void SamplePane::retranslate()
{
    const SampleTable& table = m_controller.sample();
    m_problemsOnly->setText(tr("Only what is re&jected or changed"));
    m_again->setText(tr("Try a&gain"));
    m_again->setVisible(table.error.has_value());
    m_table->setAccessibleName(tr("Sampled points as rows"));
    m_model.retranslate();
    for (const int column : {MappingSampleModel::State, MappingSampleModel::Point})
        m_table->setColumnWidth(column,
            std::max(m_table->columnWidth(column), m_table->horizontalHeader()->sectionSizeHint(column)));
    if (table.error)
        m_state->setText(
            QStringList{table.error->summary, table.error->hint}.join(QLatin1Char(' ')).trimmed());
    else if (m_controller.isReading() && table.rows.isEmpty())
        m_state->setText(tr("Reading points… Esc cancels."));
    else if (table.rows.isEmpty())
        m_state->setText(tr("The collection has no points to show."));
    else if (m_model.problems() > 0)
        m_state->setText(tr("%1 of the first %2 points would be rejected.")
                             .arg(m_model.problems())
                             .arg(table.rows.size()));
    else
        m_state->setText(tr("The first %n point(s) as rows; all of them are stored.", nullptr,
            static_cast<int>(table.rows.size())));
    setAccessibleDescription(m_state->text());
}

} // namespace qdrant2pg
