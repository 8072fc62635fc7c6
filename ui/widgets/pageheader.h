// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QWidget>

class QLabel;

namespace qdrant2pg {

/// A page's one title and, under it, the one sentence that says what happens here and what does not.
class PageHeader : public QWidget {
    Q_OBJECT
public:
    explicit PageHeader(QWidget* parent = nullptr);
    void setTexts(const QString& title, const QString& sentence);
    QString title() const;

private:
    QLabel* m_title;
    QLabel* m_sentence;
};

} // namespace qdrant2pg
