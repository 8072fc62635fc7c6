// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "app/cli/command.h"
#include "tests/cli/clibench.h"

#include <QtTest>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// What needs no server: help, typos, wrong values, refused secrets.
class UsageTest : public QObject {
    Q_OBJECT

private slots:
    void version();
    void overviewNamesEveryCommand();
    void helpOfEveryCommand_data();
    void helpOfEveryCommand();
    void mistakes_data();
    void mistakes();
    void mistakesAsJson();
    void secretsAreRefusedAndNotRepeated_data();
    void secretsAreRefusedAndNotRepeated();
    void noDatabaseIsSaidBeforeAnythingElse();
    void profileThatDoesNotExist();
    void tableIsDescribedOnce();
    void manualTellsWhatHelpTells_data() { helpOfEveryCommand_data(); }
    void manualTellsWhatHelpTells();
    void completionsAndManual();
};

void UsageTest::version()
{
    const ProcessResult result = CliBench().run({QStringLiteral("--version")});
    QDRANT2PG_EXIT(result, 0);
    QCOMPARE(result.standardOutput, QByteArray("qdrant2pg " QDRANT2PG_VERSION "\n"));
    QVERIFY(result.standardError.isEmpty());
}

void UsageTest::overviewNamesEveryCommand()
{
    const CliBench bench;
    const ProcessResult asked = bench.run({QStringLiteral("--help")});
    QDRANT2PG_EXIT(asked, 0);
    for (const cli::Command& command : cli::allCommands())
        QVERIFY2(asked.standardOutput.contains(command.name.toUtf8()), qPrintable(command.name));
    // Without a command nothing was done, and that is told on stderr.
    const ProcessResult bare = bench.run({});
    QDRANT2PG_EXIT(bare, 2);
    QVERIFY(bare.standardOutput.isEmpty());
    QVERIFY(!bare.standardError.isEmpty());
}

void UsageTest::helpOfEveryCommand_data()
{
    QTest::addColumn<QString>("name");
    for (const cli::Command& command : cli::allCommands())
        QTest::newRow(qPrintable(command.name)) << command.name;
}

void UsageTest::helpOfEveryCommand()
{
    QFETCH(QString, name);
    const CliBench bench;
    const ProcessResult result = bench.run({name, QStringLiteral("--help")});
    QDRANT2PG_EXIT(result, 0);
    QVERIFY(result.standardError.isEmpty());
    QVERIFY(result.standardOutput.startsWith("Usage: qdrant2pg " + name.toUtf8()));
    QVERIFY(result.standardOutput.contains("Exit codes"));
    QVERIFY(name == QStringLiteral("help") || result.standardOutput.contains("Examples"));
    QVERIFY(!result.standardOutput.contains("--password "));
    QCOMPARE(bench.run({QStringLiteral("help"), name}).standardOutput, result.standardOutput);
}

void UsageTest::mistakes_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("says");
    QTest::addColumn<QByteArray>("suggests");
    const auto row = [](const char* name, const char* arguments, const char* says, const char* suggests) {
        QTest::newRow(name) << QString::fromLatin1(arguments).split(QLatin1Char(' ')) << QByteArray(says)
                            << QByteArray(suggests);
    };
    row("command", "migarte", "no command migarte", "qdrant2pg migrate");
    row("command begun", "insp", "no command insp", "qdrant2pg inspect");
    row("option", "migrate --colection x", "no option --colection", "--collection");
    row("option first", "--collection x", "The command comes first", "qdrant2pg --help");
    row("choice", "migrate --mode marge", "create, append, merge, replace, not \"marge\"", "merge");
    row("preset", "migrate --preset context_item", "not \"context_item\"", "context_items");
    row("number", "migrate --lanes many", "--lanes needs a whole number", "--help");
    row("negative number", "migrate --max-rejects=-1", "--max-rejects needs a whole number", "--help");
    row("yes or no", "migrate --reject-values maybe", "--reject-values takes yes or no", "--help");
    row("twice", "migrate --lanes 1 --lanes 2", "--lanes was given more than once", "--help");
    row("missing value", "migrate --lanes", "Missing value", "--help");
    row("too many arguments", "runs one", "does not take the argument \"one\"", "--help");
    row("missing argument", "worker", "needs RUN", "--help");
    row("plan file", "plan --plan nothere.json", "The plan file cannot be read", "--save-plan");
    row("address", "inspect --source ftp://x", "is not an http or https URL", "http://localhost:6333");
    row("fix without file", "check --fix", "needs a file", "--save-plan");
    row("import file", "import nothere.csv", "does not exist", "qdrant2pg convert");
}

