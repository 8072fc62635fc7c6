// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/targetschema.h"

#include "core/plan/schema/contextitems.h"
#include "core/plan/schema/distances.h"
#include "core/plan/schema/indexspecs.h"
#include "core/plan/schema/searchfunctions.h"
#include "core/postgres/identifiers.h"

#include <QRegularExpression>
#include <QSet>

#include <algorithm>

namespace qdrant2pg {

namespace {

const QVersionNumber iterativeScanVersion(0, 8);

QString stagingName(const QString& name)
{
    return fittingIdentifier(name + QStringLiteral("__qdrant2pg_new"));
}

bool isContextItems(const CollectionPlan& plan)
{
    return plan.preset == QLatin1String("context_items");
}

/// Modes that load into a table which is there already, or is made when it is not.
bool keepsTable(TableMode mode)
{
    return mode == TableMode::Append || mode == TableMode::Merge;
}

Result<ColumnSpec> vectorColumn(const CollectionPlan& plan, const VectorPlan& vector)
{
    const auto type = columnTypeFromName(vector.type);
    if (!type)
        return fail(schemaError(plan,
            QStringLiteral("Column %1: %2 is not a type that a vector can have.")
                .arg(vector.column, vector.type)));
    ColumnSpec column;
    column.name = vector.column;
    column.type = *type;
    column.storage = vector.storage;
    if (isPgvectorType(*type)) {
        const qint64 most = *type == ColumnType::Sparsevec ? 1'000'000'000 : 16'000;
        if (vector.dimensions < 1 || vector.dimensions > most)
            return fail(schemaError(plan,
                QStringLiteral("Column %1: %2 takes 1 to %3 dimensions, not %4.")
                    .arg(vector.column, vector.type, QString::number(most),
                        QString::number(vector.dimensions))));
        column.dimensions = vector.dimensions;
    }
    column.notNull = vector.missing == MissingPolicy::Reject;
    return column;
}

Result<QList<ColumnSpec>> tableColumns(const CollectionPlan& plan)
{
    QList<ColumnSpec> columns;
    ColumnSpec id;
    id.name = plan.id.column;
    id.notNull = true;
    switch (plan.id.type) {
    case IdType::Uuid:
        id.type = ColumnType::Uuid;
        break;
    case IdType::Bigint:
        id.type = ColumnType::Bigint;
        break;
    case IdType::Numeric:
        id.type = ColumnType::Numeric;
        id.dimensions = 20;
        break;
    case IdType::Text:
        // Byte order, whatever the database's locale: the order in which rows are compared must not depend on
        // it.
        id.type = ColumnType::Text;
        id.collation = QStringLiteral("C");
        break;
    }
    columns << id;
    if (!plan.shardKeyColumn.isEmpty()) {
        ColumnSpec key;
        key.name = plan.shardKeyColumn;
        key.type = plan.shardKeyType == QLatin1String("jsonb") ? ColumnType::Jsonb : ColumnType::Text;
        key.notNull = true;
        if (key.type == ColumnType::Text)
            key.collation = QStringLiteral("C");
        columns << key;
    }
    for (const VectorPlan& vector : plan.vectors) {
        auto column = vectorColumn(plan, vector);
        if (!column)
            return fail(column.error());
        columns << *column;
    }
    for (const PayloadColumnPlan& payload : plan.payload.columns) {
        const auto type = columnTypeFromName(payload.type);
        if (!type || isPgvectorType(*type))
            return fail(schemaError(plan,
                QStringLiteral("Column %1: %2 is not a type that a payload column can have.")
                    .arg(payload.column, payload.type)));
        ColumnSpec column;
        column.name = payload.column;
        column.type = *type;
        column.notNull = payload.notNull || payload.missing == MissingPolicy::Reject;
        column.references = payload.references;
        columns << column;
    }
    if (plan.payload.keep != PayloadKeep::None) {
        if (plan.payload.column.isEmpty())
            return fail(
                schemaError(plan, QStringLiteral("The payload is kept, but its column has no name.")));
        ColumnSpec payload;
        payload.name = plan.payload.column;
        payload.type = ColumnType::Jsonb;
        columns << payload;
    }

    QSet<QString> names;
    for (const ColumnSpec& column : columns) {
        if (column.name.isEmpty())
            return fail(
                schemaError(plan, QStringLiteral("A column of table %1 has no name.").arg(plan.table)));
        if (column.name != fittingIdentifier(column.name))
            return fail(schemaError(plan,
                QStringLiteral("The column name %1 is longer than the 63 bytes that PostgreSQL keeps.")
                    .arg(column.name)));
        if (names.contains(column.name))
            return fail(schemaError(
                plan, QStringLiteral("The plan uses the column name %1 twice.").arg(column.name)));
        names.insert(column.name);
    }
    return columns;
}

bool isSearchable(const VectorPlan& vector)
{
    return vector.type != QLatin1String("jsonb") && !vector.column.isEmpty();
}

SearchVector searchVector(const CollectionPlan& plan, const VectorPlan& vector)
{
    SearchVector search;
    search.column = vector.column;
    search.type = vector.type;
    search.dimensions = vector.dimensions;
    search.distance = &DistanceOperator::of(vector.distance);
    for (const IndexPlan& index : plan.indexes) {
        if (index.kind == QLatin1String("none") || !index.on.contains(vector.column))
            continue;
        if (vector.distance.isEmpty()) {
            if (const DistanceOperator* distance = DistanceOperator::ofOpclass(index.opclass))
                search.distance = distance;
        }
        search.index = index.kind;
        search.cast = index.cast;
        if (index.kind == QLatin1String("hnsw"))
            search.efSearch =
                std::clamp(index.with.value(QStringLiteral("ef_construction")).toInt(64), 40, 1000);
        break;
    }
    return search;
}

/// The tsvector expression of the first full-text index, for hybrid search: column and configuration.
struct TextIndex {
    QString column;
    QString config;
};
std::optional<TextIndex> textIndex(const CollectionPlan& plan)
{
    static const QRegularExpression expression(
        QStringLiteral("\\Ato_tsvector\\('([a-z_]+)', (\".+\")\\)\\z"));
    for (const IndexPlan& index : plan.indexes) {
        const auto match = expression.match(index.expression);
        if (index.kind == QLatin1String("gin") && match.hasMatch())
            return TextIndex{match.captured(2), match.captured(1)};
    }
    return std::nullopt;
}

QList<SqlFunction> searchFunctions(
    const CollectionPlan& plan, const TargetSchema& schema, const std::optional<ServerProfile>& server)
{
    SearchTable table;
    table.schema = schema.table.schema;
    table.name = schema.table.name;
    table.idColumn = plan.id.column;
    table.idType = schema.table.columns.first().sqlType(schema.vectorSchema);
    table.payloadColumn = plan.payload.keep == PayloadKeep::None ? QString() : plan.payload.column;
    table.vectorSchema = schema.vectorSchema;
    table.iterativeScan = !server || !server->vectorVersion || *server->vectorVersion >= iterativeScanVersion;

    QList<SqlFunction> functions;
    if (isContextItems(plan)) {
        const bool complete = schema.table.column(QStringLiteral("game_id"))
            && schema.table.column(QStringLiteral("content"))
            && schema.table.column(QStringLiteral("metadata"));
        for (const VectorPlan& vector : plan.vectors) {
            if (complete && vector.column == QLatin1String("embedding"))
                return contextItemsFunctions(table, searchVector(plan, vector));
        }
        return functions;
    }
    bool first = true;
    QStringList maxSims;
    for (const VectorPlan& vector : plan.vectors) {
        if (!isSearchable(vector))
            continue;
        const SearchVector search = searchVector(plan, vector);
        if (vector.type == QLatin1String("vector[]")) {
            const SqlFunction maxSim = maxSimFunction(table, *search.distance);
            if (!maxSims.contains(maxSim.signature))
                functions << maxSim;
            maxSims << maxSim.signature;
        }
        const QString suffix = first ? QString() : QLatin1Char('_') + vector.column;
        functions << matchFunction(
            table, search, fittingIdentifier(QStringLiteral("match_") + plan.table + suffix));
        const auto text = textIndex(plan);
        const bool dense = vector.type == QLatin1String("vector") || vector.type == QLatin1String("halfvec");
        if (first && text && dense && plan.shardKeyColumn.isEmpty())
            functions << hybridFunction(table, search, QStringLiteral("t.") + text->column, text->config,
                fittingIdentifier(QStringLiteral("hybrid_search_") + plan.table));
        first = false;
    }
    return functions;
}

bool needsExtension(const TableSpec& table)
{
    return std::any_of(table.columns.begin(), table.columns.end(),
        [](const ColumnSpec& c) { return isPgvectorType(c.type); });
}

DdlStatement createSchemaStatement(const QString& schema)
{
    // CREATE SCHEMA IF NOT EXISTS asks for the right to create even where the schema exists.
    return {QStringLiteral("DO $do$ BEGIN\n    IF to_regnamespace(%1) IS NULL THEN\n        CREATE SCHEMA "
                           "%2;\n    END IF;\nEND $do$")
                .arg(quoteLiteral(quoteIdentifier(schema)), quoteIdentifier(schema)),
        QStringLiteral("Create the schema %1 if it is missing").arg(schema), false};
}

void addBefore(TargetSchema& schema, const CollectionPlan& plan, const std::optional<ServerProfile>& server)
{
    const TableSpec& table = schema.table;
    if (needsExtension(table) && !(server && server->vectorVersion))
        schema.before << DdlStatement{QStringLiteral("CREATE EXTENSION IF NOT EXISTS vector"),
            QStringLiteral("Create the extension pgvector in this database"), false};
    if (table.schema != QLatin1String("public"))
        schema.before << createSchemaStatement(table.schema);
    if (isContextItems(plan))
        schema.before << contextitems::parentTables(table.schema);

    TableSpec load = table;
    load.name = schema.loadName;
    if (isContextItems(plan))
        load.columns << contextitems::unloadedColumns();
    for (ColumnSpec& column : load.columns) {
        // Keys to the parents are added after the load, where all rows are checked at once.
        if (isContextItems(plan))
            column.references.clear();
    }
    if (plan.mode == TableMode::Replace)
        schema.before << DdlStatement{
            QStringLiteral("DROP TABLE IF EXISTS %1").arg(qualifiedName(load.schema, load.name)),
            QStringLiteral("Drop what an earlier, unpublished run left in %1").arg(load.name), false};
    // Merging looks rows up by their key while it loads; otherwise the key is cheaper to build afterwards.
    const bool keyNow = keepsTable(plan.mode);
    QString create = createTableSql(load, schema.vectorSchema, keyNow);
    if (keyNow && create.startsWith(QLatin1String("CREATE TABLE ")))
        create.insert(13, QStringLiteral("IF NOT EXISTS "));
    schema.before << DdlStatement{create,
        keyNow ? QStringLiteral("Create the table %1 if it is missing").arg(load.name)
               : QStringLiteral("Create the table %1, without indexes for the load").arg(load.name),
        false};
}

void addAfter(TargetSchema& schema, const CollectionPlan& plan, const QList<SqlFunction>& functions)
{
    TableSpec load = schema.table;
    load.name = schema.loadName;
    if (!keepsTable(plan.mode))
        schema.primaryKey << DdlStatement{
            addPrimaryKeySql(load), QStringLiteral("Add the primary key"), false};
    for (IndexSpec index : load.indexes) {
        // A replacement's indexes are built beside those of the table it replaces, and take their names in
        // the swap.
        if (plan.mode == TableMode::Replace)
            index.name = stagingName(index.name);
        schema.indexes << DdlStatement{createIndexSql(load, index, false),
            index.reason.isEmpty() ? QStringLiteral("Build the index %1").arg(index.name)
                                   : QStringLiteral("Build the index %1: %2").arg(index.name, index.reason),
            false};
    }
    if (isContextItems(plan) && plan.parents != ParentPolicy::NoConstraint && !keepsTable(plan.mode))
        schema.after << contextitems::foreignKeys(load.schema, load.name, schema.table);
    if (!plan.comment.isEmpty() && !keepsTable(plan.mode))
        schema.after << DdlStatement{
            QStringLiteral("COMMENT ON TABLE %1 IS %2")
                .arg(qualifiedName(load.schema, load.name), quoteLiteral(plan.comment)),
            QStringLiteral("Keep the collection's metadata as the table's comment"), false};

    if (!functions.isEmpty())
        schema.after << DdlStatement{QStringLiteral("SELECT '[0]'::%1")
                                         .arg(vectorTypeName(QStringLiteral("vector"), schema.vectorSchema)),
            QStringLiteral("Load pgvector, so that its settings can be named in functions"), false};
    for (const SqlFunction& function : functions)
        schema.after << function.create();

    QList<DdlStatement>& views = plan.mode == TableMode::Replace ? schema.afterSwap : schema.after;
    for (const QString& alias : plan.aliasViews) {
        const QString view = qualifiedName(schema.table.schema, alias);
        if (plan.mode == TableMode::Replace)
            schema.beforeSwap << DdlStatement{QStringLiteral("DROP VIEW IF EXISTS %1").arg(view),
                QStringLiteral("Drop the view %1, which follows below again").arg(alias), true};
        views << DdlStatement{QStringLiteral("CREATE OR REPLACE VIEW %1 AS SELECT * FROM %2")
                                  .arg(view, qualifiedName(schema.table.schema, schema.table.name)),
            QStringLiteral("View %1 for the alias of that name").arg(alias), false};
    }
}

void addRollback(TargetSchema& schema, const CollectionPlan& plan, const QList<SqlFunction>& functions)
{
    if (keepsTable(plan.mode))
        return;
    // Before it is published, a replacement has touched nothing but its staging table.
    if (plan.mode == TableMode::Create) {
        for (auto it = plan.aliasViews.crbegin(); it != plan.aliasViews.crend(); ++it)
            schema.rollback << DdlStatement{
                QStringLiteral("DROP VIEW IF EXISTS %1").arg(qualifiedName(schema.table.schema, *it)),
                QStringLiteral("Drop the view %1").arg(*it), true};
        for (auto it = functions.crbegin(); it != functions.crend(); ++it)
            schema.rollback << it->drop();
    }
    schema.rollback << DdlStatement{
        QStringLiteral("DROP TABLE IF EXISTS %1").arg(qualifiedName(schema.table.schema, schema.loadName)),
        QStringLiteral("Drop the table %1 with its indexes").arg(schema.loadName), true};
}

} // namespace

QList<DdlStatement> TargetSchema::all() const
{
    return before + primaryKey + indexes + after + beforeSwap + afterSwap;
}

QString loadTableName(const CollectionPlan& collection)
{
    return collection.mode == TableMode::Replace ? stagingName(collection.table) : collection.table;
}

Result<TargetSchema> targetSchema(
    const MigrationPlan& plan, const CollectionPlan& collection, const std::optional<ServerProfile>& server)
{
    if (collection.table.isEmpty() || collection.table != fittingIdentifier(collection.table))
        return fail(schemaError(collection,
            collection.table.isEmpty()
                ? QStringLiteral("Collection %1 has no table name.").arg(collection.name)
                : QStringLiteral("The table name %1 is longer than the 63 bytes that PostgreSQL keeps.")
                      .arg(collection.table)));
    TargetSchema schema;
    schema.table.schema = plan.target.schema;
    schema.table.name = collection.table;
    schema.table.comment = collection.comment;
    schema.loadName = loadTableName(collection);
    if (server && server->vectorVersion && !server->vectorOnSearchPath)
        schema.vectorSchema = server->vectorSchema;
    auto columns = tableColumns(collection);
    if (!columns)
        return fail(columns.error());
    schema.table.columns = *columns;
    schema.table.primaryKey << collection.id.column;
    if (!collection.shardKeyColumn.isEmpty())
        schema.table.primaryKey << collection.shardKeyColumn;
    auto indexes = indexSpecs(collection, schema.table, schema.vectorSchema);
    if (!indexes)
        return fail(indexes.error());
    schema.table.indexes = *indexes;
    if (isContextItems(collection) && collection.parents != ParentPolicy::NoConstraint)
        schema.parents = contextitems::parents(schema.table.schema, schema.table);

    const QList<SqlFunction> functions =
        collection.searchFunctions ? searchFunctions(collection, schema, server) : QList<SqlFunction>();
    addBefore(schema, collection, server);
    addAfter(schema, collection, functions);
    addRollback(schema, collection, functions);
    return schema;
}

} // namespace qdrant2pg
