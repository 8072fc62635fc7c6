// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/qdrant/grpc/grpcpagedecoder.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>
#include <utility>

#include <protozero/pbf_reader.hpp>

#include "core/common/jsontext.h"
#include "core/qdrant/grpc/payloadtext.h"

namespace qdrant2pg {

namespace {

using protozero::pbf_reader;

static_assert(std::endian::native == std::endian::little, "the wire is little-endian and floats are copied");

/// Content that no Qdrant sends.
struct Complaint {
    const char* words;
};

std::string_view viewOf(const protozero::data_view& data)
{
    return {data.data(), data.size()};
}

} // namespace

class GrpcPageDecoder::Reader {
public:
    Reader(GrpcPageDecoder& decoder, PointPage& page, bool payloadRequested)
        : m_decoder(decoder)
        , m_page(page)
        , m_payloadRequested(payloadRequested)
        , m_floats(page.m_floats.empty() ? page.m_floats.emplace_back() : page.m_floats.front())
        , m_indices(page.m_indices.empty() ? page.m_indices.emplace_back() : page.m_indices.front())
    {
        // Views into it must stay valid: a float takes at least four bytes of the wire.
        m_floats.reserve(static_cast<std::size_t>(page.m_body.size()) / sizeof(float) + 1);
        // On the heap even when short, so that views survive the move of a page.
        m_page.m_payloadText.reserve(64);
    }

    void read()
    {
        pbf_reader response(m_page.m_body.constData(), static_cast<std::size_t>(m_page.m_body.size()));
        while (response.next()) {
            switch (response.tag()) {
            case 1:
                m_page.m_nextOffset = readId(response.get_message());
                break;
            case 2:
                readPoint(response.get_message());
                break;
            default:
                response.skip();
            }
        }
        connectViews();
    }

    std::optional<PointId> m_id;

private:
    static PointId readId(pbf_reader message)
    {
        std::optional<PointId> id;
        while (message.next()) {
            switch (message.tag()) {
            case 1:
                id = PointId::fromNumber(message.get_uint64());
                break;
            case 2:
                id = PointId::parseUuid(viewOf(message.get_view()));
                if (!id)
                    throw Complaint{"an id is neither a number nor a UUID"};
                break;
            default:
                message.skip();
            }
        }
        if (!id)
            throw Complaint{"an id is neither a number nor a UUID"};
        return *id;
    }

    void readPoint(pbf_reader message)
    {
        m_id.reset();
        PointView point;
        point.firstVector = static_cast<std::uint32_t>(m_page.m_vectors.size());
        Extent payload{m_page.m_payloadText.size(), 0};
        while (message.next()) {
            switch (message.tag()) {
            case 1:
                m_id = readId(message.get_message());
                break;
            case 2:
                m_page.m_payloadText.push_back(m_page.m_payloadText.size() == payload.first ? '{' : ',');
                if (!appendPayloadEntry(m_page.m_payloadText, viewOf(message.get_view())))
                    point.inexact = true;
                break;
            case 4:
                readVectors(message.get_message(), point);
                break;
            case 5:
                point.shardKey = readShardKey(message.get_message());
                break;
            default:
                message.skip();
            }
        }
        if (!m_id)
            throw Complaint{"a point has no id"};
        point.id = *m_id;
        point.vectorCount = static_cast<std::uint32_t>(m_page.m_vectors.size()) - point.firstVector;
        if (m_page.m_payloadText.size() > payload.first)
            m_page.m_payloadText.push_back('}');
        payload.count = m_page.m_payloadText.size() - payload.first;
        m_page.m_points.push_back(point);
        m_decoder.m_payloads.push_back(payload);
    }

    std::string_view readShardKey(pbf_reader message)
    {
        std::string& text = m_page.m_texts.emplace_back();
        while (message.next()) {
            switch (message.tag()) {
            case 1:
                text = jsontext::quoted(viewOf(message.get_view()));
                break;
            case 2:
                text = std::to_string(message.get_uint64());
                break;
            default:
                message.skip();
            }
        }
        if (text.empty())
            throw Complaint{"the shard key is neither a word nor a number"};
        return text;
    }

