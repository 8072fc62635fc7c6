// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QWidget>

class QLineEdit;
class QToolButton;

namespace qdrant2pg {

/// The path of a file with a button that looks for it; the page shows the dialog.
class PathEdit : public QWidget {
    Q_OBJECT
public:
    /// Names of the two parts: "caFileLineEdit", "caFileBrowseToolButton".
    explicit PathEdit(const QString& name, QWidget* parent = nullptr);

    QLineEdit* edit() const { return m_edit; }
    QString path() const;
    void setPath(const QString& path);

signals:
    void browseRequested();

protected:
    void changeEvent(QEvent* event) override;

private:
    void retranslate();

    QLineEdit* m_edit;
    QToolButton* m_browse;
};

} // namespace qdrant2pg
