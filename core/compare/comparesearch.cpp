// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/compare/comparesearch.h"

#include "core/compare/comparisonwords.h"
#include "core/compare/filtersql.h"
#include "core/compare/idfweights.h"
#include "core/compare/searchrunner.h"
#include "core/postgres/identifiers.h"
#include "core/postgres/ledger.h"
#include "core/qdrant/pointsource.h"

#include <algorithm>
#include <map>

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int mostDifferences = 20;
constexpr int mostWorst = 5;
constexpr int mostExcluded = 1000;
constexpr int mostRefinements = 4;
constexpr int mostSetting = 1000;

/// What would meet the next vector too.
bool endsAll(const Error& error)
{
    switch (error.kind) {
    case ErrorKind::NotFound:
    case ErrorKind::Schema:
    case ErrorKind::Data:
    case ErrorKind::Unsupported:
    case ErrorKind::Capacity:
    case ErrorKind::Usage:
        return false;
    default:
        return true;
    }
}

QString hasIdCondition(const QList<PointId>& ids)
{
    QStringList tokens;
    for (const PointId& id : ids)
        tokens << QString::fromStdString(id.toJson());
    return QStringLiteral("{\"must_not\":[{\"has_id\":[%1]}]}").arg(tokens.join(QLatin1Char(',')));
}

/// The comparison of one vector.
class VectorRun {
public:
    using Progress = std::function<void(double, const QString&)>;

    VectorRun(const SearchCompareRequest& request, const SearchTarget& target, Connection& connection,
        QdrantClient& client, QByteArray alwaysFilter, std::stop_token stop, Progress progress)
        : m_request(request)
        , m_target(target)
        , m_connection(connection)
        , m_client(client)
        , m_runner(target, connection, client, request.k, stop)
        , m_alwaysFilter(std::move(alwaysFilter))
        , m_stop(std::move(stop))
        , m_progress(std::move(progress))
    {
    }

    Result<void> run(SearchComparison& out);

private:
    Result<void> takeQueries(SearchComparison& out);
    Result<void> weighQueries(SearchComparison& out);
    Result<void> compareExact(SearchComparison& out);
    Result<void> sweep(SearchComparison& out);
    Result<CurvePoint> measure(int setting);
    Result<void> refine(SearchComparison& out);
    Result<void> compareFilter(SearchComparison& out, const QByteArray& filter);
    Result<FilteredMode> filteredMode(const QString& mode, const SearchSettings& settings,
        const QString& where, const std::vector<SearchHits>& exact);
    Result<std::optional<SearchBatch>> exactOfQdrant(const QByteArray& filter, QString& note);

    const SearchCompareRequest& m_request;
    const SearchTarget& m_target;
    Connection& m_connection;
    QdrantClient& m_client;
    SearchRunner m_runner;
    QByteArray m_alwaysFilter;
    std::stop_token m_stop;
    Progress m_progress;

    std::vector<SearchQuery> m_queries;
    /// With the weights that Qdrant works out at query time (IDF); else the same.
    std::vector<SearchQuery> m_targetQueries;
    std::vector<SearchHits> m_exact;
    std::vector<SearchHits> m_qdrantHits;
    /// Hits by setting, for the worst queries and the overlap.
    std::map<int, std::vector<SearchHits>> m_hits;
};

Result<void> VectorRun::takeQueries(SearchComparison& out)
{
    if (!m_request.queries.empty()) {
        out.queriesFrom = QStringLiteral("file");
        m_queries = m_request.queries;
        for (const SearchQuery& query : m_queries) {
            if (query.kind != m_target.kind)
                return fail(ErrorKind::Usage,
                    QStringLiteral("%1 of the queries does not fit the vector %2, which is %3.")
                        .arg(query.name, m_target.vector.column, out.kind));
        }
        return {};
    }
    out.queriesFrom = QStringLiteral("sampled");
    // Some points lack this vector.
    const int asked = m_request.samples * 2;
    auto page = m_client.randomSample(m_target.plan.name, asked, false, true);
    if (!page && page.error().kind == ErrorKind::Unsupported) {
        PageRequest request;
        request.limit = asked;
        request.withPayload = false;
        request.withVectors = true;
        page = m_client.scroll(m_target.plan.name, request);
    }
    if (!page)
        return fail(page.error());
    const std::string name = m_target.vector.source.toStdString();
    for (const PointView& point : page->points()) {
        if (m_queries.size() >= static_cast<std::size_t>(m_request.samples))
            break;
        const VectorView* vector = page->vectorOf(point, name);
        if (!vector)
            continue;
        if (auto query = queryFromVector(*vector, point.id))
            m_queries.push_back(std::move(*query));
    }
    if (m_queries.empty())
        return fail(ErrorKind::NotFound,
            QStringLiteral("No point of %1 has a vector %2 to search with.")
                .arg(m_target.plan.name, m_target.vector.column));
    return {};
}

