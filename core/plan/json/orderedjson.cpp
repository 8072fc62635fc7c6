// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/plan/json/orderedjson.h"

#include "core/common/jsontext.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace qdrant2pg {

namespace {

constexpr qsizetype lineWidth = 110;

QByteArray quotedText(std::string_view utf8)
{
    return QByteArray::fromStdString(jsontext::quoted(utf8));
}

} // namespace

OrderedJson OrderedJson::text(const QString& value)
{
    return token(quotedText(value.toStdString()));
}

OrderedJson OrderedJson::scalar(const QJsonValue& value)
{
    if (value.isArray() || value.isObject() || value.isUndefined())
        return null();
    QByteArray text = QJsonDocument(QJsonArray{value}).toJson(QJsonDocument::Compact);
    return token(text.mid(1, text.size() - 2));
}

OrderedJson OrderedJson::token(QByteArray json)
{
    OrderedJson value(Kind::Token);
    value.m_token = std::move(json);
    return value;
}

bool OrderedJson::holdsObjects() const
{
    for (const auto& [key, member] : m_members) {
        if (member.m_kind == Kind::Object && m_kind == Kind::Array)
            return true;
        if (member.holdsObjects())
            return true;
    }
    return false;
}

void OrderedJson::write(QByteArray& out, int indent, qsizetype column, bool pretty) const
{
    if (m_kind == Kind::Token) {
        out += m_token;
        return;
    }
    const bool object = m_kind == Kind::Object;
    bool oneLine = !pretty;
    if (pretty && !m_members.empty() && indent > 0 && !holdsObjects()) {
        QByteArray line;
        write(line, indent, column, false);
        oneLine = column + line.size() <= lineWidth;
    }
    out += object ? '{' : '[';
    bool first = true;
    for (const auto& [key, member] : m_members) {
        if (!first)
            out += oneLine && pretty ? ", " : ",";
        first = false;
        qsizetype memberColumn = column;
        if (pretty && !oneLine) {
            out += '\n';
            out += QByteArray((indent + 1) * 2, ' ');
            memberColumn = (indent + 1) * 2;
        }
        if (object) {
            const QByteArray quotedKey =
                quotedText(std::string_view(key.constData(), static_cast<std::size_t>(key.size())));
            out += quotedKey;
            out += pretty ? ": " : ":";
            memberColumn += quotedKey.size() + 2;
        }
        member.write(out, indent + 1, oneLine ? 0 : memberColumn, pretty);
    }
    if (pretty && !oneLine && !m_members.empty()) {
        out += '\n';
        out += QByteArray(indent * 2, ' ');
    }
    out += object ? '}' : ']';
}

QByteArray OrderedJson::toCompact() const
{
    QByteArray out;
    write(out, 0, 0, false);
    return out;
}

QByteArray OrderedJson::toIndented() const
{
    QByteArray out;
    write(out, 0, 0, true);
    out += '\n';
    return out;
}

} // namespace qdrant2pg
