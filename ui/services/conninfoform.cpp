// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/conninfoform.h"

#include "core/postgres/connection.h"

#include <libpq-fe.h>

#include <QMap>

#include <memory>

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

/// The form's fields by libpq keyword.
QList<std::pair<const char*, QString ConninfoForm::*>> fields()
{
    return {{"host", &ConninfoForm::host}, {"port", &ConninfoForm::port}, {"dbname", &ConninfoForm::database},
        {"user", &ConninfoForm::user}, {"sslmode", &ConninfoForm::sslMode},
        {"service", &ConninfoForm::service}, {"sslrootcert", &ConninfoForm::caFile},
        {"sslcert", &ConninfoForm::certificateFile}, {"sslkey", &ConninfoForm::keyFile},
        {"connect_timeout", &ConninfoForm::connectTimeout}};
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
    if (!others.trimmed().isEmpty())
        parts << others.trimmed();
    return parts.join(QLatin1Char(' '));
}

Result<ParsedConninfo> parseConninfo(const QString& text)
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
    ParsedConninfo parsed;
    parsed.password = split->password;
    QStringList others;
    for (const PQconninfoOption* option = options.get(); option->keyword; ++option) {
        if (!option->val)
            continue;
        const QString value = QString::fromUtf8(option->val);
        bool known = false;
        for (const auto& [keyword, member] : fields()) {
            if (qstrcmp(keyword, option->keyword) != 0)
                continue;
            parsed.form.*member = value;
            known = true;
        }
        if (!known)
            others << QStringLiteral("%1=%2").arg(QLatin1String(option->keyword), quoted(value));
    }
    parsed.form.others = others.join(QLatin1Char(' '));
    return parsed;
}

bool looksLikeConninfo(const QString& text)
{
    const QString trimmed = text.trimmed();
    return trimmed.startsWith(QLatin1String("postgres://"))
        || trimmed.startsWith(QLatin1String("postgresql://"))
        || (trimmed.contains(QLatin1Char('=')) && trimmed.contains(QLatin1String("host")));
}

} // namespace qdrant2pg
