// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/unit/plan/checkinputs.h"

#include <QTest>

#include <functional>

using namespace qdrant2pg;
using namespace qdrant2pg::test;

/// The checker over a table that exists already, in every mode.
class CheckTableTest : public QObject {
    Q_OBJECT

private slots:
    void existingTables_data();
    void existingTables();
};

void CheckTableTest::existingTables_data()
{
    QTest::addColumn<QString>("mode");
    QTest::addColumn<std::function<void(ExistingTable&)>>("change");
    QTest::addColumn<QString>("code");
    QTest::addColumn<QString>("severity");
    QTest::addColumn<QString>("fixedMode");
    using TableChange = std::function<void(ExistingTable&)>;
    const auto row = [](const char* name, const char* mode, const char* code, const char* severity,
                         const char* fixedMode, const TableChange& change) {
        QTest::newRow(name) << QString::fromLatin1(mode) << change << QString::fromLatin1(code)
                            << QString::fromLatin1(severity) << QString::fromLatin1(fixedMode);
    };
    row("create, empty and fitting", "create", "table-exists", "blocker", "append", [](ExistingTable&) {});
    row("create, with rows", "create", "table-exists", "blocker", "merge",
        [](ExistingTable& t) { t.hasRows = true; });
    row("create, other shape", "create", "table-exists", "blocker", "create",
        [](ExistingTable& t) { t.columns.removeAt(1); });
    row("create, a view", "create", "table-exists", "blocker", "create",
        [](ExistingTable& t) { t.kind = QLatin1Char('v'); });
    row("append, empty", "append", "append-may-collide", "", "", [](ExistingTable&) {});
    row("append, with rows", "append", "append-may-collide", "warning", "",
        [](ExistingTable& t) { t.hasRows = true; });
    row("append, missing column", "append", "column-missing", "blocker", "",
        [](ExistingTable& t) { t.columns.removeAt(1); });
    row("append, other dimensions", "append", "dimension-mismatch", "blocker", "",
        [](ExistingTable& t) { t.columns[1].dimensions = 768; });
    row("append, no dimensions", "append", "dimension-mismatch", "", "",
        [](ExistingTable& t) { t.columns[1].dimensions = 0; });
    row("append, other type", "append", "column-type", "blocker", "", [](ExistingTable& t) {
        t.columns[0].type = ColumnType::Bigint;
        t.columns[0].sqlType = QStringLiteral("bigint");
    });
    row("append, computed column", "append", "column-generated", "blocker", "",
        [](ExistingTable& t) { t.columns[1].generated = true; });
    row("append, another required column", "append", "column-required", "blocker", "", [](ExistingTable& t) {
        ExistingColumn column;
        column.name = QStringLiteral("tenant");
        column.notNull = true;
        t.columns << column;
    });
    row("append, required with default", "append", "column-required", "", "", [](ExistingTable& t) {
        ExistingColumn column;
        column.name = QStringLiteral("tenant");
        column.notNull = true;
        column.hasDefault = true;
        t.columns << column;
    });
    row("append, no right", "append", "insert-not-allowed", "blocker", "",
        [](ExistingTable& t) { t.mayInsert = false; });
    row("append, not readable", "append", "select-not-allowed", "blocker", "",
        [](ExistingTable& t) { t.maySelect = false; });
    row("append, row security", "append", "row-security", "blocker", "",
        [](ExistingTable& t) { t.rowSecurity = true; });
    row("append, triggers", "append", "row-triggers", "warning", "",
        [](ExistingTable& t) { t.hasRowTriggers = true; });
    row("append, no key", "append", "no-matching-key", "warning", "",
        [](ExistingTable& t) { t.primaryKey.clear(); });
    row("append, a view", "append", "not-a-table", "blocker", "",
        [](ExistingTable& t) { t.kind = QLatin1Char('v'); });
    row("append, vector index", "append", "vector-index-present", "warning", "", [](ExistingTable& t) {
        t.indexes << ExistingIndex{QStringLiteral("mine"), QStringLiteral("hnsw"),
            QStringLiteral("CREATE INDEX mine ON docs USING hnsw (embedding vector_cosine_ops)"), true, false,
            false};
    });
    row("append, index twice", "append", "index-twice", "warning", "append", [](ExistingTable& t) {
        t.indexes << ExistingIndex{QStringLiteral("mine"), QStringLiteral("hnsw"),
            QStringLiteral("CREATE INDEX mine ON docs USING hnsw (embedding vector_cosine_ops)"), true, false,
            false};
    });
    row("merge, no key", "merge", "no-matching-key", "blocker", "",
        [](ExistingTable& t) { t.primaryKey.clear(); });
    row("merge, with rows", "merge", "append-may-collide", "", "",
        [](ExistingTable& t) { t.hasRows = true; });
    row("replace", "replace", "replaces-table", "warning", "", [](ExistingTable& t) { t.hasRows = true; });
    row("replace, a view", "replace", "not-a-table", "blocker", "",
        [](ExistingTable& t) { t.kind = QLatin1Char('v'); });
}

void CheckTableTest::existingTables()
{
    QFETCH(QString, mode);
    QFETCH(std::function<void(ExistingTable&)>, change);
    QFETCH(QString, code);
    QFETCH(QString, severity);
    QFETCH(QString, fixedMode);
    CheckInput input = inputFor(goodFacts());
    CollectionPlan& plan = input.plan.collections.first();
    plan.mode = *tableModeFromName(mode);
    ExistingTable table = tableOf(input);
    change(table);
    input.tables.insert(plan.table, table);
    const QList<Finding> findings = checkPlan(input);
    const Finding* finding = find(findings, code);
    if (severity.isEmpty()) {
        QVERIFY2(!finding, texts(findings).constData());
        QVERIFY2(!hasBlocker(findings), texts(findings).constData());
        return;
    }
    QVERIFY2(finding, texts(findings).constData());
    QCOMPARE(severityName(finding->severity), severity);
    if (fixedMode.isEmpty())
        return;
    const auto fixed = applyFix(input.plan, *finding);
    QVERIFY(fixed.has_value());
    QCOMPARE(tableModeName(fixed->collections.first().mode), fixedMode);
    input.plan = *fixed;
    QVERIFY2(!find(checkPlan(input), code), texts(checkPlan(input)).constData());
}

QTEST_GUILESS_MAIN(CheckTableTest)
#include "checktabletest.moc"
