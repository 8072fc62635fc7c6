// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QDateTime>
#include <QFile>
#include <QList>
#include <QObject>

#include <deque>
#include <mutex>

namespace qdrant2pg {

struct LogLine {
    quint64 number = 0;
    QDateTime at;
    QtMsgType level = QtInfoMsg;
    QString category;
    QString text;
};

/// The last 10,000 lines of the log, already redacted, and the file that holds them all. Takes lines from any
/// thread; everything else is for the GUI thread.
class LogBuffer : public QObject {
    Q_OBJECT
public:
    static constexpr std::size_t capacity = 10'000;

    explicit LogBuffer(QObject* parent = nullptr);
    ~LogBuffer() override;

    /// Appends to that file too (owner alone may read it); the file is moved aside once past 5 MB. Empty: no
    /// file.
    void setFile(const QString& path);
    QString filePath() const;
    /// Lines with a number above `after`, oldest first.
    QList<LogLine> linesAfter(quint64 after) const;

    /// Redacts and stores; emits grew() soon, once for many lines.
    void append(QtMsgType level, const QString& category, const QString& text);
    /// Makes Qt's messages of this process go here and, from warnings on, to stderr; back to Qt's handler
    /// with the object's end. One at a time.
    void install();

signals:
    void grew();

private:
    mutable std::mutex m_mutex;
    std::deque<LogLine> m_lines;
    quint64 m_next = 1;
    bool m_announced = false;
    QFile m_file;
};

} // namespace qdrant2pg
