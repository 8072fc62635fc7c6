// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/proposal.h"
#include "core/plan/targetschema.h"
#include "tests/ui/support/wizardbench.h"
#include "ui/models/findingsmodel.h"
#include "ui/models/mappingindexmodel.h"
#include "ui/models/mappinglistmodel.h"
#include "ui/models/mappingmodel.h"
#include "ui/models/mappingsamplemodel.h"
#include "ui/services/plantext.h"
#include "ui/wizard/review/estimatemodel.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace qdrant2pg;

/// Edits of the plan and the models that show it, without servers and windows.
class MappingModelsTest : public QObject {
    Q_OBJECT
private slots:
    void init() { test::failOnWarnings(); }
    void modelsKeepTheContract();
    void editsAreAnnounced();
    void refusedNamesSayWhy();
    void renameFollowsIntoIndexes();
    void typeDecidesOperatorClass();
    void leavingOutAndBackIsTheProposal();
    void defaultsAreTyped();
    void typesFromTheSample_data();
    void typesFromTheSample();
    void indexParameters_data();
    void indexParameters();
    void presetKeepsWhatFits();
    void findingsLeadToTheirRow();
    void sampleMarksProblems();
    void commandLine();
    void shellWords_data();
    void shellWords();
};

namespace {

CollectionFacts facts()
{
    CollectionFacts made;
    made.info.name = QStringLiteral("game");
    DenseVectorInfo vector;
    vector.size = 8;
    made.info.vectors << vector;
    PayloadIndexInfo index;
    index.path = QStringLiteral("user_id");
    index.dataType = QStringLiteral("integer");
    made.info.payloadIndexes << index;
    made.ids.hasUuids = true;
    made.exactCount = 2;
    made.payload.add(R"({"user_id":1,"name":"a","score":1.5,"tags":["x"],"meta":{"deep":true}})");
    made.payload.add(R"({"user_id":2,"name":"b","score":2,"tags":["y","z"],"big":18446744073709551615})");
    return made;
}

MappingState state()
{
    MappingState made;
    made.facts = facts();
    const auto plan = proposeCollection(*made.facts, QStringLiteral("generic"), std::nullopt);
    if (!plan)
        qFatal("%s", qPrintable(plan.error().summary));
    made.plan = *plan;
    made.proposal = *plan;
    return made;
}

const MappingPlace vectorPlace{MappingKind::Vector, QString()};
const MappingPlace userPlace{MappingKind::PayloadColumn, QStringLiteral("user_id")};

SampleTable sampleTable()
{
    SampleTable table;
    table.columns = {QStringLiteral("id"), QStringLiteral("payload")};
    table.types = {QStringLiteral("bigint"), QStringLiteral("jsonb")};
    table.rows = {{QStringLiteral("1"), {QStringLiteral("1"), std::nullopt}, {}, {}, {}},
        {QStringLiteral("2"), {}, QStringLiteral("holds NaN"), QStringLiteral("payload"), {}}};
    return table;
}

Finding finding(Severity severity, FindingGroup group, const char* path)
{
    Finding made;
    made.severity = severity;
    made.group = group;
    made.path = QLatin1String(path);
    made.text = QStringLiteral("text of ") + made.path;
    return made;
}

} // namespace

void MappingModelsTest::modelsKeepTheContract()
{
    MappingModel columns;
    MappingIndexModel indexes;
    MappingListModel list;
    MappingSampleModel sample;
    FindingsModel findings;
    EstimateModel estimates;
    const QAbstractItemModelTester testers[] = {QAbstractItemModelTester(&columns),
        QAbstractItemModelTester(&indexes), QAbstractItemModelTester(&list),
        QAbstractItemModelTester(&sample), QAbstractItemModelTester(&findings),
        QAbstractItemModelTester(&estimates)};
    Q_UNUSED(testers)
    MappingState now = state();
    columns.setState(now);
    indexes.setState(now);
    QCOMPARE(columns.rowCount(), static_cast<int>(mappingPlaces(now.plan, now.basis()).size()));
    QCOMPARE(indexes.rowCount(), static_cast<int>(now.plan.indexes.size()));
    now.plan = withMapped(now.plan, userPlace, false, now.basis());
    columns.setState(now);
    indexes.setState(now);
    const QList<Finding> list2{
        finding(Severity::Warning, FindingGroup::WillChange, "collections[0].vectors[0].type"),
        finding(Severity::Blocker, FindingGroup::CannotMove, "collections[0].id.type")};
    columns.setFindings(list2);
    indexes.setFindings(list2);
    findings.setFindings(list2);
    QCOMPARE(
        findings.index(0).data(FindingsModel::GroupRole).toInt(), static_cast<int>(FindingGroup::CannotMove));
    list.setEntries({{QStringLiteral("a"), QStringLiteral("a"), false, Status::Ok},
        {QStringLiteral("b"), QStringLiteral("c"), true, Status::Problem}});
    list.setEntries({{QStringLiteral("a"), QStringLiteral("x"), true, Status::Warning},
        {QStringLiteral("b"), QStringLiteral("c"), true, Status::Problem}});
    list.setEntries({});
    sample.setTable(sampleTable());
    sample.setTable({});
    estimates.setRows({{QStringLiteral("a"), QStringLiteral("a"), {}}});
}

