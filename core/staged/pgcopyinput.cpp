// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/rowinput.h"

#include "core/postgres/bytekernels.h"
#include "core/postgres/copybuffer.h"
#include "core/postgres/copyrow.h"
#include "core/postgres/fieldtext.h"
#include "core/staged/durablefile.h"

#include <cerrno>

#include <QFile>
#include <QFileInfo>

namespace qdrant2pg {

namespace {

constexpr std::size_t portionBytes = 1 << 20;

class PgCopyInput : public RowInput {
public:
    PgCopyInput(std::unique_ptr<QFile> file, const TableSpec& table, RowInputOptions options)
        : m_file(std::move(file))
        , m_table(table)
        , m_options(std::move(options))
    {
        for (int c = 0; c < m_table.columns.size(); ++c) {
            if (m_table.columns.at(c).type == ColumnType::VectorArray)
                m_vectorArrays.push_back(static_cast<std::size_t>(c));
        }
    }

    Result<void> seek(const InputPosition& position) override;
    Result<Step> next(std::string& out, RejectRow& reject) override;
    InputPosition position() const override
    {
        return {m_row, m_start + static_cast<qint64>(m_splitter.consumed()), 0};
    }
    qint64 size() const override { return m_file->size(); }
    QStringList warnings() const override { return {}; }

private:
    Error damaged(const QString& what) const;
    Result<bool> more();

    std::unique_ptr<QFile> m_file;
    TableSpec m_table;
    RowInputOptions m_options;
    CopyRowSplitter m_splitter;
    /// What the splitter looks at.
    std::unique_ptr<char[]> m_portion;
    std::vector<CopyField> m_fields;
    std::vector<std::size_t> m_vectorArrays;
    qint64 m_start = 0;
    qint64 m_row = 0;
};

Error PgCopyInput::damaged(const QString& what) const
{
    Error error = makeError(ErrorKind::Data,
        QStringLiteral("%1 is damaged behind row %2: %3.").arg(m_file->fileName()).arg(m_row).arg(what), {},
        QStringLiteral("Convert the export again."));
    error.where.file = m_file->fileName();
    return error;
}

Result<void> PgCopyInput::seek(const InputPosition& position)
{
    if (!m_file->seek(position.offset))
        return fail(damaged(m_file->errorString()));
    m_start = position.offset;
    m_row = position.row;
    m_splitter = CopyRowSplitter(position.offset == 0);
    return {};
}

Result<bool> PgCopyInput::more()
{
    auto fresh = std::make_unique_for_overwrite<char[]>(portionBytes);
    const qint64 count = m_file->read(fresh.get(), static_cast<qint64>(portionBytes));
    if (count < 0) {
        Error error = makeError(ErrorKind::File, QStringLiteral("Cannot read %1.").arg(m_file->fileName()),
            m_file->errorString());
        error.where.file = m_file->fileName();
        return fail(std::move(error));
    }
    if (count > 0) {
        m_splitter.feed(std::string_view(fresh.get(), static_cast<std::size_t>(count)));
        m_portion = std::move(fresh);
    }
    return count > 0;
}

Result<RowInput::Step> PgCopyInput::next(std::string& out, RejectRow& reject)
{
    std::string_view row;
    for (;;) {
        switch (m_splitter.next(row)) {
        case CopyRowSplitter::Status::End: {
            auto rest = more();
            if (!rest)
                return fail(rest.error());
            if (*rest)
                return fail(damaged(QStringLiteral("bytes follow the end mark")));
            return Step::End;
        }
        case CopyRowSplitter::Status::Damaged:
            return fail(damaged(QStringLiteral("it is not PostgreSQL's binary COPY format")));
        case CopyRowSplitter::Status::NeedMore: {
            auto got = more();
            if (!got)
                return fail(got.error());
            if (!*got)
                return fail(damaged(QStringLiteral("the file is cut off")));
            continue;
        }
        case CopyRowSplitter::Status::Row:
            break;
        }
        break;
    }
    ++m_row;
    if (!splitCopyRow(row, m_fields) || m_fields.size() != static_cast<std::size_t>(m_table.columns.size())) {
        reject = {};
        reject.collection = m_options.collection;
        reject.pointId = QStringLiteral("row %1").arg(m_row);
        reject.stage = QStringLiteral("decode");
        reject.sqlState = "22P04";
        reject.reason = QStringLiteral("row %1: it has %2 columns, table %3 loads %4")
                            .arg(m_row)
                            .arg(m_fields.size())
                            .arg(m_table.name)
                            .arg(m_table.columns.size());
        return Step::Reject;
    }
    const std::size_t begin = out.size();
    out += row;
    // Files carry a stand-in for the number of the type vector, which each server gives itself.
    for (const std::size_t column : m_vectorArrays) {
        if (!m_fields[column] || m_fields[column]->size() < 12)
            continue;
        const auto offset = static_cast<std::size_t>(m_fields[column]->data() - row.data());
        bytes::store32(out.data() + begin + offset + 8, m_options.vectorOid);
    }
    return Step::Row;
}

} // namespace

Result<std::unique_ptr<RowInput>> openPgCopyInput(
    const QString& path, const TableSpec& table, const RowInputOptions& options)
{
    auto file = std::make_unique<QFile>(path);
    errno = 0;
    if (!file->open(QIODevice::ReadOnly | QIODevice::Unbuffered))
        return fail(fileError(errno != 0 ? errno : ENOENT, QStringLiteral("open"), path));
    return std::unique_ptr<RowInput>(std::make_unique<PgCopyInput>(std::move(file), table, options));
}

Result<DataFormat> detectDataFormat(const QString& path)
{
    QFile file(path);
    errno = 0;
    if (!file.open(QIODevice::ReadOnly)) {
        Error error = fileError(errno != 0 ? errno : ENOENT, QStringLiteral("open"), path);
        if (error.kind == ErrorKind::File && !QFileInfo::exists(path))
            error.hint = QStringLiteral("Run qdrant2pg convert first, or name the file.");
        return fail(std::move(error));
    }
    return file.read(6) == "PGCOPY" ? DataFormat::PgCopy : DataFormat::Csv;
}

QString InputPosition::toCursor() const
{
    return QStringLiteral("%1:%2:%3").arg(row).arg(offset).arg(line);
}

std::optional<InputPosition> InputPosition::fromCursor(const QString& cursor)
{
    const QStringList parts = cursor.split(QLatin1Char(':'));
    if (parts.size() != 3)
        return std::nullopt;
    InputPosition position;
    bool good = true;
    qint64* const fields[]{&position.row, &position.offset, &position.line};
    for (int i = 0; i < 3; ++i) {
        bool number = false;
        *fields[i] = parts.at(i).toLongLong(&number);
        good = good && number && *fields[i] >= 0;
    }
    return good ? std::optional(position) : std::nullopt;
}

} // namespace qdrant2pg
