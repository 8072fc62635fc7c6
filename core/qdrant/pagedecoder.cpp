// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/pagedecoder.h"

#include <algorithm>
#include <charconv>
#include <span>
#include <utility>

#include "core/common/jsontext.h"
#include "core/qdrant/rest/jsonscanner.h"
#include "core/qdrant/rest/numberlistreader.h"

namespace qdrant2pg {

/// Reads one body. Faults of the text are the scanner's; faults of the content are kept in `m_complaint`.
class RestPageReader {
public:
    RestPageReader(RestPageDecoder& decoder, PointPage& page, bool payloadRequested);

    bool read();
    Error error() const;

private:
    bool readResult();
    bool readPoints();
    bool readPoint();
    bool readMember(std::string_view key, PointView& point);
    bool readId(PointId& id);
    bool readPayload(PointView& point);
    bool readScore();
    bool readShardKey(PointView& point);
    bool readVectors(PointView& point);
    bool readVectorMap();
    bool readVector(std::string_view name);
    bool readArrayVector(VectorView& vector, RestPageDecoder::Extent& extent);
    bool readSparseVector(VectorView& vector, RestPageDecoder::Extent& extent);
    bool sortSparse(const RestPageDecoder::Extent& extent);
    void connectViews();
    bool isNull();
    bool complain(const char* complaint);
    /// About a value that has not been read. When it is not even JSON, or not there, that is the fault.
    bool complainAboutNext(const char* complaint) { return m_scanner.skip() && complain(complaint); }