Result<void> VectorRun::weighQueries(SearchComparison& out)
{
    m_targetQueries = m_queries;
    if (m_target.kind != VectorKind::Sparse)
        return {};
    auto info = m_client.collectionInfo(m_target.plan.name);
    if (!info)
        return fail(info.error());
    const SparseVectorInfo* sparse = info->sparseVector(m_target.vector.source);
    if (!sparse || !sparse->idf)
        return {};
    out.rules << QStringLiteral(
        "IDF: Qdrant weighs the entries of a query by ln((N - n + 0.5) / (n + 0.5) + 1). "
        "PostgreSQL is asked with the weighed query, N and n counted in the table.");
    auto weighed = weighByIdf(m_connection, m_target, m_queries);
    if (!weighed)
        return fail(weighed.error());
    m_targetQueries = std::move(*weighed);
    return {};
}

Result<std::optional<SearchBatch>> VectorRun::exactOfQdrant(const QByteArray& filter, QString& note)
{
    auto batch = m_runner.askQdrant(m_queries, true, std::nullopt, filter);
    if (batch)
        return std::optional<SearchBatch>(std::move(*batch));
    if (batch.error().kind != ErrorKind::Unsupported && batch.error().kind != ErrorKind::Capacity)
        return fail(batch.error());
    note = batch.error().summary;
    return std::optional<SearchBatch>();
}

Result<void> VectorRun::compareExact(SearchComparison& out)
{
    m_progress(0.02, QStringLiteral("exact searches in PostgreSQL"));
    auto target =
        m_runner.askTarget(m_targetQueries, {.scan = ScanChoice::Exact, .setting = 0, .iterativeScan = {}});
    if (!target)
        return fail(target.error());
    out.targetExactLatency = latencyStats(target->milliseconds);
    m_exact = target->hits;
    m_progress(0.2, QStringLiteral("exact searches in Qdrant"));
    auto source = exactOfQdrant(m_alwaysFilter, out.exactNote);
    if (!source)
        return fail(source.error());
    if (!*source)
        return {};
    out.qdrantExactLatency = latencyStats((*source)->milliseconds);
    out.exactCompared = static_cast<int>(m_queries.size());
    for (std::size_t i = 0; i < m_queries.size(); ++i) {
        const auto difference = exactDifference((*source)->hits[i], m_exact[i], m_target.tolerance);
        if (!difference)
            ++out.exactIdentical;
        else if (out.differences.size() < mostDifferences)
            out.differences.append({m_queries[i].name, *difference});
    }
    m_progress(0.35, QStringLiteral("Qdrant's own index"));
    auto approximate = m_runner.askQdrant(m_queries, false, m_request.hnswEf, m_alwaysFilter);
    if (!approximate)
        return fail(approximate.error());
    m_qdrantHits = approximate->hits;
    out.qdrantIndex = approximate->measure((*source)->hits, m_target);
    return {};
}

Result<CurvePoint> VectorRun::measure(int setting)
{
    m_progress(-1, QStringLiteral("index at %1").arg(setting));
    auto batch = m_runner.askTarget(
        m_targetQueries, {.scan = ScanChoice::Index, .setting = setting, .iterativeScan = {}});
    if (!batch)
        return fail(batch.error());
    const IndexMeasure measured = batch->measure(m_exact, m_target);
    m_hits[setting] = std::move(batch->hits);
    return CurvePoint{setting, measured};
}

QList<int> sweepOf(const SearchCompareRequest& request, const SearchTarget& target, int now)
{
    QList<int> values = request.settings;
    if (values.isEmpty())
        values = target.indexMethod == QLatin1String("ivfflat") ? QList<int>{1, 2, 5, 10, 20, 50}
                                                                : QList<int>{10, 20, 40, 80, 160, 320};
    values << now;
    // An HNSW scan cannot bring more rows than ef_search.
    const int least = target.indexMethod == QLatin1String("hnsw") ? std::min(mostSetting, request.k + 1) : 1;
    for (int& value : values)
        value = std::clamp(value, least, mostSetting);
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
    return values;
}

