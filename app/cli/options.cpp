// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/options.h"

#include "core/plan/proposal.h"

namespace qdrant2pg::cli {

namespace {

const QString sourceGroup = QStringLiteral("Source (Qdrant)");
const QString targetGroup = QStringLiteral("Target (PostgreSQL)");
const QString planGroup = QStringLiteral("What becomes what");
const QString runGroup = QStringLiteral("Run");
const QString profileHelp =
    QStringLiteral("Saved connections; what options and the environment leave open comes from there.");
const QString outputGroup = QStringLiteral("Output");

OptionSpec refused(const QString& name)
{
    OptionSpec spec{.names = {name}, .valueName = QStringLiteral("value")};
    spec.hidden = true;
    spec.repeatable = true;
    return spec;
}

} // namespace

OptionSpec flag(const QString& name, const QString& help, const QString& group)
{
    return {.names = {name}, .help = help, .kind = OptionSpec::Kind::Flag, .group = group};
}

OptionSpec text(const QString& name, const QString& valueName, const QString& help, const QString& group)
{
    return {.names = {name},
        .valueName = valueName,
        .help = help,
        .kind = OptionSpec::Kind::Text,
        .group = group};
}

OptionSpec number(const QString& name, const QString& help, const QString& defaultText, const QString& group)
{
    return {.names = {name},
        .valueName = QStringLiteral("N"),
        .help = help,
        .kind = OptionSpec::Kind::Number,
        .defaultText = defaultText,
        .group = group};
}

OptionSpec file(const QString& name, const QString& help, const QString& group)
{
    return {.names = {name},
        .valueName = QStringLiteral("FILE"),
        .help = help,
        .kind = OptionSpec::Kind::File,
        .group = group};
}

OptionSpec folder(const QString& name, const QString& help, const QString& group)
{
    return {.names = {name},
        .valueName = QStringLiteral("DIR"),
        .help = help,
        .kind = OptionSpec::Kind::Directory,
        .group = group};
}

OptionSpec choice(const QString& name, const QStringList& choices, const QString& help,
    const QString& defaultText, const QString& group)
{
    return {.names = {name},
        .valueName = QStringLiteral("WORD"),
        .help = help,
        .kind = OptionSpec::Kind::Choice,
        .choices = choices,
        .defaultText = defaultText,
        .group = group};
}

OptionSpec yesNo(const QString& name, const QString& help, const QString& defaultText, const QString& group)
{
    return {.names = {name},
        .help = help,
        .kind = OptionSpec::Kind::YesNo,
        .defaultText = defaultText,
        .group = group};
}

QList<OptionSpec> outputOptions()
{
    OptionSpec help = flag(QStringLiteral("help"), QStringLiteral("Show this text."), outputGroup);
    help.names.prepend(QStringLiteral("h"));
    OptionSpec quiet =
        flag(QStringLiteral("quiet"), QStringLiteral("Only results, warnings and errors."), outputGroup);
    quiet.names.prepend(QStringLiteral("q"));
    OptionSpec verbose = flag(QStringLiteral("verbose"), QStringLiteral("Say more on stderr."), outputGroup);
    verbose.names.prepend(QStringLiteral("v"));
    return {flag(QStringLiteral("json"), QStringLiteral("Results on stdout as JSON, one object a line."),
                outputGroup),
        quiet, verbose, help};
}

QList<OptionSpec> sourceOptions()
{
    OptionSpec source = text(QStringLiteral("source"), QStringLiteral("URL"),
        QStringLiteral("Where Qdrant answers."), sourceGroup);
    source.defaultText = QStringLiteral("http://localhost:6333");
    return {source,
        file(QStringLiteral("api-key-file"), QStringLiteral("File whose first line is the API key."),
            sourceGroup),
        choice(QStringLiteral("transport"),
            {QStringLiteral("auto"), QStringLiteral("rest"), QStringLiteral("grpc")},
            QStringLiteral("How points are read; gRPC costs both sides less."), QStringLiteral("auto"),
            sourceGroup),
        number(QStringLiteral("grpc-port"), QStringLiteral("Port of Qdrant's gRPC door."),
            QStringLiteral("6334"), sourceGroup),
        file(QStringLiteral("ca-file"), QStringLiteral("Certificate authority of the server, PEM."),
            sourceGroup),
        file(QStringLiteral("cert-file"), QStringLiteral("Client certificate, PEM."), sourceGroup),
        file(QStringLiteral("key-file"), QStringLiteral("Key of the client certificate, PEM."), sourceGroup),
        flag(QStringLiteral("skip-tls-verification"),
            QStringLiteral("Accept any certificate. Whoever sits between can read the data and the key."),
            sourceGroup),
        text(QStringLiteral("proxy"), QStringLiteral("URL"),
            QStringLiteral("Reach Qdrant through http:// or socks5:// there, without a password; then over "
                           "REST."),
            sourceGroup),
        number(QStringLiteral("connect-timeout"), QStringLiteral("Seconds for a connection to Qdrant."),
            QStringLiteral("15"), sourceGroup),
        number(QStringLiteral("request-timeout"),
            QStringLiteral("Seconds without an answer after which a request to Qdrant is given up."),
            QStringLiteral("90"), sourceGroup),
        text(QStringLiteral("profile"), QStringLiteral("NAME"), profileHelp, sourceGroup),
        refused(QStringLiteral("api-key"))};
}

OptionSpec targetProfile()
{
    return text(QStringLiteral("profile"), QStringLiteral("NAME"), profileHelp, targetGroup);
}

QList<OptionSpec> targetOptions()
{
    OptionSpec schema = text(QStringLiteral("schema"), QStringLiteral("NAME"),
        QStringLiteral("Schema of the tables."), targetGroup);
    schema.defaultText = QStringLiteral("public");
    OptionSpec ledger = text(QStringLiteral("ledger-schema"), QStringLiteral("NAME"),
        QStringLiteral("Schema of the book-keeping that makes runs resumable."), targetGroup);
    ledger.defaultText = QStringLiteral("qdrant2pg");
    return {text(QStringLiteral("target"), QStringLiteral("CONNINFO"),
                QStringLiteral("postgres:// URL or libpq keywords, without a password."), targetGroup),
        file(QStringLiteral("password-file"), QStringLiteral("File whose first line is the password."),
            targetGroup),
        schema, ledger, refused(QStringLiteral("password"))};
}

QList<OptionSpec> planOptions()
{
    OptionSpec collection = text(QStringLiteral("collection"), QStringLiteral("NAME"),
        QStringLiteral("Collection to move."), planGroup);
    collection.names.prepend(QStringLiteral("c"));
    collection.repeatable = true;
    OptionSpec table = text(QStringLiteral("table"), QStringLiteral("[COLLECTION=]NAME"),
        QStringLiteral("Name of the table."), planGroup);
    table.repeatable = true;
    table.defaultText = QStringLiteral("the collection's name");
    return {collection,
        flag(QStringLiteral("all-collections"), QStringLiteral("Move every collection that the key can see."),
            planGroup),
        file(QStringLiteral("plan"), QStringLiteral("Use this plan file instead of a proposal."), planGroup),
        choice(QStringLiteral("preset"), presetNames(),
            QStringLiteral("Shape of the tables: one table a collection, or the schema of the game guide."),
            QStringLiteral("generic"), planGroup),
        table,
        choice(QStringLiteral("mode"),
            {QStringLiteral("create"), QStringLiteral("append"), QStringLiteral("merge"),
                QStringLiteral("replace")},
            QStringLiteral(
                "create a new table, append to one, merge by id (rows that are there stay), or replace one."),
            QStringLiteral("create"), planGroup),
        file(QStringLiteral("filter"),
            QStringLiteral("Move only the points that match this Qdrant filter (JSON)."), planGroup),
        number(QStringLiteral("sample"), QStringLiteral("Points looked at to propose columns and types."),
            QStringLiteral("200"), planGroup),
        flag(QStringLiteral("id-pass"),
            QStringLiteral("Read all ids beforehand: exact id kinds and the greatest number."), planGroup)};
}

OptionSpec overrideVerificationOption()
{
    OptionSpec spec = text(QStringLiteral("override-verification"), QStringLiteral("TABLE"),
        QStringLiteral("Mode replace: swap this table in although its verification found differences or did "
                       "not run; the report says so."),
        runGroup);
    spec.repeatable = true;
    return spec;
}

QList<OptionSpec> limitOptions(const QString& defaultText)
{
    return {number(QStringLiteral("max-points-per-second"),
                QStringLiteral("Spare a live source; 0 = no limit."), defaultText, runGroup),
        number(QStringLiteral("max-requests-in-flight"),
            QStringLiteral("Spare a live source: pages asked for at once; 0 = one for each lane."),
            defaultText, runGroup)};
}

QList<OptionSpec> runOptions()
{
    return {number(QStringLiteral("lanes"), QStringLiteral("Parallel readers and writers; 0 = automatic."),
                QStringLiteral("0"), runGroup),
        number(QStringLiteral("ranges"), QStringLiteral("Pieces of the id space; 0 = automatic."),
            QStringLiteral("0"), runGroup),
        number(QStringLiteral("page-bytes"), QStringLiteral("Size of one page; 0 = automatic."),
            QStringLiteral("0"), runGroup),
        limitOptions().at(0), limitOptions().at(1),
        choice(QStringLiteral("on-reject"), {QStringLiteral("continue"), QStringLiteral("stop")},
            QStringLiteral("What to do about a point that cannot be stored."), QStringLiteral("continue"),
            runGroup),
        number(QStringLiteral("max-rejects"), QStringLiteral("More rejected points than this end the run."),
            QStringLiteral("1000"), runGroup),
        yesNo(QStringLiteral("reject-values"),
            QStringLiteral("Keep the rejected points themselves, so that they can be replayed."),
            QStringLiteral("yes"), runGroup),
        choice(QStringLiteral("verify"),
            {QStringLiteral("none"), QStringLiteral("counts"), QStringLiteral("digest"),
                QStringLiteral("full")},
            QStringLiteral("Proof after the load: digest compares every row by hash, full reads the source "
                           "again and names "
                           "every difference."),
            QStringLiteral("digest"), runGroup),
        overrideVerificationOption()};
}

QList<EnvironmentSpec> sourceEnvironment()
{
    return {{QStringLiteral("QDRANT_URL"), QStringLiteral("as --source")},
        {QStringLiteral("QDRANT_API_KEY"), QStringLiteral("the API key; --api-key-file beats it")},
        {QStringLiteral("QDRANT2PG_PROXY"), QStringLiteral("as --proxy, may hold a password")}};
}

QList<EnvironmentSpec> targetEnvironment()
{
    return {{QStringLiteral("DATABASE_URL"), QStringLiteral("as --target, may hold a password")},
        {QStringLiteral("PGPASSWORD, PGHOST, PG*"),
            QStringLiteral(
                "libpq's own, with ~/.pgpass and service files, as every PostgreSQL program takes them")}};
}

QList<EnvironmentSpec> collectionEnvironment()
{
    return {{QStringLiteral("COLLECTION"), QStringLiteral("as --collection")}};
}

QList<OptionSpec> without(QList<OptionSpec> options, const QStringList& names)
{
    options.removeIf([&](const OptionSpec& spec) { return names.contains(spec.name()); });
    return options;
}

} // namespace qdrant2pg::cli
