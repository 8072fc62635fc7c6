// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/recents.h"

#include "core/plan/planjson.h"
#include "core/postgres/connection.h"
#include "ui/services/settings.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QUrl>

#include <algorithm>

namespace qdrant2pg {

namespace {

constexpr QLatin1String planKey("plan");
constexpr QLatin1String pinnedKey("pinned");
constexpr QLatin1String usedKey("used");
constexpr QLatin1String proxyKey("proxy");
constexpr QLatin1String connectTimeoutKey("connectTimeout");
constexpr QLatin1String requestTimeoutKey("requestTimeout");

/// What a kind of connection keeps beside the plan.
void putMore(QJsonObject& object, const RecentSource& recent)
{
    if (recent.access.proxy)
        object.insert(proxyKey, recent.access.proxy.url());
    if (recent.access.connectTimeout > 0)
        object.insert(connectTimeoutKey, recent.access.connectTimeout);
    if (recent.access.requestTimeout > 0)
        object.insert(requestTimeoutKey, recent.access.requestTimeout);
}

void takeMore(const QJsonObject& object, RecentSource& recent)
{
    if (const auto proxy = parseProxy(object.value(proxyKey).toString()))
        recent.access.proxy = *proxy;
    recent.access.connectTimeout = object.value(connectTimeoutKey).toInt();
    recent.access.requestTimeout = object.value(requestTimeoutKey).toInt();
}

void putMore(QJsonObject&, const RecentTarget&) { }
void takeMore(const QJsonObject&, RecentTarget&) { }

template <class Recent>
QByteArray toJson(const QList<Recent>& recents, void (*put)(MigrationPlan&, const Recent&))
{
    QJsonArray array;
    for (const Recent& recent : recents) {
        MigrationPlan plan;
        put(plan, recent);
        QJsonObject object{{planKey, QString::fromUtf8(planToJson(plan))}, {pinnedKey, recent.pinned},
            {usedKey, recent.lastUsed.toString(Qt::ISODate)}};
        putMore(object, recent);
        array.append(object);
    }
    return QJsonDocument(array).toJson(QJsonDocument::Compact);
}

template <class Recent>
QList<Recent> fromJson(const QByteArray& json, void (*take)(const MigrationPlan&, Recent&))
{
    QList<Recent> recents;
    const QJsonArray array = QJsonDocument::fromJson(json).array();
    for (const QJsonValue& value : array) {
        const QJsonObject object = value.toObject();
        const auto plan = planFromJson(object.value(planKey).toString().toUtf8());
        if (!plan)
            continue;
        Recent recent;
        take(*plan, recent);
        takeMore(object, recent);
        recent.pinned = object.value(pinnedKey).toBool();
        recent.lastUsed = QDateTime::fromString(object.value(usedKey).toString(), Qt::ISODate);
        recents.append(recent);
    }
    return recents;
}

template <class Recent> void arrange(QList<Recent>& recents)
{
    std::stable_sort(recents.begin(), recents.end(), [](const Recent& a, const Recent& b) {
        return a.pinned != b.pinned ? a.pinned : a.lastUsed > b.lastUsed;
    });
    while (recents.size() > Recents::most && !recents.last().pinned)
        recents.removeLast();
}

template <class Recent> void remember(QList<Recent>& recents, Recent recent)
{
    const QString label = recent.label();
    const auto same = std::find_if(
        recents.begin(), recents.end(), [&](const Recent& other) { return other.label() == label; });
    if (same != recents.end()) {
        recent.pinned = same->pinned;
        recents.erase(same);
    }
    recent.lastUsed = QDateTime::currentDateTimeUtc();
    recents.prepend(std::move(recent));
    arrange(recents);
}

template <class Recent> void pin(QList<Recent>& recents, const QString& label, bool pinned)
{
    for (Recent& recent : recents) {
        if (recent.label() == label)
            recent.pinned = pinned;
    }
    arrange(recents);
}

template <class Recent> void forget(QList<Recent>& recents, const QString& label)
{
    recents.removeIf([&](const Recent& recent) { return recent.label() == label; });
}

} // namespace

QString RecentSource::label() const
{
    return sourceLabel(plan.url);
}

QString RecentTarget::label() const
{
    return targetLabel(plan.conninfo);
}

Recents::Recents(Settings& settings, QObject* parent)
    : QObject(parent)
    , m_settings(settings)
{
    load();
}

void Recents::addSource(const SourcePlan& plan, const SourceAccess& access)
{
    if (plan.url.isEmpty() || !QUrl(plan.url).userInfo().isEmpty())
        return;
    RecentSource recent{plan, false, {}, access};
    recent.access.proxy.password.clear();
    remember(m_sources, std::move(recent));
    save();
}

void Recents::addTarget(const TargetPlan& plan)
{
    if (!conninfoHoldsNoSecret(plan.conninfo))
        return;
    remember(m_targets, RecentTarget{plan, false, {}});
    save();
}

void Recents::setSourcePinned(const QString& label, bool pinned)
{
    pin(m_sources, label, pinned);
    save();
}

void Recents::setTargetPinned(const QString& label, bool pinned)
{
    pin(m_targets, label, pinned);
    save();
}

void Recents::forgetSource(const QString& label)
{
    forget(m_sources, label);
    save();
}

void Recents::forgetTarget(const QString& label)
{
    forget(m_targets, label);
    save();
}

void Recents::load()
{
    m_sources = fromJson<RecentSource>(m_settings.text(SettingKey::RecentSources).toUtf8(),
        [](const MigrationPlan& plan, RecentSource& recent) { recent.plan = plan.source; });
    m_targets = fromJson<RecentTarget>(m_settings.text(SettingKey::RecentTargets).toUtf8(),
        [](const MigrationPlan& plan, RecentTarget& recent) { recent.plan = plan.target; });
}

void Recents::save()
{
    m_settings.setValue(SettingKey::RecentSources,
        QString::fromUtf8(toJson<RecentSource>(
            m_sources, [](MigrationPlan& plan, const RecentSource& recent) { plan.source = recent.plan; })));
    m_settings.setValue(SettingKey::RecentTargets,
        QString::fromUtf8(toJson<RecentTarget>(
            m_targets, [](MigrationPlan& plan, const RecentTarget& recent) { plan.target = recent.plan; })));
    emit changed();
}

QString sourceLabel(const QString& url)
{
    const QUrl parsed(url);
    if (parsed.host().isEmpty())
        return url;
    const int port = parsed.port(6333);
    return QStringLiteral("%1:%2").arg(parsed.host()).arg(port);
}

QString targetLabel(const QString& conninfo)
{
    const QString user = conninfoValue(conninfo, "user");
    const QString host = conninfoValue(conninfo, "host");
    const QString port = conninfoValue(conninfo, "port");
    const QString database = conninfoValue(conninfo, "dbname");
    QString label = user.isEmpty() ? QString() : user + QLatin1Char('@');
    label += host.isEmpty() || host.startsWith(QLatin1Char('/')) ? QStringLiteral("localhost") : host;
    if (!port.isEmpty())
        label += QLatin1Char(':') + port;
    return label + QLatin1Char('/') + (database.isEmpty() ? user : database);
}

} // namespace qdrant2pg
