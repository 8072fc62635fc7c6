// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/verify/sampleview.h"

#include "ui/widgets/flowlayout.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/style.h"

#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSpinBox>
#include <QTableView>
#include <QVBoxLayout>

#include <algorithm>

namespace qdrant2pg {

namespace {
constexpr int mostRows = 50;
constexpr int usualRows = 5;
constexpr int mostSeed = 999'999;
constexpr int visibleLines = 9;
} // namespace

SampleView::SampleView(QWidget* parent)
    : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    style::tighten(layout, this, 1);
    auto* row = new FlowLayout(style::unit(this));
    const auto pair = [&](QLabel*& label, QWidget* field) {
        label = new QLabel(this);
        label->setBuddy(field);
        row->addPair(label, field);
    };
    m_collection = new QComboBox(this);
    m_collection->setObjectName(QStringLiteral("sampleCollectionComboBox"));
    m_collection->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_collection->setMinimumContentsLength(16);
    pair(m_collectionLabel, m_collection);
    m_rows = new QSpinBox(this);
    m_rows->setObjectName(QStringLiteral("sampleRowsSpinBox"));
    m_rows->setRange(1, mostRows);
    m_rows->setValue(usualRows);
    pair(m_rowsLabel, m_rows);
    m_seed = new QSpinBox(this);
    m_seed->setObjectName(QStringLiteral("sampleSeedSpinBox"));
    m_seed->setRange(0, mostSeed);
    m_seed->setValue(1);
    pair(m_seedLabel, m_seed);
    m_show = new QPushButton(this);
    m_show->setObjectName(QStringLiteral("showSamplePushButton"));
    m_show->setIcon(icon(Icon::Eye));
    m_others = new QPushButton(this);
    m_others->setObjectName(QStringLiteral("otherRowsPushButton"));
    m_others->setIcon(icon(Icon::Refresh));
    row->addWidget(m_show);
    row->addWidget(m_others);
    layout->addLayout(row);
    m_words = style::helpLabel(this, QStringLiteral("sampleWordsLabel"));
    layout->addWidget(m_words);
    m_table = new QTableView(this);
    m_table->setObjectName(QStringLiteral("sampleTableView"));
    m_table->setModel(&m_model);
    style::prepareTable(m_table);
    style::setColumnWidths(m_table,
        {{SampleModel::PointId, 24}, {SampleModel::ColumnName, 14}, {SampleModel::Source, 34},
            {SampleModel::Target, 34}, {SampleModel::Same, 12}});
    m_table->setMinimumHeight(m_table->verticalHeader()->defaultSectionSize() * (visibleLines + 1));
    m_table->hide();
    layout->addWidget(m_table);
    connect(m_show, &QPushButton::clicked, this, &SampleView::ask);
    connect(m_others, &QPushButton::clicked, this, [this] {
        m_seed->setValue(m_seed->value() == mostSeed ? 0 : m_seed->value() + 1);
        ask();
    });
    setReady(false);
}

void SampleView::setCollections(const QStringList& names)
{
    const QString now = m_collection->currentText();
    m_collection->clear();
    m_collection->addItems(names);
    m_collection->setCurrentIndex(std::max(0, m_collection->findText(now)));
}

void SampleView::setReady(bool ready)
{
    for (QWidget* widget : {static_cast<QWidget*>(m_show), static_cast<QWidget*>(m_others)})
        widget->setEnabled(ready && m_collection->count() > 0);
}

void SampleView::ask()
{
    emit wanted(m_collection->currentText(), m_rows->value(), m_seed->value());
}

void SampleView::setSample(const RowSample& sample)
{
    m_trouble.clear();
    m_model.setSample(sample);
    m_table->setVisible(m_model.rowCount() > 0);
    describe();
}

void SampleView::setTrouble(const Error& error)
{
    m_model.clear();
    m_table->hide();
    m_trouble = error.hint.isEmpty() ? error.summary : error.summary + QLatin1Char(' ') + error.hint;
    describe();
}

void SampleView::describe()
{
    const RowSample& sample = m_model.sample();
    if (!m_trouble.isEmpty()) {
        m_words->setText(m_trouble);
    } else if (sample.collection.isEmpty()) {
        m_words->setText(
            tr("A few rows, what Qdrant has beside what PostgreSQL has, to see for yourself. The "
               "same seed shows the same rows."));
    } else if (sample.points.isEmpty()) {
        m_words->setText(tr("The table of %1 has no rows to show.").arg(sample.collection));
    } else {
        const auto same = std::count_if(sample.points.begin(), sample.points.end(),
            [](const SampledPoint& point) { return point.isSame(); });
        m_words->setText(tr("%1 of %2 rows of %3 are the same on both sides (seed %4: %5). It says nothing "
                            "about the rows that are not shown.")
                             .arg(QLocale().toString(static_cast<qlonglong>(same)),
                                 QLocale().toString(static_cast<qlonglong>(sample.points.size())),
                                 sample.collection, QString::number(sample.seed), sample.method));
    }
}

void SampleView::retranslate()
{
    m_collectionLabel->setText(tr("C&ollection"));
    m_rowsLabel->setText(tr("Ro&ws"));
    m_seedLabel->setText(tr("See&d"));
    m_show->setText(tr("&Show rows"));
    m_others->setText(tr("Oth&er rows"));
    m_table->setAccessibleName(tr("Rows side by side"));
    describe();
}

} // namespace qdrant2pg
