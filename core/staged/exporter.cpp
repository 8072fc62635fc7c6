// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/exporter.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>

#include "core/common/redaction.h"
#include "core/common/units.h"
#include "core/common/waiting.h"
#include "core/engine/pagesizer.h"
#include "core/engine/retrypolicy.h"
#include "core/qdrant/pointsource.h"
#include "core/qdrant/qdrantclient.h"
#include "core/qdrant/restpointsource.h"
#include "core/qdrant/sourcelimits.h"
#include "core/staged/durablefile.h"
#include "core/staged/exportmanifest.h"

namespace qdrant2pg {

namespace {

using Clock = std::chrono::steady_clock;

/// The journal of batches since the manifest was written: an append of one line per batch instead of a
/// manifest that grows with each.
class Journal {
public:
    [[nodiscard]] static Result<Journal> create(const QString& path)
    {
        Journal journal;
        journal.m_path = path;
        journal.m_descriptor =
            ::open(QFile::encodeName(path).constData(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
        if (journal.m_descriptor < 0)
            return fail(fileError(errno, QStringLiteral("create"), path));
        if (auto synced = syncFolder(QFileInfo(path).path()); !synced)
            return fail(synced.error());
        return journal;
    }
    Journal(Journal&& other) noexcept
        : m_path(std::move(other.m_path))
        , m_descriptor(std::exchange(other.m_descriptor, -1))
    {
    }
    Journal& operator=(Journal&& other) noexcept
    {
        std::swap(m_path, other.m_path);
        std::swap(m_descriptor, other.m_descriptor);
        return *this;
    }
    ~Journal()
    {
        if (m_descriptor >= 0)
            ::close(m_descriptor);
    }

    [[nodiscard]] Result<void> append(const QByteArray& line)
    {
        QByteArrayView rest = line;
        while (!rest.isEmpty()) {
            const ssize_t count = ::write(m_descriptor, rest.data(), static_cast<std::size_t>(rest.size()));
            if (count < 0 && errno == EINTR)
                continue;
            if (count < 0)
                return fail(fileError(errno, QStringLiteral("write"), m_path));
            rest = rest.sliced(count);
        }
        if (::fdatasync(m_descriptor) != 0)
            return fail(fileError(errno, QStringLiteral("save"), m_path));
        return {};
    }

private:
    Journal() = default;
    QString m_path;
    int m_descriptor = -1;
};

QString batchName(qsizetype number)
{
    return QStringLiteral("batch_%1.json").arg(number, 6, 10, QLatin1Char('0'));
}

bool isBatchName(const QString& name)
{
    static const QRegularExpression pattern(QStringLiteral("^batch_\\d+\\.json$"));
    return pattern.match(name).hasMatch();
}

QStringList batchFiles(const QDir& folder)
{
    QStringList names;
    for (const QString& name : folder.entryList({QStringLiteral("batch_*.json")}, QDir::Files)) {
        if (isBatchName(name))
            names << name;
    }
    return names;
}

QString urlForManifest(const QUrl& url)
{
    return redacted(url.toString(QUrl::RemoveUserInfo | QUrl::RemoveQuery | QUrl::RemoveFragment));
}

Error conflict(const QString& folder, const QString& what)
{
    Error error =
        makeError(ErrorKind::Conflict, QStringLiteral("The folder %1 already holds %2.").arg(folder, what),
            {}, QStringLiteral("Use another folder, or --fresh to replace it."));
    error.where.file = folder;
    return error;
}

class Exporter {
public:
    Exporter(const ExportRequest& request, const StagedProgressCallback& progress, std::stop_token stop)
        : m_request(request)
        , m_progress(progress)
        , m_stop(std::move(stop))
        , m_folder(request.folder)
        , m_client(request.source, m_stop)
        , m_limits(request.maxPointsPerSecond, 0)
        , m_retry(request.retry)
    {
    }

    Result<ExportOutcome> run();

private:
    Result<void> readFacts();
    Result<void> prepareFolder();
    Result<void> checkEarlierBatches();
    Result<void> removeOld();
    Result<std::optional<qint64>> exactCount();
    Result<void> exportKey(const std::string& shardKey);
    Result<void> store(const PointPage& page, const std::string& shardKey);
    Result<void> fetch(
        PointPage& page, const std::optional<PointId>& from, const std::string& shardKey, bool asked);
    void ask(const std::optional<PointId>& from, const std::string& shardKey);
    Result<void> waitOrFail(const Error& error);
    std::uint32_t pageLimit() const { return m_sizer ? m_sizer->limit() : m_limit; }
    void report(const QString& note = {});
    Error cancelled() const;

    const ExportRequest& m_request;
    const StagedProgressCallback& m_progress;
    std::stop_token m_stop;
    QDir m_folder;
    QdrantClient m_client;
    SourceLimits m_limits;
    RetryPolicy m_retry;
    CollectionInfo m_info;
    QString m_serverVersion;
    std::vector<std::string> m_shardKeys;
    ExportManifest m_manifest;
    std::optional<Journal> m_journal;
    std::unique_ptr<PointSource> m_source;
    std::unique_ptr<PageSizer> m_sizer;
    /// Points asked for; halved while the server runs into its time limit.
    std::uint32_t m_limit = 0;
    ExportOutcome m_outcome;
    Clock::time_point m_lastReport;
};

Error Exporter::cancelled() const
{
    return makeError(ErrorKind::Cancelled,
        QStringLiteral("Stopped after %1 batches with %2 points.")
            .arg(m_manifest.batches.size())
            .arg(formatCount(m_manifest.points())),
        {}, QStringLiteral("Run the same command again to continue."));
}

void Exporter::report(const QString& note)
{
    const auto now = Clock::now();
    if (!m_progress || (note.isEmpty() && now - m_lastReport < std::chrono::milliseconds(250)))
        return;
    m_lastReport = now;
    StagedProgress progress;
    progress.stage = QStringLiteral("export");
    progress.done = m_outcome.points;
    progress.total = m_manifest.countAtStart.value_or(-1);
    progress.bytes = m_outcome.bytes;
    progress.note = note;
    m_progress(progress);
}

/// Waits before the next attempt, or gives up.
Result<void> Exporter::waitOrFail(const Error& error)
{
    if (m_stop.stop_requested())
        return fail(cancelled());
    const auto delay = m_retry.next(error);
    if (!delay)
        return fail(error);
    ++m_outcome.retries;
    report(QStringLiteral("%1 Attempt %2 of %3, next in %4.")
               .arg(error.summary)
               .arg(m_retry.attempt())
               .arg(m_retry.attempts())
               .arg(formatDuration(*delay)));
    if (!waitUnlessStopped(m_stop, *delay))
        return fail(cancelled());
    return {};
}

Result<void> Exporter::readFacts()
{
    for (;;) {
        auto read = [&]() -> Result<void> {
            auto version = m_client.version();
            if (!version)
                return fail(version.error());
            m_serverVersion = version->version.toString();
            auto info = m_client.collectionInfo(m_request.collection);
            if (!info)
                return fail(info.error());
            m_info = std::move(*info);
            m_shardKeys = {std::string()};
            if (m_info.customSharding) {
                auto keys = m_client.shardKeys(m_request.collection);
                if (!keys)
                    return fail(keys.error());
                m_shardKeys = std::move(*keys);
            }
            return {};
        }();
        if (read)
            break;
        if (auto waited = waitOrFail(read.error()); !waited)
            return waited;
    }
    m_retry.succeeded();
    auto count = exactCount();
    if (!count)
        return fail(count.error());
    m_outcome.countAtStart = *count;
    return {};
}

/// Nothing when the server will not count exactly; an export does not need the number, only the user does.
Result<std::optional<qint64>> Exporter::exactCount()
{
    qint64 sum = 0;
    for (const std::string& key : m_shardKeys) {
        auto count = m_client.count(m_request.collection, true, m_request.filterJson.toStdString(), key);
        if (!count) {
            if (m_stop.stop_requested())
                return fail(cancelled());
            const ErrorKind kind = count.error().kind;
            if (kind == ErrorKind::Unsupported || kind == ErrorKind::Timeout || kind == ErrorKind::Capacity
                || count.error().retryable) {
                m_outcome.countNote = count.error().summary;
                return std::optional<qint64>();
            }
            return fail(count.error());
        }
        sum += *count;
    }
    return std::optional<qint64>(sum);
}

Result<void> Exporter::removeOld()
{
    QStringList names = batchFiles(m_folder);
    // The manifest goes first: a folder without one is never taken for a finished export.
    names.prepend(ExportManifest::journalName());
    names.prepend(ExportManifest::fileName());
    for (const QString& name : names) {
        const QString path = m_folder.filePath(name);
        if (QFile::exists(path) && ::unlink(QFile::encodeName(path).constData()) != 0)
            return fail(fileError(errno, QStringLiteral("remove"), path));
    }
    return syncFolder(m_folder.path());
}

Result<void> Exporter::checkEarlierBatches()
{
    qint64 checked = 0;
    for (const ExportBatch& batch : m_manifest.batches) {
        if (m_stop.stop_requested())
            return fail(cancelled());
        const QString path = m_folder.filePath(batch.file);
        auto hash = fileSha256(path, m_stop);
        if (!hash && hash.error().kind == ErrorKind::Cancelled)
            return fail(cancelled());
        if (!hash || *hash != batch.sha256) {
            Error error = makeError(ErrorKind::File,
                hash ? QStringLiteral(
                    "%1 is not the file that the earlier export wrote: it was changed or damaged.")
                           .arg(batch.file)
                     : QStringLiteral("%1 of the earlier export is missing or cannot be read.")
                           .arg(batch.file),
                hash ? QString() : hash.error().detail,
                QStringLiteral("Use --fresh to export again from the beginning."));
            error.where.file = path;
            return fail(std::move(error));
        }
        checked += batch.points;
        report(QStringLiteral("Checked %1 of %2 earlier points.")
                   .arg(formatCount(checked), formatCount(m_manifest.points())));
    }
    return {};
}

Result<void> Exporter::prepareFolder()
{
    if (auto made = makeFolder(m_request.folder); !made)
        return made;
    const QString path = m_folder.filePath(ExportManifest::fileName());
    std::optional<ExportManifest> earlier;
    if (m_request.fresh) {
        if (auto removed = removeOld(); !removed)
            return removed;
    } else {
        auto read = readExportManifest(m_request.folder);
        if (!read)
            return fail(read.error());
        earlier = std::move(*read);
        if (!earlier && !batchFiles(m_folder).isEmpty())
            return fail(conflict(
                m_request.folder, QStringLiteral("batches without a manifest, probably of another program")));
    }
    const QString url = urlForManifest(m_request.source.url);
    if (earlier) {
        if (earlier->complete)
            return fail(conflict(m_request.folder,
                QStringLiteral("a complete export of %1 (%2 points, %3)")
                    .arg(earlier->collection, formatCount(earlier->points()),
                        earlier->finishedAt.toString(Qt::ISODate))));
        if (earlier->collection != m_request.collection || earlier->sourceUrl != url
            || earlier->filterJson != m_request.filterJson)
            return fail(conflict(m_request.folder,
                QStringLiteral("an unfinished export of %1 from %2%3")
                    .arg(earlier->collection, earlier->sourceUrl,
                        earlier->filterJson == m_request.filterJson
                            ? QString()
                            : QStringLiteral(" with another filter"))));
        if (earlier->fingerprint != m_info.configFingerprint())
            return fail(conflict(m_request.folder,
                QStringLiteral("an unfinished export of %1 as it was configured then; the collection was "
                               "changed or made anew since")
                    .arg(earlier->collection)));
        m_manifest = std::move(*earlier);
        if (auto checked = checkEarlierBatches(); !checked)
            return checked;
        m_outcome.batchesBefore = static_cast<int>(m_manifest.batches.size());
        m_outcome.points = m_manifest.points();
        m_outcome.bytes = m_manifest.bytes();
    } else {
        m_manifest.toolVersion = QStringLiteral(QDRANT2PG_VERSION);
        m_manifest.sourceUrl = url;
        m_manifest.serverVersion = m_serverVersion;
        m_manifest.collection = m_request.collection;
        m_manifest.collectionInfo = m_info.json;
        m_manifest.fingerprint = m_info.configFingerprint();
        m_manifest.filterJson = m_request.filterJson;
        m_manifest.startedAt = QDateTime::currentDateTimeUtc();
        m_manifest.countAtStart = m_outcome.countAtStart;
        m_manifest.countNote = m_outcome.countNote;
    }
    if (auto written = writeDurably(path, std::string_view(m_manifest.toJson())); !written)
        return written;
    auto journal = Journal::create(m_folder.filePath(ExportManifest::journalName()));
    if (!journal)
        return fail(journal.error());
    m_journal = std::move(*journal);
    return {};
}

void Exporter::ask(const std::optional<PointId>& from, const std::string& shardKey)
{
    PageRequest page;
    page.from = from;
    page.limit = pageLimit();
    page.filterJson = m_request.filterJson.toStdString();
    page.shardKeyJson = shardKey;
    page.maxReplyBytes = m_sizer ? m_sizer->maxReplyBytes() : 0;
    m_source->request(page);
}

/// Awaits the page; on errors that pass it is asked for again, smaller when it was too much for the server.
Result<void> Exporter::fetch(
    PointPage& page, const std::optional<PointId>& from, const std::string& shardKey, bool asked)
{
    for (;;) {
        if (!asked) {
            if (!m_source)
                m_source = makeRestPointSource(m_request.source, m_request.collection);
            if (!waitUnlessStopped(m_stop, m_limits.reserve(pageLimit(), Clock::now())))
                return fail(cancelled());
            ask(from, shardKey);
        }
        auto received = m_source->await(page, m_stop);
        if (received) {
            m_retry.succeeded();
            return {};
        }
        m_source.reset();
        asked = false;
        const Error& error = received.error();
        if (m_stop.stop_requested())
            return fail(cancelled());
        const bool tooMuch = error.kind == ErrorKind::Timeout || error.kind == ErrorKind::Capacity;
        const bool halved = tooMuch && (m_sizer ? m_sizer->halve() : m_limit > 1);
        if (halved && !m_sizer)
            m_limit = std::max<std::uint32_t>(1, m_limit / 2);
        if (error.kind == ErrorKind::Capacity && halved)
            continue;
        if (auto waited = waitOrFail(error); !waited)
            return waited;
    }
}

Result<void> Exporter::store(const PointPage& page, const std::string& shardKey)
{
    const auto points = page.points();
    ExportBatch batch;
    batch.file = batchName(m_manifest.batches.size() + 1);
    batch.points = static_cast<qint64>(points.size());
    batch.first = points.front().id.toString();
    batch.last = points.back().id.toString();
    batch.shardKey = QString::fromStdString(shardKey);
    auto file = DurableFile::create(m_folder.filePath(batch.file));
    if (!file)
        return fail(file.error());
    if (auto written = file->write(std::string_view(page.m_body)); !written)
        return written;
    if (auto committed = file->commit(); !committed)
        return committed;
    batch.bytes = file->bytesWritten();
    batch.sha256 = file->sha256();
    if (auto noted = m_journal->append(exportBatchToLine(batch)); !noted)
        return noted;
    m_outcome.points += batch.points;
    m_outcome.bytes += batch.bytes;
    m_manifest.batches.append(std::move(batch));
    return {};
}

Result<void> Exporter::exportKey(const std::string& shardKey)
{
    std::optional<PointId> from;
    std::optional<PointId> last;
    const QString key = QString::fromStdString(shardKey);
    for (const ExportBatch& batch : m_manifest.batches) {
        if (batch.shardKey == key)
            last = PointId::parse(batch.last.toStdString());
    }
    if (last) {
        from = last->successor();
        if (!from)
            return {};
    }
    PointPage page;
    bool asked = false;
    for (;;) {
        if (m_stop.stop_requested()) {
            m_source.reset();
            return fail(cancelled());
        }
        if (auto fetched = fetch(page, from, shardKey, asked); !fetched)
            return fetched;
        asked = false;
        const auto points = page.points();
        // Only an empty page is the end: older servers say null early while points are being deleted.
        if (points.empty())
            return {};
        std::optional<PointId> previous = last;
        for (const PointView& point : points) {
            if ((previous && point.id <= *previous) || (from && point.id < *from)) {
                Error error = makeError(ErrorKind::Protocol,
                    QStringLiteral("Qdrant sent the points of a page in an order that it never uses."), {},
                    QStringLiteral("Is a proxy between this computer and Qdrant changing the answers?"));
                error.where.collection = m_request.collection;
                error.where.pointId = point.id.toString();
                return fail(std::move(error));
            }
            previous = point.id;
        }
        last = previous;
        const auto next = last->successor();
        if (m_sizer)
            m_sizer->received(static_cast<std::uint32_t>(points.size()), page.wireBytes());
        if (next && m_request.maxPointsPerSecond == 0 && !m_stop.stop_requested()) {
            ask(next, shardKey);
            asked = true;
        }
        if (auto stored = store(page, shardKey); !stored) {
            m_source.reset();
            return stored;
        }
        report();
        if (!next)
            return {};
        from = next;
    }
}

Result<ExportOutcome> Exporter::run()
{
    const auto started = Clock::now();
    m_outcome.folder = m_request.folder;
    if (auto facts = readFacts(); !facts)
        return fail(facts.error());
    std::optional<FileLock> lock;
    if (auto made = makeFolder(m_request.folder); !made)
        return fail(made.error());
    auto taken = FileLock::take(m_folder.filePath(QStringLiteral(".lock")),
        QStringLiteral("Another export is writing into %1.").arg(m_request.folder));
    if (!taken)
        return fail(taken.error());
    lock = std::move(*taken);
    if (auto prepared = prepareFolder(); !prepared)
        return fail(prepared.error());

    const qint64 most = m_info.strictMode.maxQueryLimit.value_or(0);
    m_limit = static_cast<std::uint32_t>(std::max(1, m_request.batchPoints));
    if (most > 0)
        m_limit = static_cast<std::uint32_t>(std::min<qint64>(m_limit, most));
    if (m_request.batchBytes > 0)
        m_sizer = std::make_unique<PageSizer>(m_request.batchBytes, 0, most);
    for (const std::string& key : m_shardKeys) {
        if (auto exported = exportKey(key); !exported)
            return fail(exported.error());
    }
    m_source.reset();

    auto count = exactCount();
    if (!count)
        return fail(count.error());
    m_manifest.countAtEnd = *count;
    if (!m_outcome.countNote.isEmpty())
        m_manifest.countNote = m_outcome.countNote;
    m_manifest.finishedAt = QDateTime::currentDateTimeUtc();
    m_manifest.complete = true;
    if (auto written = writeDurably(
            m_folder.filePath(ExportManifest::fileName()), std::string_view(m_manifest.toJson()));
        !written)
        return fail(written.error());
    m_journal.reset();
    QFile::remove(m_folder.filePath(ExportManifest::journalName()));

    m_outcome.batches = static_cast<int>(m_manifest.batches.size());
    m_outcome.countAtStart = m_manifest.countAtStart;
    m_outcome.countAtEnd = m_manifest.countAtEnd;
    m_outcome.countNote = m_manifest.countNote;
    if (m_outcome.countAtEnd && *m_outcome.countAtEnd != m_outcome.points)
        m_outcome.warnings << QStringLiteral(
            "%1 points were exported, and the collection holds %2 now: it was written to meanwhile. Stop the "
            "writers and export again for an exact copy.")
                                  .arg(formatCount(m_outcome.points), formatCount(*m_outcome.countAtEnd));
    m_outcome.elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started);
    m_lastReport = {};
    report();
    return std::move(m_outcome);
}

} // namespace

Result<ExportOutcome> exportCollection(
    const ExportRequest& request, const StagedProgressCallback& progress, std::stop_token stop)
{
    if (request.collection.isEmpty())
        return fail(ErrorKind::Usage, QStringLiteral("No collection is named."), {},
            QStringLiteral("Set COLLECTION or use --collection."));
    return Exporter(request, progress, std::move(stop)).run();
}

} // namespace qdrant2pg
