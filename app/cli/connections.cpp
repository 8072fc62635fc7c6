// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/connections.h"

#include "core/profile/keychain.h"
#include "core/profile/secretsource.h"

#include <QUrl>

#include <algorithm>
#include <array>

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

namespace qdrant2pg::cli {

namespace {

const QString defaultSourceUrl = QStringLiteral("http://localhost:6333");
constexpr int promptAttempts = 3;

struct Sourced {
    QString text;
    QString origin;
};

/// The first of option, plan, environment, profile and default that says something.
Sourced firstOf(const CommandContext& context, const QString& option, const QString& planValue,
    const char* variable, const QString& profileValue, const QString& fallback)
{
    if (context.args.has(option))
        return {context.args.value(option), QStringLiteral("--") + option};
    if (!planValue.isEmpty())
        return {planValue, QStringLiteral("the plan")};
    if (variable) {
        if (const QString value = qEnvironmentVariable(variable); !value.isEmpty())
            return {value, QLatin1String(variable)};
    }
    if (!profileValue.isEmpty())
        return {profileValue, QStringLiteral("the profile")};
    return {fallback, fallback.isEmpty() ? QString() : QStringLiteral("the default")};
}

QString optionOr(const CommandContext& context, const QString& option, const QString& planValue,
    const QString& profileValue)
{
    return firstOf(context, option, planValue, nullptr, profileValue, {}).text;
}

Result<QUrl> parseSourceUrl(const Sourced& given)
{
    QString text = given.text.trimmed();
    // "localhost:6333" is what people type.
    if (!text.contains(QStringLiteral("://")))
        text.prepend(QStringLiteral("http://"));
    const QUrl url(text, QUrl::StrictMode);
    const bool http = url.scheme() == QLatin1String("http") || url.scheme() == QLatin1String("https");
    if (!url.isValid() || !http || url.host().isEmpty())
        return fail(makeError(ErrorKind::Usage,
            QStringLiteral("The address of Qdrant (%1) is not an http or https URL.").arg(given.origin), {},
            QStringLiteral("It looks like http://localhost:6333 or https://xyz.cloud.qdrant.io:6333.")));
    if (!url.userInfo().isEmpty())
        return fail(makeError(ErrorKind::Usage,
            QStringLiteral(
                "The address of Qdrant (%1) holds a user name or password; Qdrant knows only an API key.")
                .arg(given.origin),
            {},
            QStringLiteral("Put the key into QDRANT_API_KEY or into a file for --api-key-file, and leave it "
                           "out of the URL.")));
    return url;
}

TransportChoice transportFromName(const QString& name)
{
    if (name == QLatin1String("rest"))
        return TransportChoice::Rest;
    return name == QLatin1String("grpc") ? TransportChoice::Grpc : TransportChoice::Auto;
}

/// --proxy, QDRANT2PG_PROXY or the profile; the password comes from the variable alone.
Result<ProxyOptions> resolveProxy(const CommandContext& context, const ConnectionProfile& profile)
{
    constexpr const char* variable = "QDRANT2PG_PROXY";
    const Sourced given = firstOf(context, QStringLiteral("proxy"), {}, variable, profile.proxy, {});
    auto proxy = parseProxy(given.text);
    if (!proxy) {
        proxy.error().summary =
            QStringLiteral("The address of the proxy (%1) cannot be used.").arg(given.origin);
        return proxy;
    }
    if (!proxy->password.isEmpty() && given.origin == QLatin1String("--proxy"))
        return fail(ErrorKind::Usage,
            QStringLiteral(
                "--proxy holds a password, which other users of this machine can read on the command line."),
            {},
            QStringLiteral("Put the whole address into QDRANT2PG_PROXY. Since it was given here, consider "
                           "changing it."));
    // A place that is stored or shown without its password may find it in the environment.
    if (*proxy && proxy->password.isEmpty()) {
        if (const auto other = parseProxy(qEnvironmentVariable(variable));
            other && other->url() == proxy->url())
            proxy->password = other->password;
    }
    context.console.addSecret(proxy->password);
    if (*proxy)
        context.console.detail(
            QStringLiteral("Through the proxy %1 (from %2).").arg(proxy->label(), given.origin));
    return proxy;
}

/// Seconds, 0 when nothing says any.
Result<int> resolveTimeout(const CommandContext& context, const QString& option, int profileValue)
{
    constexpr qint64 mostSeconds = 24 * 3600;
    const qint64 seconds = context.args.number(option).value_or(profileValue);
    if (seconds < 0 || seconds > mostSeconds || (seconds == 0 && context.args.has(option)))
        return fail(
            ErrorKind::Usage, QStringLiteral("--%1 takes 1 to %2 seconds.").arg(option).arg(mostSeconds));
    return static_cast<int>(seconds);
}

bool environmentNamesDatabase()
{
    constexpr std::array variables{"PGHOST", "PGHOSTADDR", "PGPORT", "PGDATABASE", "PGSERVICE", "PGUSER"};
    return std::any_of(variables.begin(), variables.end(),
        [](const char* name) { return !qEnvironmentVariableIsEmpty(name); });
}

/// The password of DATABASE_URL when what was chosen instead of it (a plan, a profile) is the same place:
/// such a place is stored without its password. Never for another server, database or role.
Result<QByteArray> passwordOfEnvironment(const QString& conninfo)
{
    const QString url = qEnvironmentVariable("DATABASE_URL");
    if (url.isEmpty())
        return QByteArray();
    auto split = splitConninfo(url);
    if (!split)
        return fail(split.error());
    for (const char* keyword : {"host", "hostaddr", "port", "dbname", "user"}) {
        if (conninfoValue(split->withoutPassword, keyword) != conninfoValue(conninfo, keyword))
            return QByteArray();
    }
    return split->password;
}

bool wantsPassword(const Error& error)
{
    return error.kind == ErrorKind::Authentication;
}

} // namespace

Result<ConnectionProfile> chosenProfile(const CommandContext& context)
{
    const QString name = context.args.value(QStringLiteral("profile"));
    if (name.isEmpty())
        return ConnectionProfile{};
    auto profiles = ConnectionProfiles::load();
    if (!profiles)
        return fail(profiles.error());
    return profiles->profile(name);
}

Result<ResolvedSource> resolveSource(const CommandContext& context, const SourcePlan* plan)
{
    const SourcePlan fromPlan = plan ? *plan : SourcePlan{};
    auto profile = chosenProfile(context);
    if (!profile)
        return fail(profile.error());
    ResolvedSource source;
    source.profile = profile->name.isEmpty() ? fromPlan.profile : profile->name;
    const Sourced address = firstOf(
        context, QStringLiteral("source"), fromPlan.url, "QDRANT_URL", profile->sourceUrl, defaultSourceUrl);
    auto url = parseSourceUrl(address);
    if (!url)
        return fail(url.error());
    source.options.url = *url;
    source.origin = address.origin;
    source.options.tls = {optionOr(context, QStringLiteral("ca-file"), fromPlan.tls.caFile, profile->caFile),
        optionOr(
            context, QStringLiteral("cert-file"), fromPlan.tls.certificateFile, profile->certificateFile),
        optionOr(context, QStringLiteral("key-file"), fromPlan.tls.keyFile, profile->keyFile),
        context.args.has(QStringLiteral("skip-tls-verification")) || fromPlan.tls.skipVerification
            || profile->skipTlsVerification};
    auto proxy = resolveProxy(context, *profile);
    if (!proxy)
        return fail(proxy.error());
    auto connectTimeout = resolveTimeout(context, QStringLiteral("connect-timeout"), profile->connectTimeout);
    auto requestTimeout = resolveTimeout(context, QStringLiteral("request-timeout"), profile->requestTimeout);
    if (!connectTimeout || !requestTimeout)
        return fail(connectTimeout ? requestTimeout.error() : connectTimeout.error());
    source.options.apply({*proxy, *connectTimeout, *requestTimeout});
    source.options.consistency = fromPlan.consistency;
    source.options.grpcPort =
        static_cast<int>(context.args.number(QStringLiteral("grpc-port"))
                             .value_or(fromPlan.grpcPort ? fromPlan.grpcPort : profile->grpcPort));
    source.transport = fromPlan.transport;
    if (context.args.has(QStringLiteral("transport")))
        source.transport = transportFromName(context.args.value(QStringLiteral("transport")));
    else if (source.transport == TransportChoice::Auto)
        source.transport = transportFromName(profile->transport);

    QString note;
    auto key =
        findSecret({context.args.value(QStringLiteral("api-key-file")), "QDRANT_API_KEY",
                       source.profile.isEmpty() ? QString()
                                                : keychain::keyFor(QStringLiteral("source"), source.profile)},
            &note);
    if (!key)
        return fail(key.error());
    if (!note.isEmpty())
        context.console.warn(QStringLiteral("Note: ") + note);
    if (*key) {
        source.options.apiKey = (*key)->value;
        context.console.addSecret((*key)->value);
        context.console.detail(QStringLiteral("API key from %1.").arg((*key)->origin));
        if (source.options.url.scheme() == QLatin1String("http")
            && source.options.url.host() != QLatin1String("localhost")
            && !source.options.url.host().startsWith(QLatin1String("127.")))
            context.console.warn(
                QStringLiteral("Note: the API key travels unencrypted to %1; https protects it.")
                    .arg(source.options.url.host()));
    }
    return source;
}

Result<ResolvedTarget> resolveTarget(
    const CommandContext& context, const TargetPlan* plan, const QString& guideDefault)
{
    const TargetPlan fromPlan = plan ? *plan : TargetPlan{};
    auto profile = chosenProfile(context);
    if (!profile)
        return fail(profile.error());
    ResolvedTarget target;
    target.profile = profile->name.isEmpty() ? fromPlan.profile : profile->name;
    const QString fallback = environmentNamesDatabase() ? QString() : guideDefault;
    const Sourced place = firstOf(context, QStringLiteral("target"), fromPlan.conninfo, "DATABASE_URL",
        profile->targetConninfo, fallback);
    target.origin = place.text.isEmpty() ? QStringLiteral("the PG* environment") : place.origin;
    target.named = !place.text.isEmpty() || environmentNamesDatabase();
    auto split = splitConninfo(place.text);
    if (!split)
        return fail(split.error());
    if (!split->password.isEmpty() && context.args.has(QStringLiteral("target")))
        return fail(makeError(ErrorKind::Usage,
            QStringLiteral(
                "--target holds a password, which other users of this machine can read on the command line."),
            {},
            QStringLiteral("Leave it out there and put it into DATABASE_URL (as a whole URL), PGPASSWORD or "
                           "~/.pgpass, or into a "
                           "file for --password-file. Since it was given here, consider changing it.")));
    target.options.conninfo = split->withoutPassword;

    QString note;
    auto password = findSecret({context.args.value(QStringLiteral("password-file")), {}, {}}, &note);
    if (!password)
        return fail(password.error());
    if (!note.isEmpty())
        context.console.warn(QStringLiteral("Note: ") + note);
    // PGPASSWORD and .pgpass are libpq's; the keychain is asked only when none of them can answer.
    if (!*password && !split->password.isEmpty())
        password = Secret{split->password, place.origin};
    if (!*password && place.origin != QLatin1String("DATABASE_URL") && !target.options.conninfo.isEmpty()) {
        auto found = passwordOfEnvironment(target.options.conninfo);
        if (!found)
            return fail(found.error());
        if (!found->isEmpty())
            password = Secret{*found, QStringLiteral("DATABASE_URL")};
    }
    if (!*password && !target.profile.isEmpty() && qEnvironmentVariableIsEmpty("PGPASSWORD")) {
        password = findSecret({{}, {}, keychain::keyFor(QStringLiteral("target"), target.profile)});
        if (!password)
            return fail(password.error());
    }
    if (*password) {
        target.options.password = (*password)->value;
        context.console.addSecret((*password)->value);
        context.console.detail(QStringLiteral("Password from %1.").arg((*password)->origin));
    }
    context.console.addSecret(qgetenv("PGPASSWORD"));
    return target;
}

Result<OpenSource> openSource(const CommandContext& context, ResolvedSource& source)
{
    context.console.detail(
        QStringLiteral("Qdrant at %1 (from %2)").arg(source.options.url.toDisplayString(), source.origin));
    for (int attempt = 0;; ++attempt) {
        QdrantClient client(source.options);
        auto version = client.version();
        if (!version)
            return fail(version.error());
        auto collections = client.collections();
        if (collections)
            return OpenSource{std::move(client), *collections, *version};
        if (collections.error().kind != ErrorKind::Authentication || attempt >= promptAttempts)
            return fail(collections.error());
        auto key = promptSecret(context, QStringLiteral("API key for %1: ").arg(source.options.url.host()));
        if (!key)
            return fail(collections.error());
        source.options.apiKey = *key;
        context.console.addSecret(*key);
    }
}

void respectStrictMode(OpenSource& open, ResolvedSource& source, const QStringList& collections)
{
    int seconds = source.options.serverTimeoutSeconds;
    for (const QString& collection : collections) {
        if (const auto info = open.client.collectionInfo(collection);
            info && info->strictMode.maxTimeoutSeconds)
            seconds =
                std::min(seconds, static_cast<int>(std::max<qint64>(1, *info->strictMode.maxTimeoutSeconds)));
    }
    if (seconds == source.options.serverTimeoutSeconds)
        return;
    source.options.serverTimeoutSeconds = seconds;
    open.client = QdrantClient(source.options);
}

Result<Connection> openTarget(const CommandContext& context, ResolvedTarget& target)
{
    if (!target.named)
        return fail(makeError(ErrorKind::Usage, QStringLiteral("No PostgreSQL database was named."), {},
            QStringLiteral("Give --target postgres://user@host:5432/database, set DATABASE_URL, or use "
                           "libpq's PG* variables.")));
    context.console.detail(QStringLiteral("PostgreSQL at %1 (from %2)")
                               .arg(targetLabel(target.options.conninfo), target.origin));
    for (int attempt = 0;; ++attempt) {
        auto connection = Connection::open(target.options);
        if (connection || !wantsPassword(connection.error()) || attempt >= promptAttempts)
            return connection;
        auto password = promptSecret(
            context, QStringLiteral("Password for %1: ").arg(targetLabel(target.options.conninfo)));
        if (!password)
            return connection;
        target.options.password = *password;
        context.console.addSecret(*password);
    }
}

std::optional<QByteArray> promptSecret(const CommandContext& context, const QString& question)
{
    if (isatty(STDIN_FILENO) != 1)
        return std::nullopt;
    const int terminal = ::open("/dev/tty", O_RDWR | O_CLOEXEC);
    termios before{};
    if (terminal < 0 || tcgetattr(terminal, &before) != 0) {
        if (terminal >= 0)
            ::close(terminal);
        return std::nullopt;
    }
    const auto restore = [terminal, before] {
        tcsetattr(terminal, TCSAFLUSH, &before);
    };
    context.signals_.setExitHook(restore);
    termios silent = before;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(terminal, TCSAFLUSH, &silent);
    context.console.status({});
    const QByteArray prompt = context.console.clean(question).toUtf8();
    QByteArray line;
    if (::write(terminal, prompt.constData(), static_cast<std::size_t>(prompt.size())) == prompt.size()) {
        char byte = 0;
        while (::read(terminal, &byte, 1) == 1 && byte != '\n')
            line.append(byte);
    }
    restore();
    context.signals_.setExitHook({});
    [[maybe_unused]] const auto written = ::write(terminal, "\n", 1);
    ::close(terminal);
    return line.isEmpty() ? std::nullopt : std::optional(line);
}

QString targetLabel(const QString& conninfo)
{
    const QString host = conninfoValue(conninfo, "host");
    const QString port = conninfoValue(conninfo, "port");
    const QString database = conninfoValue(conninfo, "dbname");
    const QString user = conninfoValue(conninfo, "user");
    QString label =
        host.isEmpty() || host.startsWith(QLatin1Char('/')) ? QStringLiteral("the local server") : host;
    if (!port.isEmpty())
        label += QLatin1Char(':') + port;
    label += QLatin1Char('/') + (database.isEmpty() ? user : database);
    return user.isEmpty() ? label : QStringLiteral("%1 as %2").arg(label, user);
}

} // namespace qdrant2pg::cli
