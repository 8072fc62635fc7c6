// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "tests/support/recordings.h"

#include <string_view>

#include <simdjson.h>

#include <QDir>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>

using namespace Qt::StringLiterals;

namespace qdrant2pg::test {

namespace {

std::vector<std::pair<QByteArray, QByteArray>> headerList(const QJsonValue& value)
{
    std::vector<std::pair<QByteArray, QByteArray>> headers;
    const QJsonObject object = value.toObject();
    for (auto it = object.begin(); it != object.end(); ++it) {
        headers.emplace_back(it.key().toUtf8(), it.value().toString().toUtf8());
    }
    return headers;
}

/// request.body as it stands in the file: QJsonDocument would turn the large ids into doubles.
QByteArray rawRequestBody(const QByteArray& exchange)
{
    simdjson::ondemand::parser parser;
    const simdjson::padded_string padded(exchange.constData(), static_cast<std::size_t>(exchange.size()));
    simdjson::ondemand::document document;
    simdjson::ondemand::object request;
    simdjson::ondemand::value body;
    std::string_view raw;
    if (parser.iterate(padded).get(document) != simdjson::SUCCESS
        || document["request"].get_object().get(request) != simdjson::SUCCESS
        || request["body"].get(body) != simdjson::SUCCESS) {
        return {};
    }
    simdjson::ondemand::object object;
    if (body.get_object().get(object) != simdjson::SUCCESS
        || object.raw_json().get(raw) != simdjson::SUCCESS) {
        return {};
    }
    return QByteArray(raw.data(), static_cast<qsizetype>(raw.size()));
}

} // namespace

QString Recordings::directory()
{
    const QString chosen = qEnvironmentVariable("QDRANT2PG_RECORDINGS");
    return chosen.isEmpty() ? QStringLiteral(QDRANT2PG_SOURCE_DIR) + u"/../shared/recordings"_s : chosen;
}

bool Recordings::available()
{
    return QFile::exists(directory() + u"/index.json"_s);
}

QStringList Recordings::folders()
{
    return QDir(directory()).entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
}

QStringList Recordings::exchanges(const QString& folder)
{
    QStringList names;
    const QStringList files =
        QDir(directory() + u'/' + folder).entryList({u"[0-9]*.json"_s}, QDir::Files, QDir::Name);
    for (const QString& file : files) {
        names << folder + u'/' + file.chopped(5);
    }
    return names;
}

QByteArray Recordings::read(const QString& path)
{
    QFile file(directory() + u'/' + path);
    if (!file.open(QIODevice::ReadOnly)) {
        return {};
    }
    const QByteArray bytes = file.readAll();
    return bytes.isNull() ? QByteArray("") : bytes;
}

std::optional<Exchange> Recordings::exchange(const QString& name)
{
    const QByteArray text = read(name + u".json"_s);
    const QJsonObject object = QJsonDocument::fromJson(text).object();
    const QJsonObject request = object.value(u"request"_s).toObject();
    const QJsonObject response = object.value(u"response"_s).toObject();
    if (!request.contains(u"method"_s)) {
        return std::nullopt;
    }
    Exchange result;
    result.name = name;
    result.method = request.value(u"method"_s).toString().toUtf8();
    result.path = request.value(u"path"_s).toString().toUtf8();
    result.requestHeaders = headerList(request.value(u"headers"_s));
    result.requestBody = request.contains(u"bodyText"_s) ? request.value(u"bodyText"_s).toString().toUtf8()
                                                         : rawRequestBody(text);
    result.bodyMissing = request.contains(u"bodyNote"_s);
    result.status = response.value(u"status"_s).toInt();
    result.headers = headerList(response.value(u"headers"_s));
    result.body = read(name.section(u'/', 0, -2) + u'/' + response.value(u"bodyFile"_s).toString());
    return result;
}

std::vector<QByteArray> Recordings::expectedPoints(const QString& folder, const QString& file)
{
    std::vector<QByteArray> points;
    const QList<QByteArray> lines = read(folder + u'/' + file).split('\n');
    for (const QByteArray& line : lines) {
        if (!line.trimmed().isEmpty()) {
            points.push_back(line);
        }
    }
    return points;
}

} // namespace qdrant2pg::test
