// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/services/logbuffer.h"

#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QPlainTextEdit;
class QPushButton;

namespace qdrant2pg {

class Dialogs;

/// The log as it grows: level filter, search, follow, copy, open the file.
class LogView : public QWidget {
    Q_OBJECT
public:
    LogView(LogBuffer& log, Dialogs& dialogs, QWidget* parent = nullptr);

    /// File that "Open file" shows; the log's own when empty.
    void setFile(const QString& path) { m_file = path; }
    void retranslate();
    QPlainTextEdit* text() const { return m_text; }

private:
    void append();
    void rebuild();
    bool passes(const LogLine& line) const;

    LogBuffer& m_log;
    Dialogs& m_dialogs;
    QLabel* m_levelLabel;
    QComboBox* m_level;
    QLabel* m_searchLabel;
    QLineEdit* m_search;
    QCheckBox* m_follow;
    QPushButton* m_copy;
    QPushButton* m_open;
    QPlainTextEdit* m_text;
    QString m_file;
    quint64 m_last = 0;
};

} // namespace qdrant2pg