    RestPageDecoder& m_decoder;
    PointPage& m_page;
    JsonScanner m_scanner;
    bool m_payloadRequested;
    std::vector<float>& m_elements;
    std::vector<std::uint32_t>& m_indices;
    NumberListReader m_lists;
    QByteArray m_serverError;
    const char* m_complaint = nullptr;
    /// Of the point being read, as far as known.
    std::optional<PointId> m_id;
    bool m_seenResult = false;
};

RestPageReader::RestPageReader(RestPageDecoder& decoder, PointPage& page, bool payloadRequested)
    : m_decoder(decoder)
    , m_page(page)
    , m_scanner(page.m_body.constData(), page.m_body.constData() + page.m_body.size())
    , m_payloadRequested(payloadRequested)
    , m_elements(page.m_floats.empty() ? page.m_floats.emplace_back() : page.m_floats.front())
    , m_indices(page.m_indices.empty() ? page.m_indices.emplace_back() : page.m_indices.front())
    , m_lists(m_scanner, static_cast<std::size_t>(page.m_body.size()), m_elements, m_indices)
{
}

bool RestPageReader::complain(const char* complaint)
{
    m_complaint = complaint;
    return false;
}

bool RestPageReader::isNull()
{
    return m_scanner.peek() == 'n' && m_scanner.skip();
}

bool RestPageReader::read()
{
    if (m_scanner.peek() != '{')
        return m_scanner.atEnd() ? m_scanner.fail("it is empty") : complain("the answer is no JSON object");
    m_scanner.take('{');
    bool first = true;
    std::string_view key;
    while (m_scanner.nextMember(first, key)) {
        if (key == "result" && !m_seenResult && m_scanner.peek() != 'n') {
            m_seenResult = true;
            if (!readResult())
                return false;
        } else if (key == "status" && m_scanner.peek() == '{') {
            std::string_view status;
            if (!m_scanner.skip(status))
                return false;
            m_serverError = QByteArray(status.data(), static_cast<qsizetype>(status.size()));
        } else if (!m_scanner.skip()) {
            return false;
        }
    }
    if (m_scanner.fault())
        return false;
    if (!m_scanner.atEnd())
        return m_scanner.fail("something follows the answer");
    if (!m_seenResult)
        return complain(m_serverError.isEmpty() ? "the answer has no result" : "the answer is an error");
    m_lists.finish();
    connectViews();
    return true;
}

bool RestPageReader::readResult()
{
    if (m_scanner.peek() == '[')
        return readPoints();
    if (m_scanner.peek() != '{')
        return complainAboutNext("the result holds no points");
    m_scanner.take('{');
    bool first = true;
    bool seenPoints = false;
    std::string_view key;
    while (m_scanner.nextMember(first, key)) {
        if (key == "points") {
            if (std::exchange(seenPoints, true) || m_scanner.peek() != '[')
                return complainAboutNext("the result holds no list of points");
            if (!readPoints())
                return false;
        } else if (key == "next_page_offset") {
            PointId next;
            if (isNull())
                continue;
            if (!readId(next))
                return false;
            m_page.m_nextOffset = next;
        } else if (!m_scanner.skip()) {
            return false;
        }
    }
    if (m_scanner.fault())
        return false;
    return seenPoints || complain("the result holds no points");
}

bool RestPageReader::readPoints()
{
    m_scanner.take('[');
    bool first = true;
    while (m_scanner.nextElement(first)) {
        if (!readPoint())
            return false;
    }
    m_id.reset();
    return !m_scanner.fault();
}

bool RestPageReader::readPoint()
{
    m_id.reset();
    if (m_scanner.peek() != '{')
        return complainAboutNext("a point is no JSON object");
    const char* const start = m_scanner.position();
    m_scanner.take('{');
    PointView point;
    point.firstVector = static_cast<std::uint32_t>(m_page.m_vectors.size());
    bool first = true;
    std::string_view key;
    while (m_scanner.nextMember(first, key)) {
        if (!readMember(key, point))
            return false;
    }
    if (m_scanner.fault())
        return false;
    if (!m_id)
        return complain("a point has no id");
    point.id = *m_id;
    point.vectorCount = static_cast<std::uint32_t>(m_page.m_vectors.size()) - point.firstVector;
    if (point.payload.empty() && m_payloadRequested)
        point.payload = "{}";
    point.raw = {start, static_cast<std::size_t>(m_scanner.position() - start)};
    m_page.m_points.push_back(point);
    return true;
}

bool RestPageReader::readMember(std::string_view key, PointView& point)
{
    if (key == "id") {
        PointId id;
        if (m_id)
            return complain("the point has two ids");
        if (!readId(id))
            return false;
        m_id = id;
        return true;
    }
    if (key == "payload")
        return readPayload(point);
    if (key == "vector")
        return readVectors(point);
    if (key == "shard_key")
        return readShardKey(point);
    if (key == "score")
        return readScore();
    return m_scanner.skip();
}

bool RestPageReader::readId(PointId& id)
{
    std::string_view text;
    if (m_scanner.peek() == '"') {
        if (!m_scanner.string(text))
            return false;
        auto uuid = PointId::parseUuid(text);
        if (!uuid)
            uuid = PointId::parse(text);
        if (!uuid || !uuid->isUuid())
            return complain("an id is neither a number nor a UUID");
        id = *uuid;
        return true;
    }
    const char next = m_scanner.peek();
    if ((next < '0' || next > '9') && next != '-')
        return complainAboutNext("an id is neither a number nor a UUID");
    if (!m_scanner.number(text))
        return false;
    std::uint64_t number = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || stop != text.data() + text.size())
        return complain("an id is neither a number nor a UUID");
    id = PointId::fromNumber(number);
    return true;
}

bool RestPageReader::readPayload(PointView& point)
{
    if (isNull())
        return true;
    if (!point.payload.empty())
        return complain("the point has two payloads");
    const bool isObject = m_scanner.peek() == '{';
    if (!m_scanner.skip(point.payload))
        return false;
    return isObject || complain("the payload is no JSON object");
}

bool RestPageReader::readShardKey(PointView& point)
{
    if (isNull())
        return true;
    const char next = m_scanner.peek();
    if (!m_scanner.skip(point.shardKey))
        return false;
    return (next != '{' && next != '[' && next != 't' && next != 'f')
        || complain("the shard key is neither a word nor a number");
}

