// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <bit>
#include <charconv>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <simdjson.h>

#include <QTest>

#include "core/qdrant/pagedecoder.h"
#include "tests/support/recordings.h"

using namespace qdrant2pg;
using namespace qdrant2pg::test;
namespace ondemand = simdjson::ondemand;

namespace {

/// A point by another reader: simdjson for the structure, std::from_chars for every number.
struct SlowVector {
    VectorKind kind = VectorKind::Dense;
    std::vector<float> values;
    std::vector<std::uint32_t> indices;
    std::uint32_t rows = 0;
    bool hasNull = false;
};

struct SlowPoint {
    std::string id;
    std::string payload;
    std::string shardKey;
    std::map<std::string, SlowVector> vectors;
};

std::string token(ondemand::value value)
{
    std::string text(std::string_view(value.raw_json_token()));
    while (!text.empty() && (text.back() == ' ' || text.back() == '\n'))
        text.pop_back();
    return text;
}

void readNumbers(ondemand::array array, SlowVector& vector)
{
    for (ondemand::value element : array) {
        const std::string text = token(element);
        if (text == "null") {
            vector.hasNull = true;
            vector.values.push_back(std::numeric_limits<float>::quiet_NaN());
            continue;
        }
        float number = 0;
        const auto [stop, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error != std::errc() || stop != text.data() + text.size())
            qFatal("a number of a recording that from_chars does not read");
        vector.values.push_back(number);
    }
}

SlowVector readVector(ondemand::value value)
{
    SlowVector vector;
    if (value.type() == ondemand::json_type::object) {
        vector.kind = VectorKind::Sparse;
        for (auto field : value.get_object()) {
            const std::string key(std::string_view(field.unescaped_key()));
            if (key == "values") {
                readNumbers(field.value().get_array(), vector);
                continue;
            }
            for (const std::uint64_t index : field.value().get_array())
                vector.indices.push_back(static_cast<std::uint32_t>(index));
        }
        return vector;
    }
    ondemand::array array = value.get_array();
    const std::string_view raw = array.raw_json();
    const simdjson::padded_string copy(raw);
    ondemand::parser parser;
    ondemand::document document = parser.iterate(copy);
    if (raw.starts_with("[[")) {
        vector.kind = VectorKind::Multi;
        for (ondemand::array row : document.get_array()) {
            readNumbers(row, vector);
            ++vector.rows;
        }
    } else {
        readNumbers(document.get_array(), vector);
    }
    return vector;
}

std::vector<SlowPoint> readSlowly(const QByteArray& body)
{
    std::vector<SlowPoint> points;
    ondemand::parser parser;
    const simdjson::padded_string padded(body.constData(), static_cast<std::size_t>(body.size()));
    ondemand::document document = parser.iterate(padded);
    ondemand::value result = document["result"];
    ondemand::array list =
        result.type() == ondemand::json_type::array ? result.get_array() : result["points"].get_array();
    for (ondemand::object record : list) {
        SlowPoint point;
        for (auto field : record) {
            const std::string key(std::string_view(field.unescaped_key()));
            ondemand::value value = field.value();
            if (key == "id") {
                point.id = token(value);
            } else if (key == "payload") {
                ondemand::object object = value.get_object();
                point.payload = std::string(std::string_view(object.raw_json()));
            } else if (key == "shard_key") {
                point.shardKey = token(value);
            } else if (key == "vector" && value.type() == ondemand::json_type::array) {
                point.vectors[""] = readVector(value);
            } else if (key == "vector") {
                for (auto named : value.get_object()) {
                    const std::string name(std::string_view(named.unescaped_key()));
                    point.vectors[name] = readVector(named.value());
                }
            }
        }
        points.push_back(std::move(point));
    }
    return points;
}

/// What differs, in words; empty when nothing does.
QByteArray difference(const PointPage& page, const PointView& point, const SlowPoint& slow)
{
    if (point.id.toJson() != slow.id)
        return "id " + QByteArray::fromStdString(slow.id);
    if (std::string(point.payload) != (slow.payload.empty() ? std::string("{}") : slow.payload))
        return "payload";
    if (std::string(point.shardKey) != slow.shardKey)
        return "shard key";
    if (page.vectorsOf(point).size() != slow.vectors.size())
        return "number of vectors";
    for (const auto& [name, expected] : slow.vectors) {
        const VectorView* const vector = page.vectorOf(point, name);
        if (!vector || vector->kind != expected.kind || vector->rows != expected.rows
            || vector->hasNonFinite != expected.hasNull)
            return "vector " + QByteArray::fromStdString(name);
        if (std::vector(vector->indices.begin(), vector->indices.end()) != expected.indices
            || vector->values.size() != expected.values.size())
            return "size of vector " + QByteArray::fromStdString(name);
        for (std::size_t k = 0; k < expected.values.size(); ++k) {
            const bool bothNan = std::isnan(vector->values[k]) && std::isnan(expected.values[k]);
            if (!bothNan
                && std::bit_cast<std::uint32_t>(vector->values[k])
                    != std::bit_cast<std::uint32_t>(expected.values[k]))
                return "element " + QByteArray::number(static_cast<qulonglong>(k)) + " of vector "
                    + QByteArray::fromStdString(name);
        }
    }
    return {};
}

bool holdsAPage(const Exchange& exchange)
{
    if (exchange.status != 200 || exchange.method != "POST")
        return false;
    for (const auto& [name, value] : exchange.headers) {
        if (name == "content-encoding")
            return false;
    }
    const QByteArray path = exchange.path.split('?').front();
    return path.endsWith("/points/scroll") || path.endsWith("/points/query")
        || path.endsWith("/points/search") || path.endsWith("/points");
}

} // namespace

