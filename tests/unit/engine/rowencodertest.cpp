// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/engine/rowencoder.h"
#include "core/engine/vectortext.h"
#include "core/postgres/copyrow.h"
#include "core/postgres/fieldtext.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <limits>

using namespace qdrant2pg;

namespace {

ColumnSpec column(const QString& name, ColumnType type, qint64 dimensions = 0)
{
    ColumnSpec spec;
    spec.name = name;
    spec.type = type;
    spec.dimensions = dimensions;
    return spec;
}

/// A plan with one id column and whatever a test adds, and the schema that fits it.
struct Mapping {
    CollectionPlan plan;
    TargetSchema schema;

    explicit Mapping(IdType idType = IdType::Bigint, ColumnType idColumn = ColumnType::Bigint)
    {
        plan.name = QStringLiteral("things");
        plan.table = QStringLiteral("things");
        plan.id.type = idType;
        plan.payload.keep = PayloadKeep::None;
        schema.table.columns << column(QStringLiteral("id"), idColumn);
    }
    void vector(const QString& source, const QString& name, const QString& type, ColumnType columnType,
        qint64 dimensions)
    {
        VectorPlan vectorPlan;
        vectorPlan.source = source;
        vectorPlan.column = name;
        vectorPlan.type = type;
        vectorPlan.dimensions = dimensions;
        plan.vectors << vectorPlan;
        schema.table.columns << column(name, columnType, dimensions);
    }
    PayloadColumnPlan& payloadColumn(const QString& path, const QString& type)
    {
        PayloadColumnPlan columnPlan;
        columnPlan.path = path;
        columnPlan.column = QStringLiteral("c_") + QString::number(plan.payload.columns.size());
        columnPlan.type = type;
        plan.payload.columns << columnPlan;
        schema.table.columns << column(columnPlan.column, columnTypeFromName(type).value());
        return plan.payload.columns.last();
    }
    void payload(PayloadKeep keep)
    {
        plan.payload.keep = keep;
        schema.table.columns << column(QStringLiteral("payload"), ColumnType::Jsonb);
    }
};

/// JSON with ' for ", which moc reads without trouble.
std::string js(std::string text)
{
    std::replace(text.begin(), text.end(), '\'', '"');
    return text;
}

struct Encoded {
    /// Field texts, "NULL" for NULL; empty when rejected.
    QStringList fields;
    std::optional<RejectRow> reject;
};

struct Point {
    PointPage page;
    explicit Point(const char* id, std::string payload = "{}")
    {
        page.m_texts.push_back(std::move(payload));
        PointView view;
        view.id = PointId::parse(id).value();
        view.payload = page.m_texts.back();
        page.m_points.push_back(view);
    }
    Point& dense(const char* name, std::vector<float> values)
    {
        page.m_floats.push_back(std::move(values));
        VectorView view;
        view.name = name;
        view.values = page.m_floats.back();
        for (const float value : view.values)
            view.hasNonFinite |= !std::isfinite(value);
        return add(view);
    }
    Point& sparse(const char* name, std::vector<std::uint32_t> indices, std::vector<float> values)
    {
        page.m_floats.push_back(std::move(values));
        page.m_indices.push_back(std::move(indices));
        VectorView view;
        view.name = name;
        view.kind = VectorKind::Sparse;
        view.values = page.m_floats.back();
        view.indices = page.m_indices.back();
        return add(view);
    }
    Point& add(const VectorView& view)
    {
        page.m_vectors.push_back(view);
        ++page.m_points.front().vectorCount;
        return *this;
    }
};

Encoded encode(const Mapping& mapping, const Point& point, RowEncoder::Options options = {})
{
    auto encoder = RowEncoder::create(mapping.plan, mapping.schema, options);
    if (!encoder)
        qFatal("%s", qPrintable(encoder.error().summary));
    CopyBuffer buffer;
    Encoded result;
    result.reject = encoder->encode(point.page, point.page.points().front(), buffer);
    if (result.reject) {
        if (!buffer.bytes().empty())
            qFatal("a rejected point left bytes behind");
        return result;
    }
    std::vector<CopyField> fields;
    if (!splitCopyRow(buffer.bytes(), fields))
        qFatal("the row is damaged");
    for (std::size_t i = 0; i < fields.size(); ++i) {
        std::string text;
        if (!fields[i])
            text = "NULL";
        else if (!appendFieldText(
                     text, mapping.schema.table.columns.at(static_cast<qsizetype>(i)).type, *fields[i]))
            qFatal("a field is damaged");
        result.fields << QString::fromStdString(text);
    }
    return result;
}

} // namespace

