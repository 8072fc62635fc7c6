// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include <QByteArray>
#include <QJsonValue>
#include <QString>

#include <utility>
#include <vector>

namespace qdrant2pg {

/// JSON for writing: members keep the order in which they were added (QJsonObject sorts them). Internal to
/// the plan module.
class OrderedJson {
public:
    static OrderedJson object() { return OrderedJson(Kind::Object); }
    static OrderedJson array() { return OrderedJson(Kind::Array); }
    static OrderedJson text(const QString& value);
    static OrderedJson null() { return token("null"); }
    static OrderedJson boolean(bool value) { return token(value ? "true" : "false"); }
    static OrderedJson integer(qint64 value) { return token(QByteArray::number(value)); }
    /// null, boolean, number or text; null for anything else.
    static OrderedJson scalar(const QJsonValue& value);
    /// Valid JSON text, taken as it is.
    static OrderedJson token(QByteArray json);

    void add(const char* key, OrderedJson value) { m_members.emplace_back(key, std::move(value)); }
    void add(const QByteArray& key, OrderedJson value) { m_members.emplace_back(key, std::move(value)); }
    void append(OrderedJson value) { m_members.emplace_back(QByteArray(), std::move(value)); }

    QByteArray toCompact() const;
    /// Two spaces per level; what fits a line and holds no array of objects stays on one line.
    QByteArray toIndented() const;

private:
    enum class Kind { Token, Object, Array };
    explicit OrderedJson(Kind kind)
        : m_kind(kind)
    {
    }
    void write(QByteArray& out, int indent, qsizetype column, bool pretty) const;
    bool holdsObjects() const;

    Kind m_kind = Kind::Token;
    QByteArray m_token;
    std::vector<std::pair<QByteArray, OrderedJson>> m_members;
};

} // namespace qdrant2pg
