// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/engine/faults/programcase.h"
#include "tests/engine/faults/readonlyfolder.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QTest>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace qdrant2pg::test {

namespace {

using namespace Qt::StringLiterals;
using Action = FaultProxy::Rule::Action;

constexpr int killed = -1;
constexpr int failed = 5;
constexpr int cannotConnect = 4;

const QString exporting = u"export"_s;
const QString converting = u"convert"_s;
const QString importing = u"import"_s;
const QStringList exportAll{u"export"_s, u"--collection"_s, u"things"_s, u"--batch-points"_s,
    QString::number(ProgramRun::batchPoints)};
const QStringList convertAll{u"convert"_s, u"--preset"_s, u"generic"_s};
const QStringList importAll{u"import"_s};
const QString folder = u"migrations/export"_s;
const QString dataFile = u"migrations/data.csv"_s;

void exported(ProgramRun& run)
{
    run.mustRun(exportAll);
}

void converted(ProgramRun& run)
{
    exported(run);
    run.mustRun(convertAll);
}

void release(ProgramRun& run)
{
    run.kept.clear();
}

/// The file as it was, put back by release().
void keepCopy(ProgramRun& run, const QString& file)
{
    const QString copy = file + u".kept"_s;
    if (!QFile::copy(file, copy))
        qFatal("%s cannot be copied", qPrintable(file));
    run.kept.push_back(std::shared_ptr<void>(nullptr, [file, copy](void*) {
        QFile::remove(file);
        QFile::rename(copy, file);
    }));
}

/// A batch file that makes whoever reads it wait, so that a process can be met in the middle of its work.
void strikeAtBatch(ProgramRun& run, int number, const std::function<bool()>& inTheMiddle)
{
    const QString name = run.batch(number);
    QFile kept(name + u".kept"_s);
    if (!kept.open(QIODevice::ReadOnly))
        qFatal("there is no copy of the batch");
    const QByteArray content = kept.readAll();
    const bool struck = QTest::qWaitFor(
        [&] {
            const int pipe = ::open(QFile::encodeName(name).constData(), O_WRONLY | O_NONBLOCK | O_CLOEXEC);
            if (pipe < 0)
                return false;
            const bool now = inTheMiddle();
            if (now) {
                run.killIt();
            } else {
                // Read for another purpose, as by the look at the folder before.
                ::fcntl(pipe, F_SETFL, 0);
                for (qsizetype at = 0; at < content.size();) {
                    const ssize_t sent = ::write(
                        pipe, content.constData() + at, static_cast<std::size_t>(content.size() - at));
                    if (sent <= 0)
                        break;
                    at += sent;
                }
            }
            ::close(pipe);
            return now;
        },
        60'000);
    if (!struck)
        qWarning("the process was never met in the middle");
}

ProgramCase damaged(const QString& fault, const QString& says, std::function<void(ProgramRun&)> damage)
{
    return {.fault = fault,
        .stage = converting,
        .command = convertAll,
        .prepare =
            [damage = std::move(damage)](ProgramRun& run) {
                exported(run);
                damage(run);
            },
        .exitCode = failed,
        .says = says,
        .repair = release,
        .then = {convertAll, importAll},
        .check =
            [](ProgramRun& run) {
                return QFile::exists(run.path(dataFile) + u".part"_s) ? u"a part of a file was left"_s
                                                                      : QString();
            }};
}

QList<ProgramCase> exports()
{
    ProgramCase kill{.fault = u"kill -9"_s,
        .stage = exporting,
        .command = exportAll,
        .prepare = [](ProgramRun& run) { run.atPoints(5, [&run] { run.killIt(); }); },
        .exitCode = killed,
        .then = {exportAll, convertAll, importAll},
        .thenSays = u"were there from an earlier, interrupted export"_s};
    ProgramCase gone{.fault = u"key no longer accepted"_s,
        .stage = exporting,
        .command = exportAll,
        .prepare =
            [](ProgramRun& run) {
                demo::FaultRule rule;
                rule.operation = "scroll";
                rule.first = 5;
                rule.times = 0;
                rule.fault = demo::Fault::error(403, "Forbidden");
                run.bench.server.faults().add(std::move(rule));
            },
        .exitCode = cannotConnect,
        .says = u"The API key does not allow this"_s,
        .repair = [](ProgramRun& run) { run.bench.server.faults().clear(); },
        .then = {exportAll, convertAll, importAll},
        .thenSays = u"were there from an earlier, interrupted export"_s};
    ProgramCase readOnly{.fault = u"read-only folder"_s,
        .stage = exporting,
        .command = exportAll,
        .prepare =
            [](ProgramRun& run) {
                run.kept.push_back(std::make_shared<ReadOnlyFolder>(run.path(u"migrations"_s)));
            },
        .exitCode = failed,
        .says = u"Cannot"_s,
        .repair = release,
        .then = {exportAll, convertAll, importAll}};
    ProgramCase full{.fault = u"disk full"_s,
        .stage = exporting,
        .command = exportAll,
        .prepare =
            [](ProgramRun& run) {
                run.putOnSmallDisk(u"migrations"_s);
                run.atPoints(5, [&run] { run.fillDisk(); });
            },
        .exitCode = failed,
        .says = u"no room left"_s,
        .repair = [](ProgramRun& run) { run.makeRoom(); },
        .then = {exportAll, convertAll, importAll}};
    return {kill, gone, readOnly, full};
}

QList<ProgramCase> conversions()
{
    ProgramCase kill{.fault = u"kill -9"_s,
        .stage = converting,
        .command = convertAll,
        .prepare =
            [](ProgramRun& run) {
                exported(run);
                keepCopy(run, run.batch(5));
                QFile::remove(run.batch(5));
                if (::mkfifo(QFile::encodeName(run.batch(5)).constData(), 0600) != 0)
                    qFatal("no pipe can be made");
            },
        .strike =
            [](ProgramRun& run, TestProcess&) {
                strikeAtBatch(run, 5, [&run] { return QFile::exists(run.path(dataFile) + u".part"_s); });
            },
        .exitCode = killed,
        .repair = release,
        .then = {convertAll, importAll},
        .check =
            [](ProgramRun& run) {
                return QFile::exists(run.path(dataFile) + u".part"_s) ? u"a part of a file was left"_s
                                                                      : QString();
            }};
    ProgramCase readOnly{.fault = u"read-only folder"_s,
        .stage = converting,
        .command = convertAll + QStringList{folder, u"out/data.csv"_s},
        .prepare =
            [](ProgramRun& run) {
                exported(run);
                run.kept.push_back(std::make_shared<ReadOnlyFolder>(run.path(u"out"_s)));
            },
        .exitCode = failed,
        .says = u"Cannot"_s,
        .repair = release,
        .then = {convertAll + QStringList{folder, u"out/data.csv"_s}, {u"import"_s, u"out/data.csv"_s}}};
    ProgramCase full{.fault = u"disk full"_s,
        .stage = converting,
        .command = convertAll + QStringList{folder, u"out/data.csv"_s},
        .prepare =
            [](ProgramRun& run) {
                exported(run);
                run.putOnSmallDisk(u"out"_s);
                run.fillDisk();
            },
        .exitCode = failed,
        .says = u"no room left"_s,
        .repair = [](ProgramRun& run) { run.makeRoom(); },
        .then = {convertAll + QStringList{folder, u"out/data.csv"_s}, {u"import"_s, u"out/data.csv"_s}}};
    return {kill, readOnly, full,
        damaged(u"batch cut short"_s, u"batch_000003.json in migrations/export was changed or damaged"_s,
            [](ProgramRun& run) {
                keepCopy(run, run.batch(3));
                QFile::resize(run.batch(3), 1'000);
            }),
        damaged(u"one byte of a batch flipped"_s,
            u"batch_000003.json in migrations/export was changed or damaged: its content is not"_s,
            [](ProgramRun& run) {
                keepCopy(run, run.batch(3));
                run.changeBytes(run.batch(3), QFileInfo(run.batch(3)).size() / 2, "#");
            }),
        damaged(u"two batches swapped"_s, u"batch_000004.json was changed or damaged"_s,
            [](ProgramRun& run) {
                keepCopy(run, run.batch(3));
                keepCopy(run, run.batch(4));
                const QString aside = run.batch(3) + u".aside"_s;
                QFile::rename(run.batch(3), aside);
                QFile::rename(run.batch(4), run.batch(3));
                QFile::rename(aside, run.batch(4));
            }),
        damaged(u"batch missing"_s, u"batch_000003.json in migrations/export is missing"_s,
            [](ProgramRun& run) {
                keepCopy(run, run.batch(3));
                QFile::remove(run.batch(3));
            }),
        damaged(u"batch of another export added"_s,
            u"batch_000099.json in migrations/export is not listed in manifest.json"_s,
            [](ProgramRun& run) {
                const QString added = run.batch(99);
                QFile::copy(run.batch(3), added);
                run.kept.push_back(std::shared_ptr<void>(nullptr, [added](void*) { QFile::remove(added); }));
            }),
        damaged(u"manifest edited"_s, u"batch_000001.json in migrations/export was changed or damaged"_s,
            [](ProgramRun& run) {
                const QString manifest = run.path(folder + u"/manifest.json"_s);
                keepCopy(run, manifest);
                QFile file(manifest);
                if (!file.open(QIODevice::ReadOnly))
                    qFatal("there is no manifest");
                const QByteArray text = file.readAll();
                const qsizetype hash = text.indexOf("\"sha256\"");
                const qsizetype digit = text.indexOf('"', text.indexOf(':', hash)) + 1;
                run.changeBytes(manifest, digit, text.at(digit) == '0' ? "1" : "0");
            }),
        damaged(u"manifest cut short"_s, u"manifest.json"_s, [](ProgramRun& run) {
            const QString manifest = run.path(folder + u"/manifest.json"_s);
            keepCopy(run, manifest);
            QFile::resize(manifest, QFileInfo(manifest).size() / 2);
        })};
}

ProgramCase importCase(const QString& fault, std::function<void(ProgramRun&)> lay)
{
    return {.fault = fault,
        .stage = importing,
        .command = importAll,
        .prepare =
            [lay = std::move(lay)](ProgramRun& run) {
                converted(run);
                lay(run);
            },
        .exitCode = killed,
        .then = {importAll}};
}

ProgramCase changedData(const QString& fault, std::function<void(ProgramRun&)> change)
{
    ProgramCase result = importCase(fault, [change = std::move(change)](ProgramRun& run) {
        keepCopy(run, run.path(dataFile));
        change(run);
    });
    result.exitCode = failed;
    result.says = u"is not the file that was converted: it was changed or damaged"_s;
    result.repair = [](ProgramRun& run) {
        if (run.bench.database.scalar("SELECT to_regclass('things') IS NULL") != u"t"_s)
            qFatal("a damaged file has made a table");
        release(run);
    };
    return result;
}

QList<ProgramCase> imports()
{
    // The proxy's rule that kills when rows have been sent and this text comes.
    const auto killedAt = [](int first, char type, const QByteArray& text) {
        return [=](ProgramRun& run) {
            run.proxy->add(
                {.action = Action::Call, .type = type, .contains = text, .first = first, .call = [&run] {
                     run.killIt();
                 }});
        };
    };
    // Rows travel in pieces of 64 KB, four megabytes to a transaction.
    ProgramCase second =
        importCase(u"kill -9 in the COPY of the second transaction"_s, killedAt(75, 'd', {}));
    second.check = [](ProgramRun& run) {
        return run.wasKilled() ? QString() : u"nothing was killed"_s;
    };
    ProgramCase commit = importCase(u"kill -9 when the COMMIT of rows is under way"_s, [](ProgramRun& run) {
        auto rows = std::make_shared<std::atomic<bool>>(false);
        run.proxy->add({.action = Action::Call, .type = 'd', .call = [rows] {
                            *rows = true;
                        }});
        run.proxy->add(
            {.action = Action::Call, .type = 'Q', .contains = "COMMIT", .times = 0, .call = [&run, rows] {
                 if (rows->exchange(false))
                     run.killIt();
             }});
    });
    ProgramCase cut = importCase(u"connection lost in COPY"_s,
        [](ProgramRun& run) { run.proxy->add({.action = Action::CutBefore, .type = 'd', .first = 20}); });
    cut.exitCode = 0;
    cut.then = {};
    ProgramCase gone = importCase(u"PostgreSQL refuses rows, disk full (injected)"_s, [](ProgramRun& run) {
        run.proxy->add(
            {.action = Action::Call, .type = 'd', .call = [&run] {
                 run.bench.database.execute(
                     "CREATE FUNCTION spoil() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN RAISE "
                     "EXCEPTION 'No space left on device' USING ERRCODE = '53100'; END $$; CREATE EVENT "
                     "TRIGGER spoil ON ddl_command_start EXECUTE FUNCTION spoil()");
             }});
    });
    gone.exitCode = failed;
    gone.says = u"disk of the PostgreSQL server is full"_s;
    gone.repair = [](ProgramRun& run) {
        run.bench.database.execute("DROP EVENT TRIGGER spoil; DROP FUNCTION spoil()");
    };
    gone.fault = u"disk full, injected error, in the index build"_s;
    return {importCase(u"kill -9 in COPY"_s, killedAt(1, 'd', {})), second, commit,
        importCase(u"kill -9 in the index build"_s, killedAt(1, 0, "CREATE INDEX")), cut, gone,
        changedData(u"one byte of the data file flipped"_s,
            [](ProgramRun& run) { run.changeBytes(run.path(dataFile), 5'000, "#"); }),
        changedData(u"data file cut short"_s, [](ProgramRun& run) {
            QFile::resize(run.path(dataFile), QFileInfo(run.path(dataFile)).size() - 100);
        })};
}

} // namespace

QList<ProgramCase> stagedFaults()
{
    return exports() + conversions() + imports();
}

} // namespace qdrant2pg::test