bool RestPageReader::readScore()
{
    auto& scores = m_decoder.m_scores;
    if (scores.size() > m_page.m_points.size())
        return complain("the point has two scores");
    // Points before this one that had none.
    scores.resize(m_page.m_points.size() + 1);
    if (isNull())
        return true;
    std::string_view text;
    if (!m_scanner.number(text))
        return false;
    double score = 0;
    const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), score);
    if (error != std::errc())
        return complain("the score is beyond all numbers");
    scores.back() = score;
    return true;
}

bool RestPageReader::readVectors(PointView& point)
{
    if (m_page.m_vectors.size() != point.firstVector)
        return complain("the point has its vectors twice");
    if (isNull())
        return true;
    switch (m_scanner.peek()) {
    case '[':
        return readVector({});
    case '{':
        return readVectorMap();
    default:
        return complainAboutNext("the vector is neither a list nor an object");
    }
}

bool RestPageReader::readVectorMap()
{
    const std::size_t firstVector = m_page.m_vectors.size();
    m_scanner.take('{');
    bool first = true;
    std::string_view name;
    while (m_scanner.nextMember(first, name)) {
        if (isNull())
            continue;
        if (name.find('\\') != std::string_view::npos) {
            auto text = jsontext::unescape(name);
            if (!text)
                return complain("the name of a vector holds half a surrogate pair");
            name = m_page.m_texts.emplace_back(std::move(*text));
        }
        for (std::size_t k = firstVector; k < m_page.m_vectors.size(); ++k) {
            if (m_page.m_vectors[k].name == name)
                return complain("two vectors of the point have one name");
        }
        if (!readVector(name))
            return false;
    }
    return !m_scanner.fault();
}

bool RestPageReader::readVector(std::string_view name)
{
    VectorView vector;
    RestPageDecoder::Extent extent;
    vector.name = name;
    extent.firstValue = m_lists.elementCount();
    extent.firstIndex = m_indices.size();
    const char next = m_scanner.peek();
    if (next != '[' && next != '{')
        return complainAboutNext("a vector is neither a list nor an object");
    if (!(next == '[' ? readArrayVector(vector, extent) : readSparseVector(vector, extent)))
        return false;
    m_page.m_vectors.push_back(vector);
    m_decoder.m_extents.push_back(extent);
    return true;
}

bool RestPageReader::readArrayVector(VectorView& vector, RestPageDecoder::Extent& extent)
{
    bool finite = true;
    m_scanner.take('[');
    if (m_scanner.peek() != '[') {
        if (!m_lists.readElements(finite))
            return false;
    } else {
        vector.kind = VectorKind::Multi;
        std::size_t rowLength = 0;
        bool first = true;
        while (m_scanner.nextElement(first)) {
            const std::size_t rowStart = m_lists.elementCount();
            if (m_scanner.peek() != '[')
                return complainAboutNext("a row of a multivector is no list");
            m_scanner.take('[');
            if (!m_lists.readElements(finite))
                return false;
            if (vector.rows == 0)
                rowLength = m_lists.elementCount() - rowStart;
            else if (m_lists.elementCount() - rowStart != rowLength)
                return complain("the rows of a multivector differ in length");
            ++vector.rows;
        }
        if (m_scanner.fault())
            return false;
    }
    extent.valueCount = m_lists.elementCount() - extent.firstValue;
    vector.hasNonFinite = !finite;
    return true;
}

bool RestPageReader::readSparseVector(VectorView& vector, RestPageDecoder::Extent& extent)
{
    bool finite = true;
    bool seenIndices = false;
    bool seenValues = false;
    bool first = true;
    std::string_view key;
    m_scanner.take('{');
    while (m_scanner.nextMember(first, key)) {
        const bool isIndices = key == "indices";
        if (!isIndices && key != "values") {
            if (!m_scanner.skip())
                return false;
            continue;
        }
        if (std::exchange(isIndices ? seenIndices : seenValues, true) || m_scanner.peek() != '[')
            return complainAboutNext("a sparse vector has no list of indices and of values");
        m_scanner.take('[');
        if (!(isIndices ? m_lists.readIndices() : m_lists.readElements(finite)))
            return false;
    }
    if (m_scanner.fault())
        return false;
    vector.kind = VectorKind::Sparse;
    vector.hasNonFinite = !finite;
    extent.valueCount = m_lists.elementCount() - extent.firstValue;
    extent.indexCount = m_indices.size() - extent.firstIndex;
    if (!seenIndices || !seenValues)
        return complain("a sparse vector has no list of indices and of values");
    if (extent.valueCount != extent.indexCount)
        return complain("a sparse vector has not as many indices as values");
    return sortSparse(extent);
}