class RowEncoderTest : public QObject {
    Q_OBJECT
private slots:
    void ids_data();
    void ids();
    void numericIdAsUuidIsFixedForever();
    void vectors_data();
    void vectors();
    void payloadColumns_data();
    void payloadColumns();
    void misfitsStayInThePayloadOrReject();
    void missingValues();
    void unmappedKeysAreKept();
    void mergedObjectDropsNothing();
    void nulPolicies();
    void shardKey();
    void rejectCarriesThePoint();
    void changesCountOnlyStoredRows();
};

void RowEncoderTest::ids_data()
{
    QTest::addColumn<int>("type");
    QTest::addColumn<int>("columnType");
    QTest::addColumn<QByteArray>("id");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<QByteArray>("sqlState");
    const auto row = [](const char* name, IdType type, ColumnType columnType, const char* id,
                         const char* expected, const char* state) {
        QTest::newRow(name) << int(type) << int(columnType) << QByteArray(id) << QString::fromLatin1(expected)
                            << QByteArray(state);
    };
    row("bigint", IdType::Bigint, ColumnType::Bigint, "9223372036854775807", "9223372036854775807", "");
    row("too large for bigint", IdType::Bigint, ColumnType::Bigint, "9223372036854775808", "", "22003");
    row("uuid into bigint", IdType::Bigint, ColumnType::Bigint, "00000000-0000-0000-0000-000000000000", "",
        "22P02");
    row("numeric", IdType::Numeric, ColumnType::Numeric, "18446744073709551615", "18446744073709551615", "");
    row("zero", IdType::Numeric, ColumnType::Numeric, "0", "0", "");
    row("uuid", IdType::Uuid, ColumnType::Uuid, "FFFFFFFF-ffff-ffff-ffff-ffffffffffff",
        "ffffffff-ffff-ffff-ffff-ffffffffffff", "");
    row("number into uuid", IdType::Uuid, ColumnType::Uuid, "7", "", "22P02");
    row("text number", IdType::Text, ColumnType::Text, "18446744073709551615", "18446744073709551615", "");
    row("text uuid", IdType::Text, ColumnType::Text, "{550E8400-E29B-41D4-A716-446655440000}",
        "550e8400-e29b-41d4-a716-446655440000", "");
}

void RowEncoderTest::ids()
{
    QFETCH(int, type);
    QFETCH(int, columnType);
    QFETCH(QByteArray, id);
    QFETCH(QString, expected);
    QFETCH(QByteArray, sqlState);
    const Encoded result = encode(Mapping(IdType(type), ColumnType(columnType)), Point(id.constData()));
    QCOMPARE(result.reject.has_value(), !sqlState.isEmpty());
    if (result.reject)
        QCOMPARE(result.reject->sqlState, sqlState);
    else
        QCOMPARE(result.fields, QStringList{expected});
}

void RowEncoderTest::numericIdAsUuidIsFixedForever()
{
    Mapping mapping(IdType::Uuid, ColumnType::Uuid);
    mapping.plan.id.numericIds = NumericIds::Uuid5;
    mapping.plan.id.originalKey = QStringLiteral("qdrant_id");
    mapping.payload(PayloadKeep::All);
    // uuid.uuid5(UUID('3930b74c-ff24-41fe-a46a-22e7b027ecd4'), 'things/42') of Python's standard library.
    const Encoded result = encode(mapping, Point("42", js("{'a':1}")));
    QCOMPARE(result.fields,
        QStringList({QStringLiteral("bedea7db-a822-5aae-9951-9bf0963c9cbc"),
            QString::fromStdString(js("{'qdrant_id':42,'a':1}"))}));
    QCOMPARE(encode(mapping, Point("42")).fields.at(1), QString::fromStdString(js("{'qdrant_id':42}")));
}

