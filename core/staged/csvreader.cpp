// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/csvreader.h"

#include "core/staged/durablefile.h"

#include <cerrno>
#include <cstring>

namespace qdrant2pg {

namespace {

constexpr std::size_t readBytes = 1 << 20;
/// PostgreSQL takes no value of 1 GB or more; a record that long is a lost quote.
constexpr std::size_t longestRecord = std::size_t{1} << 30;

} // namespace

Result<CsvReader> CsvReader::open(const QString& path)
{
    auto file = std::make_unique<QFile>(path);
    errno = 0;
    if (!file->open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fail(fileError(errno != 0 ? errno : ENOENT, QStringLiteral("open"), path));
    CsvReader reader(std::move(file));
    const auto first = reader.more();
    if (!first)
        return fail(first.error());
    if (reader.m_buffer.starts_with("\xEF\xBB\xBF")) {
        reader.m_at = 3;
        reader.m_offset = 3;
    }
    return reader;
}

Result<void> CsvReader::seek(qint64 offset, qint64 line)
{
    if (!m_file->seek(offset)) {
        Error error = makeError(ErrorKind::File,
            QStringLiteral("Cannot continue in %1.").arg(m_file->fileName()), m_file->errorString());
        error.where.file = m_file->fileName();
        return fail(std::move(error));
    }
    m_buffer.clear();
    m_at = 0;
    m_offset = offset;
    m_line = line;
    m_fileEnded = false;
    m_finished = false;
    return {};
}

Result<bool> CsvReader::more()
{
    if (m_fileEnded)
        return false;
    if (m_at > 0) {
        m_buffer.erase(0, m_at);
        m_at = 0;
    }
    // Growing with the record keeps the work linear when one record is very long.
    const std::size_t portion = std::max(readBytes, m_buffer.size());
    const std::size_t before = m_buffer.size();
    m_buffer.resize(before + portion);
    const qint64 count = m_file->read(m_buffer.data() + before, static_cast<qint64>(portion));
    m_buffer.resize(before + static_cast<std::size_t>(std::max<qint64>(count, 0)));
    if (count < 0) {
        Error error = makeError(ErrorKind::File, QStringLiteral("Cannot read %1.").arg(m_file->fileName()),
            m_file->errorString());
        error.where.file = m_file->fileName();
        return fail(std::move(error));
    }
    m_fileEnded = count == 0;
    return count > 0;
}

Error CsvReader::dataError(const QString& what) const
{
    Error error = makeError(ErrorKind::Data,
        QStringLiteral("Line %1 of %2 is not valid CSV: %3.").arg(m_line).arg(m_file->fileName(), what), {},
        QStringLiteral("Convert the export again, or correct the line: fields with quotes, commas or line "
                       "breaks stand in double quotes, quotes inside are doubled."));
    error.where.file = m_file->fileName();
    return error;
}

Result<bool> CsvReader::findRecordEnd(std::size_t& contentEnd, std::size_t& recordEnd, qint64& lines)
{
    // A quote opens a field only at its beginning; anywhere else it is a fault of that record and must not
    // swallow the next.
    enum class In { FieldStart, Unquoted, Quoted, AfterQuote } in = In::FieldStart;
    lines = 0;
    std::size_t at = m_at;
    while (true) {
        while (at < m_buffer.size()) {
            const char* const base = m_buffer.data();
            if (in == In::Quoted) {
                const void* quote = std::memchr(base + at, '"', m_buffer.size() - at);
                const std::size_t stop = quote
                    ? static_cast<std::size_t>(static_cast<const char*>(quote) - base)
                    : m_buffer.size();
                lines += std::count(base + at, base + stop, '\n');
                at = stop;
                if (quote) {
                    in = In::AfterQuote;
                    ++at;
                }
                continue;
            }
            const char c = base[at];
            if (c == '\n') {
                ++lines;
                recordEnd = at + 1;
                contentEnd = at > m_at && base[at - 1] == '\r' ? at - 1 : at;
                return true;
            }
            if (c == ',')
                in = In::FieldStart;
            else if (c == '"' && in != In::Unquoted)
                in = In::Quoted;
            else
                in = In::Unquoted;
            ++at;
        }
        if (m_buffer.size() - m_at > longestRecord) {
            m_finished = true;
            return fail(
                dataError(QStringLiteral("it does not end within 1 GiB; a quote is probably missing")));
        }
        const std::size_t done = at - m_at;
        const auto got = more();
        if (!got)
            return fail(got.error());
        at = m_at + done;
        if (!*got)
            break;
    }
    if (in == In::Quoted) {
        m_finished = true;
        return fail(dataError(QStringLiteral(
            "a quoted field is not closed before the file ends; the file is cut off or a quote is missing")));
    }
    contentEnd = m_buffer.size();
    recordEnd = m_buffer.size();
    return true;
}

Result<bool> CsvReader::next(CsvRecord& record)
{
    record.fields.clear();
    if (m_finished)
        return false;
    if (m_at == m_buffer.size()) {
        const auto got = more();
        if (!got)
            return fail(got.error());
        if (!*got) {
            m_finished = true;
            return false;
        }
    }
    std::size_t contentEnd = 0;
    std::size_t recordEnd = 0;
    qint64 lines = 0;
    if (const auto found = findRecordEnd(contentEnd, recordEnd, lines); !found)
        return fail(found.error());

    std::optional<Error> broken;
    char* const base = m_buffer.data();
    std::size_t at = m_at;
    while (!broken) {
        CsvField field;
        if (at < contentEnd && base[at] == '"') {
            // Doubled quotes are undone in place: the text only becomes shorter.
            field.quoted = true;
            std::size_t out = ++at;
            const std::size_t start = at;
            while (at < contentEnd) {
                const void* quote = std::memchr(base + at, '"', contentEnd - at);
                const std::size_t stop =
                    quote ? static_cast<std::size_t>(static_cast<const char*>(quote) - base) : contentEnd;
                if (out != at)
                    std::memmove(base + out, base + at, stop - at);
                out += stop - at;
                at = stop + 1;
                if (at < contentEnd && base[at] == '"') {
                    base[out++] = '"';
                    ++at;
                    continue;
                }
                break;
            }
            field.text = std::string_view(base + start, out - start);
            if (at < contentEnd && base[at] != ',')
                broken = dataError(QStringLiteral("characters follow the closing quote of field %1")
                                       .arg(record.fields.size() + 1));
        } else {
            const void* comma = std::memchr(base + at, ',', contentEnd - at);
            const std::size_t stop =
                comma ? static_cast<std::size_t>(static_cast<const char*>(comma) - base) : contentEnd;
            field.text = std::string_view(base + at, stop - at);
            if (field.text.find('"') != std::string_view::npos)
                broken = dataError(QStringLiteral("a quote stands inside the unquoted field %1")
                                       .arg(record.fields.size() + 1));
            else if (field.text.find('\r') != std::string_view::npos)
                broken = dataError(QStringLiteral("a carriage return stands inside the unquoted field %1")
                                       .arg(record.fields.size() + 1));
            at = stop;
        }
        record.fields.push_back(field);
        if (at >= contentEnd)
            break;
        ++at;
    }
    record.line = m_line;
    m_line += lines;
    m_offset += static_cast<qint64>(recordEnd - m_at);
    record.endOffset = m_offset;
    m_at = recordEnd;
    if (broken)
        return fail(std::move(*broken));
    return true;
}

void appendCsvField(std::string& out, std::string_view text)
{
    if (!text.empty() && text.find_first_of("\",\r\n") == std::string_view::npos) {
        out += text;
        return;
    }
    out += '"';
    while (true) {
        const std::size_t quote = text.find('"');
        out += text.substr(0, quote);
        if (quote == std::string_view::npos)
            break;
        out += "\"\"";
        text.remove_prefix(quote + 1);
    }
    out += '"';
}

} // namespace qdrant2pg
