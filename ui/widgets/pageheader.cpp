// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/pageheader.h"

#include "ui/widgets/style.h"

#include <QLabel>
#include <QVBoxLayout>

namespace qdrant2pg {

PageHeader::PageHeader(QWidget* parent)
    : QWidget(parent)
    , m_title(new QLabel(this))
    , m_sentence(style::helpLabel(this, QStringLiteral("pageSentenceLabel"), false))
{
    m_title->setObjectName(QStringLiteral("pageTitleLabel"));
    m_title->setFont(style::scaledFont(this, 1.4, QFont::DemiBold));
    m_title->setWordWrap(true);
    auto* layout = new QVBoxLayout(this);
    style::tighten(layout, this, 0.5);
    layout->addWidget(m_title);
    layout->addWidget(m_sentence);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

void PageHeader::setTexts(const QString& title, const QString& sentence)
{
    m_title->setText(title);
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
}

QString PageHeader::title() const
{
    return m_title->text();
}

} // namespace qdrant2pg
