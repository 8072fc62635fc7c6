// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/batchreader.h"
#include "tests/fuzz/fuzztarget.h"

#include <QFile>
#include <QTemporaryDir>

#include <cstdlib>

using namespace qdrant2pg;

namespace {

void write(const QString& path, const QByteArray& bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        std::abort();
}

} // namespace

/// An export folder with one batch, and with a manifest when the input has two parts. Reading it ends, and
/// what was not read is named.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static const QTemporaryDir folder;
    const QByteArray input(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    const qsizetype split = input.indexOf("\n----\n");
    const QString manifest = folder.filePath(QStringLiteral("manifest.json"));
    QFile::remove(manifest);
    if (split >= 0)
        write(manifest, input.left(split));
    write(folder.filePath(QStringLiteral("batch_000001.json")), split >= 0 ? input.mid(split + 6) : input);
    auto reader = BatchReader::open(folder.path());
    if (!reader)
        return 0;
    PointPage page;
    DuplicateFinder finder(*reader);
    for (int batches = 0;; ++batches) {
        auto more = reader->next(page);
        if (!more || !*more)
            break;
        if (batches > 1)
            std::abort();
        for (const PointView& point : page.points()) {
            if (auto seen = finder.seenIn(reader->fileIndex(), point.id, point.shardKey); !seen)
                break;
        }
    }
    return 0;
}