void MappingModelsTest::editsAreAnnounced()
{
    MappingModel model;
    const MappingState now = state();
    model.setState(now);
    CollectionPlan wanted;
    connect(&model, &MappingModel::edited, this, [&wanted](const CollectionPlan& plan, const QString& text) {
        QVERIFY(!text.isEmpty());
        wanted = plan;
    });
    const int row = model.rowOf(userPlace);
    QVERIFY(model.setData(model.index(row, MappingModel::Missing), QStringLiteral("reject")));
    QVERIFY(wanted.payload.columns.first().missing == MissingPolicy::Reject);
    // The model shows what is set, not what was announced.
    QCOMPARE(model.index(row, MappingModel::Missing).data(Qt::EditRole).toString(), QStringLiteral("null"));
    QVERIFY(!model.setData(model.index(row, MappingModel::Type), QStringLiteral("vector")));
    QVERIFY(!model.setData(model.index(row, MappingModel::Why), QStringLiteral("x")));
}

void MappingModelsTest::refusedNamesSayWhy()
{
    MappingModel model;
    model.setState(state());
    QSignalSpy refused(&model, &MappingModel::refused);
    QSignalSpy edited(&model, &MappingModel::edited);
    const QModelIndex target = model.index(model.rowOf(userPlace), MappingModel::Target);
    QVERIFY(!model.setData(target, QStringLiteral("embedding")));
    QVERIFY(!model.setData(target, QString()));
    QVERIFY(!model.setData(target, QString(80, QLatin1Char('x'))));
    QCOMPARE(refused.count(), 3);
    QCOMPARE(edited.count(), 0);
}

void MappingModelsTest::renameFollowsIntoIndexes()
{
    const MappingState now = state();
    const CollectionPlan renamed = withColumn(now.plan, userPlace, QStringLiteral("odd \"name\""));
    MigrationPlan whole;
    whole.collections << renamed;
    const auto schema = targetSchema(whole, renamed, std::nullopt);
    QVERIFY2(schema.has_value(), "the plan must stay usable");
    QVERIFY(std::any_of(renamed.indexes.begin(), renamed.indexes.end(),
        [](const IndexPlan& index) { return index.on == QStringList{QStringLiteral("odd \"name\"")}; }));
    QCOMPARE(withColumn(renamed, userPlace, QStringLiteral("user_id")), now.plan);
}

void MappingModelsTest::typeDecidesOperatorClass()
{
    const MappingState now = state();
    CollectionPlan plan = now.plan;
    plan.indexes.first().with.insert(QStringLiteral("m"), 24);
    plan = withType(plan, vectorPlace, QStringLiteral("halfvec"), now.basis());
    QCOMPARE(plan.indexes.first().opclass, QStringLiteral("halfvec_cosine_ops"));
    // A parameter that a person chose is not the type's to change.
    QCOMPARE(plan.indexes.first().with.value(QStringLiteral("m")).toInt(), 24);
    plan = withType(plan, vectorPlace, QStringLiteral("jsonb"), now.basis());
    QCOMPARE(plan.indexes.first().kind, QStringLiteral("none"));
    QVERIFY(plan.vectors.first().distance.isEmpty());
    plan = withType(plan, vectorPlace, QStringLiteral("vector"), now.basis());
    QCOMPARE(plan, now.plan);
}

