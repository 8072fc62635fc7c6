// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/startupvalues.h"

#include "core/postgres/connection.h"
#include "ui/services/conninfoform.h"
#include "ui/wizard/plandraft.h"

#include <QCoreApplication>
#include <QUrl>
#include <QUrlQuery>

namespace qdrant2pg {

namespace {

constexpr int grpcDefaultPort = 6334;
constexpr int restDefaultPort = 6333;

QString tr(const char* text)
{
    return QCoreApplication::translate("StartupValues", text);
}

} // namespace

QStringList applyEnvironment(PlanDraft& draft)
{
    QStringList problems;
    SourcePlan source = draft.source();
    QByteArray key = qgetenv("QDRANT_API_KEY");
    if (const QString address = qEnvironmentVariable("QDRANT_URL"); !address.isEmpty()) {
        if (const auto tidy = tidySourceAddress(address)) {
            source.url = tidy->url;
            if (key.isEmpty())
                key = tidy->apiKey;
        } else {
            problems << tr("QDRANT_URL is not an address of a Qdrant server and was ignored.");
        }
    }
    draft.setSource(source, key);

    TargetPlan target = draft.target();
    QByteArray password;
    if (const QString url = qEnvironmentVariable("DATABASE_URL"); !url.isEmpty()) {
        if (const auto parsed = parseConninfo(url)) {
            target.conninfo = parsed->form.toConninfo();
            password = parsed->password;
        } else {
            problems << tr("DATABASE_URL cannot be read and was ignored.");
        }
    } else if (conninfoValue(QString(), "host").isEmpty()) {
        target.conninfo = QStringLiteral("host=localhost");
    }
    draft.setTarget(target, password);

    QStringList names;
    const QStringList given = qEnvironmentVariable("COLLECTION").split(QLatin1Char(','), Qt::SkipEmptyParts);
    for (const QString& name : given)
        names << name.trimmed();
    if (!names.isEmpty())
        draft.setSelected(names);
    return problems;
}

Result<TidyAddress> tidySourceAddress(const QString& text)
{
    QString address = text.trimmed();
    if (address.startsWith(QLatin1String("QDRANT_URL=")))
        address = address.mid(11).trimmed();
    const auto isQuote = [](QChar c) {
        return c == QLatin1Char('"') || c == QLatin1Char('\'');
    };
    while (!address.isEmpty() && isQuote(address.front()))
        address.remove(0, 1);
    while (!address.isEmpty() && isQuote(address.back()))
        address.chop(1);
    if (!address.contains(QLatin1String("://")))
        address.prepend(QLatin1String("http://"));
    QUrl url(address, QUrl::StrictMode);
    const bool http = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !http || url.host().isEmpty())
        return fail(ErrorKind::Usage, tr("This is not the address of a Qdrant server."), {},
            tr("It looks like http://localhost:6333 or https://xyz.cloud.qdrant.io:6333."));
    TidyAddress tidy;
    tidy.apiKey =
        (url.password().isEmpty() ? url.userName(QUrl::FullyDecoded) : url.password(QUrl::FullyDecoded))
            .toUtf8();
    url.setUserInfo({});
    QUrlQuery query(url);
    for (const QString& name :
        {QStringLiteral("api-key"), QStringLiteral("api_key"), QStringLiteral("apiKey")}) {
        if (query.hasQueryItem(name))
            tidy.apiKey = query.queryItemValue(name, QUrl::FullyDecoded).toUtf8();
    }
    url.setQuery(QString());
    url.setFragment(QString());
    // The dashboard's address is what people have at hand.
    if (url.path() == QLatin1String("/") || url.path().startsWith(QLatin1String("/dashboard")))
        url.setPath({});
    if (url.port() < 0)
        url.setPort(restDefaultPort);
    tidy.grpcPort = url.port() == grpcDefaultPort;
    tidy.url = url.toString();
    return tidy;
}

} // namespace qdrant2pg
