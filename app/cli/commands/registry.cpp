// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/commandcontext.h"
#include "app/cli/commands/commands.h"
#include "app/cli/options.h"

namespace qdrant2pg::cli {

QList<Command> allCommands()
{
    QList<Command> commands{inspectCommand(), planCommand(), checkCommand(), migrateCommand(),
        resumeCommand(), workerCommand(), verifyCommand(), compareSearchCommand(), reportCommand(),
        replayCommand(), runsCommand(), sqlCommand(), rollbackCommand(), exportCommand(), convertCommand(),
        importCommand(), validateCommand()};
    commands.append(helpCommand());
    return commands;
}

QList<ExitCode> runExitCodes()
{
    return {ExitCode::Done, ExitCode::DoneWithRejects, ExitCode::Usage, ExitCode::Blocked,
        ExitCode::CannotConnect, ExitCode::Failed, ExitCode::Different, ExitCode::Stopped};
}

QList<ExitCode> lookExitCodes()
{
    return {ExitCode::Done, ExitCode::Usage, ExitCode::CannotConnect};
}

Command helpCommand()
{
    Command command;
    command.name = QStringLiteral("help");
    command.summary = QStringLiteral("explain qdrant2pg or one command");
    command.description = QStringLiteral("Prints the overview, or the help of the command that is named.");
    command.group = QStringLiteral("Help");
    command.positionals = {{QStringLiteral("COMMAND"), QStringLiteral("a command")}};
    OptionSpec man = flag(QStringLiteral("man"), QStringLiteral("The manual page in roff."));
    man.hidden = true;
    OptionSpec completion = choice(QStringLiteral("completion"),
        {QStringLiteral("bash"), QStringLiteral("zsh")}, QStringLiteral("A completion script."));
    completion.hidden = true;
    command.options = QList<OptionSpec>{man, completion} + outputOptions();
    command.exitCodes = {ExitCode::Done, ExitCode::Usage};
    command.run = [](CommandContext& context) {
        const QList<Command> commands = allCommands();
        if (context.args.has(QStringLiteral("man"))) {
            context.console.document(manualPage(commands, QStringLiteral(QDRANT2PG_VERSION)).toUtf8());
            return ExitCode::Done;
        }
        if (context.args.has(QStringLiteral("completion"))) {
            const bool bash = context.args.value(QStringLiteral("completion")) == QLatin1String("bash");
            context.console.document((bash ? bashCompletion(commands) : zshCompletion(commands)).toUtf8());
            return ExitCode::Done;
        }
        const QString name = context.args.positional(0);
        if (name.isEmpty()) {
            context.console.document(overviewText(commands).toUtf8());
            return ExitCode::Done;
        }
        QStringList names;
        for (const Command& candidate : commands) {
            if (candidate.name == name) {
                context.console.document(helpText(candidate).toUtf8());
                return ExitCode::Done;
            }
            names << candidate.name;
        }
        const QString nearest = suggestionFor(name, names);
        return context.fail(makeError(ErrorKind::Usage, QStringLiteral("There is no command %1.").arg(name),
            {}, nearest.isEmpty() ? QString() : QStringLiteral("Did you mean %1?").arg(nearest)));
    };
    return command;
}

} // namespace qdrant2pg::cli
