// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QList>
#include <QString>
#include <QStringList>

#include <chrono>
#include <optional>

namespace qdrant2pg {

/// Times of single queries as the client sees them, in milliseconds: round trip, planning and answer.
struct LatencyStats {
    double meanMs = 0;
    double medianMs = 0;
    double p95Ms = 0;
    bool operator==(const LatencyStats&) const = default;
};

/// Recall@k over all queries: the part of the exact k nearest that was found, 0 to 1. A hit that ties with
/// the last exact one counts as found.
struct RecallStats {
    double mean = 0;
    double median = 0;
    double p5 = 0;
    double min = 0;
    bool operator==(const RecallStats&) const = default;
};

/// One way of searching through an index, measured.
struct IndexMeasure {
    RecallStats recall;
    LatencyStats latency;
    /// Hits per query, which can be fewer than k.
    double meanHits = 0;
    bool operator==(const IndexMeasure&) const = default;
};

/// A point of the recall curve: the index at one value of its search setting.
struct CurvePoint {
    /// hnsw.ef_search or ivfflat.probes.
    int setting = 0;
    IndexMeasure measure;
    bool operator==(const CurvePoint&) const = default;
};

/// A query whose exact answers differ.
struct SearchDifference {
    /// "point 17", "line 3".
    QString query;
    QString text;
    bool operator==(const SearchDifference&) const = default;
};

struct WorstQuery {
    QString query;
    double recall = 0;
    bool operator==(const WorstQuery&) const = default;
};

/// The same filter in one way of running it in PostgreSQL.
struct FilteredMode {
    /// planner (what PostgreSQL chooses), hnsw-off, hnsw-strict, hnsw-relaxed (the index, by
    /// hnsw.iterative_scan).
    QString mode;
    /// What the plan reads: "Index Scan using x", "Bitmap Heap Scan", ...
    QString plan;
    IndexMeasure measure;
    /// Queries that got fewer hits than there are.
    int shortAnswers = 0;
    bool operator==(const FilteredMode&) const = default;
};

struct FilteredComparison {
    QString filterJson;
    QString whereSql;
    /// Rows that match.
    qint64 matching = -1;
    int exactCompared = 0;
    int exactIdentical = 0;
    std::optional<IndexMeasure> qdrantIndex;
    QList<FilteredMode> modes;
    bool operator==(const FilteredComparison&) const = default;
};

/// Everything found about the searches over one vector of one collection. Holds no secret.
struct SearchComparison {
    QString collection;
    QString table;
    /// Qdrant's name of the vector, "" for the unnamed one.
    QString vector;
    QString column;
    /// cosine, dot, euclid, manhattan.
    QString distance;
    /// dense, sparse, multi.
    QString kind;
    /// How Qdrant's score follows from PostgreSQL's distance: "1 - (embedding <=> query)".
    QString scoreFormula;
    int k = 10;
    int queries = 0;
    /// sampled, file.
    QString queriesFrom;

    /// Exact against exact: the data.
    int exactCompared = 0;
    int exactIdentical = 0;
    QList<SearchDifference> differences;
    /// Why exact answers of Qdrant could not be had; empty when they could.
    QString exactNote;
    LatencyStats qdrantExactLatency;
    LatencyStats targetExactLatency;

    /// Index against exact in PostgreSQL. Without an index only `indexNote` says why.
    QString indexName;
    QString indexMethod;
    QString indexNote;
    /// hnsw.ef_search or ivfflat.probes.
    QString settingName;
    /// What a session has without asking for anything else; the verdict is about this value.
    int settingNow = 0;
    QList<CurvePoint> curve;
    QList<WorstQuery> worst;
    /// Whether PostgreSQL takes the index for an unfiltered search by itself.
    bool plannerUsesIndex = false;
    /// Qdrant's own index against its exact search.
    std::optional<IndexMeasure> qdrantIndex;
    /// Mean overlap of the k hits of Qdrant's index with those of PostgreSQL's at settingNow.
    double overlap = 0;

    double wantedRecall = 0.95;
    /// Smallest measured value of the setting that reaches wantedRecall; 0 when none does.
    int advisedSetting = 0;
    QList<FilteredComparison> filtered;

    /// pass, look, fail: recall at settingNow by the thresholds; different: exact answers differ; exact:
    /// there is no index and the exact answers agree; not-run: nothing could be compared.
    QString verdict;
    QString sentence;
    QStringList rules;
    std::chrono::milliseconds elapsed{};
    bool operator==(const SearchComparison&) const = default;
};

/// Thresholds of mean recall@10 that Qdrant's own migration guide works with.
inline constexpr double recallToPass = 0.85;
inline constexpr double recallToLook = 0.70;

} // namespace qdrant2pg
