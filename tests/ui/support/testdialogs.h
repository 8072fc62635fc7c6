// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "ui/services/dialogs.h"

#include <QList>

namespace qdrant2pg::test {

/// Answers what pages ask in windows of their own, at once, from what the test has prepared; keeps what was
/// asked. Without a prepared answer a file dialog is cancelled and a question gets its last answer.
class TestDialogs : public Dialogs {
public:
    /// The next paths and answers, in order.
    QStringList paths;
    QList<int> answers;
    /// What was asked and shown, in order.
    QList<FileRequest> fileRequests;
    QList<Question> questions;
    QStringList shown;

    void openFile(QWidget* parent, const FileRequest& request, std::function<void(QString)> done) override;
    void saveFile(QWidget* parent, const FileRequest& request, std::function<void(QString)> done) override;
    void openFolder(QWidget* parent, const FileRequest& request, std::function<void(QString)> done) override;
    void ask(QWidget* parent, const Question& question, std::function<void(int)> done) override;
    void showFile(const QString& path) override;
    void openUrl(const QString& url) override;
};

} // namespace qdrant2pg::test