void RowEncoderTest::vectors_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QList<float>>("values");
    QTest::addColumn<QString>("expected");
    QTest::addColumn<QByteArray>("sqlState");
    const float nan = std::numeric_limits<float>::quiet_NaN();
    QTest::newRow("vector") << QStringLiteral("vector") << QList<float>{1.0F, -0.0F, 1e-45F}
                            << QStringLiteral("[1,-0,1e-45]") << QByteArray();
    QTest::newRow("wrong dimension") << QStringLiteral("vector") << QList<float>{1.0F} << QString()
                                     << QByteArray("22000");
    QTest::newRow("null element") << QStringLiteral("vector") << QList<float>{1.0F, nan, 2.0F} << QString()
                                  << QByteArray("22000");
    QTest::newRow("halfvec") << QStringLiteral("halfvec") << QList<float>{0.5F, 255.0F, -2.0F}
                             << QStringLiteral("[0.5,255,-2]") << QByteArray();
    QTest::newRow("halfvec overflow") << QStringLiteral("halfvec") << QList<float>{70000.0F, 0.0F, 0.0F}
                                      << QString() << QByteArray("22000");
    QTest::newRow("smallint[]") << QStringLiteral("smallint[]") << QList<float>{0.0F, 12.0F, 255.0F}
                                << QStringLiteral("{0,12,255}") << QByteArray();
    QTest::newRow("jsonb") << QStringLiteral("jsonb") << QList<float>{0.1F, nan}
                           << QStringLiteral("[0.1,null]") << QByteArray();
}

void RowEncoderTest::vectors()
{
    QFETCH(QString, type);
    QFETCH(QList<float>, values);
    QFETCH(QString, expected);
    QFETCH(QByteArray, sqlState);
    Mapping mapping;
    mapping.vector(QString(), QStringLiteral("embedding"), type, columnTypeFromName(type).value(), 3);
    const Encoded result = encode(mapping, Point("1").dense("", {values.begin(), values.end()}));
    QCOMPARE(result.reject.has_value(), !sqlState.isEmpty());
    if (result.reject) {
        QCOMPARE(result.reject->column, QStringLiteral("embedding"));
        QVERIFY(!result.reject->reason.isEmpty());
    } else {
        QCOMPARE(result.fields.at(1), expected);
    }
}

void RowEncoderTest::payloadColumns_data()
{
    QTest::addColumn<QString>("type");
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("expected"); // "misfit" when it does not fit
    const auto row = [](const char* type, const std::string& value, const std::string& expected) {
        QTest::addRow("%s %s", type, value.c_str())
            << QString::fromLatin1(type) << QByteArray::fromStdString(value)
            << QString::fromStdString(expected);
    };
    row("boolean", "true", "true");
    row("boolean", "1", "misfit");
    row("bigint", "9223372036854775807", "9223372036854775807");
    row("bigint", "9223372036854775808", "misfit");
    row("bigint", "5.0", "5");
    row("bigint", "5.5", "misfit");
    row("bigint", "\"5\"", "misfit");
    row("double precision", "0.1", "0.1");
    row("double precision", "9007199254740993", "misfit");
    row("numeric", "18446744073709551615", "18446744073709551615");
    row("numeric", "1.50", "1.50");
    row("text", js("'a\\n\\u00e9\\ud83d\\ude00'"), "a\né😀");
    row("text", "5", "misfit");
    row("uuid", js("'urn:uuid:550E8400-E29B-41D4-A716-446655440000'"),
        "550e8400-e29b-41d4-a716-446655440000");
    row("uuid", js("'550e8400'"), "misfit");
    row("timestamptz", js("'2024-02-29T12:00:00+02:00'"), "2024-02-29 10:00:00+00");
    row("timestamptz", js("'yesterday'"), "misfit");
    row("point", js("{'lon':13.4,'lat':52.5,'name':'x'}"), "(13.4,52.5)");
    row("point", js("{'lon':190,'lat':0}"), "misfit");
    row("text[]", js("['a','b']"), js("{'a','b'}"));
    row("text[]", js("'a'"), js("{'a'}"));
    row("text[]", js("['a',5]"), "misfit");
    row("bigint[]", "[1,2]", "{1,2}");
    row("boolean[]", "[true,null]", "{true,NULL}");
    row("jsonb", js("{'a':[1.0,2]}"), js("{'a':[1.0,2]}"));
}

