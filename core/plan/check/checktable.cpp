// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/check/checks.h"
#include "core/plan/schema/contextitems.h"
#include "core/plan/targetschema.h"
#include "core/postgres/identifiers.h"

#include <algorithm>

namespace qdrant2pg::checks {

namespace {

bool isOrdinaryTable(const ExistingTable& table)
{
    return table.kind == QLatin1Char('r') || table.kind == QLatin1Char('p');
}

QString kindWords(const ExistingTable& table)
{
    switch (table.kind.toLatin1()) {
    case 'v':
        return QStringLiteral("a view");
    case 'm':
        return QStringLiteral("a materialised view");
    case 'f':
        return QStringLiteral("a foreign table");
    case 'S':
        return QStringLiteral("a sequence");
    case 'i':
    case 'I':
        return QStringLiteral("an index");
    default:
        return QStringLiteral("something that is no table");
    }
}

/// What keeps the rows of the plan from fitting an existing table; the findings name each column.
struct Misfit {
    const char* code;
    QString column;
    QString text;
    QString hint;
};

bool sameType(const ColumnSpec& wanted, const ExistingColumn& found)
{
    if (!found.type)
        return false;
    // numeric without limits, or with more room, holds every id.
    return *found.type == wanted.type;
}

QList<Misfit> misfits(const TableSpec& wanted, const ExistingTable& found)
{
    QList<Misfit> list;
    for (const ColumnSpec& column : wanted.columns) {
        const ExistingColumn* existing = found.column(column.name);
        if (!existing) {
            list << Misfit{"column-missing", column.name,
                QStringLiteral("Table %1 has no column %2 (%3).")
                    .arg(found.name, column.name, column.sqlType()),
                QStringLiteral("Add it (ALTER TABLE ... ADD COLUMN), or leave it out of the plan.")};
        } else if (existing->generated) {
            list << Misfit{"column-generated", column.name,
                QStringLiteral("Column %1 of table %2 is computed and takes no values.")
                    .arg(column.name, found.name),
                QStringLiteral("Leave it out of the plan.")};
        } else if (!sameType(column, *existing)) {
            list << Misfit{"column-type", column.name,
                QStringLiteral("Column %1 of table %2 is %3, the plan writes %4.")
                    .arg(column.name, found.name, existing->sqlType, column.sqlType()),
                QStringLiteral("Use another table, or change the type in the plan.")};
        } else if (isPgvectorType(column.type) && existing->dimensions > 0
            && existing->dimensions != column.dimensions) {
            list << Misfit{"dimension-mismatch", column.name,
                QStringLiteral("Column %1 of table %2 takes vectors of %3 dimensions, the collection has %4.")
                    .arg(column.name, found.name, QString::number(existing->dimensions),
                        QString::number(column.dimensions)),
                QStringLiteral("Use another table, or make this one again for %1 dimensions: vectors of "
                               "another model cannot be mixed.")
                    .arg(column.dimensions)};
        }
    }
    for (const ExistingColumn& existing : found.columns) {
        if (!wanted.column(existing.name) && existing.notNull && !existing.hasDefault && !existing.generated)
            list << Misfit{"column-required", existing.name,
                QStringLiteral(
                    "Column %1 of table %2 must not be empty, has no default, and the plan does not fill it.")
                    .arg(existing.name, found.name),
                QStringLiteral("Give it a default, or map a payload value to it.")};
    }
    return list;
}

bool keyFits(const TableSpec& wanted, const ExistingTable& found)
{
    QStringList have = found.primaryKey;
    QStringList want = wanted.primaryKey;
    have.sort();
    want.sort();
    return have == want;
}

QString freeName(const Findings& findings, const QString& base)
{
    const auto& tables = findings.input().tables;
    for (int n = 2;; ++n) {
        const QString name = fittingIdentifier(QStringLiteral("%1_%2").arg(base).arg(n));
        const bool planned =
            std::any_of(findings.input().plan.collections.begin(), findings.input().plan.collections.end(),
                [&name](const CollectionPlan& plan) { return plan.table == name; });
        if (!planned && !tables.value(name))
            return name;
    }
}

void checkExistsInCreate(Findings& findings, const TableSpec& wanted, const ExistingTable& found)
{
    const bool fits = isOrdinaryTable(found) && misfits(wanted, found).isEmpty();
    const QString mode = QStringLiteral("mode");
    if (!isOrdinaryTable(found)) {
        findings.blocker("table-exists", FindingGroup::CannotMove, QStringLiteral("table"),
            QStringLiteral("%1 exists and is %2.").arg(found.name, kindWords(found)));
    } else if (fits && !found.hasRows) {
        findings.blocker("table-exists", FindingGroup::CannotMove, mode,
            QStringLiteral("Table %1 exists already; it is empty and has the right columns.")
                .arg(found.name));
        findings.fix(
            QStringLiteral("load into the existing table (mode append)"), mode, QStringLiteral("append"));
        return;
    } else if (fits && keyFits(wanted, found)) {
        findings
            .blocker("table-exists", FindingGroup::CannotMove, mode,
                QStringLiteral("Table %1 exists already and holds rows.").arg(found.name))
            .hint = QStringLiteral("append adds rows, merge adds those whose id is not there, replace puts "
                                   "the new rows in the place of all old ones.");
        findings.fix(QStringLiteral("add the points whose id is not there yet (mode merge)"), mode,
            QStringLiteral("merge"));
        return;
    } else {
        findings
            .blocker("table-exists", FindingGroup::CannotMove, mode,
                found.hasRows ? QStringLiteral(
                    "Table %1 exists already, holds rows and has other columns than the plan.")
                                    .arg(found.name)
                              : QStringLiteral("Table %1 exists already and has other columns than the plan.")
                                    .arg(found.name))
            .hint = QStringLiteral(
            "Another table name keeps both; mode replace puts the new table in the place of the old one.");
    }
    if (findings.plan().preset != QLatin1String("context_items")) {
        const QString name = freeName(findings, wanted.name);
        findings.fix(QStringLiteral("load into a new table %1").arg(name), QStringLiteral("table"), name);
    }
}

void checkShape(Findings& findings, const TableSpec& wanted, const ExistingTable& found)
{
    const CollectionPlan& plan = findings.plan();
    if (!isOrdinaryTable(found)) {
        findings.blocker("not-a-table", FindingGroup::CannotMove, QStringLiteral("table"),
            QStringLiteral("%1 is %2 and takes no rows.").arg(found.name, kindWords(found)));
        return;
    }
    for (const Misfit& misfit : misfits(wanted, found)) {
        Finding& finding =
            findings.blocker(misfit.code, FindingGroup::CannotMove, QStringLiteral("table"), misfit.text);
        finding.hint = misfit.hint;
    }
    if (!found.mayInsert)
        findings
            .blocker("insert-not-allowed", FindingGroup::CannotMove, QStringLiteral("table"),
                QStringLiteral("This role may not insert into table %1.").arg(found.name))
            .hint =
            QStringLiteral("Let its owner run: GRANT SELECT, INSERT ON %1 TO %2.")
                .arg(qualifiedName(found.schema, found.name),
                    findings.input().server ? findings.input().server->user : QStringLiteral("<role>"));
    else if (!found.maySelect)
        findings.blocker("select-not-allowed", FindingGroup::CannotMove, QStringLiteral("table"),
            QStringLiteral("This role may not read table %1, which merging and verification need.")
                .arg(found.name));
    if (found.rowSecurity && !(findings.input().server && findings.input().server->superuser))
        findings
            .blocker("row-security", FindingGroup::CannotMove, QStringLiteral("table"),
                QStringLiteral("Table %1 has row-level security, under which COPY is refused.")
                    .arg(found.name))
            .hint = QStringLiteral("Load as its owner or as a role with BYPASSRLS.");
    if (found.hasRowTriggers)
        findings.warning("row-triggers", FindingGroup::WillMove, QStringLiteral("table"),
            QStringLiteral("Table %1 has triggers for each row: they run for every point and slow the load.")
                .arg(found.name));
    const bool merge = plan.mode == TableMode::Merge;
    if (!keyFits(wanted, found)) {
        const QString key = wanted.primaryKey.join(QStringLiteral(", "));
        if (merge)
            findings.blocker("no-matching-key", FindingGroup::CannotMove, QStringLiteral("mode"),
                QStringLiteral("Merging needs a primary key on %1, which table %2 does not have.")
                    .arg(key, found.name));
        else if (found.primaryKey.isEmpty())
            findings.warning("no-matching-key", FindingGroup::WillChange, QStringLiteral("mode"),
                QStringLiteral("Table %1 has no primary key: one on %2 is added after the load.")
                    .arg(found.name, key));
    } else if (!merge && found.hasRows) {
        findings
            .warning("append-may-collide", FindingGroup::CannotMove, QStringLiteral("mode"),
                QStringLiteral("Table %1 holds rows: a point whose id is there already is rejected.")
                    .arg(found.name))
            .hint = QStringLiteral("Mode merge leaves such rows alone and counts them as skipped.");
    }
    QStringList slow;
    for (const ExistingIndex& index : found.indexes) {
        if (index.method == QLatin1String("hnsw") || index.method == QLatin1String("ivfflat"))
            slow << index.name;
    }
    if (!slow.isEmpty())
        findings
            .warning("vector-index-present", FindingGroup::WillMove, QStringLiteral("table"),
                QStringLiteral("Table %1 has the vector index %2 already: loading into it is a hundred times "
                               "slower than building it afterwards.")
                    .arg(found.name, slow.join(QStringLiteral(", "))))
            .hint = QStringLiteral("Drop it before the run; the plan's index is built after the load.");
    int built = 0;
    for (int i = 0; i < plan.indexes.size(); ++i) {
        const IndexPlan& index = plan.indexes.at(i);
        // Its name, generated or not; an index of that name is taken for the planned one.
        const QString name =
            index.kind == QLatin1String("none") ? QString() : wanted.indexes.at(built++).name;
        if (index.kind != QLatin1String("hnsw") && index.kind != QLatin1String("ivfflat"))
            continue;
        const QString column = index.on.isEmpty() ? QString() : quoteIdentifier(index.on.first());
        for (const ExistingIndex& existing : found.indexes) {
            const bool same = existing.method == index.kind && existing.name != name && !index.on.isEmpty()
                && (existing.definition.contains(column)
                    || existing.definition.contains(QLatin1Char('(') + index.on.first()));
            if (same) {
                findings.warning("index-twice", FindingGroup::WillChange,
                    QStringLiteral("indexes[%1]").arg(i),
                    QStringLiteral("Index %1 covers %2 already: the plan would build a second one.")
                        .arg(existing.name, index.on.first()));
                findings.fix(QStringLiteral("leave the planned index out"),
                    QStringLiteral("indexes[%1].kind").arg(i), QStringLiteral("none"));
                break;
            }
        }
    }
}

void checkNamesInPlan(Findings& findings)
{
    const CollectionPlan& plan = findings.plan();
    const QList<CollectionPlan>& all = findings.input().plan.collections;
    const auto sameTable = std::count_if(
        all.begin(), all.end(), [&plan](const CollectionPlan& other) { return other.table == plan.table; });
    // Reported once, for the later ones.
    const auto first = std::find_if(
        all.begin(), all.end(), [&plan](const CollectionPlan& other) { return other.table == plan.table; });
    if (sameTable > 1 && first->name != plan.name) {
        findings.blocker("table-twice", FindingGroup::CannotMove, QStringLiteral("table"),
            QStringLiteral("Collections %1 and %2 would both go into table %3.")
                .arg(first->name, plan.name, plan.table));
        const QString name = freeName(findings, plan.table);
        findings.fix(
            QStringLiteral("load into a table of its own, %1").arg(name), QStringLiteral("table"), name);
    }
    QStringList kept;
    QStringList taken;
    for (const QString& alias : plan.aliasViews) {
        const auto existing = findings.input().tables.value(alias);
        const bool clash = alias == plan.table || (existing && existing->kind != QLatin1Char('v'))
            || std::any_of(all.begin(), all.end(),
                [&alias](const CollectionPlan& other) { return other.table == alias; });
        (clash ? taken : kept) << alias;
    }
    if (!taken.isEmpty()) {
        findings.blocker("alias-name-taken", FindingGroup::CannotMove, QStringLiteral("after.aliasViews"),
            QStringLiteral("No view can be called %1: a table of that name exists or is planned.")
                .arg(taken.join(QStringLiteral(", "))));
        findings.fix(QStringLiteral("leave these views out"), QStringLiteral("after.aliasViews"),
            QJsonValue::fromVariant(QVariant(kept)));
    }
}

} // namespace

void table(Findings& findings)
{
    checkNamesInPlan(findings);
    const CheckInput& input = findings.input();
    const CollectionPlan& plan = findings.plan();
    const auto schema = targetSchema(input.plan, plan, input.server);
    const auto known = input.tables.find(plan.table);
    if (!schema || known == input.tables.end())
        return;
    const std::optional<ExistingTable>& found = *known;
    const bool keeps = plan.mode == TableMode::Append || plan.mode == TableMode::Merge;
    if (!found) {
        if (keeps)
            findings.note("table-will-be-created", FindingGroup::WillMove, QStringLiteral("mode"),
                QStringLiteral("Table %1 does not exist and will be created.").arg(plan.table));
        else if (plan.mode == TableMode::Replace)
            findings.note("nothing-to-replace", FindingGroup::WillMove, QStringLiteral("mode"),
                QStringLiteral("Table %1 does not exist yet: there is nothing to replace.").arg(plan.table));
        return;
    }
    if (plan.mode == TableMode::Create) {
        checkExistsInCreate(findings, schema->table, *found);
    } else if (keeps) {
        checkShape(findings, schema->table, *found);
    } else if (!isOrdinaryTable(*found)) {
        findings.blocker("not-a-table", FindingGroup::CannotMove, QStringLiteral("table"),
            QStringLiteral("%1 is %2 and cannot be replaced by a table.")
                .arg(found->name, kindWords(*found)));
    } else {
        findings
            .warning("replaces-table", FindingGroup::WillChange, QStringLiteral("mode"),
                QStringLiteral("Table %1 %2 will be dropped when the new one takes its place.")
                    .arg(found->name,
                        found->hasRows ? QStringLiteral("and its rows") : QStringLiteral("(empty)")))
            .hint = QStringLiteral(
            "The command line asks for --confirm %1. Rights granted on the old table do not carry over.")
                        .arg(found->name);
    }
}

} // namespace qdrant2pg::checks
