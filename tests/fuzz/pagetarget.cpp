// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/jsontext.h"
#include "core/qdrant/pagedecoder.h"
#include "tests/fuzz/fuzztarget.h"

#include <cstdlib>

using namespace qdrant2pg;

/// Whatever a server or a broken line sends: an error or a page whose views are whole. Every byte that a view
/// covers is read, so that a sanitizer sees a view that is wrong.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    static RestPageDecoder decoder;
    static PointPage page;
    const QByteArray body(reinterpret_cast<const char*>(data), static_cast<qsizetype>(size));
    if (!decoder.decode(body, page)) {
        if (!page.points().empty())
            std::abort();
        return 0;
    }
    std::size_t touched = 0;
    for (const PointView& point : page.points()) {
        for (const std::string_view view : {point.payload, point.shardKey, point.raw}) {
            for (const char c : view)
                touched += static_cast<unsigned char>(c);
        }
        if (point.payload.empty() || point.payload.front() != '{' || point.payload.back() != '}')
            std::abort();
        jsontext::forEachMember(point.payload, [&touched](std::string_view key, std::string_view value) {
            const auto text = jsontext::unescape(key);
            touched += (text ? text->size() : 0) + value.size();
            return true;
        });
        for (const VectorView& vector : page.vectorsOf(point)) {
            for (const float value : vector.values)
                touched += value > 0 ? 1 : 0;
            for (std::size_t i = 1; i < vector.indices.size(); ++i) {
                if (vector.indices[i] <= vector.indices[i - 1])
                    std::abort();
            }
            const bool sparse = vector.kind == VectorKind::Sparse;
            if (sparse && vector.indices.size() != vector.values.size())
                std::abort();
            if (vector.kind == VectorKind::Multi
                && (vector.rows == 0 || vector.values.size() % vector.rows != 0))
                std::abort();
        }
    }
    return touched == static_cast<std::size_t>(-1) ? 1 : 0;
}