    /// VectorsOutput: the default vector alone, or a map.
    void readVectors(pbf_reader message, const PointView& point)
    {
        if (m_page.m_vectors.size() != point.firstVector)
            throw Complaint{"the point has its vectors twice"};
        while (message.next()) {
            switch (message.tag()) {
            case 1:
                readVector({}, message.get_message());
                break;
            case 2: {
                pbf_reader map = message.get_message();
                while (map.next(1))
                    readNamedVector(map.get_message(), point);
                break;
            }
            default:
                message.skip();
            }
        }
    }

    void readNamedVector(pbf_reader entry, const PointView& point)
    {
        std::string_view name;
        pbf_reader value;
        while (entry.next()) {
            switch (entry.tag()) {
            case 1:
                name = viewOf(entry.get_view());
                break;
            case 2:
                value = entry.get_message();
                break;
            default:
                entry.skip();
            }
        }
        for (std::size_t k = point.firstVector; k < m_page.m_vectors.size(); ++k) {
            if (m_page.m_vectors[k].name == name)
                throw Complaint{"two vectors of the point have one name"};
        }
        readVector(name, value);
    }

    void readVector(std::string_view name, pbf_reader message)
    {
        VectorView vector;
        vector.name = name;
        const std::size_t firstFloat = m_floats.size();
        Extent indices{m_indices.size(), 0};
        std::uint32_t legacyRows = 0;
        while (message.next()) {
            switch (message.tag()) {
            case 1:
                readFloat(message);
                break;
            case 2: {
                vector.kind = VectorKind::Sparse;
                pbf_reader list = message.get_message();
                while (list.next(1))
                    readIndex(list);
                break;
            }
            case 3:
                legacyRows = message.get_uint32();
                break;
            case 101:
                vector.kind = VectorKind::Dense;
                readFloats(message.get_message());
                break;
            case 102: {
                vector.kind = VectorKind::Sparse;
                pbf_reader sparse = message.get_message();
                while (sparse.next()) {
                    if (sparse.tag() == 1)
                        readFloat(sparse);
                    else if (sparse.tag() == 2)
                        readIndex(sparse);
                    else
                        sparse.skip();
                }
                break;
            }
            case 103: {
                vector.kind = VectorKind::Multi;
                pbf_reader rows = message.get_message();
                std::size_t width = 0;
                while (rows.next(1)) {
                    const std::size_t before = m_floats.size();
                    readFloats(rows.get_message());
                    if (vector.rows == 0)
                        width = m_floats.size() - before;
                    else if (m_floats.size() - before != width)
                        throw Complaint{"the rows of a multivector differ in length"};
                    ++vector.rows;
                }
                break;
            }
            default:
                message.skip();
            }
        }
        const std::size_t count = m_floats.size() - firstFloat;
        if (legacyRows > 0 && vector.kind == VectorKind::Dense) {
            vector.kind = VectorKind::Multi;
            vector.rows = legacyRows;
            if (count % legacyRows != 0)
                throw Complaint{"the rows of a multivector differ in length"};
        }
        vector.values = {m_floats.data() + firstFloat, count};
        indices.count = m_indices.size() - indices.first;
        if (vector.kind == VectorKind::Sparse) {
            if (indices.count != count)
                throw Complaint{"a sparse vector has not as many indices as values"};
            sortSparse(indices, firstFloat);
        } else if (indices.count != 0) {
            throw Complaint{"a dense vector has indices"};
        }
        vector.hasNonFinite = unifyNonFinite(firstFloat);
        m_page.m_vectors.push_back(vector);
        m_decoder.m_indices.push_back(indices);
    }

    void readFloats(pbf_reader dense)
    {
        while (dense.next()) {
            if (dense.tag() == 1)
                readFloat(dense);
            else
                dense.skip();
        }
    }

    /// One float, or many packed.
    void readFloat(pbf_reader& field)
    {
        if (field.wire_type() == protozero::pbf_wire_type::fixed32) {
            m_floats.push_back(field.get_float());
            return;
        }
        const std::string_view packed = viewOf(field.get_view());
        if (packed.size() % sizeof(float) != 0)
            throw Complaint{"a list of numbers ends inside a number"};
        const std::size_t before = m_floats.size();
        m_floats.resize(before + packed.size() / sizeof(float));
        if (!packed.empty())
            std::memcpy(m_floats.data() + before, packed.data(), packed.size());
    }

