// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/statuslabel.h"

#include "core/common/units.h"
#include "ui/widgets/icons.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>

namespace qdrant2pg {

StatusLabel::StatusLabel(QWidget* parent)
    : QWidget(parent)
    , m_icon(new QLabel(this))
    , m_text(new QLabel(this))
{
    auto* layout = new QHBoxLayout(this);
    style::tighten(layout, this, 0.5);
    layout->addWidget(m_icon);
    layout->addWidget(m_text);
    layout->addStretch();
    refresh();
}

void StatusLabel::setStatus(Status status, std::optional<std::chrono::milliseconds> time)
{
    m_status = status;
    m_time = time;
    refresh();
}

void StatusLabel::setWord(const QString& word)
{
    m_word = word;
    refresh();
}

QString StatusLabel::text() const
{
    return m_text->text();
}

void StatusLabel::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange
        || event->type() == QEvent::LanguageChange)
        refresh();
    QWidget::changeEvent(event);
}

void StatusLabel::refresh()
{
    const int side = m_text->fontMetrics().height();
    m_icon->setPixmap(statusIcon(m_status).pixmap(QSize(side, side), devicePixelRatioF()));
    const QString word = m_word.isEmpty() ? statusWord(m_status) : m_word;
    const QString text = m_time ? tr("%1, %2").arg(word, shortDuration(*m_time)) : word;
    if (text == m_text->text())
        return;
    m_text->setText(text);
    setAccessibleName(text);
}

QString shortDuration(std::chrono::milliseconds time)
{
    using namespace std::chrono_literals;
    if (time < 1s)
        return StatusLabel::tr("%1 ms").arg(QLocale().toString(static_cast<qlonglong>(time.count())));
    return formatDuration(time);
}

} // namespace qdrant2pg