void MappingModelsTest::leavingOutAndBackIsTheProposal()
{
    const MappingState now = state();
    for (const MappingPlace& place : mappingPlaces(now.plan, now.basis())) {
        if (!mayBeLeftOut(place) || !isMapped(now.plan, place))
            continue;
        const CollectionPlan without = withMapped(now.plan, place, false, now.basis());
        QVERIFY(!isMapped(without, place));
        QVERIFY(isChanged(without, place, now.basis()));
        QCOMPARE(withMapped(without, place, true, now.basis()), now.plan);
        QCOMPARE(mappingPlaces(without, now.basis()), mappingPlaces(now.plan, now.basis()));
    }
}

void MappingModelsTest::defaultsAreTyped()
{
    MappingModel model;
    MappingState now = state();
    connect(&model, &MappingModel::edited, this, [&](const CollectionPlan& plan) {
        now.plan = plan;
        model.setState(now);
    });
    QSignalSpy refused(&model, &MappingModel::refused);
    model.setState(now);
    const int row = model.rowOf(userPlace);
    QVERIFY(!model.takesDefault(row));
    QVERIFY(model.setData(model.index(row, MappingModel::Missing), QStringLiteral("default")));
    QVERIFY(model.takesDefault(row));
    QCOMPARE(model.defaultText(row), QStringLiteral("0"));
    model.setDefaultText(row, QStringLiteral("many"));
    QCOMPARE(refused.count(), 1);
    model.setDefaultText(row, QStringLiteral("17"));
    QCOMPARE(now.plan.payload.columns.first().defaultValue.toInt(), 17);
}

void MappingModelsTest::typesFromTheSample_data()
{
    QTest::addColumn<QString>("path");
    QTest::addColumn<QString>("type");
    QTest::newRow("text") << "name"
                          << "text";
    QTest::newRow("fraction") << "score"
                              << "double precision";
    QTest::newRow("array") << "tags"
                           << "text[]";
    QTest::newRow("nested") << "meta.deep"
                            << "boolean";
    QTest::newRow("object") << "meta"
                            << "jsonb";
    QTest::newRow("beyond bigint") << "big"
                                   << "numeric";
    QTest::newRow("not seen") << "elsewhere"
                              << "jsonb";
}

void MappingModelsTest::typesFromTheSample()
{
    QFETCH(QString, path);
    QFETCH(QString, type);
    const MappingState now = state();
    const auto plan = withPayloadPath(now.plan, path, now.basis());
    QVERIFY(plan);
    QCOMPARE(plan->payload.columns.last().path, path);
    QCOMPARE(plan->payload.columns.last().type, type);
    QVERIFY(!withPayloadPath(*plan, path, now.basis()));
}

void MappingModelsTest::indexParameters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("ok");
    QTest::newRow("as shown") << "m=16, ef_construction=64" << true;
    QTest::newRow("none") << "" << true;
    QTest::newRow("too many links") << "m=200" << false;
    QTest::newRow("unknown") << "lists=5" << false;
    QTest::newRow("no number") << "m=many" << false;
    QTest::newRow("no value") << "m" << false;
    QTest::newRow("candidates below twice the links") << "m=50, ef_construction=60" << false;
}

void MappingModelsTest::indexParameters()
{
    QFETCH(QString, text);
    QFETCH(bool, ok);
    const MappingState now = state();
    QCOMPARE(now.plan.indexes.first().kind, QStringLiteral("hnsw"));
    const auto plan = withIndexParameters(now.plan, 0, text);
    QCOMPARE(plan.has_value(), ok);
    if (ok)
        QCOMPARE(parametersText(plan->indexes.first()), text);
    else
        QVERIFY(!plan.error().summary.isEmpty());
}

void MappingModelsTest::presetKeepsWhatFits()
{
    const MappingState now = state();
    CollectionPlan edited = withColumn(now.plan, vectorPlace, QStringLiteral("vec"));
    edited.mode = TableMode::Append;
    const auto game = withPreset(edited, QStringLiteral("context_items"), now.basis());
    QVERIFY(game);
    QCOMPARE(game->plan.preset, QStringLiteral("context_items"));
    QVERIFY(game->plan.mode == TableMode::Append);
    QVERIFY(!game->dropped.isEmpty());
    const auto back = withPreset(edited, QStringLiteral("generic"), now.basis());
    QVERIFY(back);
    QVERIFY(back->dropped.isEmpty());
    QCOMPARE(back->plan.vectors.first().column, QStringLiteral("vec"));
    QVERIFY(!withPreset(edited, QStringLiteral("generic"), {}));
}

