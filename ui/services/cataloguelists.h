// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#pragma once

#include "core/common/error.h"

#include <QObject>
#include <QStringList>
#include <QThread>

namespace qdrant2pg {

/// The lists that fields of the target offer: databases, schemas, tables, columns. Read by QtSql (QPSQL) on a
/// thread of its own; suggestions only, so a failure leaves the lists empty. Asking again makes earlier
/// answers void.
class CatalogueLists : public QObject {
    Q_OBJECT
public:
    explicit CatalogueLists(QObject* parent = nullptr);
    /// Waits for the question that is under way; its connection has a time limit.
    ~CatalogueLists() override;

    /// False when Qt's PostgreSQL driver is not installed; nothing is answered then.
    static bool isAvailable();
    /// Asks for databases, schemas and the tables of `schema`.
    void refresh(const QString& conninfo, const QByteArray& password, const QString& schema);

signals:
    void databasesListed(const QStringList& names);
    void schemasListed(const QStringList& names);
    void tablesListed(const QString& schema, const QStringList& names);
    /// For the log; the fields stay usable.
    void failed(const QString& reason);

private:
    class Worker;
    QThread m_thread;
    Worker* m_worker;
    quint64 m_latest = 0;
};

} // namespace qdrant2pg
