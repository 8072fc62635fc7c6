// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/staged/rowinput.h"

#include "core/postgres/fieldtext.h"
#include "core/staged/csvreader.h"

#include <QFileInfo>

namespace qdrant2pg {

namespace {

constexpr std::size_t longestRawRow = 65'536;

class CsvInput : public RowInput {
public:
    CsvInput(CsvReader reader, const TableSpec& table, RowInputOptions options)
        : m_reader(std::move(reader))
        , m_table(table)
        , m_options(std::move(options))
    {
    }

    Result<void> readHeader(const QString& path);
    Result<void> seek(const InputPosition& position) override;
    Result<Step> next(std::string& out, RejectRow& reject) override;
    InputPosition position() const override { return {m_row, m_reader.offset(), m_reader.line()}; }
    qint64 size() const override { return m_reader.size(); }
    QStringList warnings() const override;

private:
    Result<void> takeColumns(const QStringList& names);
    std::optional<EncodeProblem> encode(QString& column);
    void fillReject(
        RejectRow& reject, qint64 line, const QString& column, const EncodeProblem& problem) const;
    QString idText() const;

    CsvReader m_reader;
    TableSpec m_table;
    RowInputOptions m_options;
    QString m_fileName;
    CsvRecord m_record;
    /// Position in the record of each column of the table; -1 when the file lacks it.
    std::vector<int> m_fieldOf;
    std::size_t m_fieldCount = 0;
    CopyBuffer m_buffer;
    FieldTextNotes m_notes;
    QStringList m_warnings;
    qint64 m_row = 0;
};

Result<void> CsvInput::takeColumns(const QStringList& names)
{
    m_fieldCount = static_cast<std::size_t>(names.size());
    m_fieldOf.assign(static_cast<std::size_t>(m_table.columns.size()), -1);
    QStringList unknown;
    for (int i = 0; i < names.size(); ++i) {
        bool known = false;
        for (int c = 0; c < m_table.columns.size(); ++c) {
            if (m_table.columns.at(c).name != names.at(i))
                continue;
            if (m_fieldOf[static_cast<std::size_t>(c)] >= 0)
                return fail(ErrorKind::Data,
                    QStringLiteral("%1 names the column %2 twice.").arg(m_fileName, names.at(i)));
            m_fieldOf[static_cast<std::size_t>(c)] = i;
            known = true;
        }
        if (!known)
            unknown << names.at(i);
    }
    if (!unknown.isEmpty())
        return fail(ErrorKind::Data,
            QStringLiteral("%1 has columns that table %2 does not load: %3.")
                .arg(m_fileName, m_table.name, unknown.join(QStringLiteral(", "))),
            {}, QStringLiteral("Convert the export with the plan that you import with."));
    for (int c = 0; c < m_table.columns.size(); ++c) {
        const ColumnSpec& column = m_table.columns.at(c);
        if (m_fieldOf[static_cast<std::size_t>(c)] >= 0)
            continue;
        if (column.notNull || column.name == m_options.idColumn)
            return fail(ErrorKind::Data,
                QStringLiteral("%1 lacks the column %2, which must have a value.")
                    .arg(m_fileName, column.name),
                {}, QStringLiteral("Convert the export with the plan that you import with."));
        m_warnings << QStringLiteral("%1 has no column %2; it stays empty.").arg(m_fileName, column.name);
    }
    return {};
}

Result<void> CsvInput::readHeader(const QString& path)
{
    m_fileName = QFileInfo(path).fileName();
    auto first = m_reader.next(m_record);
    if (!first)
        return fail(first.error());
    if (!*first)
        return fail(ErrorKind::Data, QStringLiteral("%1 is empty.").arg(path), {},
            QStringLiteral("Convert the export again."));
    QStringList names;
    int known = 0;
    for (const CsvField& field : m_record.fields) {
        names << QString::fromUtf8(field.text.data(), static_cast<qsizetype>(field.text.size())).trimmed();
        known += m_table.column(names.last()) ? 1 : 0;
    }
    if (known > 0)
        return takeColumns(names);
    if (names.size() != m_options.positions.size())
        return fail(ErrorKind::Data,
            QStringLiteral(
                "%1 does not begin with the names of the columns, and its %2 fields do not fit table %3.")
                .arg(m_fileName)
                .arg(names.size())
                .arg(m_table.name),
            {},
            QStringLiteral("The first line should be: %1").arg(m_options.positions.join(QLatin1Char(','))));
    m_warnings << QStringLiteral("%1 has no line with column names; its fields are taken as %2.")
                      .arg(m_fileName, m_options.positions.join(QStringLiteral(", ")));
    if (auto back = m_reader.seek(0, 1); !back)
        return back;
    return takeColumns(m_options.positions);
}

Result<void> CsvInput::seek(const InputPosition& position)
{
    m_row = position.row;
    return m_reader.seek(position.offset, position.line);
}

std::optional<EncodeProblem> CsvInput::encode(QString& column)
{
    if (m_record.fields.size() != m_fieldCount) {
        return EncodeProblem{"22P04",
            QStringLiteral("the row has %1 fields, the first line names %2 columns")
                .arg(m_record.fields.size())
                .arg(m_fieldCount)};
    }
    for (int c = 0; c < m_table.columns.size(); ++c) {
        const ColumnSpec& spec = m_table.columns.at(c);
        const int index = m_fieldOf[static_cast<std::size_t>(c)];
        column = spec.name;
        if (index < 0 || m_record.fields[static_cast<std::size_t>(index)].isNull()) {
            if (spec.notNull || spec.name == m_options.idColumn)
                return EncodeProblem{
                    "23502", QStringLiteral("the field is empty, but this column must have a value")};
            m_buffer.addNull();
            continue;
        }
        if (auto problem = addFieldText(m_buffer, spec, m_record.fields[static_cast<std::size_t>(index)].text,
                m_options.vectorOid, &m_notes))
            return problem;
    }
    return std::nullopt;
}

QString CsvInput::idText() const
{
    for (int c = 0; c < m_table.columns.size(); ++c) {
        const int index = m_fieldOf[static_cast<std::size_t>(c)];
        if (m_table.columns.at(c).name != m_options.idColumn || index < 0
            || static_cast<std::size_t>(index) >= m_record.fields.size())
            continue;
        const std::string_view text = m_record.fields[static_cast<std::size_t>(index)].text;
        return QString::fromUtf8(
            text.data(), static_cast<qsizetype>(std::min<std::size_t>(text.size(), 100)));
    }
    return {};
}

void CsvInput::fillReject(
    RejectRow& reject, qint64 line, const QString& column, const EncodeProblem& problem) const
{
    reject = {};
    reject.collection = m_options.collection;
    reject.pointId = idText();
    if (reject.pointId.isEmpty())
        reject.pointId = QStringLiteral("row %1").arg(m_row);
    reject.stage = QStringLiteral("decode");
    reject.column = column;
    reject.sqlState = problem.sqlState;
    reject.reason =
        QStringLiteral("row %1, line %2 of %3: %4").arg(m_row).arg(line).arg(m_fileName, problem.reason);
    if (!m_options.keepRawRows)
        return;
    std::string raw;
    for (const CsvField& field : m_record.fields) {
        if (!raw.empty())
            raw += ',';
        if (!field.isNull())
            appendCsvField(raw, field.text);
    }
    raw.resize(std::min(raw.size(), longestRawRow));
    reject.rawPoint = QString::fromUtf8(raw.data(), static_cast<qsizetype>(raw.size()));
}

Result<RowInput::Step> CsvInput::next(std::string& out, RejectRow& reject)
{
    const qint64 line = m_reader.line();
    auto read = m_reader.next(m_record);
    if (!read) {
        if (read.error().kind != ErrorKind::Data || m_reader.atEnd())
            return fail(read.error());
        ++m_row;
        QString words = read.error().summary;
        fillReject(reject, line, {}, EncodeProblem{"22P04", words});
        return Step::Reject;
    }
    if (!*read)
        return Step::End;
    ++m_row;
    m_buffer.clear();
    m_buffer.beginRow(static_cast<std::uint16_t>(m_table.columns.size()));
    QString column;
    if (const auto problem = encode(column)) {
        fillReject(
            reject, m_record.line, m_record.fields.size() == m_fieldCount ? column : QString(), *problem);
        return Step::Reject;
    }
    m_buffer.endRow();
    out += m_buffer.lastRow();
    return Step::Row;
}

QStringList CsvInput::warnings() const
{
    QStringList all = m_warnings;
    if (m_notes.bracedVector)
        all << QStringLiteral(
            "The vectors in %1 stand in braces, as the old converter wrote them with six decimals: they are "
            "not exactly Qdrant's any more. Convert the export again for exact vectors.")
                   .arg(m_fileName);
    return all;
}

} // namespace

Result<std::unique_ptr<RowInput>> openCsvInput(
    const QString& path, const TableSpec& table, const RowInputOptions& options)
{
    auto reader = CsvReader::open(path);
    if (!reader)
        return fail(reader.error());
    auto input = std::make_unique<CsvInput>(std::move(*reader), table, options);
    if (auto header = input->readHeader(path); !header) {
        Error error = header.error();
        error.where.file = path;
        return fail(std::move(error));
    }
    return std::unique_ptr<RowInput>(std::move(input));
}

} // namespace qdrant2pg
