// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/ui/support/testdialogs.h"

namespace qdrant2pg::test {

void TestDialogs::openFile(QWidget*, const FileRequest& request, std::function<void(QString)> done)
{
    fileRequests.append(request);
    done(paths.isEmpty() ? QString() : paths.takeFirst());
}

void TestDialogs::saveFile(QWidget* parent, const FileRequest& request, std::function<void(QString)> done)
{
    openFile(parent, request, std::move(done));
}

void TestDialogs::openFolder(QWidget* parent, const FileRequest& request, std::function<void(QString)> done)
{
    openFile(parent, request, std::move(done));
}

void TestDialogs::ask(QWidget*, const Question& question, std::function<void(int)> done)
{
    questions.append(question);
    done(answers.isEmpty() ? static_cast<int>(question.answers.size()) - 1 : answers.takeFirst());
}

void TestDialogs::showFile(const QString& path)
{
    shown.append(path);
}

void TestDialogs::openUrl(const QString& url)
{
    shown.append(url);
}

} // namespace qdrant2pg::test
