// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/wizard/run/closequestion.h"

#include "ui/services/dialogs.h"
#include "ui/wizard/run/migrationsession.h"

#include <QCoreApplication>
#include <QPointer>
#include <QWidget>

namespace qdrant2pg {

bool mayCloseWindow(MigrationSession& session, Dialogs& dialogs, QWidget* page)
{
    if (!session.run.isRunning())
        return true;
    const auto tr = [](const char* text) {
        return QCoreApplication::translate("CloseQuestion", text);
    };
    Question question;
    question.title = tr("The migration is running");
    question.text = tr("Stop the run and close the window?");
    question.detail =
        tr("Pages in flight are finished first. What is stored stays, and the run can be resumed "
           "from the first page.");
    question.answers = {tr("Stop and close"), tr("Keep running")};
    dialogs.ask(page, question, [&run = session.run, window = QPointer<QWidget>(page->window())](int answer) {
        if (answer != 0 || !window)
            return;
        if (!run.isRunning()) {
            window->close();
            return;
        }
        QObject::connect(&run, &RunController::kept, window.data(), &QWidget::close,
            static_cast<Qt::ConnectionType>(Qt::QueuedConnection | Qt::SingleShotConnection));
        run.stop();
    });
    return false;
}

} // namespace qdrant2pg