void UsageTest::mistakes()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, says);
    QFETCH(QByteArray, suggests);
    const ProcessResult result = CliBench().run(arguments);
    QDRANT2PG_EXIT(result, 2);
    QVERIFY(result.standardOutput.isEmpty());
    QDRANT2PG_SAYS(result, says);
    QDRANT2PG_SAYS(result, suggests);
}

void UsageTest::mistakesAsJson()
{
    const ProcessResult result = CliBench().run({QStringLiteral("migrate"), QStringLiteral("--json"),
        QStringLiteral("--lanes"), QStringLiteral("x")});
    QDRANT2PG_EXIT(result, 2);
    const QJsonObject error =
        eventOf(result.standardOutput, "error").value(QStringLiteral("error")).toObject();
    QCOMPARE(error.value(QStringLiteral("kind")).toString(), QStringLiteral("usage"));
}

void UsageTest::secretsAreRefusedAndNotRepeated_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QByteArray>("instead");
    const QString command = QStringLiteral("migrate");
    QTest::newRow("key") << QStringList{command, QStringLiteral("--api-key"), QStringLiteral("canary-4711")}
                         << QByteArray("QDRANT_API_KEY");
    QTest::newRow("key, joined") << QStringList{command, QStringLiteral("--api-key=canary-4711"),
        QStringLiteral("--lanes"), QStringLiteral("x")}
                                 << QByteArray("--api-key-file");
    QTest::newRow("password") << QStringList{command, QStringLiteral("--password"),
        QStringLiteral("canary-4711")}
                              << QByteArray("PGPASSWORD");
    QTest::newRow("in the target") << QStringList{QStringLiteral("runs"), QStringLiteral("--target"),
        QStringLiteral("postgres://u:canary-4711@127.0.0.1:1/d")}
                                   << QByteArray("DATABASE_URL");
    QTest::newRow("in target keywords") << QStringList{QStringLiteral("runs"), QStringLiteral("--target"),
        QStringLiteral("host=127.0.0.1 password=canary-4711")}
                                        << QByteArray("--password-file");
    QTest::newRow("in the source") << QStringList{QStringLiteral("inspect"), QStringLiteral("--source"),
        QStringLiteral("http://u:canary-4711@127.0.0.1:1")}
                                   << QByteArray("--api-key-file");
    QTest::newRow("in the proxy") << QStringList{QStringLiteral("inspect"), QStringLiteral("--proxy"),
        QStringLiteral("socks5://u:canary-4711@127.0.0.1:1")}
                                  << QByteArray("QDRANT2PG_PROXY");
}

void UsageTest::secretsAreRefusedAndNotRepeated()
{
    QFETCH(QStringList, arguments);
    QFETCH(QByteArray, instead);
    const ProcessResult result = CliBench().run(arguments);
    QDRANT2PG_EXIT(result, 2);
    QDRANT2PG_SAYS(result, instead);
    QVERIFY2(!result.standardError.contains("canary") && !result.standardOutput.contains("canary"),
        result.description().constData());
}

void UsageTest::noDatabaseIsSaidBeforeAnythingElse()
{
    const ProcessResult result = CliBench().run({QStringLiteral("runs")});
    QDRANT2PG_EXIT(result, 2);
    QDRANT2PG_SAYS(result, QByteArray("No PostgreSQL database was named"));
    QDRANT2PG_SAYS(result, QByteArray("DATABASE_URL"));
}

void UsageTest::profileThatDoesNotExist()
{
    const ProcessResult result =
        CliBench().run({QStringLiteral("inspect"), QStringLiteral("--profile"), QStringLiteral("prod")});
    QDRANT2PG_EXIT(result, 2);
    QDRANT2PG_SAYS(result, QByteArray("no connection profile named prod"));
}

void UsageTest::tableIsDescribedOnce()
{
    // An option has one meaning everywhere: the same name never takes another kind of value.
    QMap<QString, cli::OptionSpec::Kind> kinds;
    QStringList names;
    for (const cli::Command& command : cli::allCommands()) {
        QVERIFY2(!names.contains(command.name), qPrintable(command.name));
        names << command.name;
        QVERIFY(command.run);
        QStringList options;
        for (const cli::OptionSpec& option : command.options) {
            QVERIFY2(!options.contains(option.name()),
                qPrintable(command.name + QStringLiteral(" --") + option.name()));
            options << option.name();
            QVERIFY(option.hidden || !option.help.isEmpty());
            if (kinds.contains(option.name()))
                QVERIFY2(kinds.value(option.name()) == option.kind, qPrintable(option.name()));
            kinds.insert(option.name(), option.kind);
        }
    }
}

