// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/secretedit.h"

#include "ui/widgets/icons.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QToolButton>

namespace qdrant2pg {

SecretEdit::SecretEdit(const QString& name, QWidget* parent)
    : QWidget(parent)
    , m_edit(new QLineEdit(this))
    , m_reveal(new QToolButton(this))
{
    m_edit->setObjectName(name + QStringLiteral("LineEdit"));
    m_edit->setEchoMode(QLineEdit::Password);
    m_edit->setInputMethodHints(Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    m_reveal->setObjectName(name + QStringLiteral("RevealToolButton"));
    m_reveal->setCheckable(true);
    m_reveal->setAutoRaise(true);
    m_reveal->setFocusPolicy(Qt::StrongFocus);
    m_reveal->setIcon(icon(Icon::Eye));
    auto* layout = new QHBoxLayout(this);
    style::tighten(layout, this, 0.5);
    layout->addWidget(m_edit, 1);
    layout->addWidget(m_reveal);
    setFocusProxy(m_edit);
    connect(m_reveal, &QToolButton::toggled, this, [this](bool revealed) {
        m_edit->setEchoMode(revealed ? QLineEdit::Normal : QLineEdit::Password);
        m_reveal->setIcon(icon(revealed ? Icon::EyeOff : Icon::Eye));
        retranslate();
    });
    retranslate();
}

QByteArray SecretEdit::secret() const
{
    return m_edit->text().toUtf8();
}

void SecretEdit::setSecret(const QByteArray& secret)
{
    const QString text = QString::fromUtf8(secret);
    if (m_edit->text() != text)
        m_edit->setText(text);
}

void SecretEdit::changeEvent(QEvent* event)
{
    if (event->type() == QEvent::LanguageChange)
        retranslate();
    QWidget::changeEvent(event);
}

void SecretEdit::retranslate()
{
    const QString text = m_reveal->isChecked() ? tr("Hide") : tr("Show");
    m_reveal->setToolTip(text);
    m_reveal->setAccessibleName(text);
}

} // namespace qdrant2pg