/// Every page that a real Qdrant was recorded to send, against the slow reader: ids, payload text, every
/// float's bits.
class PageRecordingsTest : public QObject {
    Q_OBJECT

private slots:
    void initTestCase();
    void decodes_data();
    void decodes();
    void survivesEveryCut();
};

void PageRecordingsTest::initTestCase()
{
    QDRANT2PG_REQUIRE_RECORDINGS();
}

void PageRecordingsTest::decodes_data()
{
    QTest::addColumn<QString>("name");
    for (const QString& folder : Recordings::folders()) {
        for (const QString& name : Recordings::exchanges(folder)) {
            const auto exchange = Recordings::exchange(name);
            if (exchange && holdsAPage(*exchange))
                QTest::newRow(qPrintable(name)) << name;
        }
    }
}

void PageRecordingsTest::decodes()
{
    QFETCH(QString, name);
    const auto exchange = Recordings::exchange(name);
    static RestPageDecoder decoder;
    static PointPage page;
    const auto decoded = decoder.decode(exchange->body, page);
    QVERIFY2(decoded.has_value(), qPrintable(decoded ? QString() : decoded.error().toText()));
    QCOMPARE(page.wireBytes(), static_cast<std::size_t>(exchange->body.size()));

    const std::vector<SlowPoint> expected = readSlowly(exchange->body);
    QCOMPARE(page.points().size(), expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k) {
        const QByteArray words = difference(page, page.points()[k], expected[k]);
        QVERIFY2(words.isEmpty(), (words + " of point " + expected[k].id.c_str()).constData());
        QVERIFY(page.points()[k].raw.starts_with('{') && page.points()[k].raw.ends_with('}'));
    }
    const qsizetype next = exchange->body.indexOf("\"next_page_offset\":");
    const QByteArray nextText =
        next < 0 ? QByteArray("null") : exchange->body.mid(next + 19, 40).split('}').front();
    QCOMPARE(page.nextOffset() ? QByteArray::fromStdString(page.nextOffset()->toJson()) : QByteArray("null"),
        nextText);
}

void PageRecordingsTest::survivesEveryCut()
{
    // A body that ends early is an error at every length, never a page and never a crash.
    for (const char* name : {"vec_sparse/004-scroll-page-2", "vec_multi/003-scroll-page-1",
             "payload_types/003-scroll-page-1", "vec_nan/001-scroll-dot"}) {
        const auto exchange = Recordings::exchange(QString::fromLatin1(name));
        if (!exchange)
            continue;
        RestPageDecoder decoder;
        PointPage page;
        for (qsizetype length = 0; length < exchange->body.size(); ++length) {
            const auto decoded = decoder.decode(exchange->body.first(length), page);
            QVERIFY(!decoded.has_value());
            QCOMPARE(decoded.error().kind, ErrorKind::Protocol);
            QVERIFY(page.points().empty());
            QVERIFY(decoded.error().retryable);
        }
    }
}

QTEST_GUILESS_MAIN(PageRecordingsTest)
#include "pagerecordingstest.moc"
