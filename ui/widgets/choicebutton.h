// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/widgets/icons.h"

#include <QAbstractButton>

namespace qdrant2pg {

/// A large button that says what it does: icon, title and one sentence.
class ChoiceButton : public QAbstractButton {
    Q_OBJECT
public:
    ChoiceButton(Icon which, const QString& objectName, QWidget* parent = nullptr);

    void setTexts(const QString& title, const QString& sentence);
    /// Drawn in the highlight colour: what most people want.
    void setPrimary(bool primary);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    QRect textRect(const QRect& rect) const;

    Icon m_icon;
    QString m_sentence;
    bool m_primary = false;
};

} // namespace qdrant2pg
