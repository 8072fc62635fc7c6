// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/conninfoform.h"

#include "core/postgres/connection.h"

#include <libpq-fe.h>

#include <QMap>

#include <memory>
#include <utility>

namespace qdrant2pg {

namespace {

struct OptionsDeleter {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

QString quoted(const QString& value)
{
    bool plain = !value.isEmpty();
    for (const QChar c : value)
        plain = plain && !c.isSpace() && c != QLatin1Char('\'') && c != QLatin1Char('\\');
    if (plain)
        return value;
    QString text = value;
    text.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('\''), QLatin1String("\\'"));
    return QLatin1Char('\'') + text + QLatin1Char('\'');
}

/// The words of libpq's parameter `options`, without the backslashes that protect blanks.
QStringList optionWords(const QString& text)
{
    QStringList words;
    QString word;
    bool inside = false;
    for (qsizetype i = 0; i < text.size(); ++i) {
        QChar c = text.at(i);
        if (c.isSpace()) {
            if (inside)
                words << std::exchange(word, {});
            inside = false;
            continue;
        }
        if (c == QLatin1Char('\\') && i + 1 < text.size())
            c = text.at(++i);
        word += c;
        inside = true;
    }
    if (inside)
        words << word;
    return words;
}

QString optionText(const QStringList& words)
{
    QStringList parts;
    for (const QString& word : words) {
        QString part;
        for (const QChar c : word) {
            if (c.isSpace() || c == QLatin1Char('\\'))
                part += QLatin1Char('\\');
            part += c;
        }
        parts << part;
    }
    return parts.join(QLatin1Char(' '));
}

/// Takes the search path out of the words; empty when they do not set it.
QString takeSearchPath(QStringList& words)
{
    QString path;
    for (qsizetype i = 0; i < words.size();) {
        const bool apart = words.at(i) == QLatin1String("-c") && i + 1 < words.size();
        const QString setting = apart ? words.at(i + 1)
            : words.at(i).startsWith(QLatin1String("-c")) || words.at(i).startsWith(QLatin1String("--"))
            ? words.at(i).mid(2)
            : QString();
        const qsizetype equals = setting.indexOf(QLatin1Char('='));
        if (setting.left(equals).toLower().replace(QLatin1Char('-'), QLatin1Char('_'))
                != QLatin1String("search_path")
            || equals < 0) {
            ++i;
            continue;
        }
        path = setting.mid(equals + 1);
        words.remove(i, apart ? 2 : 1);
    }
    return path;
}

/// The form's fields by libpq keyword.
QList<std::pair<const char*, QString ConninfoForm::*>> fields()
{
    return {{"host", &ConninfoForm::host}, {"port", &ConninfoForm::port}, {"dbname", &ConninfoForm::database},
        {"user", &ConninfoForm::user}, {"sslmode", &ConninfoForm::sslMode},
        {"service", &ConninfoForm::service}, {"sslrootcert", &ConninfoForm::caFile},
        {"sslcert", &ConninfoForm::certificateFile}, {"sslkey", &ConninfoForm::keyFile},
        {"connect_timeout", &ConninfoForm::connectTimeout}};
}

/// A connection string in its parts; `options` apart, since a field shows one of its settings.
struct Parts {
    ConninfoForm form;
    QByteArray password;
    /// Without the search path.
    QStringList options;
    QStringList others;
};

Result<Parts> takeApart(const QString& text)
{
    auto split = splitConninfo(text.trimmed());
    if (!split)
        return fail(split.error());
    char* message = nullptr;
    const std::unique_ptr<PQconninfoOption, OptionsDeleter> options(
        PQconninfoParse(split->withoutPassword.toUtf8().constData(), &message));
    if (message)
        PQfreemem(message);
    if (!options)
        return fail(ErrorKind::Usage, QStringLiteral("The connection string cannot be read."));
    Parts parts;
    parts.password = split->password;
    for (const PQconninfoOption* option = options.get(); option->keyword; ++option) {
        if (!option->val)
            continue;
        const QString value = QString::fromUtf8(option->val);
        if (qstrcmp(option->keyword, "options") == 0) {
            parts.options = optionWords(value);
            parts.form.searchPath = takeSearchPath(parts.options);
            continue;
        }
        bool known = false;
        for (const auto& [keyword, member] : fields()) {
            if (qstrcmp(keyword, option->keyword) != 0)
                continue;
            parts.form.*member = value;
            known = true;
        }
        if (!known)
            parts.others << QStringLiteral("%1=%2").arg(QLatin1String(option->keyword), quoted(value));
    }
    return parts;
}

QString optionsParameter(const QStringList& words)
{
    return QStringLiteral("options=%1").arg(quoted(optionText(words)));
}

} // namespace

QString ConninfoForm::toConninfo() const
{
    QStringList parts;
    for (const auto& [keyword, member] : fields()) {
        const QString value = (this->*member).trimmed();
        if (!value.isEmpty())
            parts << QStringLiteral("%1=%2").arg(QLatin1String(keyword), quoted(value));
    }
    QString further = others.trimmed();
    if (const QString path = searchPath.trimmed(); !path.isEmpty()) {
        // One parameter holds all settings, and the last that is given counts: both have to be one.
        QStringList words;
        if (const auto apart = takeApart(further)) {
            words = apart->options;
            further = apart->others.join(QLatin1Char(' '));
        }
        words << QStringLiteral("-c") << QStringLiteral("search_path=") + path;
        parts << optionsParameter(words);
    }
    if (!further.isEmpty())
        parts << further;
    return parts.join(QLatin1Char(' '));
}

Result<ParsedConninfo> parseConninfo(const QString& text)
{
    auto parts = takeApart(text);
    if (!parts)
        return fail(parts.error());
    if (!parts->options.isEmpty())
        parts->others << optionsParameter(parts->options);
    parts->form.others = parts->others.join(QLatin1Char(' '));
    return ParsedConninfo{parts->form, parts->password};
}

bool looksLikeConninfo(const QString& text)
{
    const QString trimmed = text.trimmed();
    return trimmed.startsWith(QLatin1String("postgres://"))
        || trimmed.startsWith(QLatin1String("postgresql://"))
        || (trimmed.contains(QLatin1Char('=')) && trimmed.contains(QLatin1String("host")));
}

} // namespace qdrant2pg
