// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/models/mappingmodel.h"

#include "core/postgres/identifiers.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/style.h"

#include <QFont>
#include <QJsonArray>
#include <QJsonDocument>
#include <QLocale>

#include <algorithm>

namespace qdrant2pg {

namespace {

const VectorPlan* vectorOf(const CollectionPlan& plan, const QString& source)
{
    const auto found = std::find_if(plan.vectors.begin(), plan.vectors.end(),
        [&source](const VectorPlan& vector) { return vector.source == source; });
    return found == plan.vectors.end() ? nullptr : &*found;
}

const PayloadColumnPlan* columnPlanOf(const CollectionPlan& plan, const QString& path)
{
    const auto found = std::find_if(plan.payload.columns.begin(), plan.payload.columns.end(),
        [&path](const PayloadColumnPlan& column) { return column.path == path; });
    return found == plan.payload.columns.end() ? nullptr : &*found;
}

const QString nullWord = QStringLiteral("null");
const QString rejectWord = QStringLiteral("reject");
const QString defaultWord = QStringLiteral("default");
const QString stripWord = QStringLiteral("strip");
const QString replaceWord = QStringLiteral("replace");

QJsonValue firstDefault(const QString& type)
{
    if (type == QLatin1String("timestamptz"))
        return QStringLiteral("run-start");
    if (type == QLatin1String("boolean"))
        return false;
    if (type == QLatin1String("bigint") || type == QLatin1String("numeric")
        || type == QLatin1String("double precision"))
        return 0;
    return QString();
}

Status worst(const QList<Finding>& findings)
{
    Status status = Status::Ok;
    for (const Finding& finding : findings) {
        if (finding.severity == Severity::Blocker)
            return Status::Problem;
        if (finding.severity == Severity::Warning)
            status = Status::Warning;
    }
    return status;
}

} // namespace

QString mappingWordText(MappingKind kind, int column, const QString& word)
{
    if (word.isEmpty())
        return {};
    if (column == MappingModel::Type) {
        if (kind == MappingKind::Payload)
            return word == QLatin1String("all") ? MappingModel::tr("jsonb, all keys")
                                                : MappingModel::tr("jsonb, the other keys");
        return word == QLatin1String("uuid5") ? MappingModel::tr("uuid, made from numbers") : word;
    }
    if (kind == MappingKind::Payload) {
        if (word == stripWord)
            return MappingModel::tr("remove \\u0000");
        return word == replaceWord ? MappingModel::tr("replace \\u0000 by U+FFFD")
                                   : MappingModel::tr("reject points with \\u0000");
    }
    if (word == nullWord)
        return MappingModel::tr("NULL");
    if (word == defaultWord)
        return MappingModel::tr("default value");
    return MappingModel::tr("reject the point");
}

void MappingModel::setState(const MappingState& state)
{
    const QList<MappingPlace> places = mappingPlaces(state.plan, state.basis());
    if (places != m_places || state.plan.name != m_state.plan.name) {
        beginResetModel();
        m_state = state;
        m_places = places;
        m_findings.clear();
        endResetModel();
        return;
    }
    m_state = state;
    if (!m_places.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

void MappingModel::setFindings(const QList<Finding>& findings)
{
    m_findings = findings;
    if (!m_places.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

std::optional<MappingPlace> MappingModel::place(int row) const
{
    return row >= 0 && row < m_places.size() ? std::optional(m_places.at(row)) : std::nullopt;
}

int MappingModel::rowOf(const MappingPlace& place) const
{
    return static_cast<int>(m_places.indexOf(place));
}

void MappingModel::resetRow(int row)
{
    if (const auto at = place(row))
        emit edited(withProposal(m_state.plan, *at, m_state.basis()),
            tr("Reset %1 to the proposal").arg(sourceText(*at)));
}

bool MappingModel::takesDefault(int row) const
{
    return word(row, Missing) == defaultWord;
}

QString MappingModel::defaultText(int row) const
{
    const auto at = place(row);
    const PayloadColumnPlan* column =
        at && at->kind == MappingKind::PayloadColumn ? columnPlanOf(m_state.plan, at->key) : nullptr;
    if (!column)
        return {};
    if (column->defaultValue.isString())
        return column->defaultValue.toString();
    const QByteArray json = QJsonDocument(QJsonArray{column->defaultValue}).toJson(QJsonDocument::Compact);
    return QString::fromUtf8(json.mid(1, json.size() - 2));
}

void MappingModel::setDefaultText(int row, const QString& text)
{
    if (!takesDefault(row) || text == defaultText(row))
        return;
    CollectionPlan plan = m_state.plan;
    for (PayloadColumnPlan& column : plan.payload.columns) {
        if (column.path != m_places.at(row).key)
            continue;
        const bool isText = column.type == QLatin1String("text") || column.type == QLatin1String("uuid")
            || column.type == QLatin1String("timestamptz");
        const QJsonArray parsed = QJsonDocument::fromJson("[" + text.toUtf8() + "]").array();
        if (!isText && (parsed.size() != 1 || parsed.first().isObject() || parsed.first().isArray())) {
            emit refused(tr("%1 is no value for a column of type %2.").arg(text, column.type));
            return;
        }
        column.defaultValue = isText ? QJsonValue(text) : parsed.first();
    }
    emit edited(plan, tr("Default of %1").arg(m_places.at(row).key));
}

void MappingModel::retranslate()
{
    emit headerDataChanged(Qt::Horizontal, 0, ColumnCount - 1);
    if (!m_places.isEmpty())
        emit dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int MappingModel::rowCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_places.size());
}

int MappingModel::columnCount(const QModelIndex& parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString MappingModel::sourceText(const MappingPlace& place) const
{
    switch (place.kind) {
    case MappingKind::Id:
        return tr("Point id");
    case MappingKind::ShardKey:
        return tr("Shard key");
    case MappingKind::Vector:
        return place.key.isEmpty() ? tr("Vector") : tr("Vector %1").arg(place.key);
    case MappingKind::PayloadColumn:
        return place.key;
    case MappingKind::Payload:
        return tr("Payload");
    }
    return {};
}

QString MappingModel::seenText(const MappingPlace& place) const
{
    const QLocale locale;
    if (!m_state.facts)
        return {};
    const CollectionFacts& facts = *m_state.facts;
    if (place.kind == MappingKind::Vector) {
        if (const DenseVectorInfo* dense = facts.info.denseVector(place.key))
            return (dense->multivector ? tr("Several vectors of %1 dimensions, %2, %3.")
                                       : tr("%1 dimensions, %2, %3."))
                .arg(locale.toString(dense->size), distanceName(dense->distance),
                    vectorDatatypeName(dense->datatype));
        return facts.info.sparseVector(place.key) ? tr("Sparse vector.") : QString();
    }
    if (place.kind != MappingKind::PayloadColumn)
        return {};
    const PathProfile* seen = facts.payload.path(place.key);
    if (!seen)
        return tr("Not in the sample.");
    QString text = tr("%1, in %2 of %3 sampled points.")
                       .arg(PayloadProfile::typeWords(*seen), locale.toString(seen->present - seen->nulls),
                           locale.toString(facts.payload.points()));
    if (!seen->examples.isEmpty())
        text += QLatin1Char(' ') + tr("For example %1").arg(seen->examples.first());
    return text;
}

QString MappingModel::word(int row, int column) const
{
    const auto at = place(row);
    if (!at || !isMapped(m_state.plan, *at))
        return {};
    if (column == Type)
        return typeOf(m_state.plan, *at);
    if (at->kind == MappingKind::Vector) {
        const VectorPlan* vector = vectorOf(m_state.plan, at->key);
        if (column == Missing)
            return vector->missing == MissingPolicy::Reject ? rejectWord : nullWord;
        if (column == Misfit)
            return vector->nonFinite == NonFinitePolicy::Reject ? rejectWord : nullWord;
    }
    if (at->kind == MappingKind::PayloadColumn) {
        const PayloadColumnPlan* plan = columnPlanOf(m_state.plan, at->key);
        if (column == Missing)
            return plan->missing == MissingPolicy::Reject ? rejectWord
                : plan->missing == MissingPolicy::Default ? defaultWord
                                                          : nullWord;
        if (column == Misfit)
            return plan->misfit == MisfitPolicy::Reject ? rejectWord : nullWord;
    }
    if (at->kind == MappingKind::Payload && column == Misfit)
        return m_state.plan.payload.nul == NulPolicy::Strip  ? stripWord
            : m_state.plan.payload.nul == NulPolicy::Replace ? replaceWord
                                                             : rejectWord;
    return {};
}

QStringList MappingModel::choices(int row, int column) const
{
    const auto at = place(row);
    if (!at || !isMapped(m_state.plan, *at))
        return {};
    if (column == Type)
        return typeChoices(m_state.plan, *at, m_state.basis());
    if (column != Missing && column != Misfit)
        return {};
    if (at->kind == MappingKind::Vector)
        return {nullWord, rejectWord};
    if (at->kind == MappingKind::PayloadColumn)
        return column == Missing ? QStringList{nullWord, defaultWord, rejectWord}
                                 : QStringList{nullWord, rejectWord};
    if (at->kind == MappingKind::Payload && column == Misfit)
        return {rejectWord, stripWord, replaceWord};
    return {};
}

QList<Finding> MappingModel::findingsAt(const MappingPlace& place) const
{
    MigrationPlan plan;
    plan.collections << m_state.plan;
    QList<Finding> found;
    for (const Finding& finding : m_findings) {
        const PlanPlace at = placeOfPath(plan, finding.path);
        if (at.mapping == place && finding.severity != Severity::Info)
            found << finding;
    }
    return found;
}

QVariant MappingModel::data(const QModelIndex& index, int role) const
{
    const auto at = place(index.row());
    if (!at || index.column() >= ColumnCount)
        return {};
    const int column = index.column();
    const bool mapped = isMapped(m_state.plan, *at);
    const auto reason = [&] {
        QStringList parts;
        for (const Finding& finding : findingsAt(*at))
            parts << QStringList{finding.text, finding.hint}.join(QLatin1Char(' ')).trimmed();
        if (mapped && !reasonOf(m_state.plan, *at).isEmpty())
            parts << reasonOf(m_state.plan, *at);
        else if (at->kind == MappingKind::Payload && mapped)
            parts << (m_state.plan.payload.keep == PayloadKeep::All
                    ? tr("The whole payload is kept as it came, also what has a column of its own.")
                    : tr("Keys without a column of their own are kept."));
        else if (!mapped && at->kind == MappingKind::PayloadColumn)
            parts << (isMapped(m_state.plan, {MappingKind::Payload, {}}) ? tr("Stays in the payload column.")
                                                                         : tr("Is left behind."));
        else if (!mapped)
            parts << tr("Is left behind.");
        const QString seen = seenText(*at);
        if (!seen.isEmpty())
            parts << seen;
        return parts.join(QLatin1Char(' '));
    };
    switch (role) {
    case Qt::DisplayRole:
        if (column == Source)
            return sourceText(*at);
        if (column == Target)
            return columnOf(m_state.plan, *at);
        if (column == Why)
            return reason();
        return mappingWordText(at->kind, column, word(index.row(), column));
    case Qt::EditRole:
        return column == Target ? columnOf(m_state.plan, *at) : word(index.row(), column);
    case Qt::ToolTipRole:
        return column == Why || column == Source ? reason() : QVariant();
    case Qt::AccessibleTextRole:
        if (column == Source)
            return mapped ? tr("%1, column %2").arg(sourceText(*at), columnOf(m_state.plan, *at))
                          : tr("%1, no column").arg(sourceText(*at));
        return {};
    case Qt::CheckStateRole:
        if (column == Source && mayBeLeftOut(*at))
            return mapped ? Qt::Checked : Qt::Unchecked;
        return {};
    case Qt::DecorationRole:
        if (column == Why) {
            const Status status = worst(findingsAt(*at));
            if (status != Status::Ok)
                return statusIcon(status);
        }
        return {};
    case Qt::FontRole:
        if (column == Target || (column == Source && at->kind == MappingKind::PayloadColumn)) {
            QFont font = style::fixedFont();
            font.setBold(column == Target && isChanged(m_state.plan, *at, m_state.basis()));
            return font;
        }
        return {};
    case ChoicesRole:
        return choices(index.row(), column);
    case ChoiceTextsRole: {
        QStringList texts;
        for (const QString& word : choices(index.row(), column))
            texts << mappingWordText(at->kind, column, word);
        return texts;
    }
    case ChangedRole:
        return isChanged(m_state.plan, *at, m_state.basis());
    case ProblemRole:
        return worst(findingsAt(*at)) != Status::Ok;
    case ReasonRole:
        return reason();
    default:
        return {};
    }
}

CollectionPlan MappingModel::withPolicy(int row, int column, const QString& word) const
{
    CollectionPlan plan = m_state.plan;
    const MappingPlace& at = m_places.at(row);
    for (VectorPlan& vector : plan.vectors) {
        if (at.kind != MappingKind::Vector || vector.source != at.key)
            continue;
        if (column == Missing)
            vector.missing = word == rejectWord ? MissingPolicy::Reject : MissingPolicy::Null;
        else
            vector.nonFinite = word == rejectWord ? NonFinitePolicy::Reject : NonFinitePolicy::Null;
    }
    for (PayloadColumnPlan& target : plan.payload.columns) {
        if (at.kind != MappingKind::PayloadColumn || target.path != at.key)
            continue;
        if (column == Misfit) {
            target.misfit = word == rejectWord ? MisfitPolicy::Reject : MisfitPolicy::Null;
            continue;
        }
        target.missing = word == rejectWord ? MissingPolicy::Reject
            : word == defaultWord           ? MissingPolicy::Default
                                            : MissingPolicy::Null;
        if (target.missing != MissingPolicy::Default)
            target.defaultValue = QJsonValue();
        else if (target.defaultValue.isNull() || target.defaultValue.isUndefined())
            target.defaultValue = firstDefault(target.type);
    }
    if (at.kind == MappingKind::Payload)
        plan.payload.nul = word == stripWord ? NulPolicy::Strip
            : word == replaceWord            ? NulPolicy::Replace
                                             : NulPolicy::Reject;
    return plan;
}

bool MappingModel::setData(const QModelIndex& index, const QVariant& value, int role)
{
    const auto at = place(index.row());
    if (!at)
        return false;
    const QString source = sourceText(*at);
    if (role == Qt::CheckStateRole && index.column() == Source && mayBeLeftOut(*at)) {
        const bool mapped = value.toInt() == Qt::Checked;
        if (mapped == isMapped(m_state.plan, *at))
            return false;
        emit edited(withMapped(m_state.plan, *at, mapped, m_state.basis()),
            mapped ? tr("Give %1 a column").arg(source) : tr("Leave %1 out").arg(source));
        return true;
    }
    if (role != Qt::EditRole || !isMapped(m_state.plan, *at))
        return false;
    if (index.column() == Target) {
        const QString name = value.toString().trimmed();
        if (name == columnOf(m_state.plan, *at))
            return false;
        if (name.isEmpty()) {
            emit refused(tr("A column needs a name."));
            return false;
        }
        if (name != fittingIdentifier(name)) {
            emit refused(tr("The name is longer than the 63 bytes that PostgreSQL keeps."));
            return false;
        }
        if (columnNames(m_state.plan).contains(name)) {
            emit refused(tr("Another column is called %1 already.").arg(name));
            return false;
        }
        emit edited(withColumn(m_state.plan, *at, name), tr("Rename column of %1").arg(source));
        return true;
    }
    const QString wanted = value.toString();
    if (wanted == word(index.row(), index.column()) || !choices(index.row(), index.column()).contains(wanted))
        return false;
    emit edited(index.column() == Type ? withType(m_state.plan, *at, wanted, m_state.basis())
                                       : withPolicy(index.row(), index.column(), wanted),
        index.column() == Type ? tr("Type of %1").arg(source) : tr("Policy of %1").arg(source));
    return true;
}

Qt::ItemFlags MappingModel::flags(const QModelIndex& index) const
{
    const auto at = place(index.row());
    if (!at)
        return Qt::NoItemFlags;
    Qt::ItemFlags flags = Qt::ItemIsSelectable | Qt::ItemNeverHasChildren;
    const bool mapped = isMapped(m_state.plan, *at);
    if (mapped || index.column() == Source)
        flags |= Qt::ItemIsEnabled;
    if (index.column() == Source && mayBeLeftOut(*at))
        flags |= Qt::ItemIsUserCheckable;
    if (mapped && (index.column() == Target || !choices(index.row(), index.column()).isEmpty()))
        flags |= Qt::ItemIsEditable;
    return flags;
}

QVariant MappingModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::ToolTipRole && section == Misfit)
        return tr("Values of another kind, NaN and infinity in vectors, \\u0000 in the payload");
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Source:
        return tr("From Qdrant");
    case Target:
        return tr("Column");
    case Type:
        return tr("Type");
    case Missing:
        return tr("If missing");
    case Misfit:
        return tr("If unfit");
    case Why:
        return tr("Why");
    default:
        return {};
    }
}

} // namespace qdrant2pg
