// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/application.h"

#include "app/cli/command.h"
#include "app/cli/commandcontext.h"

#include <QCoreApplication>

#include <algorithm>
#include <exception>

namespace qdrant2pg::cli {

namespace {

int code(ExitCode exitCode)
{
    return static_cast<int>(exitCode);
}

int runCommand(
    const Command& command, const QStringList& arguments, Console& console, SignalWatcher& signalWatcher)
{
    auto parsed = parseArguments(command, arguments);
    if (!parsed) {
        console.setJson(arguments.contains(QStringLiteral("--json")));
        console.error(parsed.error());
        return code(ExitCode::Usage);
    }
    if (parsed->has(QStringLiteral("help"))) {
        console.document(helpText(command).toUtf8());
        return code(ExitCode::Done);
    }
    console.setJson(parsed->has(QStringLiteral("json")));
    if (parsed->has(QStringLiteral("quiet")))
        console.setVerbosity(Console::Verbosity::Quiet);
    else if (parsed->has(QStringLiteral("verbose")))
        console.setVerbosity(Console::Verbosity::Verbose);
    CommandContext context{command, *parsed, console, signalWatcher};
    return code(command.run(context));
}

int dispatch(const QStringList& arguments, Console& console, SignalWatcher& signalWatcher)
{
    const QList<Command> commands = allCommands();
    const QString name = arguments.value(0);
    if (name.isEmpty()) {
        console.warn(overviewText(commands));
        return code(ExitCode::Usage);
    }
    if (name == QLatin1String("--version") || name == QLatin1String("-V")) {
        console.document(QByteArrayLiteral("qdrant2pg " QDRANT2PG_VERSION));
        return code(ExitCode::Done);
    }
    if (name == QLatin1String("--help") || name == QLatin1String("-h")) {
        console.document(overviewText(commands).toUtf8());
        return code(ExitCode::Done);
    }
    QStringList names;
    for (const Command& command : commands) {
        if (command.name == name)
            return runCommand(command, arguments.mid(1), console, signalWatcher);
        names << command.name;
    }
    const QString nearest = suggestionFor(name, names);
    const QString what = name.startsWith(QLatin1Char('-'))
        ? QStringLiteral("The command comes first; %1 stands in its place.")
              .arg(name.section(QLatin1Char('='), 0, 0))
        : QStringLiteral("There is no command %1.").arg(name);
    console.error(makeError(ErrorKind::Usage, what, {},
        nearest.isEmpty() ? QStringLiteral("`qdrant2pg --help` lists the commands.")
                          : QStringLiteral("Did you mean `qdrant2pg %1`?").arg(nearest)));
    return code(ExitCode::Usage);
}

} // namespace

int runApplication(int argc, char** argv)
{
    // Before any thread exists, so that every later one has the signals blocked.
    SignalWatcher signalWatcher;
    const QCoreApplication application(argc, argv);
    QCoreApplication::setApplicationName(QStringLiteral("qdrant2pg"));
    QCoreApplication::setApplicationVersion(QStringLiteral(QDRANT2PG_VERSION));
    Console console;
    try {
        return dispatch(QCoreApplication::arguments().mid(1), console, signalWatcher);
    } catch (const std::exception& exception) {
        console.error(
            makeError(ErrorKind::Internal, QStringLiteral("The program met a fault of its own and ended."),
                QString::fromLocal8Bit(exception.what()),
                QStringLiteral("A run can be resumed. Please report what was done.")));
        return code(ExitCode::Failed);
    }
}

} // namespace qdrant2pg::cli
