// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/dialogs.h"

#include <QDesktopServices>
#include <QFileDialog>
#include <QMessageBox>
#include <QPushButton>
#include <QUrl>

namespace qdrant2pg {

namespace {

void showFileDialog(QWidget* parent, const FileRequest& request, QFileDialog::AcceptMode accept,
    QFileDialog::FileMode mode, std::function<void(QString)> done)
{
    auto* dialog = new QFileDialog(parent, request.title, request.folder);
    dialog->setObjectName(QStringLiteral("fileDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(accept);
    dialog->setFileMode(mode);
    if (mode == QFileDialog::Directory)
        dialog->setOption(QFileDialog::ShowDirsOnly);
    if (!request.filters.isEmpty())
        dialog->setNameFilters(request.filters);
    dialog->setDefaultSuffix(request.defaultSuffix);
    if (!request.suggestedName.isEmpty())
        dialog->selectFile(request.suggestedName);
    QObject::connect(dialog, &QFileDialog::finished, parent, [dialog, done = std::move(done)](int result) {
        done(result == QDialog::Accepted ? dialog->selectedFiles().value(0) : QString());
    });
    dialog->open();
}

} // namespace

void DesktopDialogs::openFile(QWidget* parent, const FileRequest& request, std::function<void(QString)> done)
{
    showFileDialog(parent, request, QFileDialog::AcceptOpen, QFileDialog::ExistingFile, std::move(done));
}

void DesktopDialogs::saveFile(QWidget* parent, const FileRequest& request, std::function<void(QString)> done)
{
    showFileDialog(parent, request, QFileDialog::AcceptSave, QFileDialog::AnyFile, std::move(done));
}

void DesktopDialogs::openFolder(
    QWidget* parent, const FileRequest& request, std::function<void(QString)> done)
{
    showFileDialog(parent, request, QFileDialog::AcceptOpen, QFileDialog::Directory, std::move(done));
}

void DesktopDialogs::ask(QWidget* parent, const Question& question, std::function<void(int)> done)
{
    auto* box = new QMessageBox(parent);
    box->setObjectName(QStringLiteral("questionMessageBox"));
    box->setAttribute(Qt::WA_DeleteOnClose);
    box->setWindowTitle(question.title);
    box->setText(question.text);
    box->setInformativeText(question.detail);
    QList<QAbstractButton*> buttons;
    for (qsizetype i = 0; i < question.answers.size(); ++i) {
        const bool last = i + 1 == question.answers.size();
        QPushButton* button =
            box->addButton(question.answers[i], last ? QMessageBox::RejectRole : QMessageBox::AcceptRole);
        if (i == 0)
            box->setDefaultButton(button);
        if (last)
            box->setEscapeButton(button);
        buttons.append(button);
    }
    QObject::connect(box, &QMessageBox::finished, parent, [box, buttons, done = std::move(done)] {
        const auto index = buttons.indexOf(box->clickedButton());
        done(static_cast<int>(index < 0 ? buttons.size() - 1 : index));
    });
    box->open();
}

void DesktopDialogs::showFile(const QString& path)
{
    QDesktopServices::openUrl(QUrl::fromLocalFile(path));
}

void DesktopDialogs::openUrl(const QString& url)
{
    QDesktopServices::openUrl(QUrl(url));
}

} // namespace qdrant2pg
