// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QWidget>

class QLineEdit;
class QToolButton;

namespace qdrant2pg {

/// A field for a secret with a button that reveals it. Holds the text only as long as the page lives.
class SecretEdit : public QWidget {
    Q_OBJECT
public:
    /// Names of the two parts: "apiKeyLineEdit", "apiKeyRevealToolButton".
    explicit SecretEdit(const QString& name, QWidget* parent = nullptr);

    QLineEdit* edit() const { return m_edit; }
    QByteArray secret() const;
    void setSecret(const QByteArray& secret);

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    QLineEdit* m_edit;
    QToolButton* m_reveal;
};

} // namespace qdrant2pg
