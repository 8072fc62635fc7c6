// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/common/jsontext.h"
#include "core/plan/plancheck.h"
#include "core/plan/planjson.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

namespace qdrant2pg {

namespace {

/// One step of a plan path: a key, then any number of list places.
struct Step {
    std::string key;
    int index = -1;
};

std::vector<Step> stepsOf(const QString& path)
{
    static const QRegularExpression part(QStringLiteral("([A-Za-z]+)|\\[(\\d+)\\]"));
    std::vector<Step> steps;
    for (auto matches = part.globalMatch(path); matches.hasNext();) {
        const auto match = matches.next();
        if (match.hasCaptured(2))
            steps.push_back({{}, match.captured(2).toInt()});
        else
            steps.push_back({match.captured(1).toStdString(), -1});
    }
    return steps;
}

/// The text with one value replaced; keys that are missing on the way are added. Text, not a JSON tree of
/// Qt's, because that would round the large numbers of a filter.
std::string replaced(
    std::string_view json, const std::vector<Step>& steps, std::size_t depth, const std::string& value)
{
    if (depth == steps.size())
        return value;
    const Step& step = steps[depth];
    std::string out;
    bool first = true;
    const auto separate = [&] {
        if (!first)
            out += ',';
        first = false;
    };
    if (step.index >= 0) {
        out = "[";
        int index = 0;
        jsontext::forEachElement(json, [&](std::string_view element) {
            separate();
            out += index++ == step.index ? replaced(element, steps, depth + 1, value) : std::string(element);
            return true;
        });
        return out + ']';
    }
    out = "{";
    bool found = false;
    jsontext::forEachMember(json, [&](std::string_view key, std::string_view member) {
        separate();
        out += '"';
        out += key;
        out += "\":";
        found = found || key == step.key;
        out += key == step.key ? replaced(member, steps, depth + 1, value) : std::string(member);
        return true;
    });
    if (!found) {
        separate();
        out += jsontext::quoted(step.key) + ':' + replaced("{}", steps, depth + 1, value);
    }
    return out + '}';
}

} // namespace

Result<MigrationPlan> applyFix(const MigrationPlan& plan, const Finding& finding)
{
    std::string json = planToJson(plan).toStdString();
    for (auto it = finding.fix.cbegin(); it != finding.fix.cend(); ++it) {
        const QByteArray wrapped = QJsonDocument(QJsonArray{it.value()}).toJson(QJsonDocument::Compact);
        json = replaced(json, stepsOf(it.key()), 0, wrapped.mid(1, wrapped.size() - 2).toStdString());
    }
    return planFromJson(QByteArray::fromStdString(json));
}

} // namespace qdrant2pg
