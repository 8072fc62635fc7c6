// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/formgrid.h"

#include "ui/widgets/style.h"

#include <QGridLayout>
#include <QLabel>

#include <algorithm>

namespace qdrant2pg {

namespace {

/// One line where there is room for it, else two: a long language in a small window.
class RowLabel : public QLabel {
public:
    explicit RowLabel(QWidget* parent)
        : QLabel(parent)
    {
        setWordWrap(true);
    }
    QSize sizeHint() const override
    {
        // A wrapping label needs a little more than its text is wide, or it breaks the line all the same.
        const QFontMetrics metrics = fontMetrics();
        const QSize line = metrics.size(Qt::TextShowMnemonic, text())
            + QSize(metrics.horizontalAdvance(QLatin1Char(' ')), 0);
        // A little more, or the label wraps in a cell of exactly its width.
        return line + QSize(style::unit(this), 0);
    }
};

} // namespace

FormGrid::FormGrid(int labelCharacters, QWidget* parent)
    : QWidget(parent)
    , m_grid(new QGridLayout(this))
{
    const int unit = style::unit(this);
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setHorizontalSpacing(2 * unit);
    m_grid->setVerticalSpacing(unit);
    m_grid->setColumnMinimumWidth(0, style::textWidth(this, labelCharacters));
    // The column behind takes what fields of limited width leave, so that they stay at their labels.
    m_grid->addItem(new QSpacerItem(0, 0, QSizePolicy::Expanding, QSizePolicy::Minimum), 0, 2);
    m_grid->setColumnStretch(1, 100);
    m_grid->setColumnStretch(2, 1);
}

QLabel* FormGrid::addRow(QWidget* field, QWidget* buddy)
{
    auto* label = new RowLabel(this);
    label->setBuddy(buddy ? buddy : field);
    const int row = m_grid->rowCount();
    m_grid->addWidget(label, row, 0, Qt::AlignLeft | Qt::AlignVCenter);
    m_grid->addWidget(field, row, 1);
    m_rows.append({field, label, nullptr});
    return label;
}

void FormGrid::addField(QWidget* field)
{
    m_grid->addWidget(field, m_grid->rowCount(), 1, Qt::AlignLeft);
    m_rows.append({field, nullptr, nullptr});
}

QLabel* FormGrid::addHelp(const QString& objectName)
{
    QLabel* help = style::helpLabel(this, objectName);
    m_grid->addWidget(help, m_grid->rowCount(), 1);
    if (!m_rows.isEmpty())
        m_rows.last().help = help;
    return help;
}

void FormGrid::nameFields()
{
    for (const Row& row : std::as_const(m_rows)) {
        if (row.label && row.label->buddy())
            row.label->buddy()->setAccessibleName(QString(row.label->text()).remove(QLatin1Char('&')));
    }
}

void FormGrid::setRowVisible(QWidget* field, bool visible)
{
    for (const Row& row : std::as_const(m_rows)) {
        if (row.field != field)
            continue;
        row.field->setVisible(visible);
        if (row.label)
            row.label->setVisible(visible);
        if (row.help)
            row.help->setVisible(visible);
    }
}

void setFieldWidth(QWidget* field, int characters)
{
    const int frame = 2 * style::unit(field);
    field->setMinimumWidth(style::textWidth(field, std::max(6, characters / 3)) + frame);
    field->setMaximumWidth(style::textWidth(field, characters) + frame);
    field->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

} // namespace qdrant2pg
