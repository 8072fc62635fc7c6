// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/widgets/choicebutton.h"

#include <QFontMetrics>
#include <QKeyEvent>
#include <QPainter>

namespace qdrant2pg {

namespace {
constexpr int preferredCharacters = 30;
constexpr int fewestCharacters = 16;
constexpr int endless = 10'000;
} // namespace

ChoiceButton::ChoiceButton(Icon which, const QString& objectName, QWidget* parent)
    : QAbstractButton(parent)
    , m_icon(which)
{
    setObjectName(objectName);
    setFocusPolicy(Qt::StrongFocus);
    setCursor(Qt::PointingHandCursor);
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
    setAttribute(Qt::WA_Hover);
}

void ChoiceButton::setTexts(const QString& title, const QString& sentence)
{
    setText(title);
    m_sentence = sentence;
    setAccessibleName(QString(title).remove(QLatin1Char('&')));
    setAccessibleDescription(sentence);
    updateGeometry();
    update();
}

void ChoiceButton::setPrimary(bool primary)
{
    m_primary = primary;
    update();
}

QRect ChoiceButton::textRect(const QRect& rect) const
{
    const int unit = style::unit(this);
    const int iconSide = 3 * unit;
    return rect.adjusted(2 * unit + iconSide + unit, unit + unit / 2, -unit, -unit - unit / 2);
}

int ChoiceButton::heightForWidth(int width) const
{
    const QRect inner = textRect(QRect(0, 0, width, endless));
    const QFontMetrics title(style::scaledFont(this, 1.1, QFont::DemiBold));
    const QFontMetrics sentence(font());
    const int titleHeight = title
                                .boundingRect(QRect(0, 0, inner.width(), endless),
                                    Qt::TextWordWrap | Qt::TextShowMnemonic, text())
                                .height();
    const int sentenceHeight =
        sentence.boundingRect(QRect(0, 0, inner.width(), endless), Qt::TextWordWrap, m_sentence).height();
    return titleHeight + sentenceHeight + (endless - inner.height()) + style::unit(this) / 2;
}

QSize ChoiceButton::sizeHint() const
{
    const int width = style::textWidth(this, preferredCharacters);
    return {width, heightForWidth(width)};
}

QSize ChoiceButton::minimumSizeHint() const
{
    const int width = style::textWidth(this, fewestCharacters) + 6 * style::unit(this);
    return {width, heightForWidth(std::max(width, this->width()))};
}

void ChoiceButton::keyPressEvent(QKeyEvent* event)
{
    // Enter does what the button says; the wizard's Next would do something else.
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter) {
        click();
        return;
    }
    QAbstractButton::keyPressEvent(event);
}

void ChoiceButton::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const int unit = style::unit(this);
    const QColor highlight = palette().color(QPalette::Highlight);
    const QColor base = palette().color(QPalette::Base);
    double tint = m_primary ? 0.10 : 0.0;
    if (underMouse() && isEnabled())
        tint += 0.06;
    if (isDown())
        tint += 0.06;
    painter.setBrush(style::mixed(highlight, base, tint));
    painter.setPen(
        QPen(hasFocus() || m_primary ? highlight : style::hairline(palette()), hasFocus() ? 2 : 1));
    const QRectF frame = QRectF(rect()).adjusted(1, 1, -1, -1);
    painter.drawRoundedRect(frame, unit / 2.0, unit / 2.0);

    const auto group = isEnabled() ? QPalette::Active : QPalette::Disabled;
    const QRectF iconRect(2 * unit, unit + unit / 2.0, 3 * unit, 3 * unit);
    paintIcon(painter, iconRect, m_icon, isEnabled() ? highlight : palette().color(group, QPalette::Text));

    const QRect inner = textRect(rect());
    const QFont titleFont = style::scaledFont(this, 1.1, QFont::DemiBold);
    painter.setFont(titleFont);
    painter.setPen(palette().color(group, QPalette::Text));
    QRect used;
    painter.drawText(
        inner, Qt::TextWordWrap | Qt::TextShowMnemonic | Qt::AlignLeft | Qt::AlignTop, text(), &used);
    painter.setFont(font());
    painter.setPen(palette().color(group, QPalette::PlaceholderText));
    painter.drawText(inner.adjusted(0, used.height() + unit / 2, 0, 0),
        Qt::TextWordWrap | Qt::AlignLeft | Qt::AlignTop, m_sentence);
}

} // namespace qdrant2pg
