// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include "ui/services/cataloguelists.h"

#include "core/common/redaction.h"
#include "core/postgres/connection.h"

#include <QSqlDatabase>
#include <QSqlError>
#include <QSqlQuery>

#include <functional>

namespace qdrant2pg {

namespace {

const QString driver = QStringLiteral("QPSQL");
constexpr int connectSeconds = 5;

struct Lists {
    QStringList databases;
    QStringList schemas;
    QStringList tables;
    QString problem;
};

QStringList firstColumn(const QSqlDatabase& database, const QString& sql, const QString& parameter = {})
{
    QStringList values;
    QSqlQuery query(database);
    query.setForwardOnly(true);
    query.prepare(sql);
    if (!parameter.isNull())
        query.addBindValue(parameter);
    if (!query.exec())
        return values;
    while (query.next())
        values << query.value(0).toString();
    return values;
}

/// A connection of its own, closed and removed before it returns.
Lists read(const QString& conninfo, const QByteArray& password, const QString& schema)
{
    Lists lists;
    const QString name = QStringLiteral("qdrant2pg-lists");
    {
        QSqlDatabase database = QSqlDatabase::addDatabase(driver, name);
        database.setHostName(conninfoValue(conninfo, "host"));
        database.setPort(conninfoValue(conninfo, "port").toInt());
        database.setDatabaseName(conninfoValue(conninfo, "dbname"));
        database.setUserName(conninfoValue(conninfo, "user"));
        database.setPassword(QString::fromUtf8(password));
        QStringList options{QStringLiteral("connect_timeout=%1").arg(connectSeconds)};
        for (const char* keyword : {"sslmode", "sslrootcert", "sslcert", "sslkey", "service"}) {
            if (const QString value = conninfoValue(conninfo, keyword); !value.isEmpty())
                options << QStringLiteral("%1='%2'").arg(QLatin1String(keyword), value);
        }
        database.setConnectOptions(options.join(QLatin1Char(';')));
        if (database.open()) {
            lists.databases = firstColumn(database,
                QStringLiteral("SELECT datname FROM pg_database WHERE datallowconn AND "
                               "has_database_privilege(datname, 'CONNECT') ORDER BY 1"));
            lists.schemas = firstColumn(database,
                QStringLiteral("SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> "
                               "'information_schema' ORDER BY 1"));
            lists.tables = firstColumn(database,
                QStringLiteral(
                    "SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
                    "WHERE n.nspname = ? AND c.relkind IN ('r', 'p') ORDER BY 1"),
                schema);
            database.close();
        } else {
            lists.problem = redacted(database.lastError().text());
        }
    }
    QSqlDatabase::removeDatabase(name);
    return lists;
}

} // namespace

/// Lives on the lists' thread; does nothing but run what is sent to it.
class CatalogueLists::Worker : public QObject { };

CatalogueLists::CatalogueLists(QObject* parent)
    : QObject(parent)
    , m_worker(new Worker)
{
    m_thread.setObjectName(QStringLiteral("catalogue lists"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

CatalogueLists::~CatalogueLists()
{
    m_thread.quit();
    m_thread.wait();
}

bool CatalogueLists::isAvailable()
{
    return QSqlDatabase::isDriverAvailable(driver);
}

void CatalogueLists::refresh(const QString& conninfo, const QByteArray& password, const QString& schema)
{
    if (!isAvailable())
        return;
    const quint64 number = ++m_latest;
    QMetaObject::invokeMethod(
        m_worker,
        [this, number, conninfo, password, schema] {
            const Lists lists = read(conninfo, password, schema);
            // Back on the owner's thread; dropped by Qt when the owner is gone, which waits for this thread
            // anyway.
            QMetaObject::invokeMethod(
                this,
                [this, number, lists, schema] {
                    if (number != m_latest)
                        return;
                    if (!lists.problem.isEmpty()) {
                        emit failed(lists.problem);
                        return;
                    }
                    emit databasesListed(lists.databases);
                    emit schemasListed(lists.schemas);
                    emit tablesListed(schema, lists.tables);
                },
                Qt::QueuedConnection);
        },
        Qt::QueuedConnection);
}

} // namespace qdrant2pg
