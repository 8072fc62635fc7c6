// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/sqlview.h"

#include "ui/widgets/icons.h"
#include "ui/widgets/sqlhighlighter.h"
#include "ui/widgets/style.h"

#include <QApplication>
#include <QClipboard>
#include <QEvent>
#include <QPlainTextEdit>
#include <QScrollBar>
#include <QToolButton>
#include <QVBoxLayout>

namespace qdrant2pg {

SqlView::SqlView(const QString& objectName, QWidget* parent)
    : QWidget(parent)
    , m_text(new QPlainTextEdit(this))
    , m_copy(new QToolButton(this))
    , m_highlighter(new SqlHighlighter(m_text->document(), m_text))
{
    m_text->setObjectName(objectName);
    m_text->setReadOnly(true);
    m_text->setFont(style::fixedFont());
    m_text->setLineWrapMode(QPlainTextEdit::NoWrap);
    m_text->setTabChangesFocus(true);
    m_text->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    m_copy->setObjectName(QStringLiteral("copySqlToolButton"));
    m_copy->setIcon(icon(Icon::Copy));
    m_copy->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_copy->setAutoRaise(true);
    m_copy->setFocusPolicy(Qt::StrongFocus);
    auto* layout = new QVBoxLayout(this);
    style::tighten(layout, this, 0.5);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_copy, 0, Qt::AlignRight);
    m_text->installEventFilter(this);
    connect(m_copy, &QToolButton::clicked, this, [this] { QApplication::clipboard()->setText(sql()); });
    retranslate();
}

void SqlView::setSql(const QString& sql)
{
    if (sql == m_text->toPlainText())
        return;
    const int down = m_text->verticalScrollBar()->value();
    const int right = m_text->horizontalScrollBar()->value();
    m_text->setPlainText(sql);
    m_text->verticalScrollBar()->setValue(down);
    m_text->horizontalScrollBar()->setValue(right);
}

QString SqlView::sql() const
{
    return m_text->toPlainText();
}

void SqlView::setAccessibleTitle(const QString& title)
{
    m_text->setAccessibleName(title);
}

void SqlView::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

bool SqlView::eventFilter(QObject* watched, QEvent* event)
{
    // The colours are those of the editor, which gets a new palette later than this widget.
    if (watched == m_text && event->type() == QEvent::PaletteChange)
        QMetaObject::invokeMethod(m_highlighter, &QSyntaxHighlighter::rehighlight, Qt::QueuedConnection);
    return QWidget::eventFilter(watched, event);
}

void SqlView::retranslate()
{
    m_copy->setText(tr("Copy SQL"));
    if (m_text->accessibleName().isEmpty())
        m_text->setAccessibleName(tr("SQL"));
}

} // namespace qdrant2pg