/// Qdrant returns indices in order; views promise it.
bool RestPageReader::sortSparse(const RestPageDecoder::Extent& extent)
{
    const std::span indices(m_indices.data() + extent.firstIndex, extent.indexCount);
    const std::span values(m_elements.data() + extent.firstValue, extent.valueCount);
    if (!std::is_sorted(indices.begin(), indices.end())) {
        std::vector<std::pair<std::uint32_t, float>> pairs(indices.size());
        for (std::size_t k = 0; k < pairs.size(); ++k)
            pairs[k] = {indices[k], values[k]};
        std::sort(pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
        for (std::size_t k = 0; k < pairs.size(); ++k) {
            indices[k] = pairs[k].first;
            values[k] = pairs[k].second;
        }
    }
    return std::adjacent_find(indices.begin(), indices.end()) == indices.end()
        || complain("a sparse vector has an index twice");
}

void RestPageReader::connectViews()
{
    for (std::size_t k = 0; k < m_page.m_vectors.size(); ++k) {
        const RestPageDecoder::Extent& extent = m_decoder.m_extents[k];
        m_page.m_vectors[k].values = {m_elements.data() + extent.firstValue, extent.valueCount};
        m_page.m_vectors[k].indices = {m_indices.data() + extent.firstIndex, extent.indexCount};
    }
}

Error RestPageReader::error() const
{
    Error error;
    error.kind = ErrorKind::Protocol;
    if (m_scanner.fault()) {
        error.summary = QStringLiteral("Qdrant's answer is not whole or not valid JSON.");
        error.detail = m_scanner.endedEarly()
            ? QStringLiteral("It ends after %1 bytes, where more was expected.").arg(m_page.m_body.size())
            : QStringLiteral("At byte %1 of %2: %3.")
                  .arg(m_scanner.faultOffset())
                  .arg(m_page.m_body.size())
                  .arg(QLatin1String(m_scanner.fault()));
        error.hint = QStringLiteral("If this stays, look for a proxy between here and Qdrant.");
        error.retryable = true;
    } else {
        error.summary = QStringLiteral("Qdrant's answer does not have the form that was expected.");
        error.detail = QStringLiteral("At byte %1 of %2: %3.")
                           .arg(m_scanner.position() - m_page.m_body.constData())
                           .arg(m_page.m_body.size())
                           .arg(QLatin1String(m_lists.complaint() ? m_lists.complaint() : m_complaint));
        if (!m_serverError.isEmpty())
            error.detail = QString::fromUtf8(m_serverError);
        error.hint = QStringLiteral("This may be a Qdrant version that is newer than this program.");
    }
    if (m_id)
        error.where.pointId = m_id->toString();
    else if (!m_page.m_points.empty())
        error.detail +=
            QStringLiteral(" The point before it is %1.").arg(m_page.m_points.back().id.toString());
    return error;
}

Result<void> RestPageDecoder::decode(QByteArray body, PointPage& page, bool payloadRequested)
{
    page.clear();
    m_extents.clear();
    m_scores.clear();
    page.m_wireBytes = static_cast<std::size_t>(body.size());
    page.m_body = std::move(body);
    RestPageReader reader(*this, page, payloadRequested);
    if (reader.read())
        return {};
    Error error = reader.error();
    page.clear();
    m_scores.clear();
    return fail(std::move(error));
}

} // namespace qdrant2pg
