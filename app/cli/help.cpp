// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/command.h"

namespace qdrant2pg::cli {

namespace {

constexpr int textWidth = 96;

QString wrapped(const QString& text, int indent, int width = textWidth)
{
    QStringList lines;
    const QString margin(indent, QLatin1Char(' '));
    for (const QString& paragraph : text.split(QLatin1Char('\n'))) {
        QString line;
        for (const QString& word : paragraph.split(QLatin1Char(' '), Qt::SkipEmptyParts)) {
            if (!line.isEmpty() && indent + line.size() + 1 + word.size() > width) {
                lines << margin + line;
                line.clear();
            }
            line += (line.isEmpty() ? QString() : QStringLiteral(" ")) + word;
        }
        lines << (line.isEmpty() ? QString() : margin + line);
    }
    return lines.join(QLatin1Char('\n'));
}

/// "  left      right ...": a definition list with the right side wrapped under itself.
QString definition(const QString& left, const QString& right, int column)
{
    const QString head = QStringLiteral("  ") + left;
    QString body = wrapped(right, column);
    if (head.size() + 2 <= column)
        return head.leftJustified(column) + body.mid(column) + QLatin1Char('\n');
    return head + QLatin1Char('\n') + body + QLatin1Char('\n');
}

QString optionLabel(const OptionSpec& spec)
{
    QStringList names;
    for (const QString& name : spec.names)
        names << (name.size() == 1 ? QStringLiteral("-") : QStringLiteral("--")) + name;
    QString label = names.join(QStringLiteral(", "));
    if (spec.kind == OptionSpec::Kind::Choice)
        label += QLatin1Char(' ') + spec.choices.join(QLatin1Char('|'));
    else if (spec.kind == OptionSpec::Kind::YesNo)
        label += QStringLiteral(" yes|no");
    else if (spec.kind != OptionSpec::Kind::Flag)
        label += QLatin1Char(' ') + spec.valueName;
    return label;
}

QString optionHelp(const OptionSpec& spec)
{
    QString help = spec.help;
    if (!spec.defaultText.isEmpty())
        help += QStringLiteral(" (default: %1)").arg(spec.defaultText);
    if (spec.repeatable)
        help += QStringLiteral(" May be given several times.");
    return help;
}

QStringList optionGroups(const Command& command)
{
    QStringList groups;
    for (const OptionSpec& spec : command.options) {
        if (!spec.hidden && !groups.contains(spec.group))
            groups << spec.group;
    }
    // The command's own options first, what all commands have last.
    if (groups.removeOne(QString()))
        groups.prepend(QString());
    if (groups.removeOne(QStringLiteral("Output")))
        groups.append(QStringLiteral("Output"));
    return groups;
}

QString usageLine(const Command& command)
{
    QString line = QStringLiteral("qdrant2pg %1").arg(command.name);
    for (const PositionalSpec& spec : command.positionals)
        line += spec.required ? QStringLiteral(" %1").arg(spec.name) : QStringLiteral(" [%1]").arg(spec.name);
    return line + QStringLiteral(" [options]");
}

QString roff(const QString& text)
{
    QString out = text;
    out.replace(QLatin1Char('\\'), QStringLiteral("\\e"));
    out.replace(QLatin1Char('-'), QStringLiteral("\\-"));
    if (out.startsWith(QLatin1Char('.')) || out.startsWith(QLatin1Char('\'')))
        out.prepend(QStringLiteral("\\&"));
    return out;
}

QString optionWords(const Command& command)
{
    QStringList words;
    for (const OptionSpec& spec : command.options) {
        if (!spec.hidden)
            words << QStringLiteral("--") + spec.name();
    }
    return words.join(QLatin1Char(' '));
}

} // namespace

QString overviewText(const QList<Command>& commands)
{
    QString text = QStringLiteral(
        "qdrant2pg takes Qdrant collections into PostgreSQL with pgvector and proves that nothing was "
        "lost.\n\nUsage: qdrant2pg COMMAND [options]\n");
    QStringList groups;
    for (const Command& command : commands) {
        if (!groups.contains(command.group))
            groups << command.group;
    }
    for (const QString& group : groups) {
        text += QStringLiteral("\n%1\n").arg(group);
        for (const Command& command : commands) {
            if (command.group == group)
                text += definition(command.name, command.summary, 18);
        }
    }
    text += QStringLiteral(
        "\nFirst steps\n"
        "  export QDRANT_URL=http://localhost:6333 DATABASE_URL=postgres://user@localhost/db\n"
        "  qdrant2pg inspect                          what the server holds\n"
        "  qdrant2pg check --collection NAME          what would happen; nothing is written\n"
        "  qdrant2pg migrate --collection NAME        move it and compare every row\n"
        "\n`qdrant2pg COMMAND --help` explains one command, `qdrant2pg --version` prints the version.\n");
    return text;
}

QString helpText(const Command& command)
{
    QString text =
        QStringLiteral("Usage: %1\n\n%2\n").arg(usageLine(command), wrapped(command.description, 0));
    if (!command.positionals.isEmpty()) {
        text += QStringLiteral("\nArguments\n");
        for (const PositionalSpec& spec : command.positionals)
            text += definition(spec.name, spec.help, 30);
    }
    for (const QString& group : optionGroups(command)) {
        text += QStringLiteral("\n%1\n").arg(group.isEmpty() ? QStringLiteral("Options") : group);
        for (const OptionSpec& spec : command.options) {
            if (!spec.hidden && spec.group == group)
                text += definition(optionLabel(spec), optionHelp(spec), 30);
        }
    }
    if (!command.environment.isEmpty()) {
        text += QStringLiteral("\nEnvironment (options beat it)\n");
        for (const EnvironmentSpec& spec : command.environment)
            text += definition(spec.name, spec.help, 30);
    }
    text += QStringLiteral("\nExit codes\n");
    for (const ExitCode code : command.exitCodes)
        text += definition(QString::number(static_cast<int>(code)), exitCodeMeaning(code), 7);
    if (!command.examples.isEmpty()) {
        text += QStringLiteral("\nExamples\n");
        for (const ExampleSpec& example : command.examples)
            text += QStringLiteral("  %1\n%2\n").arg(example.line, wrapped(example.help, 6));
    }
    return text;
}

QString manualPage(const QList<Command>& commands, const QString& version)
{
    QString page = QStringLiteral(
        ".TH QDRANT2PG 1 \"\" \"qdrant2pg %1\" \"User Commands\"\n"
        ".SH NAME\nqdrant2pg \\- migrate Qdrant collections to PostgreSQL with pgvector\n"
        ".SH SYNOPSIS\n.B qdrant2pg\n.I COMMAND\n[options]\n"
        ".SH DESCRIPTION\nTakes Qdrant collections into PostgreSQL 16 or newer with pgvector and proves "
        "that nothing was lost: no point is lost, doubled or changed, also after a crash; what cannot be "
        "stored is kept with the reason, and the numbers reconcile.\n")
                       .arg(version);
    page += QStringLiteral(".SH COMMANDS\n");
    for (const Command& command : commands) {
        page += QStringLiteral(".SS %1\n.B %2\n.PP\n").arg(roff(command.name), roff(usageLine(command)));
        for (const QString& paragraph : command.description.split(QLatin1Char('\n'), Qt::SkipEmptyParts))
            page += roff(paragraph) + QStringLiteral("\n.PP\n");
        for (const PositionalSpec& spec : command.positionals)
            page += QStringLiteral(".TP\n.I %1\n%2\n").arg(roff(spec.name), roff(spec.help));
        for (const QString& group : optionGroups(command)) {
            if (!group.isEmpty())
                continue;
            for (const OptionSpec& spec : command.options) {
                if (!spec.hidden && spec.group.isEmpty())
                    page += QStringLiteral(".TP\n.B %1\n%2\n")
                                .arg(roff(optionLabel(spec)), roff(optionHelp(spec)));
            }
        }
        for (const ExampleSpec& example : command.examples)
            page += QStringLiteral(".PP\n%1\n.RS\n.nf\n%2\n.fi\n.RE\n")
                        .arg(roff(example.help), roff(example.line));
    }
    page += QStringLiteral(".SH COMMON OPTIONS\nMost commands know these.\n");
    QStringList seen;
    for (const Command& command : commands) {
        for (const OptionSpec& spec : command.options) {
            if (spec.hidden || spec.group.isEmpty() || seen.contains(spec.name()))
                continue;
            seen << spec.name();
            page += QStringLiteral(".TP\n.B %1\n%2\n").arg(roff(optionLabel(spec)), roff(optionHelp(spec)));
        }
    }
    page += QStringLiteral(".SH ENVIRONMENT\n");
    seen.clear();
    for (const Command& command : commands) {
        for (const EnvironmentSpec& spec : command.environment) {
            if (seen.contains(spec.name))
                continue;
            seen << spec.name;
            page += QStringLiteral(".TP\n.B %1\n%2\n").arg(roff(spec.name), roff(spec.help));
        }
    }
    page += QStringLiteral(".SH EXIT STATUS\n");
    for (const ExitCode code : {ExitCode::Done, ExitCode::DoneWithRejects, ExitCode::Usage, ExitCode::Blocked,
             ExitCode::CannotConnect, ExitCode::Failed, ExitCode::Different, ExitCode::Stopped})
        page +=
            QStringLiteral(".TP\n.B %1\n%2\n").arg(static_cast<int>(code)).arg(roff(exitCodeMeaning(code)));
    page += QStringLiteral(
        ".SH FILES\n.TP\n.I $XDG_STATE_HOME/qdrant2pg/runs/RUN/\nReport (JSON, Markdown, HTML), plan, log "
        "and "
        "rejects of a run; readable by its owner alone.\n.TP\n.I $XDG_CONFIG_HOME/qdrant2pg/profiles.json\n"
        "Connection profiles, without secrets.\n");
    return page;
}

QString bashCompletion(const QList<Command>& commands)
{
    QStringList names;
    QString cases;
    for (const Command& command : commands) {
        names << command.name;
        cases += QStringLiteral("        %1) words=\"%2\" ;;\n").arg(command.name, optionWords(command));
    }
    QString choices;
    QStringList seen;
    QStringList fileOptions;
    for (const Command& command : commands) {
        for (const OptionSpec& spec : command.options) {
            if (spec.hidden || seen.contains(spec.name()))
                continue;
            seen << spec.name();
            const QStringList values = spec.kind == OptionSpec::Kind::YesNo
                ? QStringList{QStringLiteral("yes"), QStringLiteral("no")}
                : spec.choices;
            if (!values.isEmpty())
                choices +=
                    QStringLiteral("        --%1) COMPREPLY=($(compgen -W \"%2\" -- \"$cur\")); return ;;\n")
                        .arg(spec.name(), values.join(QLatin1Char(' ')));
            else if (spec.kind == OptionSpec::Kind::File || spec.kind == OptionSpec::Kind::Directory)
                fileOptions << QStringLiteral("--") + spec.name();
        }
    }
    if (!fileOptions.isEmpty())
        choices += QStringLiteral("        %1) COMPREPLY=($(compgen -f -- \"$cur\")); return ;;\n")
                       .arg(fileOptions.join(QLatin1Char('|')));
    return QStringLiteral(
        "# bash completion for qdrant2pg\n"
        "_qdrant2pg()\n{\n"
        "    local cur=\"${COMP_WORDS[COMP_CWORD]}\" prev=\"${COMP_WORDS[COMP_CWORD-1]}\" words=\"\"\n"
        "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
        "        COMPREPLY=($(compgen -W \"%1 --help --version\" -- \"$cur\"))\n"
        "        return\n"
        "    fi\n"
        "    case \"$prev\" in\n%2    esac\n"
        "    case \"${COMP_WORDS[1]}\" in\n%3    esac\n"
        "    case \"$cur\" in\n"
        "        -*) COMPREPLY=($(compgen -W \"$words\" -- \"$cur\")) ;;\n"
        "        *) COMPREPLY=($(compgen -f -- \"$cur\")) ;;\n"
        "    esac\n}\ncomplete -o filenames -F _qdrant2pg qdrant2pg\n")
        .arg(names.join(QLatin1Char(' ')), choices, cases);
}

QString zshCompletion(const QList<Command>& commands)
{
    const auto quoted = [](QString text) {
        text.replace(QLatin1Char('\''), QStringLiteral("'\\''"));
        return text;
    };
    QString names;
    QString cases;
    for (const Command& command : commands) {
        names += QStringLiteral("    '%1:%2'\n").arg(command.name, quoted(command.summary));
        cases += QStringLiteral("    %1) _arguments").arg(command.name);
        for (const OptionSpec& spec : command.options) {
            if (spec.hidden)
                continue;
            QString help = spec.help;
            help.replace(QLatin1Char('['), QLatin1Char('(')).replace(QLatin1Char(']'), QLatin1Char(')'));
            help.replace(QLatin1Char(':'), QStringLiteral("\\:"));
            QString action;
            if (spec.kind == OptionSpec::Kind::Choice)
                action = QStringLiteral(":value:(%1)").arg(spec.choices.join(QLatin1Char(' ')));
            else if (spec.kind == OptionSpec::Kind::YesNo)
                action = QStringLiteral(":value:(yes no)");
            else if (spec.kind == OptionSpec::Kind::File || spec.kind == OptionSpec::Kind::Directory)
                action = QStringLiteral(":path:_files");
            else if (spec.kind != OptionSpec::Kind::Flag)
                action = QStringLiteral(":%1:").arg(spec.valueName.toLower());
            cases += QStringLiteral(" \\\n      '%1--%2[%3]%4'")
                         .arg(spec.repeatable ? QStringLiteral("*") : QString(), spec.name(), quoted(help),
                             action);
        }
        cases += QStringLiteral(" \\\n      '*:file:_files' ;;\n");
    }
    return QStringLiteral(
        "#compdef qdrant2pg\n"
        "_qdrant2pg() {\n"
        "  local -a commands\n  commands=(\n%1  )\n"
        "  if (( CURRENT == 2 )); then\n    _describe 'command' commands\n    return\n  fi\n"
        "  local command=$words[2]\n  shift words\n  (( CURRENT-- ))\n"
        "  case $command in\n%2  esac\n}\n_qdrant2pg \"$@\"\n")
        .arg(names, cases);
}

} // namespace qdrant2pg::cli
