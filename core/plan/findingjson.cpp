// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/findingjson.h"

#include "core/common/redaction.h"

namespace qdrant2pg {

namespace {

QString groupWord(FindingGroup group)
{
    switch (group) {
    case FindingGroup::WillMove:
        return QStringLiteral("will-move");
    case FindingGroup::WillChange:
        return QStringLiteral("will-change");
    case FindingGroup::CannotMove:
        return QStringLiteral("cannot-move");
    }
    return {};
}

Finding findingFromJson(const QJsonObject& object)
{
    const auto text = [&object](const char* key) {
        return object.value(QLatin1String(key)).toString();
    };
    Finding finding;
    for (const Severity severity : {Severity::Blocker, Severity::Warning, Severity::Info}) {
        if (text("severity") == severityName(severity))
            finding.severity = severity;
    }
    for (const FindingGroup group :
        {FindingGroup::WillMove, FindingGroup::WillChange, FindingGroup::CannotMove}) {
        if (text("group") == groupWord(group))
            finding.group = group;
    }
    finding.code = text("code");
    finding.path = text("path");
    finding.collection = text("collection");
    finding.text = text("text");
    finding.hint = text("hint");
    finding.fixText = text("fix");
    return finding;
}

} // namespace

QJsonObject findingToJson(const Finding& finding)
{
    QJsonObject object{{QStringLiteral("severity"), severityName(finding.severity)},
        {QStringLiteral("group"), groupWord(finding.group)}, {QStringLiteral("code"), finding.code},
        {QStringLiteral("text"), redacted(finding.text)}};
    const auto add = [&object](const char* key, const QString& value) {
        if (!value.isEmpty())
            object.insert(QLatin1String(key), value);
    };
    add("path", finding.path);
    add("collection", finding.collection);
    add("hint", redacted(finding.hint));
    add("fix", redacted(finding.fixText));
    return object;
}

QJsonArray findingsToJson(const QList<Finding>& findings)
{
    QJsonArray array;
    for (const Finding& finding : findings)
        array.append(findingToJson(finding));
    return array;
}

QList<Finding> findingsFromJson(const QJsonArray& array)
{
    QList<Finding> findings;
    for (const QJsonValue& value : array)
        findings << findingFromJson(value.toObject());
    return findings;
}

} // namespace qdrant2pg
