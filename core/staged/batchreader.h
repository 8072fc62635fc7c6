// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"
#include "core/qdrant/pagedecoder.h"
#include "core/qdrant/pointpage.h"
#include "core/staged/exportmanifest.h"

#include <QList>
#include <QString>
#include <QStringList>

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace qdrant2pg {

/// A file of an export folder that cannot be taken as it is, and why.
struct BatchProblem {
    QString file;
    /// "holds an error answer of Qdrant: Not found: ...", without the file's name.
    QString reason;
};

/// All problems in one error, each file with its reason.
Error batchProblemsError(const QString& folder, const QList<BatchProblem>& problems);

/// Reads the batches of an export folder one after another: ours with their manifest, whose hashes tell which
/// file was edited, damaged or lost, and bare scroll replies that the old four-step guide's script left
/// behind. What cannot be read is named in problems(), never passed over in silence. Not thread-safe.
class BatchReader {
public:
    /// File errors when the folder cannot be read or holds no batches at all.
    [[nodiscard]] static Result<BatchReader> open(const QString& folder);

    /// Nothing for a folder of another program.
    const std::optional<ExportManifest>& manifest() const { return m_manifest; }
    const QString& folder() const { return m_folder; }
    const QStringList& files() const { return m_files; }
    qint64 totalBytes() const { return m_totalBytes; }
    /// -1 when the folder does not say.
    qint64 expectedPoints() const { return m_manifest ? m_manifest->points() : -1; }

    /// The next readable batch; false at the end, after which problems() is complete.
    [[nodiscard]] Result<bool> next(PointPage& page);
    /// Of the batch that next() returned: its position in files(), name and size.
    int fileIndex() const { return m_index; }
    QString file() const { return m_files.value(m_index); }
    qint64 fileBytes() const { return m_fileBytes; }
    const QList<BatchProblem>& problems() const { return m_problems; }

    /// The ids of a batch in ascending order; for the search for duplicates.
    [[nodiscard]] Result<std::vector<PointId>> ids(int fileIndex) const;

private:
    struct Extent {
        int file = 0;
        PointId first;
        PointId last;
        std::optional<PointId> next;
    };
    /// Reads and decodes one file; the reason when it is no good.
    std::optional<QString> load(int index, PointPage& page);
    void checkChain();

    QString m_folder;
    std::optional<ExportManifest> m_manifest;
    QStringList m_files;
    qint64 m_totalBytes = 0;
    qint64 m_fileBytes = 0;
    int m_index = -1;
    bool m_finished = false;
    std::vector<Extent> m_extents;
    QList<BatchProblem> m_problems;
    RestPageDecoder m_decoder;
};

/// Finds ids that occur twice in an export in constant memory: as long as ids ascend nothing needs to be
/// remembered, and for the others the batches whose span covers the id are looked at again.
class DuplicateFinder {
public:
    explicit DuplicateFinder(const BatchReader& reader)
        : m_reader(reader)
    {
    }
    /// Call for each point in the order of reading; the name of the file that held the id before.
    [[nodiscard]] Result<std::optional<QString>> seenIn(
        int fileIndex, const PointId& id, std::string_view shardKey);

private:
    struct Span {
        int file = 0;
        std::string shardKey;
        PointId least;
        PointId greatest;
    };
    struct Cached {
        int file = 0;
        std::vector<PointId> ids;
    };
    Result<const std::vector<PointId>*> idsOf(int fileIndex);

    const BatchReader& m_reader;
    std::vector<Span> m_spans;
    /// Per shard key, over all files so far.
    std::map<std::string, PointId, std::less<>> m_greatest;
    /// Of the file at hand, ascending.
    std::vector<PointId> m_current;
    int m_currentFile = -1;
    std::vector<Cached> m_cache;
};

} // namespace qdrant2pg
