// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/findingjson.h"

#include "core/common/redaction.h"

#include <QJsonObject>

namespace qdrant2pg {

namespace {

Severity severityFromName(const QString& name)
{
    for (const Severity severity : {Severity::Blocker, Severity::Warning}) {
        if (name == severityName(severity))
            return severity;
    }
    return Severity::Info;
}

} // namespace

QJsonArray findingsToJson(const QList<Finding>& findings)
{
    QJsonArray array;
    for (const Finding& finding : findings)
        array.append(QJsonObject{{QStringLiteral("severity"), severityName(finding.severity)},
            {QStringLiteral("code"), finding.code}, {QStringLiteral("path"), finding.path},
            {QStringLiteral("collection"), finding.collection},
            {QStringLiteral("text"), redacted(finding.text)},
            {QStringLiteral("hint"), redacted(finding.hint)}});
    return array;
}

QList<Finding> findingsFromJson(const QJsonArray& array)
{
    QList<Finding> findings;
    for (const QJsonValue& value : array) {
        const QJsonObject object = value.toObject();
        const auto text = [&object](const char* key) {
            return object.value(QLatin1String(key)).toString();
        };
        Finding finding;
        finding.severity = severityFromName(text("severity"));
        finding.code = text("code");
        finding.path = text("path");
        finding.collection = text("collection");
        finding.text = text("text");
        finding.hint = text("hint");
        findings << finding;
    }
    return findings;
}

} // namespace qdrant2pg
