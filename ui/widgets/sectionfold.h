// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QWidget>

class QToolButton;

namespace qdrant2pg {

/// A heading that folds what is under it ("Advanced"). Folded content is not in the tab order.
class SectionFold : public QWidget {
    Q_OBJECT
public:
    /// `objectName` names the button: "advancedToolButton".
    SectionFold(const QString& objectName, QWidget* parent = nullptr);

    void setTitle(const QString& title);
    /// Takes the widget over.
    void setContent(QWidget* content);
    bool isOpen() const;
    void setOpen(bool open);

signals:
    void toggled(bool open);

private:
    QToolButton* m_button;
    QWidget* m_content = nullptr;
};

} // namespace qdrant2pg
