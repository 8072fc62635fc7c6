// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/sectionfold.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/style.h"

#include <QToolButton>
#include <QVBoxLayout>

namespace qdrant2pg {

SectionFold::SectionFold(const QString& objectName, QWidget* parent)
    : QWidget(parent)
    , m_button(new QToolButton(this))
{
    m_button->setObjectName(objectName);
    m_button->setCheckable(true);
    m_button->setAutoRaise(true);
    m_button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_button->setIcon(icon(Icon::ChevronRight));
    m_button->setFocusPolicy(Qt::StrongFocus);
    auto* layout = new QVBoxLayout(this);
    style::tighten(layout, this, 1);
    layout->addWidget(m_button, 0, Qt::AlignLeft);
    connect(m_button, &QToolButton::toggled, this, [this](bool open) {
        m_button->setIcon(icon(open ? Icon::ChevronDown : Icon::ChevronRight));
        if (m_content)
            m_content->setVisible(open);
        emit toggled(open);
    });
}

void SectionFold::setTitle(const QString& title)
{
    m_button->setText(title);
}

void SectionFold::setContent(QWidget* content)
{
    m_content = content;
    content->setParent(this);
    content->setVisible(m_button->isChecked());
    layout()->addWidget(content);
}

bool SectionFold::isOpen() const
{
    return m_button->isChecked();
}

void SectionFold::setOpen(bool open)
{
    m_button->setChecked(open);
}

} // namespace qdrant2pg