void RowEncoderTest::payloadColumns()
{
    QFETCH(QString, type);
    QFETCH(QByteArray, value);
    QFETCH(QString, expected);
    Mapping mapping;
    mapping.payloadColumn(QStringLiteral("a.b"), type);
    mapping.payload(PayloadKeep::All);
    const std::string payload = js("{'x':1,'a':{'b':") + value.toStdString() + "}}";
    const Encoded result = encode(mapping, Point("1", payload));
    QVERIFY(!result.reject);
    QCOMPARE(result.fields.at(1), expected == QLatin1String("misfit") ? QStringLiteral("NULL") : expected);
    QCOMPARE(result.fields.at(2), QString::fromStdString(payload));

    mapping.plan.payload.columns.first().misfit = MisfitPolicy::Reject;
    QCOMPARE(encode(mapping, Point("1", payload)).reject.has_value(), expected == QLatin1String("misfit"));
}

void RowEncoderTest::misfitsStayInThePayloadOrReject()
{
    Mapping mapping;
    mapping.payloadColumn(QStringLiteral("n"), QStringLiteral("bigint"));
    mapping.payload(PayloadKeep::Unmapped);
    QCOMPARE(encode(mapping, Point("1", js("{'n':1,'k':2}"))).fields,
        QStringList({QStringLiteral("1"), QStringLiteral("1"), QString::fromStdString(js("{'k':2}"))}));
    QCOMPARE(encode(mapping, Point("1", js("{'n':'one','k':2}"))).fields,
        QStringList(
            {QStringLiteral("1"), QStringLiteral("NULL"), QString::fromStdString(js("{'n':'one','k':2}"))}));
    mapping.plan.payload.columns.first().notNull = true;
    const Encoded rejected = encode(mapping, Point("1", js("{'n':'one'}")));
    QVERIFY(rejected.reject);
    QCOMPARE(rejected.reject->column, QStringLiteral("c_0"));
    QVERIFY(rejected.reject->reason.contains(QLatin1String("bigint")));
}

void RowEncoderTest::missingValues()
{
    Mapping mapping;
    PayloadColumnPlan& text = mapping.payloadColumn(QStringLiteral("t"), QStringLiteral("text"));
    QCOMPARE(encode(mapping, Point("1")).fields.at(1), QStringLiteral("NULL"));
    QCOMPARE(encode(mapping, Point("1", js("{'t':null}"))).fields.at(1), QStringLiteral("NULL"));
    text.missing = MissingPolicy::Default;
    text.defaultValue = QStringLiteral("a \"quoted\" word");
    QCOMPARE(encode(mapping, Point("1")).fields.at(1), QStringLiteral("a \"quoted\" word"));
    text.missing = MissingPolicy::Reject;
    QCOMPARE(encode(mapping, Point("1")).reject->sqlState, QByteArray("23502"));

    Mapping time;
    PayloadColumnPlan& created =
        time.payloadColumn(QStringLiteral("created_at"), QStringLiteral("timestamptz"));
    created.missing = MissingPolicy::Default;
    created.defaultValue = QStringLiteral("run-start");
    RowEncoder::Options options;
    options.runStartMicros = 1'700'000'000'123'456;
    QCOMPARE(encode(time, Point("1"), options).fields.at(1), QStringLiteral("2023-11-14 22:13:20.123456+00"));
}

void RowEncoderTest::unmappedKeysAreKept()
{
    Mapping mapping;
    mapping.payloadColumn(QStringLiteral("\"odd.key\""), QStringLiteral("text"));
    mapping.payload(PayloadKeep::Unmapped);
    QCOMPARE(
        encode(mapping, Point("1", js("{'odd.key':'v','':1,'a\\'b':1.0,'n':18446744073709551615}"))).fields,
        QStringList({QStringLiteral("1"), QStringLiteral("v"),
            QString::fromStdString(js("{'':1,'a\\'b':1.0,'n':18446744073709551615}"))}));
    QCOMPARE(encode(mapping, Point("1", "{}")).fields.at(2), QStringLiteral("{}"));
}

void RowEncoderTest::mergedObjectDropsNothing()
{
    Mapping mapping;
    mapping.payload(PayloadKeep::Unmapped);
    mapping.plan.payload.mergeKey = QStringLiteral("metadata");
    QCOMPARE(encode(mapping, Point("1", js("{'type':'item','metadata':{'rare':true}}"))).fields.at(1),
        QString::fromStdString(js("{'type':'item','rare':true}")));
    QCOMPARE(encode(mapping, Point("1", js("{'type':'item','metadata':{'type':'other'}}"))).fields.at(1),
        QString::fromStdString(js("{'type':'other','_overridden':{'type':'item'}}")));
    QCOMPARE(encode(mapping, Point("1", js("{'metadata':'plain'}"))).fields.at(1),
        QString::fromStdString(js("{'metadata':'plain'}")));
    QCOMPARE(encode(mapping, Point("1", js("{'metadata':{}}"))).fields.at(1), QStringLiteral("{}"));
}