Result<void> VectorRun::sweep(SearchComparison& out)
{
    if (m_target.indexName.isEmpty())
        return {};
    auto now = m_runner.currentSetting(out.settingName);
    if (!now)
        return fail(now.error());
    out.settingNow = m_request.verdictSetting > 0 ? m_request.verdictSetting : std::max(1, *now);
    const QList<int> values = sweepOf(m_request, m_target, out.settingNow);
    for (const int value : values) {
        auto point = measure(value);
        if (!point)
            return fail(point.error());
        out.curve << *point;
    }
    if (!values.contains(out.settingNow))
        out.settingNow = values.first();
    if (auto refined = refine(out); !refined)
        return refined;
    auto plan = m_runner.explain(
        m_targetQueries.front(), {.scan = ScanChoice::Planner, .setting = 0, .iterativeScan = {}});
    if (!plan)
        return fail(plan.error());
    out.plannerUsesIndex = plan->contains(m_target.indexName);

    const std::vector<SearchHits>& hits = m_hits[out.settingNow];
    std::vector<std::pair<double, QString>> byRecall;
    for (std::size_t i = 0; i < hits.size(); ++i)
        byRecall.emplace_back(
            recallOf(m_exact[i], hits[i], m_target.higherIsBetter, m_target.tolerance), m_queries[i].name);
    std::sort(byRecall.begin(), byRecall.end());
    for (const auto& [recall, name] : byRecall) {
        if (recall < 1 && out.worst.size() < mostWorst)
            out.worst.append({name, recall});
    }
    if (!m_qdrantHits.empty()) {
        double sum = 0;
        for (std::size_t i = 0; i < hits.size(); ++i)
            sum += overlapOf(m_qdrantHits[i], hits[i]);
        out.overlap = sum / static_cast<double>(hits.size());
    }
    return {};
}

/// The sweep's steps are wide; between the last value that misses the wanted recall and the first that
/// reaches it lies a smaller one.
Result<void> VectorRun::refine(SearchComparison& out)
{
    for (int round = 0; round < mostRefinements && m_request.settings.isEmpty(); ++round) {
        const int reached = smallestReaching(out.curve, m_request.wantedRecall);
        const auto at = std::find_if(out.curve.begin(), out.curve.end(),
            [reached](const CurvePoint& p) { return p.setting == reached; });
        if (reached == 0 || at == out.curve.begin())
            break;
        const int below = std::prev(at)->setting;
        if (reached - below <= std::max(1, reached / 10))
            break;
        auto point = measure((below + reached) / 2);
        if (!point)
            return fail(point.error());
        out.curve.insert(at, *point);
    }
    out.advisedSetting = smallestReaching(out.curve, m_request.wantedRecall);
    return {};
}

Result<FilteredMode> VectorRun::filteredMode(const QString& mode, const SearchSettings& settings,
    const QString& where, const std::vector<SearchHits>& exact)
{
    auto plan = m_runner.explain(m_targetQueries.front(), settings, where);
    if (!plan)
        return fail(plan.error());
    auto batch = m_runner.askTarget(m_targetQueries, settings, where);
    if (!batch)
        return fail(batch.error());
    FilteredMode found{mode, *plan, batch->measure(exact, m_target), 0};
    for (std::size_t i = 0; i < exact.size(); ++i)
        found.shortAnswers += batch->hits[i].size() < exact[i].size() ? 1 : 0;
    return found;
}