    void readIndex(pbf_reader& field)
    {
        if (field.wire_type() == protozero::pbf_wire_type::varint) {
            m_indices.push_back(field.get_uint32());
            return;
        }
        for (const std::uint32_t index : field.get_packed_uint32())
            m_indices.push_back(index);
    }

    /// REST sends null for NaN and both infinities, which reads as NaN: so they do here.
    bool unifyNonFinite(std::size_t first)
    {
        constexpr std::uint32_t exponent = 0x7f800000;
        std::uint32_t found = 0;
        for (std::size_t k = first; k < m_floats.size(); ++k)
            found |= static_cast<std::uint32_t>(
                (std::bit_cast<std::uint32_t>(m_floats[k]) & exponent) == exponent);
        if (found == 0)
            return false;
        for (std::size_t k = first; k < m_floats.size(); ++k) {
            if ((std::bit_cast<std::uint32_t>(m_floats[k]) & exponent) == exponent)
                m_floats[k] = std::numeric_limits<float>::quiet_NaN();
        }
        return true;
    }

    /// Qdrant returns indices in order; views promise it.
    void sortSparse(const Extent& extent, std::size_t firstFloat)
    {
        const auto begin = m_indices.begin() + static_cast<std::ptrdiff_t>(extent.first);
        if (!std::is_sorted(begin, m_indices.end())) {
            std::vector<std::pair<std::uint32_t, float>> pairs(extent.count);
            for (std::size_t k = 0; k < extent.count; ++k)
                pairs[k] = {m_indices[extent.first + k], m_floats[firstFloat + k]};
            std::sort(
                pairs.begin(), pairs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
            for (std::size_t k = 0; k < extent.count; ++k) {
                m_indices[extent.first + k] = pairs[k].first;
                m_floats[firstFloat + k] = pairs[k].second;
            }
        }
        if (std::adjacent_find(begin, m_indices.end()) != m_indices.end())
            throw Complaint{"a sparse vector has an index twice"};
    }

    void connectViews()
    {
        const std::string_view text = m_page.m_payloadText;
        for (std::size_t k = 0; k < m_page.m_points.size(); ++k) {
            const Extent& extent = m_decoder.m_payloads[k];
            if (extent.count > 0)
                m_page.m_points[k].payload = text.substr(extent.first, extent.count);
            else if (m_payloadRequested)
                m_page.m_points[k].payload = "{}";
        }
        for (std::size_t k = 0; k < m_page.m_vectors.size(); ++k) {
            const Extent& extent = m_decoder.m_indices[k];
            m_page.m_vectors[k].indices = {m_indices.data() + extent.first, extent.count};
        }
    }

    GrpcPageDecoder& m_decoder;
    PointPage& m_page;
    bool m_payloadRequested;
    std::vector<float>& m_floats;
    std::vector<std::uint32_t>& m_indices;
};

Result<void> GrpcPageDecoder::decode(QByteArray body, PointPage& page, bool payloadRequested)
{
    page.clear();
    m_payloads.clear();
    m_indices.clear();
    // Chunks of points that were put into the last page from elsewhere.
    page.m_floats.resize(std::min<std::size_t>(page.m_floats.size(), 1));
    page.m_indices.resize(std::min<std::size_t>(page.m_indices.size(), 1));
    page.m_wireBytes = static_cast<std::size_t>(body.size());
    page.m_body = std::move(body);
    Reader reader(*this, page, payloadRequested);
    const char* complaint = nullptr;
    bool broken = false;
    try {
        reader.read();
        return {};
    } catch (const Complaint& found) {
        complaint = found.words;
    } catch (const std::exception& fault) {
        broken = true;
        complaint = fault.what();
    }
    Error error = makeError(ErrorKind::Protocol,
        broken ? QStringLiteral("Qdrant's answer is not whole or no answer to a scroll.")
               : QStringLiteral("Qdrant's answer does not have the form that was expected."),
        QString::fromUtf8(complaint),
        broken ? QStringLiteral("If this stays, choose the transport rest.")
               : QStringLiteral("This may be a Qdrant version that is newer than this program; the transport "
                                "rest may still work."));
    error.retryable = broken;
    if (reader.m_id)
        error.where.pointId = reader.m_id->toString();
    page.clear();
    return fail(std::move(error));
}

} // namespace qdrant2pg
