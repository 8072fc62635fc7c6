// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/batchreader.h"

#include "core/common/units.h"
#include "core/staged/durablefile.h"

#include <algorithm>

#include <QCryptographicHash>
#include <QDir>
#include <QFileInfo>
#include <QJsonDocument>
#include <QJsonObject>
#include <QSet>

namespace qdrant2pg {

namespace {

/// A scroll reply larger than this was never written by a scroll that anybody wants.
constexpr qint64 largestBatch = qint64{2'000'000'000};
constexpr std::size_t cachedFiles = 64;

/// batch_9 before batch_10, whatever the number of digits.
bool numbersFirst(const QString& a, const QString& b)
{
    const auto number = [](const QString& name) {
        const qsizetype from = name.indexOf(QLatin1Char('_')) + 1;
        bool good = false;
        const qulonglong value = name.mid(from, name.lastIndexOf(QLatin1Char('.')) - from).toULongLong(&good);
        return std::pair(good ? 0 : 1, value);
    };
    const auto left = number(a);
    const auto right = number(b);
    return left != right ? left < right : a < b;
}

QString shortened(const QByteArray& text)
{
    constexpr qsizetype longest = 120;
    const QString words = QString::fromUtf8(text.left(longest)).simplified();
    return text.size() > longest ? words + QChar(0x2026) : words;
}

/// What a file is that is no page of points, in words.
QString reasonFor(const QByteArray& body, const Error& decodeError)
{
    if (body.trimmed().isEmpty())
        return QStringLiteral("is empty");
    if (!body.trimmed().startsWith('{'))
        return QStringLiteral("is no scroll answer of Qdrant, it begins with \"%1\"").arg(shortened(body));
    QJsonParseError problem;
    const QJsonObject object = QJsonDocument::fromJson(body, &problem).object();
    if (problem.error != QJsonParseError::NoError && problem.error != QJsonParseError::DeepNesting)
        return QStringLiteral("is cut off or damaged: the JSON text ends or breaks at byte %1 of %2")
            .arg(problem.offset)
            .arg(body.size());
    const QJsonValue status = object.value(QStringLiteral("status"));
    if (status.isObject())
        return QStringLiteral("holds an error answer of Qdrant instead of points: %1")
            .arg(status.toObject().value(QStringLiteral("error")).toString());
    if (!object.contains(QStringLiteral("result")))
        return QStringLiteral("is no scroll answer of Qdrant: it has no \"result\"");
    return decodeError.detail.isEmpty() ? decodeError.summary
                                        : decodeError.summary + QLatin1Char(' ') + decodeError.detail;
}

} // namespace

Error batchProblemsError(const QString& folder, const QList<BatchProblem>& problems)
{
    QStringList lines;
    for (const BatchProblem& problem : problems)
        lines << problem.file + QLatin1Char(' ') + problem.reason;
    Error error = makeError(ErrorKind::File,
        problems.size() == 1
            ? QStringLiteral("%1 in %2 %3.").arg(problems.first().file, folder, problems.first().reason)
            : QStringLiteral("%1 files in %2 cannot be used as they are.").arg(problems.size()).arg(folder),
        problems.size() == 1 ? QString() : lines.join(QLatin1Char('\n')),
        QStringLiteral("Export the collection again (qdrant2pg export), or go on without what they hold with "
                       "--allow-broken."));
    error.where.file = QDir(folder).filePath(problems.first().file);
    return error;
}

Result<BatchReader> BatchReader::open(const QString& folder)
{
    BatchReader reader;
    reader.m_folder = folder;
    const QDir dir(folder);
    if (!QFileInfo(folder).isDir()) {
        Error error = makeError(ErrorKind::File, QStringLiteral("There is no folder %1.").arg(folder), {},
            QStringLiteral("Run qdrant2pg export first, or name the folder that holds the batches."));
        error.where.file = folder;
        return fail(std::move(error));
    }
    if (!QFileInfo(folder).isReadable())
        return fail(fileError(EACCES, QStringLiteral("read the folder"), folder));
    auto manifest = readExportManifest(folder);
    if (!manifest)
        return fail(manifest.error());
    reader.m_manifest = std::move(*manifest);

    QStringList present = dir.entryList({QStringLiteral("batch_*.json")}, QDir::Files);
    std::sort(present.begin(), present.end(), numbersFirst);
    if (reader.m_manifest) {
        for (const ExportBatch& batch : reader.m_manifest->batches)
            reader.m_files << batch.file;
        const QSet<QString> listed(reader.m_files.begin(), reader.m_files.end());
        for (const QString& name : present) {
            if (!listed.contains(name))
                reader.m_problems << BatchProblem{
                    name, QStringLiteral("is not listed in %1").arg(ExportManifest::fileName())};
        }
        if (!reader.m_manifest->complete) {
            const QString known = reader.m_manifest->countAtStart
                ? QStringLiteral("%1 of %2 points")
                      .arg(formatCount(reader.m_manifest->points()),
                          formatCount(*reader.m_manifest->countAtStart))
                : QStringLiteral("%1 points").arg(formatCount(reader.m_manifest->points()));
            reader.m_problems << BatchProblem{ExportManifest::fileName(),
                QStringLiteral(
                    "says that the export is not finished (%1); run qdrant2pg export again to continue it")
                    .arg(known)};
        }
    } else {
        reader.m_files = present;
        if (present.isEmpty()) {
            Error error =
                makeError(ErrorKind::File, QStringLiteral("The folder %1 holds no batches.").arg(folder), {},
                    QStringLiteral("Files are expected to be named batch_000001.json, batch_000002.json ... "
                                   "Run qdrant2pg export first."));
            error.where.file = folder;
            return fail(std::move(error));
        }
    }
    for (const QString& name : std::as_const(reader.m_files))
        reader.m_totalBytes += QFileInfo(dir.filePath(name)).size();
    return reader;
}

std::optional<QString> BatchReader::load(int index, PointPage& page)
{
    const QString path = QDir(m_folder).filePath(m_files.at(index));
    const ExportBatch* listed = m_manifest ? &m_manifest->batches.at(index) : nullptr;
    if (!QFileInfo::exists(path))
        return QStringLiteral("is missing");
    auto body = readWholeFile(path, largestBatch);
    if (!body)
        return QStringLiteral("cannot be read: %1")
            .arg(body.error().detail.isEmpty() ? body.error().summary : body.error().detail);
    m_fileBytes = body->size();
    if (listed) {
        if (body->size() != listed->bytes)
            return QStringLiteral("was changed or damaged: it has %1 bytes, %2 were written")
                .arg(body->size())
                .arg(listed->bytes);
        if (QCryptographicHash::hash(*body, QCryptographicHash::Sha256).toHex() != listed->sha256)
            return QStringLiteral(
                "was changed or damaged: its content is not what was written (SHA-256 differs)");
    }
    const QByteArray copy = *body;
    if (auto decoded = m_decoder.decode(std::move(*body), page); !decoded)
        return reasonFor(copy, decoded.error());
    return std::nullopt;
}

Result<bool> BatchReader::next(PointPage& page)
{
    while (!m_finished) {
        if (m_index + 1 >= m_files.size()) {
            m_finished = true;
            if (!m_manifest)
                checkChain();
            break;
        }
        ++m_index;
        if (const auto reason = load(m_index, page)) {
            m_problems << BatchProblem{m_files.at(m_index), *reason};
            continue;
        }
        const auto points = page.points();
        if (points.empty())
            continue;
        const auto [least, greatest] = std::minmax_element(
            points.begin(), points.end(), [](const PointView& a, const PointView& b) { return a.id < b.id; });
        m_extents.push_back({m_index, least->id, greatest->id, page.nextOffset()});
        return true;
    }
    return false;
}

/// Scroll answers say where the next one begins: so a lost file and an export that ended early can be told,
/// even though nobody wrote a manifest.
void BatchReader::checkChain()
{
    if (m_extents.empty())
        return;
    std::vector<Extent> sorted = m_extents;
    std::sort(
        sorted.begin(), sorted.end(), [](const Extent& a, const Extent& b) { return a.first < b.first; });
    PointId reached = sorted.front().last;
    std::optional<PointId> open;
    int openFile = 0;
    for (const Extent& extent : sorted) {
        if (open && extent.first > *open)
            m_problems << BatchProblem{m_files.at(openFile),
                QStringLiteral(
                    "says that the points go on at %1, but no file begins there: a batch is missing")
                    .arg(open->toString())};
        if (extent.last >= reached) {
            reached = extent.last;
            open = extent.next;
            openFile = extent.file;
        }
        if (open && *open <= reached)
            open.reset();
    }
    if (open)
        m_problems << BatchProblem{m_files.at(openFile),
            QStringLiteral("is the last batch and says that more points follow at %1: the export ended early")
                .arg(open->toString())};
}

Result<std::vector<PointId>> BatchReader::ids(int fileIndex) const
{
    const QString path = QDir(m_folder).filePath(m_files.at(fileIndex));
    auto body = readWholeFile(path, largestBatch);
    if (!body)
        return fail(body.error());
    PointPage page;
    RestPageDecoder decoder;
    if (auto decoded = decoder.decode(std::move(*body), page); !decoded)
        return fail(decoded.error());
    std::vector<PointId> ids;
    for (const PointView& point : page.points())
        ids.push_back(point.id);
    std::sort(ids.begin(), ids.end());
    return ids;
}

Result<const std::vector<PointId>*> DuplicateFinder::idsOf(int fileIndex)
{
    const auto found =
        std::find_if(m_cache.begin(), m_cache.end(), [&](const Cached& c) { return c.file == fileIndex; });
    if (found != m_cache.end())
        return &found->ids;
    auto ids = m_reader.ids(fileIndex);
    if (!ids)
        return fail(ids.error());
    if (m_cache.size() >= cachedFiles)
        m_cache.erase(m_cache.begin());
    m_cache.push_back({fileIndex, std::move(*ids)});
    return &m_cache.back().ids;
}

Result<std::optional<QString>> DuplicateFinder::seenIn(
    int fileIndex, const PointId& id, std::string_view shardKey)
{
    if (fileIndex != m_currentFile) {
        m_current.clear();
        m_currentFile = fileIndex;
    } else if (std::binary_search(m_current.begin(), m_current.end(), id)) {
        return std::optional<QString>(m_reader.files().at(fileIndex));
    }
    // Ids ascend within a scroll answer, so this is an append but in files that somebody put together by
    // hand.
    m_current.insert(std::upper_bound(m_current.begin(), m_current.end(), id), id);

    auto greatest = m_greatest.find(shardKey);
    const bool beyondAll = greatest == m_greatest.end() || id > greatest->second;
    if (greatest == m_greatest.end())
        m_greatest.emplace(shardKey, id);
    else if (beyondAll)
        greatest->second = id;

    Span* span = nullptr;
    for (auto it = m_spans.rbegin(); it != m_spans.rend() && it->file == fileIndex && !span; ++it) {
        if (it->shardKey == shardKey)
            span = &*it;
    }
    if (!span)
        span = &m_spans.emplace_back(Span{fileIndex, std::string(shardKey), id, id});
    span->least = std::min(span->least, id);
    span->greatest = std::max(span->greatest, id);
    if (beyondAll)
        return std::optional<QString>();

    for (const Span& earlier : m_spans) {
        if (earlier.file == fileIndex || earlier.shardKey != shardKey || id < earlier.least
            || id > earlier.greatest)
            continue;
        auto ids = idsOf(earlier.file);
        if (!ids)
            return fail(ids.error());
        if (std::binary_search((*ids)->begin(), (*ids)->end(), id))
            return std::optional<QString>(m_reader.files().at(earlier.file));
    }
    return std::optional<QString>();
}

} // namespace qdrant2pg