void UsageTest::manualTellsWhatHelpTells()
{
    QFETCH(QString, name);
    const auto plain = [](const QByteArray& text) {
        return QString::fromUtf8(text)
            .replace(QStringLiteral("\\-"), QStringLiteral("-"))
            .replace(QStringLiteral("\\e"), QStringLiteral("\\"))
            .simplified();
    };
    const CliBench bench;
    const QString help = plain(bench.run({name, QStringLiteral("--help")}).standardOutput);
    const QByteArray page = bench.run({QStringLiteral("help"), QStringLiteral("--man")}).standardOutput;
    // The command's own section, and what all commands share.
    const qsizetype begin = page.indexOf("\n.SS " + name.toUtf8().replace('-', "\\-") + "\n");
    QVERIFY(begin >= 0);
    const qsizetype common = page.indexOf("\n.SH COMMON OPTIONS\n");
    QVERIFY(common > begin);
    const qsizetype next = page.indexOf("\n.SS ", begin + 1);
    const QString own = plain(page.mid(begin, (next < 0 ? common : next) - begin));
    const QString shared = plain(page.mid(common));
    const auto commands = cli::allCommands();
    const auto command = std::find_if(commands.begin(), commands.end(),
        [&name](const cli::Command& candidate) { return candidate.name == name; });
    QVERIFY(command != commands.end());
    QVERIFY(own.contains(command->description.simplified().section(QLatin1Char('.'), 0, 0)));
    for (const cli::OptionSpec& option : command->options) {
        if (option.hidden)
            continue;
        const QString& place = option.group.isEmpty() ? own : shared;
        const QString label =
            (option.name().size() == 1 ? QStringLiteral("-") : QStringLiteral("--")) + option.name();
        QVERIFY2(place.contains(label), qPrintable(option.name()));
        QVERIFY2(place.contains(option.help.simplified()), qPrintable(option.name()));
        QVERIFY2(help.contains(label), qPrintable(option.name()));
        QVERIFY2(help.contains(option.help.simplified()), qPrintable(option.name()));
    }
    for (const cli::ExampleSpec& example : command->examples)
        QVERIFY2(own.contains(example.line) && help.contains(example.line), qPrintable(example.line));
    for (const cli::EnvironmentSpec& variable : command->environment)
        QVERIFY2(shared.contains(variable.help.simplified()) && help.contains(variable.help.simplified()),
            qPrintable(variable.name));
}

void UsageTest::completionsAndManual()
{
    const CliBench bench;
    const ProcessResult man = bench.run({QStringLiteral("help"), QStringLiteral("--man")});
    QDRANT2PG_EXIT(man, 0);
    QVERIFY(man.standardOutput.startsWith(".TH QDRANT2PG 1"));
    const ProcessResult bash =
        bench.run({QStringLiteral("help"), QStringLiteral("--completion"), QStringLiteral("bash")});
    QDRANT2PG_EXIT(bash, 0);
    const QString script = bench.write(QStringLiteral("completion.bash"), bash.standardOutput);
    ProcessRequest complete{QStringLiteral("bash")};
    complete.arguments = {QStringLiteral("-c"),
        QStringLiteral(
            "source \"$1\"; COMP_WORDS=(qdrant2pg mig); COMP_CWORD=1; _qdrant2pg; echo ${COMPREPLY[@]}; "
            "COMP_WORDS=(qdrant2pg migrate --mode me); COMP_CWORD=3; _qdrant2pg; echo ${COMPREPLY[@]}; "
            "COMP_WORDS=(qdrant2pg migrate --coll); COMP_CWORD=2; _qdrant2pg; echo ${COMPREPLY[@]}"),
        QStringLiteral("bash"), script};
    const ProcessResult completed = runProcess(complete);
    QDRANT2PG_EXIT(completed, 0);
    QCOMPARE(completed.standardOutput, QByteArray("migrate\nmerge\n--collection\n"));
}

QTEST_GUILESS_MAIN(UsageTest)
#include "usagetest.moc"
