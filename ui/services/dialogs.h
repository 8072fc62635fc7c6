// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QObject>
#include <QString>
#include <QStringList>

#include <functional>

class QWidget;

namespace qdrant2pg {

struct FileRequest {
    QString title;
    QString folder;
    QString suggestedName;
    /// "Plan files (*.json)"
    QStringList filters;
    QString defaultSuffix;
};

struct Question {
    QString title;
    QString text;
    QString detail;
    /// The answers; the first is the default, the last is what Esc means.
    QStringList answers;
};

/// The few things that a page asks in a window of its own, behind an interface so that tests answer them. All
/// of them return at once and call `done` later, or never when `parent` is gone.
class Dialogs {
public:
    virtual ~Dialogs() = default;
    /// An empty path when the person changed their mind.
    virtual void openFile(QWidget* parent, const FileRequest& request, std::function<void(QString)> done) = 0;
    virtual void saveFile(QWidget* parent, const FileRequest& request, std::function<void(QString)> done) = 0;
    virtual void openFolder(
        QWidget* parent, const FileRequest& request, std::function<void(QString)> done) = 0;
    /// Index of the chosen answer.
    virtual void ask(QWidget* parent, const Question& question, std::function<void(int)> done) = 0;
    /// Shows a file or folder with the desktop's program.
    virtual void showFile(const QString& path) = 0;
    virtual void openUrl(const QString& url) = 0;
};

/// The real ones, on Qt's dialogs, opened without a nested event loop.
class DesktopDialogs : public Dialogs {
public:
    void openFile(QWidget* parent, const FileRequest& request, std::function<void(QString)> done) override;
    void saveFile(QWidget* parent, const FileRequest& request, std::function<void(QString)> done) override;
    void openFolder(QWidget* parent, const FileRequest& request, std::function<void(QString)> done) override;
    void ask(QWidget* parent, const Question& question, std::function<void(int)> done) override;
    void showFile(const QString& path) override;
    void openUrl(const QString& url) override;
};

} // namespace qdrant2pg
