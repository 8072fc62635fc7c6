// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/jsontext.h"
#include "core/common/result.h"
#include "core/plan/json/orderedjson.h"
#include "core/plan/json/planwords.h"

#include <QJsonValue>
#include <QList>
#include <QMap>
#include <QStringList>

#include <limits>
#include <string_view>
#include <vector>

namespace qdrant2pg {

/// Two archives with the same interface, so that each part of the plan lists its keys once (fields() in
/// planjson.cpp) for reading and for writing. Internal to the plan module.

/// A key that may be absent is always allowed; these say what an empty value looks like when written.
enum class WhenEmpty { Write, WriteNull, LeaveOut };

template <class T> void describe(auto& archive, T& value);

class PlanWriter {
public:
    static constexpr bool reading = false;
    OrderedJson take() { return std::move(m_json); }

    void text(const char* key, QString& value, WhenEmpty empty = WhenEmpty::Write)
    {
        if (!value.isEmpty() || empty == WhenEmpty::Write)
            m_json.add(key, OrderedJson::text(value));
        else if (empty == WhenEmpty::WriteNull)
            m_json.add(key, OrderedJson::null());
    }
    void choice(const char* key, QString& value, const QStringList&, WhenEmpty empty = WhenEmpty::Write)
    {
        text(key, value, empty);
    }
    template <class Enum, class Table> void word(const char* key, Enum& value, const Table& table)
    {
        m_json.add(key, OrderedJson::text(planwords::textOf(table, value)));
    }
    template <class Int>
    void integer(const char* key, Int& value, qint64 = 0, qint64 = std::numeric_limits<qint64>::max(),
        WhenEmpty empty = WhenEmpty::Write)
    {
        if (value != 0 || empty == WhenEmpty::Write)
            m_json.add(key, OrderedJson::integer(value));
    }
    void flag(const char* key, bool& value, WhenEmpty empty = WhenEmpty::Write)
    {
        if (value || empty == WhenEmpty::Write)
            m_json.add(key, OrderedJson::boolean(value));
    }
    void scalar(const char* key, QJsonValue& value) { m_json.add(key, OrderedJson::scalar(value)); }
    void textList(const char* key, QStringList& list, WhenEmpty empty = WhenEmpty::Write);
    /// One text alone is written without brackets.
    void textOrList(const char* key, QStringList& list);
    void scalarMap(const char* key, QMap<QString, QJsonValue>& map);
    void filter(const char* key, QByteArray& json);
    template <class T> void object(const char* key, T& value)
    {
        PlanWriter inner;
        describe(inner, value);
        m_json.add(key, inner.take());
    }
    template <class T> void list(const char* key, QList<T>& values)
    {
        OrderedJson array = OrderedJson::array();
        for (T& value : values) {
            PlanWriter inner;
            describe(inner, value);
            array.append(inner.take());
        }
        m_json.add(key, std::move(array));
    }

private:
    OrderedJson m_json = OrderedJson::object();
};

/// Reads one object. The first fault is kept; reading goes on with defaults, which costs nothing and keeps
/// callers simple.
class PlanReader {
public:
    static constexpr bool reading = true;

    /// `json` is the slice of the object, valid JSON; `path` its place in the plan, empty for the plan
    /// itself.
    PlanReader(std::string_view json, QString path, std::optional<Error>& fault);
    /// To be called when all keys were asked for: refuses the ones that nobody knew.
    void finish();

    void text(const char* key, QString& value, WhenEmpty empty = WhenEmpty::Write);
    void choice(const char* key, QString& value, const QStringList& allowed, WhenEmpty = WhenEmpty::Write);
    template <class Enum, class Table> void word(const char* key, Enum& value, const Table& table)
    {
        QString read;
        if (!readText(key, read))
            return;
        if (const auto known = planwords::valueOf(table, read)) {
            value = *known;
            return;
        }
        QStringList allowed;
        for (const auto& entry : table)
            allowed << QString::fromLatin1(entry.text);
        refuseWord(key, read, allowed);
    }
    template <class Int>
    void integer(const char* key, Int& value, qint64 minimum = 0,
        qint64 maximum = std::numeric_limits<qint64>::max(), WhenEmpty = WhenEmpty::Write)
    {
        qint64 read = 0;
        if (readInteger(key, read, minimum, std::min<qint64>(maximum, std::numeric_limits<Int>::max())))
            value = static_cast<Int>(read);
    }
    void flag(const char* key, bool& value, WhenEmpty = WhenEmpty::Write);
    void scalar(const char* key, QJsonValue& value);
    void textList(const char* key, QStringList& list, WhenEmpty = WhenEmpty::Write);
    void textOrList(const char* key, QStringList& list);
    void scalarMap(const char* key, QMap<QString, QJsonValue>& map);
    void filter(const char* key, QByteArray& json);
    template <class T> void object(const char* key, T& value)
    {
        const std::string_view slice = member(key);
        if (slice.empty() || !expect(key, slice, '{'))
            return;
        PlanReader inner(slice, pathOf(key), m_fault);
        describe(inner, value);
        inner.finish();
    }
    template <class T> void list(const char* key, QList<T>& values)
    {
        const std::string_view slice = member(key);
        if (slice.empty() || !expect(key, slice, '['))
            return;
        jsontext::forEachElement(slice, [&](std::string_view element) {
            const QString path = QStringLiteral("%1[%2]").arg(pathOf(key)).arg(values.size());
            T value;
            if (element.front() == '{') {
                PlanReader inner(element, path, m_fault);
                describe(inner, value);
                inner.finish();
            } else {
                refuseType(path, element, QStringLiteral("an object"));
            }
            values.append(std::move(value));
            return true;
        });
    }

private:
    struct Member {
        QString key;
        std::string_view value;
        bool used = false;
    };
    /// The value's slice; empty when the key is absent or null.
    std::string_view member(const char* key);
    QString pathOf(const QString& key) const
    {
        return m_path.isEmpty() ? key : m_path + QLatin1Char('.') + key;
    }
    QString pathOf(const char* key) const { return pathOf(QString::fromLatin1(key)); }
    bool expect(const char* key, std::string_view slice, char opening);
    bool isNull(const char* key) const;
    bool readText(const char* key, QString& value);
    bool readInteger(const char* key, qint64& value, qint64 minimum, qint64 maximum);
    bool readScalar(const QString& path, std::string_view slice, QJsonValue& value);
    bool readTexts(const char* key, std::string_view slice, QStringList& list);
    void refuse(Error error);
    void refuseType(const QString& path, std::string_view slice, const QString& expected);
    void refuseWord(const char* key, const QString& word, const QStringList& allowed);

    QString m_path;
    std::optional<Error>& m_fault;
    std::vector<Member> m_members;
    QStringList m_known;
};

} // namespace qdrant2pg