void MappingModelsTest::findingsLeadToTheirRow()
{
    const MappingState now = state();
    MigrationPlan plan;
    plan.collections << now.plan;
    QVERIFY(placeOfPath(plan, QStringLiteral("collections[0].vectors[0].type")).mapping == vectorPlace);
    QVERIFY(
        placeOfPath(plan, QStringLiteral("collections[0].payload.columns[0].missing")).mapping == userPlace);
    QCOMPARE(placeOfPath(plan, QStringLiteral("collections[0].indexes[1].kind")).index, 1);
    QCOMPARE(placeOfPath(plan, QStringLiteral("collections[0].table")).field, QStringLiteral("table"));
    QCOMPARE(placeOfPath(plan, QStringLiteral("collections[7].table")).collection, -1);
    QCOMPARE(placeOfPath(plan, QStringLiteral("target.schema")).collection, -1);
    MappingModel model;
    model.setState(now);
    model.setFindings(
        {finding(Severity::Blocker, FindingGroup::CannotMove, "collections[0].vectors[0].type")});
    const QModelIndex row = model.index(model.rowOf(vectorPlace), MappingModel::Source);
    QVERIFY(row.data(MappingModel::ProblemRole).toBool());
    QVERIFY(row.data(MappingModel::ReasonRole).toString().contains(QStringLiteral("text of")));
    QVERIFY(!model.index(0, 0).data(MappingModel::ProblemRole).toBool());
}

void MappingModelsTest::sampleMarksProblems()
{
    MappingSampleModel model;
    model.setTable(sampleTable());
    QCOMPARE(model.problems(), 1);
    QCOMPARE(model.index(0, MappingSampleModel::FirstValue + 1).data().toString(), QStringLiteral("NULL"));
    QVERIFY(model.index(1, MappingSampleModel::State).data(MappingSampleModel::ProblemRole).toBool());
    QCOMPARE(model.index(1, MappingSampleModel::FirstValue).data().toString(),
        QStringLiteral("payload: holds NaN"));
    QCOMPARE(model.index(1, MappingSampleModel::FirstValue + 1).data().toString(), QString());
}

void MappingModelsTest::commandLine()
{
    MigrationPlan plan;
    plan.source.url = QStringLiteral("http://user:canary@q:6333");
    plan.target.conninfo = QStringLiteral("host=db dbname=x");
    plan.collections << state().plan;
    plan.collections.first().table = QStringLiteral("my table");
    plan.run.verify = VerifyLevel::Full;
    const QMap<QString, CollectionPlan> proposals{{QStringLiteral("game"), state().plan}};
    const QString line = migrateCommandLine(plan, {}, proposals, {});
    QVERIFY(!line.contains(QStringLiteral("canary")));
    QVERIFY(line.contains(QStringLiteral("--source http://q:6333")));
    QVERIFY(line.contains(QStringLiteral("--target 'host=db dbname=x'")));
    QVERIFY(line.contains(QStringLiteral("--table 'game=my table'")));
    QVERIFY(line.contains(QStringLiteral("--verify full")));
    // What options cannot say must come from a file.
    plan.collections.first().vectors.first().column = QStringLiteral("v");
    QVERIFY(migrateCommandLine(plan, {}, proposals, {}).isEmpty());
    QCOMPARE(migrateCommandLine(plan, QStringLiteral("p.json"), proposals, {QStringLiteral("t")}),
        QStringLiteral("qdrant2pg migrate --plan p.json \\\n    --confirm t"));
}

void MappingModelsTest::shellWords_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("word");
    QTest::newRow("plain") << "a-b_c.d/e"
                           << "a-b_c.d/e";
    QTest::newRow("blank") << "a b"
                           << "'a b'";
    QTest::newRow("quote") << "it's"
                           << "'it'\\''s'";
    QTest::newRow("dollar") << "$HOME"
                            << "'$HOME'";
    QTest::newRow("empty") << ""
                           << "''";
}

void MappingModelsTest::shellWords()
{
    QFETCH(QString, text);
    QFETCH(QString, word);
    QCOMPARE(shellWord(text), word);
}

QTEST_MAIN(MappingModelsTest)
#include "mappingmodelstest.moc"