void RowEncoderTest::nulPolicies()
{
    Mapping mapping;
    mapping.payloadColumn(QStringLiteral("t"), QStringLiteral("text"));
    mapping.payload(PayloadKeep::All);
    const Point point("1", js("{'t':'a\\u0000b','k':'c\\u0000','s':'\\\\u0000'}"));
    const Encoded rejected = encode(mapping, point);
    QCOMPARE(rejected.reject->sqlState, QByteArray("22P05"));
    mapping.plan.payload.nul = NulPolicy::Strip;
    QCOMPARE(encode(mapping, point).fields.mid(1),
        QStringList(
            {QStringLiteral("ab"), QString::fromStdString(js("{'t':'ab','k':'c','s':'\\\\u0000'}"))}));
    mapping.plan.payload.nul = NulPolicy::Replace;
    QCOMPARE(encode(mapping, point).fields.mid(1),
        QStringList({QStringLiteral("a\uFFFDb"),
            QString::fromStdString(js("{'t':'a\\ufffdb','k':'c\\ufffd','s':'\\\\u0000'}"))}));
}

void RowEncoderTest::shardKey()
{
    Mapping mapping;
    mapping.plan.shardKeyColumn = QStringLiteral("shard_key");
    mapping.schema.table.columns << column(QStringLiteral("shard_key"), ColumnType::Text);
    Point point("1");
    QVERIFY(encode(mapping, point).reject);
    point.page.m_points.front().shardKey = "\"eu\"";
    QCOMPARE(encode(mapping, point).fields.at(1), QStringLiteral("eu"));
    point.page.m_points.front().shardKey = "7";
    QCOMPARE(encode(mapping, point).fields.at(1), QStringLiteral("7"));
}

void RowEncoderTest::rejectCarriesThePoint()
{
    Mapping mapping;
    mapping.vector(QStringLiteral("bm25"), QStringLiteral("bm25"), QStringLiteral("sparsevec"),
        ColumnType::Sparsevec, 10);
    const Point point = std::move(Point("3", js("{'k':1}")).sparse("bm25", {3, 10}, {0.5F, 1.0F}));
    const Encoded result = encode(mapping, point);
    QVERIFY(result.reject);
    QCOMPARE(result.reject->pointId, QStringLiteral("3"));
    QCOMPARE(result.reject->stage, QStringLiteral("encode"));
    QCOMPARE(result.reject->rawPoint,
        QString::fromStdString(
            js("{'id':3,'payload':{'k':1},'vector':{'bm25':{'indices':[3,10],'values':[0.5,1]}}}")));
    RowEncoder::Options options;
    options.keepRawPoints = false;
    QVERIFY(encode(mapping, point, options).reject->rawPoint.isEmpty());
}

void RowEncoderTest::changesCountOnlyStoredRows()
{
    Mapping mapping;
    mapping.vector(
        QStringLiteral("s"), QStringLiteral("s"), QStringLiteral("sparsevec"), ColumnType::Sparsevec, 10);
    mapping.payloadColumn(QStringLiteral("n"), QStringLiteral("bigint")).misfit = MisfitPolicy::Reject;
    auto encoder = RowEncoder::create(mapping.plan, mapping.schema, {});
    QVERIFY(encoder);
    CopyBuffer buffer;
    const Point good = std::move(Point("1", js("{'n':1}")).sparse("s", {1, 2}, {0.0F, 1.0F}));
    const Point bad = std::move(Point("2", js("{'n':'x'}")).sparse("s", {1, 2}, {0.0F, 1.0F}));
    QVERIFY(!encoder->encode(good.page, good.page.points().front(), buffer));
    QVERIFY(encoder->encode(bad.page, bad.page.points().front(), buffer));
    QCOMPARE(encoder->changes().sparseZerosDropped, 1);
    QCOMPARE(buffer.rows(), std::size_t{1});
}

QTEST_GUILESS_MAIN(RowEncoderTest)
#include "rowencodertest.moc"
