// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/result.h"

#include <algorithm>
#include <optional>

#include <QFile>
#include <QString>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace qdrant2pg {

/// One field of a CSV record: a view that is valid until the next record is read. An unquoted empty field is
/// NULL.
struct CsvField {
    std::string_view text;
    bool quoted = false;

    bool isNull() const { return !quoted && text.empty(); }
};

struct CsvRecord {
    std::vector<CsvField> fields;
    /// Line of the file on which the record begins, from 1.
    qint64 line = 0;
    /// Offset of the first byte behind it.
    qint64 endOffset = 0;
};

/// Reads a CSV file by RFC 4180, strictly and as a stream: memory holds one record and a buffer. Lines end in
/// LF or CRLF; a byte order mark is skipped. Not thread-safe.
class CsvReader {
public:
    [[nodiscard]] static Result<CsvReader> open(const QString& path);

    /// Continues at a record's border that an earlier reader reported.
    [[nodiscard]] Result<void> seek(qint64 offset, qint64 line);
    /// False at the end of the file. Data errors name the line; after one the reader stands behind the
    /// damaged line, unless `atEnd()` then says that nothing more can be read.
    [[nodiscard]] Result<bool> next(CsvRecord& record);
    bool atEnd() const { return m_finished; }
    qint64 size() const { return m_file->size(); }
    /// Line on which the next record begins, and its offset.
    qint64 line() const { return m_line; }
    qint64 offset() const { return m_offset; }

private:
    explicit CsvReader(std::unique_ptr<QFile> file)
        : m_file(std::move(file))
    {
    }
    [[nodiscard]] Result<bool> more();
    [[nodiscard]] Result<bool> findRecordEnd(std::size_t& contentEnd, std::size_t& recordEnd, qint64& lines);
    Error dataError(const QString& what) const;

    std::unique_ptr<QFile> m_file;
    std::string m_buffer;
    /// Of the record that is read next, in the buffer.
    std::size_t m_at = 0;
    qint64 m_line = 1;
    qint64 m_offset = 0;
    bool m_fileEnded = false;
    bool m_finished = false;
};

/// Appends a field: quoted when it needs to be, and when it is an empty text (NULL is empty and bare).
void appendCsvField(std::string& out, std::string_view text);

} // namespace qdrant2pg
