// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/command.h"

#include "core/common/nearestname.h"

#include <QCommandLineParser>

#include <algorithm>

namespace qdrant2pg::cli {

namespace {

Error usageError(const QString& summary, const QString& hint)
{
    return makeError(ErrorKind::Usage, summary, {}, hint);
}

QString helpHint(const Command& command)
{
    return QStringLiteral("`qdrant2pg %1 --help` lists the options.").arg(command.name);
}

/// Secrets must not stand in a command line, where every user of the machine can read them.
std::optional<Error> secretRefusal(const QString& option)
{
    if (option == QLatin1String("api-key")) {
        return usageError(
            QStringLiteral(
                "The API key must not stand on the command line, where other users of this machine can "
                "read it."),
            QStringLiteral(
                "Put it into the environment (QDRANT_API_KEY) or into a file that only you can read "
                "(--api-key-file FILE). Since it was given here, consider replacing it."));
    }
    if (option == QLatin1String("password")) {
        return usageError(
            QStringLiteral(
                "The password must not stand on the command line, where other users of this machine can "
                "read it."),
            QStringLiteral(
                "Put it into DATABASE_URL, PGPASSWORD or ~/.pgpass, or into a file that only you can read "
                "(--password-file FILE). Since it was given here, consider replacing it."));
    }
    return std::nullopt;
}

std::optional<Error> checkValue(const Command& command, const OptionSpec& spec, const QString& value)
{
    const QString shown = QStringLiteral("--") + spec.name();
    switch (spec.kind) {
    case OptionSpec::Kind::Flag:
    case OptionSpec::Kind::Text:
        return std::nullopt;
    case OptionSpec::Kind::File:
    case OptionSpec::Kind::Directory:
        if (value.isEmpty())
            return usageError(QStringLiteral("%1 needs a path.").arg(shown), helpHint(command));
        return std::nullopt;
    case OptionSpec::Kind::Number: {
        bool ok = false;
        const qint64 number = value.toLongLong(&ok);
        if (!ok || number < 0)
            return usageError(
                QStringLiteral("%1 needs a whole number of zero or more, not \"%2\".").arg(shown, value),
                helpHint(command));
        return std::nullopt;
    }
    case OptionSpec::Kind::YesNo:
        if (value != QLatin1String("yes") && value != QLatin1String("no"))
            return usageError(
                QStringLiteral("%1 takes yes or no, not \"%2\".").arg(shown, value), helpHint(command));
        return std::nullopt;
    case OptionSpec::Kind::Choice:
        if (!spec.choices.contains(value)) {
            const QString nearest = suggestionFor(value, spec.choices);
            return usageError(QStringLiteral("%1 takes one of %2, not \"%3\".")
                                  .arg(shown, spec.choices.join(QStringLiteral(", ")), value),
                nearest.isEmpty() ? helpHint(command) : QStringLiteral("Did you mean %1?").arg(nearest));
        }
        return std::nullopt;
    }
    return std::nullopt;
}

} // namespace

std::optional<qint64> Invocation::number(const QString& option) const
{
    return has(option) ? std::optional<qint64>(value(option).toLongLong()) : std::nullopt;
}

std::optional<bool> Invocation::yesNo(const QString& option) const
{
    return has(option) ? std::optional<bool>(value(option) == QLatin1String("yes")) : std::nullopt;
}

const OptionSpec* Command::option(const QString& optionName) const
{
    const auto found = std::find_if(options.begin(), options.end(),
        [&](const OptionSpec& spec) { return spec.names.contains(optionName); });
    return found == options.end() ? nullptr : &*found;
}

QString suggestionFor(const QString& word, const QStringList& candidates)
{
    const QString nearest = nearestName(word, candidates);
    if (!nearest.isEmpty() || word.size() < 3)
        return nearest;
    // A word that a candidate begins with is an abbreviation.
    const auto found = std::find_if(candidates.begin(), candidates.end(),
        [&](const QString& candidate) { return candidate.startsWith(word, Qt::CaseInsensitive); });
    return found == candidates.end() ? QString() : *found;
}

Result<Invocation> parseArguments(const Command& command, const QStringList& arguments)
{
    QCommandLineParser parser;
    parser.setOptionsAfterPositionalArgumentsMode(QCommandLineParser::ParseAsOptions);
    for (const OptionSpec& spec : command.options) {
        QCommandLineOption option(spec.names);
        if (spec.kind != OptionSpec::Kind::Flag)
            option.setValueName(spec.valueName.isEmpty() ? QStringLiteral("value") : spec.valueName);
        parser.addOption(option);
    }
    const bool parsed = parser.parse(QStringList{QStringLiteral("qdrant2pg")} + arguments);
    // Refused before anything else is said, so that no other message can echo the secret.
    for (const OptionSpec& spec : command.options) {
        if (spec.hidden && parser.isSet(spec.name())) {
            if (auto refusal = secretRefusal(spec.name()))
                return fail(*refusal);
        }
    }
    if (const QStringList unknown = parser.unknownOptionNames(); !unknown.isEmpty()) {
        QStringList known;
        for (const OptionSpec& spec : command.options) {
            if (!spec.hidden)
                known << spec.name();
        }
        const QString nearest = suggestionFor(unknown.first(), known);
        return fail(usageError(
            QStringLiteral("`qdrant2pg %1` has no option --%2.").arg(command.name, unknown.first()),
            nearest.isEmpty() ? helpHint(command) : QStringLiteral("Did you mean --%1?").arg(nearest)));
    }
    if (!parsed)
        return fail(usageError(parser.errorText() + QLatin1Char('.'), helpHint(command)));

    Invocation invocation;
    invocation.m_positionals = parser.positionalArguments();
    for (const OptionSpec& spec : command.options) {
        if (!parser.isSet(spec.name()))
            continue;
        const QStringList values =
            spec.kind == OptionSpec::Kind::Flag ? QStringList{QString()} : parser.values(spec.name());
        for (const QString& value : values) {
            if (auto error = checkValue(command, spec, value))
                return fail(*error);
        }
        if (values.size() > 1 && !spec.repeatable && spec.kind != OptionSpec::Kind::Flag)
            return fail(usageError(
                QStringLiteral("--%1 was given more than once.").arg(spec.name()), helpHint(command)));
        invocation.m_values.insert(spec.name(), values);
    }
    if (invocation.has(QStringLiteral("help")))
        return invocation;
    if (invocation.m_positionals.size() > command.positionals.size())
        return fail(
            usageError(QStringLiteral("`qdrant2pg %1` does not take the argument \"%2\".")
                           .arg(command.name, invocation.m_positionals.at(command.positionals.size())),
                helpHint(command)));
    for (qsizetype i = invocation.m_positionals.size(); i < command.positionals.size(); ++i) {
        const PositionalSpec& spec = command.positionals.at(i);
        if (spec.required)
            return fail(usageError(
                QStringLiteral("`qdrant2pg %1` needs %2: %3.").arg(command.name, spec.name, spec.help),
                helpHint(command)));
    }
    return invocation;
}

} // namespace qdrant2pg::cli
