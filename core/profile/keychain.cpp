// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "core/profile/keychain.h"

#include <QEventLoop>
#include <QFileInfo>
#include <QObject>
#include <QTimer>

#include <memory>

#include <unistd.h>

#ifdef QDRANT2PG_HAVE_KEYCHAIN
#include <qt6keychain/keychain.h>
#endif

namespace qdrant2pg::keychain {

namespace {

#ifdef QDRANT2PG_HAVE_KEYCHAIN

const QString serviceName = QStringLiteral("qdrant2pg");

/// Starts the job and calls `done(job or nullptr)` once: with the job when it ended, with nullptr when time
/// was up.
template <class Job, class Done>
void startJob(Job* job, QObject* context, std::chrono::milliseconds timeout, Done done)
{
    auto finished = std::make_shared<bool>(false);
    QObject::connect(job, &QKeychain::Job::finished, context, [job, finished, done](QKeychain::Job*) {
        if (!std::exchange(*finished, true))
            done(job);
    });
    QTimer::singleShot(timeout, context, [finished, done] {
        if (!std::exchange(*finished, true))
            done(static_cast<Job*>(nullptr));
    });
    job->start();
}

Error keychainError(const QString& detail)
{
    return makeError(ErrorKind::Permission, QStringLiteral("The keychain did not keep the secret."), detail,
        QStringLiteral("Unlock the keychain and try again, or use the environment."));
}

template <class Job> void finishWrite(Job* job, const WriteCallback& done)
{
    if (!job)
        done(fail(keychainError(QStringLiteral("No answer in time."))));
    else if (job->error() != QKeychain::NoError && job->error() != QKeychain::EntryNotFound)
        done(fail(keychainError(job->errorString())));
    else
        done({});
}

#endif

} // namespace

QString unavailableReason()
{
#ifdef QDRANT2PG_HAVE_KEYCHAIN
    // Both keychains are reached over the session bus; asking without one would only wait.
    if (!qEnvironmentVariableIsEmpty("DBUS_SESSION_BUS_ADDRESS"))
        return {};
    if (QFileInfo::exists(QStringLiteral("/run/user/%1/bus").arg(getuid())))
        return {};
    return QStringLiteral("There is no desktop session whose keychain could be asked.");
#else
    return QStringLiteral("This program was built without keychain support.");
#endif
}

void read(QObject* context, const QString& key, std::chrono::milliseconds timeout, ReadCallback done)
{
#ifdef QDRANT2PG_HAVE_KEYCHAIN
    if (unavailableReason().isEmpty()) {
        auto* job = new QKeychain::ReadPasswordJob(serviceName);
        job->setKey(key);
        startJob(job, context, timeout, [done](QKeychain::ReadPasswordJob* ended) {
            if (ended && ended->error() == QKeychain::NoError)
                done(ended->binaryData());
            else
                done(std::nullopt);
        });
        return;
    }
#endif
    Q_UNUSED(key)
    Q_UNUSED(timeout)
    QTimer::singleShot(0, context, [done] { done(std::nullopt); });
}

void write(QObject* context, const QString& key, const QByteArray& value, std::chrono::milliseconds timeout,
    WriteCallback done)
{
#ifdef QDRANT2PG_HAVE_KEYCHAIN
    if (unavailableReason().isEmpty()) {
        auto* job = new QKeychain::WritePasswordJob(serviceName);
        job->setKey(key);
        job->setBinaryData(value);
        startJob(
            job, context, timeout, [done](QKeychain::WritePasswordJob* ended) { finishWrite(ended, done); });
        return;
    }
#endif
    Q_UNUSED(key)
    Q_UNUSED(value)
    Q_UNUSED(timeout)
    QTimer::singleShot(0, context, [done] {
        done(fail(
            ErrorKind::Unsupported, QStringLiteral("No keychain is available."), {}, unavailableReason()));
    });
}

void remove(QObject* context, const QString& key, std::chrono::milliseconds timeout, WriteCallback done)
{
#ifdef QDRANT2PG_HAVE_KEYCHAIN
    if (unavailableReason().isEmpty()) {
        auto* job = new QKeychain::DeletePasswordJob(serviceName);
        job->setKey(key);
        startJob(
            job, context, timeout, [done](QKeychain::DeletePasswordJob* ended) { finishWrite(ended, done); });
        return;
    }
#endif
    Q_UNUSED(key)
    Q_UNUSED(timeout)
    QTimer::singleShot(0, context, [done] { done({}); });
}

std::optional<QByteArray> readNow(const QString& key, std::chrono::milliseconds timeout)
{
    if (!unavailableReason().isEmpty())
        return std::nullopt;
    std::optional<QByteArray> value;
    QEventLoop loop;
    read(&loop, key, timeout, [&](std::optional<QByteArray> found) {
        value = std::move(found);
        loop.quit();
    });
    loop.exec();
    return value;
}

QString keyFor(const QString& kind, const QString& profile)
{
    return kind + QLatin1Char(' ') + profile;
}

} // namespace qdrant2pg::keychain
