// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/checklistwidget.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/statuslabel.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QGridLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include <algorithm>

namespace qdrant2pg {

class CheckListWidget::Row : public QWidget {
public:
    explicit Row(QWidget* parent)
        : QWidget(parent)
        , m_title(new QLabel(this))
        , m_status(new StatusLabel(this))
        , m_result(style::textLabel(this, QString()))
        , m_advice(style::textLabel(this, QString()))
        , m_detail(style::helpLabel(this, QString()))
        , m_copy(new QToolButton(this))
    {
        m_detail->setFont(style::fixedFont());
        m_copy->setIcon(icon(Icon::Copy));
        m_copy->setAutoRaise(true);
        m_copy->setFocusPolicy(Qt::StrongFocus);
        m_grid = new QGridLayout(this);
        m_grid->setContentsMargins(0, 0, 0, 0);
        m_grid->setHorizontalSpacing(2 * style::unit(this));
        m_grid->setVerticalSpacing(style::unit(this) / 2);
        m_grid->addWidget(m_title, 0, 0, Qt::AlignTop | Qt::AlignLeft);
        m_grid->addWidget(m_status, 0, 1, Qt::AlignTop);
        m_grid->addWidget(m_result, 0, 2);
        m_grid->addWidget(m_copy, 0, 3, Qt::AlignTop);
        m_grid->addWidget(m_advice, 1, 2);
        m_grid->addWidget(m_detail, 2, 2);
        // The column behind takes what a text of reading width leaves.
        m_grid->addItem(new QSpacerItem(0, 0, QSizePolicy::Expanding, QSizePolicy::Minimum), 0, 4);
        m_grid->setColumnStretch(2, 100);
        m_grid->setColumnStretch(4, 1);
        connect(m_copy, &QToolButton::clicked, this,
            [this] { QApplication::clipboard()->setText(m_line.toText()); });
    }

    void show(const CheckLine& line, int titleWidth, int statusWidth)
    {
        m_line = line;
        const QString name = line.id.left(1).toLower() + line.id.mid(1);
        setObjectName(name + QStringLiteral("CheckRow"));
        m_copy->setObjectName(name + QStringLiteral("CopyToolButton"));
        m_result->setObjectName(name + QStringLiteral("ResultLabel"));
        m_title->setText(line.title);
        m_grid->setColumnMinimumWidth(0, titleWidth);
        m_grid->setColumnMinimumWidth(1, statusWidth);
        m_status->setStatus(line.status, line.time);
        m_result->setText(line.result);
        m_advice->setText(line.advice);
        m_detail->setText(line.detail);
        m_advice->setVisible(!line.advice.isEmpty());
        m_detail->setVisible(!line.detail.isEmpty());
        const bool failed = line.status == Status::Problem || line.status == Status::Warning;
        m_copy->setVisible(failed);
        m_copy->setAccessibleName(CheckListWidget::tr("Copy what was found: %1").arg(line.title));
        m_copy->setToolTip(CheckListWidget::tr("Copy"));
        m_title->setForegroundRole(
            line.status == Status::Waiting ? QPalette::PlaceholderText : QPalette::WindowText);
        if (const QString text = line.toText(); text != accessibleName())
            setAccessibleName(text);
    }

private:
    CheckLine m_line;
    QGridLayout* m_grid;
    QLabel* m_title;
    StatusLabel* m_status;
    QLabel* m_result;
    QLabel* m_advice;
    QLabel* m_detail;
    QToolButton* m_copy;
};

CheckListWidget::CheckListWidget(QWidget* parent)
    : QWidget(parent)
{
    auto* layout = new QVBoxLayout(this);
    style::tighten(layout, this, 0.75);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

void CheckListWidget::setLines(const QList<CheckLine>& lines)
{
    m_lines = lines;
    while (m_rows.size() > lines.size())
        delete m_rows.takeLast();
    while (m_rows.size() < lines.size()) {
        m_rows.append(new Row(this));
        layout()->addWidget(m_rows.last());
    }
    int titleWidth = 0;
    for (const CheckLine& line : lines)
        titleWidth = std::max(titleWidth, fontMetrics().horizontalAdvance(line.title));
    // Wide enough for every status with a time, so that results do not jump sideways as lines tick.
    const int statusWidth = fontMetrics().horizontalAdvance(statusWord(Status::Checking))
        + fontMetrics().height() + style::textWidth(this, 8);
    for (qsizetype i = 0; i < lines.size(); ++i) {
        m_rows[i]->show(lines[i], titleWidth, statusWidth);
        m_rows[i]->setVisible(true);
    }
}

void CheckListWidget::setLine(const CheckLine& line)
{
    QList<CheckLine> lines = m_lines;
    const auto same =
        std::find_if(lines.begin(), lines.end(), [&](const CheckLine& other) { return other.id == line.id; });
    if (same == lines.end())
        lines.append(line);
    else
        *same = line;
    setLines(lines);
}

void CheckListWidget::reset()
{
    QList<CheckLine> lines = m_lines;
    for (CheckLine& line : lines) {
        line.status = Status::Waiting;
        line.time.reset();
        line.result.clear();
        line.advice.clear();
        line.detail.clear();
    }
    setLines(lines);
}

const CheckLine* CheckListWidget::line(const QString& id) const
{
    for (const CheckLine& line : m_lines) {
        if (line.id == id)
            return &line;
    }
    return nullptr;
}

} // namespace qdrant2pg