Result<void> VectorRun::compareFilter(SearchComparison& out, const QByteArray& filter)
{
    m_progress(-1, QStringLiteral("filtered searches"));
    const auto literal = [this](const QByteArray& json) {
        const QByteArray text = json.startsWith('"') ? json.mid(1, json.size() - 2) : json;
        const auto id =
            PointId::parse(std::string_view(text.constData(), static_cast<std::size_t>(text.size())));
        return id ? m_target.idLiteral(*id) : QString();
    };
    auto where = filterSql(m_target.plan, filter, literal);
    if (!where)
        return fail(where.error());
    FilteredComparison found;
    found.filterJson = QString::fromUtf8(filter);
    found.whereSql = *where;
    auto matching = m_connection.execute(m_target.countSql(*where));
    if (!matching)
        return fail(matching.error());
    found.matching = matching->integer(0, 0);
    auto exact = m_runner.askTarget(
        m_targetQueries, {.scan = ScanChoice::Exact, .setting = 0, .iterativeScan = {}}, *where);
    if (!exact)
        return fail(exact.error());
    const QByteArray sourceFilter = bothFilters(m_alwaysFilter, filter);
    QString note;
    auto source = exactOfQdrant(sourceFilter, note);
    if (!source)
        return fail(source.error());
    if (*source) {
        found.exactCompared = static_cast<int>(m_queries.size());
        for (std::size_t i = 0; i < m_queries.size(); ++i) {
            const auto difference = exactDifference((*source)->hits[i], exact->hits[i], m_target.tolerance);
            if (!difference)
                ++found.exactIdentical;
            else if (out.differences.size() < mostDifferences)
                out.differences.append(
                    {m_queries[i].name + QStringLiteral(" with filter ") + found.filterJson, *difference});
        }
        auto approximate = m_runner.askQdrant(m_queries, false, m_request.hnswEf, sourceFilter);
        if (!approximate)
            return fail(approximate.error());
        found.qdrantIndex = approximate->measure((*source)->hits, m_target);
    }
    if (!m_target.indexName.isEmpty()) {
        QList<QPair<QString, SearchSettings>> modes{{QStringLiteral("planner"),
            {.scan = ScanChoice::Planner, .setting = out.settingNow, .iterativeScan = {}}}};
        const bool hnsw = m_target.indexMethod == QLatin1String("hnsw");
        const QStringList scans = !m_target.iterativeScan ? QStringList{QString()}
            : hnsw ? QStringList{QStringLiteral("off"), QStringLiteral("strict_order"),
                  QStringLiteral("relaxed_order")}
                   : QStringList{QStringLiteral("off"), QStringLiteral("relaxed_order")};
        for (const QString& scan : scans) {
            const QString word =
                scan.isEmpty() ? QStringLiteral("off") : scan.section(QLatin1Char('_'), 0, 0);
            modes.append({m_target.indexMethod + QLatin1Char('-') + word,
                {.scan = ScanChoice::Index, .setting = out.settingNow, .iterativeScan = scan}});
        }
        for (const auto& [name, settings] : modes) {
            auto mode = filteredMode(name, settings, *where, exact->hits);
            if (!mode)
                return fail(mode.error());
            found.modes << *mode;
        }
    }
    out.filtered << found;
    return {};
}

Result<void> VectorRun::run(SearchComparison& out)
{
    m_progress(0, QStringLiteral("choosing queries"));
    if (auto taken = takeQueries(out); !taken)
        return taken;
    out.queries = static_cast<int>(m_queries.size());
    if (auto weighed = weighQueries(out); !weighed)
        return weighed;
    if (auto compared = compareExact(out); !compared)
        return compared;
    m_progress(0.5, QStringLiteral("the index of PostgreSQL"));
    if (auto swept = sweep(out); !swept)
        return swept;
    m_progress(0.8, QStringLiteral("filters"));
    for (const QByteArray& filter : m_request.filters) {
        if (auto compared = compareFilter(out, filter); !compared)
            return compared;
    }
    return {};
}

/// Points that the table does not hold by design.
Result<QByteArray> filterOfTable(const SearchCompareRequest& request, const CollectionPlan& plan,
    Connection& connection, QStringList& rules)
{
    QByteArray filter = plan.filterJson;
    if (request.runId.isEmpty())
        return filter;
    const Ledger ledger(request.plan.target.ledgerSchema);
    QList<PointId> rejected;
    qint64 count = 0;
    auto visited = ledger.visitRejects(connection, request.runId, [&](const RejectRow& reject) {
        if (reject.collection != plan.name)
            return true;
        ++count;
        if (const auto id = PointId::parse(reject.pointId.toStdString());
            id && rejected.size() < mostExcluded)
            rejected << *id;
        return true;
    });
    if (!visited)
        return fail(visited.error());
    if (rejected.isEmpty())
        return filter;
    rules << QStringLiteral("Points that the run rejected are left out of Qdrant's answers%1.")
                 .arg(count > rejected.size() ? QStringLiteral(" (the first %1 of them)").arg(rejected.size())
                                              : QString());
    return bothFilters(filter, hasIdCondition(rejected).toUtf8());
}

QString kindName(VectorKind kind)
{
    switch (kind) {
    case VectorKind::Sparse:
        return QStringLiteral("sparse");
    case VectorKind::Multi:
        return QStringLiteral("multi");
    case VectorKind::Dense:
        break;
    }
    return QStringLiteral("dense");
}

void addRules(const SearchTarget& target, SearchComparison& out)
{
    out.rules << QStringLiteral(
        "Exact answers agree when ids and scores do. Scores may differ by %1 of the largest, "
        "since sums of floats depend on their order; hits with the same score may stand in any order.")
                     .arg(target.tolerance.relative);
    if (!target.tolerance.comparable)
        out.rules << QStringLiteral(
            "Qdrant's score of this multivector metric is not defined in its documentation; "
            "only the ids are compared.");
    if (target.kind == VectorKind::Sparse)
        out.rules << QStringLiteral("Rows that share no index with the query are no hits, as in Qdrant.");
    if (target.plan.mode == TableMode::Append || target.plan.mode == TableMode::Merge)
        out.rules << QStringLiteral(
            "The table may hold rows of others, which PostgreSQL finds and Qdrant does not.");
    if (!target.plan.shardKeyColumn.isEmpty())
        out.rules << QStringLiteral(
            "Searches go over all shard keys; an id that stands under two of them counts once in Qdrant.");
}

