// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "app/cli/exitcodes.h"
#include "core/common/result.h"

#include <QList>
#include <QMap>
#include <QString>
#include <QStringList>

#include <functional>
#include <optional>

namespace qdrant2pg::cli {

struct CommandContext;

/// One option of a command. The table of options is the only description of the command line: parser, help,
/// man page and completions are made from it.
struct OptionSpec {
    enum class Kind { Flag, Text, Number, File, Directory, Choice, YesNo };
    /// Without dashes; a single letter is a short option.
    QStringList names = {};
    QString valueName = {};
    QString help = {};
    Kind kind = Kind::Text;
    QStringList choices = {};
    /// Shown in help; the code that reads the option applies it.
    QString defaultText = {};
    bool repeatable = false;
    /// Known so that it can be refused in words (secrets), or used by tools; not in help.
    bool hidden = false;
    /// Heading in help; empty for the command's own options.
    QString group = {};

    QString name() const { return names.last(); }
};

struct PositionalSpec {
    QString name;
    QString help;
    bool required = false;
};

struct EnvironmentSpec {
    QString name;
    QString help;
};

struct ExampleSpec {
    QString line;
    QString help;
};

/// The parsed arguments of one command.
class Invocation {
public:
    bool has(const QString& option) const { return m_values.contains(option); }
    /// The last value given; empty when absent.
    QString value(const QString& option) const
    {
        return m_values.value(option).value(m_values.value(option).size() - 1);
    }
    QStringList values(const QString& option) const { return m_values.value(option); }
    /// Validated by the parser; nothing when absent.
    std::optional<qint64> number(const QString& option) const;
    /// yes or no; nothing when absent.
    std::optional<bool> yesNo(const QString& option) const;
    QString positional(int index) const { return m_positionals.value(index); }
    const QStringList& positionals() const { return m_positionals; }

    QMap<QString, QStringList> m_values;
    QStringList m_positionals;
};

/// A sub-command.
struct Command {
    QString name;
    /// One line without a full stop.
    QString summary;
    /// Paragraphs for help and the man page.
    QString description;
    /// Heading in the overview.
    QString group;
    QList<PositionalSpec> positionals;
    QList<OptionSpec> options;
    QList<EnvironmentSpec> environment;
    QList<ExitCode> exitCodes;
    QList<ExampleSpec> examples;
    std::function<ExitCode(CommandContext&)> run;

    const OptionSpec* option(const QString& optionName) const;
};

/// All sub-commands in the order of the overview.
QList<Command> allCommands();

/// Parses what follows the command's name. Usage errors name the option, the values that it takes and the
/// nearest name.
[[nodiscard]] Result<Invocation> parseArguments(const Command& command, const QStringList& arguments);

/// What was meant by a word that is none of the candidates: a typo or an abbreviation of one; empty when
/// nothing is near.
QString suggestionFor(const QString& word, const QStringList& candidates);

QString overviewText(const QList<Command>& commands);
QString helpText(const Command& command);
/// Section 1 manual page in roff for all commands, made from the same table.
QString manualPage(const QList<Command>& commands, const QString& version);
/// Completion scripts, made from the same table.
QString bashCompletion(const QList<Command>& commands);
QString zshCompletion(const QList<Command>& commands);

} // namespace qdrant2pg::cli
