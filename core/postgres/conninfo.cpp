// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/postgres/connection.h"

#include <QMap>
#include <QRegularExpression>

#include <libpq-fe.h>

#include <cstdlib>

namespace qdrant2pg {

namespace {

struct OptionsDeleter {
    void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};
using OptionsPointer = std::unique_ptr<PQconninfoOption, OptionsDeleter>;

OptionsPointer parse(const QString& conninfo, QString* problem = nullptr)
{
    char* message = nullptr;
    OptionsPointer options(PQconninfoParse(conninfo.toUtf8().constData(), &message));
    if (!options && problem != nullptr && message != nullptr)
        *problem = QString::fromUtf8(message).trimmed();
    PQfreemem(message);
    return options;
}

bool isUrl(const QString& conninfo)
{
    return conninfo.startsWith(QLatin1String("postgres://"))
        || conninfo.startsWith(QLatin1String("postgresql://"));
}

/// libpq marks what a dialog should hide.
bool isSecret(const PQconninfoOption& option)
{
    return option.dispchar != nullptr && option.dispchar[0] == '*';
}

QMap<QByteArray, QByteArray> openValues(const PQconninfoOption* options)
{
    QMap<QByteArray, QByteArray> values;
    for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
        if (option->val != nullptr && !isSecret(*option))
            values.insert(option->keyword, option->val);
    }
    return values;
}

QByteArray quotedValue(const QByteArray& value)
{
    static const QByteArray plain("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./:,@%+");
    bool quote = value.isEmpty();
    for (const char c : value)
        quote |= !plain.contains(c);
    if (!quote)
        return value;
    QByteArray text = value;
    text.replace("\\", "\\\\").replace("'", "\\'");
    return "'" + text + "'";
}

QString keywordString(const QMap<QByteArray, QByteArray>& values)
{
    static const QList<QByteArray> firstOnes{"service", "host", "hostaddr", "port", "dbname", "user"};
    QByteArrayList parts;
    for (const QByteArray& keyword : firstOnes) {
        if (values.contains(keyword))
            parts << keyword + "=" + quotedValue(values.value(keyword));
    }
    for (auto it = values.begin(); it != values.end(); ++it) {
        if (!firstOnes.contains(it.key()))
            parts << it.key() + "=" + quotedValue(it.value());
    }
    return QString::fromUtf8(parts.join(' '));
}

/// A URL keeps its shape: the password leaves the user part and the query.
QString urlWithoutSecrets(const QString& url)
{
    QString text = url;
    const auto start = text.indexOf(QLatin1String("://")) + 3;
    auto end = start;
    while (end < text.size() && text[end] != QLatin1Char('@') && text[end] != QLatin1Char('/'))
        ++end;
    if (end < text.size() && text[end] == QLatin1Char('@')) {
        const auto colon = text.indexOf(QLatin1Char(':'), start);
        if (colon >= 0 && colon < end)
            text.remove(colon, end - colon);
    }
    const auto question = text.indexOf(QLatin1Char('?'));
    if (question < 0)
        return text;
    QStringList kept;
    const QStringList parameters = text.mid(question + 1).split(QLatin1Char('&'));
    for (const QString& parameter : parameters) {
        if (!parameter.startsWith(QLatin1String("password="))
            && !parameter.startsWith(QLatin1String("sslpassword=")))
            kept << parameter;
    }
    text.truncate(question);
    return kept.isEmpty() ? text : text + QLatin1Char('?') + kept.join(QLatin1Char('&'));
}

} // namespace

Result<SplitConninfo> splitConninfo(const QString& conninfo)
{
    QString problem;
    const QString trimmed = conninfo.trimmed();
    const OptionsPointer options = parse(trimmed, &problem);
    if (!options) {
        // libpq quotes the piece it stumbled over, which may be the password.
        static const QRegularExpression quoted(QStringLiteral("\"[^\"]*\"|'[^']*'"));
        problem.replace(quoted, QStringLiteral("..."));
        return fail(ErrorKind::Usage, QStringLiteral("The connection string of PostgreSQL cannot be read."),
            problem,
            QStringLiteral("Write it as postgres://user@host:5432/database or as host=... port=5432 "
                           "dbname=... user=..."));
    }
    SplitConninfo split;
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val == nullptr)
            continue;
        if (qstrcmp(option->keyword, "password") == 0)
            split.password = option->val;
        else if (qstrcmp(option->keyword, "sslpassword") == 0)
            split.sslPassword = option->val;
    }
    const QMap<QByteArray, QByteArray> values = openValues(options.get());
    if (isUrl(trimmed)) {
        split.withoutPassword = urlWithoutSecrets(trimmed);
        const OptionsPointer again = parse(split.withoutPassword);
        if (again && openValues(again.get()) == values && conninfoHoldsNoSecret(split.withoutPassword))
            return split;
    }
    split.withoutPassword = keywordString(values);
    return split;
}

bool conninfoHoldsNoSecret(const QString& conninfo)
{
    const OptionsPointer options = parse(conninfo);
    if (!options)
        return false;
    for (const PQconninfoOption* option = options.get(); option->keyword != nullptr; ++option) {
        if (option->val != nullptr && isSecret(*option))
            return false;
    }
    return true;
}

QString conninfoValue(const QString& conninfo, const char* keyword)
{
    const auto find = [keyword](const PQconninfoOption* options) -> QString {
        for (const PQconninfoOption* option = options; option != nullptr && option->keyword != nullptr;
             ++option) {
            if (qstrcmp(option->keyword, keyword) == 0 && option->val != nullptr && !isSecret(*option))
                return QString::fromUtf8(option->val);
        }
        return {};
    };
    const OptionsPointer given = parse(conninfo.trimmed());
    if (const QString value = find(given.get()); !value.isEmpty())
        return value;
    const OptionsPointer defaults(PQconndefaults());
    if (const QString value = find(defaults.get()); !value.isEmpty())
        return value;
    return qstrcmp(keyword, "dbname") == 0 ? conninfoValue(conninfo, "user") : QString();
}

} // namespace qdrant2pg
