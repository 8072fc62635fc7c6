// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/startupvalues.h"

#include "core/plan/planjson.h"
#include "core/postgres/connection.h"
#include "core/profile/secretsource.h"
#include "ui/services/conninfoform.h"
#include "ui/wizard/plandraft.h"

#include <QCommandLineParser>
#include <QCoreApplication>
#include <QFile>
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
    if (const auto proxy = parseProxy(qEnvironmentVariable("QDRANT2PG_PROXY"))) {
        SourceAccess access = draft.sourceAccess();
        access.proxy = *proxy;
        draft.setSourceAccess(access);
    } else {
        problems << tr("QDRANT2PG_PROXY is not the address of a proxy and was ignored.");
    }

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

void addStartupOptions(QCommandLineParser& parser)
{
    parser.addOptions({
        {QStringLiteral("plan"), tr("Start with the choices of this plan file."), QStringLiteral("FILE")},
        {QStringLiteral("source"), tr("Where Qdrant answers."), QStringLiteral("URL")},
        {QStringLiteral("api-key-file"), tr("File whose first line is the API key."), QStringLiteral("FILE")},
        {QStringLiteral("proxy"), tr("Reach Qdrant through http:// or socks5:// there, without a password."),
            QStringLiteral("URL")},
        {{QStringLiteral("c"), QStringLiteral("collection")}, tr("Collection to move; may be repeated."),
            QStringLiteral("NAME")},
        {QStringLiteral("target"), tr("postgres:// URL or libpq keywords, without a password."),
            QStringLiteral("CONNINFO")},
        {QStringLiteral("password-file"), tr("File whose first line is the password."),
            QStringLiteral("FILE")},
        {QStringLiteral("schema"), tr("Schema of the tables."), QStringLiteral("NAME")},
    });
}

QStringList applyOptions(const QCommandLineParser& parser, PlanDraft& draft)
{
    QStringList problems;
    const auto given = [&](const char* name) {
        return parser.value(QLatin1String(name));
    };
    if (const QString path = given("plan"); !path.isEmpty()) {
        QFile file(path);
        const auto plan = file.open(QIODevice::ReadOnly)
            ? planFromJson(file.readAll())
            : Result<MigrationPlan>(
                fail(ErrorKind::File, tr("The plan file cannot be read."), file.errorString()));
        if (plan)
            draft.startFromPlan(*plan, path);
        else
            problems << tr("%1: %2").arg(path, plan.error().toText());
    }
    const auto secret = [&](const char* name, QByteArray& into) {
        if (given(name).isEmpty())
            return;
        if (const auto read = readSecretFile(given(name)))
            into = *read;
        else
            problems << read.error().toText();
    };

    SourcePlan source = draft.source();
    QByteArray key = draft.apiKey();
    if (const QString address = given("source"); !address.isEmpty()) {
        if (const auto tidy = tidySourceAddress(address))
            source.url = tidy->url;
        else
            problems << tr("--source: %1").arg(tidy.error().summary);
    }
    secret("api-key-file", key);
    draft.setSource(source, key);
    if (const QString address = given("proxy"); !address.isEmpty()) {
        SourceAccess access = draft.sourceAccess();
        const auto proxy = parseProxy(address);
        if (proxy && proxy->password.isEmpty()) {
            // The environment may know the password of the same place.
            if (proxy->url() != access.proxy.url())
                access.proxy = *proxy;
            draft.setSourceAccess(access);
        } else {
            problems << (proxy ? tr("--proxy holds a password; use QDRANT2PG_PROXY.")
                               : tr("--proxy: %1").arg(proxy.error().summary));
        }
    }

    TargetPlan target = draft.target();
    QByteArray password = draft.targetPassword();
    if (const QString conninfo = given("target"); !conninfo.isEmpty()) {
        if (const auto parsed = parseConninfo(conninfo); parsed && parsed->password.isEmpty())
            target.conninfo = parsed->form.toConninfo();
        else
            problems << (parsed ? tr("--target holds a password; use --password-file or PGPASSWORD.")
                                : tr("--target: %1").arg(parsed.error().summary));
    }
    if (const QString schema = given("schema"); !schema.isEmpty())
        target.schema = schema;
    secret("password-file", password);
    draft.setTarget(target, password);

    if (const QStringList names = parser.values(QStringLiteral("collection")); !names.isEmpty())
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
