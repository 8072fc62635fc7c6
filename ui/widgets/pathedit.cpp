// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/pathedit.h"

#include "ui/widgets/icons.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

namespace qdrant2pg {

PathEdit::PathEdit(const QString& name, QWidget* parent)
    : QWidget(parent)
    , m_edit(new QLineEdit(this))
    , m_browse(new QToolButton(this))
{
    m_edit->setObjectName(name + QStringLiteral("LineEdit"));
    m_browse->setObjectName(name + QStringLiteral("BrowseToolButton"));
    m_browse->setIcon(icon(Icon::Folder));
    m_browse->setAutoRaise(true);
    m_browse->setFocusPolicy(Qt::StrongFocus);
    auto* layout = new QHBoxLayout(this);
    style::tighten(layout, this, 0.5);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_browse);
    setFocusProxy(m_edit);
    connect(m_browse, &QToolButton::clicked, this, &PathEdit::browseRequested);
    retranslate();
}

QString PathEdit::path() const
{
    return m_edit->text().trimmed();
}

void PathEdit::setPath(const QString& path)
{
    if (m_edit->text() != path)
        m_edit->setText(path);
}

void PathEdit::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void PathEdit::retranslate()
{
    m_browse->setToolTip(tr("Choose a file"));
    m_browse->setAccessibleName(tr("Choose a file"));
}

} // namespace qdrant2pg
