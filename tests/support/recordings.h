// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QString>
#include <QStringList>

#include <optional>
#include <utility>
#include <vector>

namespace qdrant2pg::test {

/// One recorded request and the answer of a real Qdrant.
struct Exchange {
    /// Folder and file without extension, for example "game_collection/001-info".
    QString name;
    QByteArray method;
    /// As sent: with query and percent-escapes.
    QByteArray path;
    std::vector<std::pair<QByteArray, QByteArray>> requestHeaders;
    /// Empty when there was none. Where the recording holds it as JSON: the same text, but for white space.
    /// `bodyMissing` when it was too long to be kept.
    QByteArray requestBody;
    bool bodyMissing = false;
    int status = 0;
    std::vector<std::pair<QByteArray, QByteArray>> headers;
    /// Byte for byte.
    QByteArray body;
};

/// The recorded answers: folder QDRANT2PG_RECORDINGS, else shared/recordings beside the source tree. They are
/// not part of the repository, so a test that needs them starts with QDRANT2PG_REQUIRE_RECORDINGS().
class Recordings {
public:
    static bool available();
    static QString directory();
    /// Topics, sorted.
    static QStringList folders();
    /// Names of the exchanges of a topic in recorded order, for exchange().
    static QStringList exchanges(const QString& folder);
    /// Nothing when the file is not there or not an HTTP exchange.
    static std::optional<Exchange> exchange(const QString& name);
    /// A file below the folder ("game_collection/001-info.body"); a null array when it is not there.
    static QByteArray read(const QString& path);
    /// The points as uploaded, one JSON text each; `file` for topics that have several.
    static std::vector<QByteArray> expectedPoints(
        const QString& folder, const QString& file = QStringLiteral("expected.jsonl"));
};

} // namespace qdrant2pg::test

/// First line of a test function or of initTestCase(); a skipped initTestCase() is a skipped test for ctest.
#define QDRANT2PG_REQUIRE_RECORDINGS()                                                                       \
    do {                                                                                                     \
        if (!qdrant2pg::test::Recordings::available()) {                                                     \
            QSKIP("the recordings of a real Qdrant are not here (QDRANT2PG_RECORDINGS)");                    \
        }                                                                                                    \
    } while (false)
