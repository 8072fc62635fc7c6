// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/plan/schema/distances.h"
#include "core/postgres/tablespec.h"

#include <QList>
#include <QString>
#include <QStringList>

namespace qdrant2pg {

/// A function of the target schema as SQL. Internal to the plan module.
struct SqlFunction {
    /// Qualified and quoted, with argument types: what DROP FUNCTION takes.
    QString signature;
    /// CREATE FUNCTION without the DROP before it.
    QString createSql;
    QString comment;
    QString what;

    /// Replaces a function of the same name and arguments, whatever it returned.
    DdlStatement create() const;
    DdlStatement drop() const;
};

/// The searched table and what all its functions share.
struct SearchTable {
    QString schema;
    QString name;
    QString idColumn;
    QString idType;
    /// jsonb column that is returned and filtered; empty for none.
    QString payloadColumn;
    /// Schema of pgvector's types when they must be qualified; else empty.
    QString vectorSchema;
    /// pgvector 0.8.0 on: filtered index scans go on until enough rows are found.
    bool iterativeScan = true;
};

/// One vector column to search.
struct SearchVector {
    QString column;
    /// vector, halfvec, sparsevec, smallint[] or vector[].
    QString type;
    qint64 dimensions = 0;
    const DistanceOperator* distance = nullptr;
    /// Method of its index: hnsw, ivfflat or empty for an exact scan.
    QString index;
    /// "", halfvec or bit: the index holds a shorter form, whose candidates are ranked again by the full
    /// vector.
    QString cast;
    /// hnsw.ef_search for the function; 0 for the server's.
    int efSearch = 0;
};

/// match_<table>: the nearest rows of one vector column, in the shape of LangChain's and Supabase's
/// match_documents.
SqlFunction matchFunction(const SearchTable& table, const SearchVector& vector, const QString& functionName);
/// max_sim and its sisters: the late-interaction score of two multivectors, one per distance.
SqlFunction maxSimFunction(const SearchTable& table, const DistanceOperator& distance);
/// Reciprocal rank fusion of a vector search and a full-text search over `textExpression` (an expression over
/// alias t).
SqlFunction hybridFunction(const SearchTable& table, const SearchVector& vector,
    const QString& textExpression, const QString& textConfig, const QString& functionName);

/// The three functions of the guide's schema over context_items.
QList<SqlFunction> contextItemsFunctions(const SearchTable& table, const SearchVector& vector);

/// "vector" or "extensions"."vector".
QString vectorTypeName(const QString& type, const QString& vectorSchema);

} // namespace qdrant2pg