/// What an index finds while it is built, or how fast, says nothing about it.
Result<void> refuseWhileBuilding(
    Connection& connection, const MigrationPlan& plan, const CollectionPlan& collection)
{
    auto building =
        connection.execute("SELECT 1 FROM pg_stat_progress_create_index WHERE relid = to_regclass($1)",
            {qualifiedName(plan.target.schema, collection.table).toUtf8()});
    if (!building)
        return fail(building.error());
    if (building->rowCount() == 0)
        return {};
    return fail(ErrorKind::Conflict,
        QStringLiteral("An index of table %1 is being built; searches are compared when it is ready.")
            .arg(collection.table),
        {}, QStringLiteral("The rows themselves can be compared meanwhile. Try again in a while."));
}

} // namespace

Result<QList<SearchComparison>> compareSearch(const SearchCompareRequest& request,
    const std::function<void(const QString&, double, const QString&)>& progress, const std::stop_token& stop)
{
    TargetOptions options = request.target.readOnly();
    options.settings.append({QStringLiteral("statement_timeout"), QStringLiteral("0")});
    auto connection = Connection::open(options);
    if (!connection)
        return fail(connection.error());
    auto server = readServerProfile(*connection);
    if (!server)
        return fail(server.error());
    QdrantClient client(request.source, stop);
    QList<SearchComparison> comparisons;
    for (const CollectionPlan& plan : request.plan.collections) {
        for (const VectorPlan& vector : plan.vectors) {
            if (!request.vectors.isEmpty() && !request.vectors.contains(vector.source))
                continue;
            const auto started = Clock::now();
            SearchComparison out;
            out.collection = plan.name;
            out.vector = vector.source;
            out.column = vector.column;
            out.k = request.k;
            out.wantedRecall = request.wantedRecall;
            const auto compare = [&]() -> Result<void> {
                if (auto built = refuseWhileBuilding(*connection, request.plan, plan); !built)
                    return built;
                auto target = makeSearchTarget(*connection, request.plan, plan, vector, *server);
                if (!target)
                    return fail(target.error());
                out.table = target->table;
                out.distance = target->vector.distance;
                out.kind = kindName(target->kind);
                out.scoreFormula = target->scoreFormula();
                out.indexName = target->indexName;
                out.indexMethod = target->indexMethod;
                out.indexNote = target->indexNote;
                if (!out.indexName.isEmpty())
                    out.settingName = out.indexMethod == QLatin1String("ivfflat")
                        ? QStringLiteral("ivfflat.probes")
                        : QStringLiteral("hnsw.ef_search");
                auto info = client.collectionInfo(plan.name);
                if (!info)
                    return fail(info.error());
                const DenseVectorInfo* dense = info->denseVector(vector.source);
                if (dense && dense->datatype != VectorDatatype::Float32)
                    target->tolerateRounding();
                addRules(*target, out);
                auto filter = filterOfTable(request, plan, *connection, out.rules);
                if (!filter)
                    return fail(filter.error());
                VectorRun run(request, *target, *connection, client, *filter, stop,
                    [&](double fraction, const QString& note) {
                        if (progress)
                            progress(plan.name, fraction, out.column + QStringLiteral(": ") + note);
                    });
                return run.run(out);
            };
            auto done = compare();
            if (stop.stop_requested())
                return fail(ErrorKind::Cancelled, QStringLiteral("Stopped while comparing searches."));
            if (!done && (endsAll(done.error()) || !connection->isUsable()))
                return fail(done.error());
            if (!done) {
                out.verdict = QStringLiteral("not-run");
                out.sentence = done.error().summary;
                if (!done.error().hint.isEmpty())
                    out.sentence += QLatin1Char(' ') + done.error().hint;
            } else {
                judge(out);
            }
            out.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
            comparisons << std::move(out);
        }
    }
    if (comparisons.isEmpty())
        return fail(ErrorKind::Usage,
            request.vectors.isEmpty()
                ? QStringLiteral("The plan has no vectors to search.")
                : QStringLiteral("No collection of the plan has a vector of that name."));
    return comparisons;
}

} // namespace qdrant2pg
