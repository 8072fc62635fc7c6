// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT
#include "demo/server/standinserver.h"

#include "demo/server/connection.h"
#include "demo/server/socket.h"

#include <poll.h>

#include <algorithm>
#include <list>
#include <mutex>
#include <thread>

namespace qdrant2pg::demo {

class StandInServer::Private {
public:
    explicit Private(Options given)
        : options(std::move(given))
        , api(store)
    {
    }

    struct Served {
        std::unique_ptr<Connection> connection;
        std::thread thread;
    };

    void acceptLoop()
    {
        for (;;) {
            pollfd waits[2] = {{listener.get(), POLLIN, 0}, {wake.get(), POLLIN, 0}};
            poll(waits, 2, -1);
            if (waits[1].revents != 0)
                return;
            Socket socket = listener.accept();
            joinFinished();
            if (socket.valid())
                serve(std::move(socket));
        }
    }

    void serve(Socket socket)
    {
        const std::lock_guard lock(mutex);
        Served served;
        const Connection::Context context{api, faults, log, stalled, options.idleTimeout, observer, underWay};
        served.connection = std::make_unique<Connection>(context, std::move(socket), ++accepted);
        served.thread = std::thread([connection = served.connection.get()] { connection->run(); });
        connections.push_back(std::move(served));
    }

    void joinFinished()
    {
        std::list<Served> done;
        {
            const std::lock_guard lock(mutex);
            for (auto it = connections.begin(); it != connections.end();) {
                const auto next = std::next(it);
                if (it->connection->finished())
                    done.splice(done.end(), connections, it);
                it = next;
            }
        }
        for (Served& served : done)
            served.thread.join();
    }

    void endConnections(bool reset)
    {
        std::list<Served> ending;
        {
            const std::lock_guard lock(mutex);
            ending.swap(connections);
        }
        for (Served& served : ending)
            served.connection->end(reset);
        for (Served& served : ending)
            served.thread.join();
    }

    Options options;
    Store store;
    Api api;
    FaultPlan faults;
    RequestLog log;
    std::function<void(const HttpRequest&)> observer;
    std::atomic<std::size_t> stalled = 0;
    Gauge underWay;
    Socket listener;
    WakeUp wake;
    std::thread acceptor;
    std::uint16_t port = 0;

    std::mutex mutex;
    std::list<Served> connections;
    std::uint64_t accepted = 0;
};

StandInServer::StandInServer()
    : StandInServer(Options())
{
}

StandInServer::StandInServer(Options options)
    : d(std::make_unique<Private>(std::move(options)))
{
}

StandInServer::~StandInServer()
{
    stop();
}

tl::expected<void, std::string> StandInServer::start()
{
    auto listener = Socket::listen(d->options.address, d->port != 0 ? d->port : d->options.port);
    if (!listener)
        return tl::unexpected(listener.error());
    d->listener = std::move(*listener);
    d->port = d->listener.localPort();
    d->wake.clear();
    d->acceptor = std::thread([this] { d->acceptLoop(); });
    return {};
}

void StandInServer::stopListening()
{
    if (!d->acceptor.joinable())
        return;
    d->wake.signal();
    d->acceptor.join();
    d->listener.close();
}

void StandInServer::stop()
{
    stopListening();
    d->endConnections(false);
}

tl::expected<void, std::string> StandInServer::restart()
{
    stop();
    return start();
}

void StandInServer::resetConnections()
{
    d->endConnections(true);
}

std::uint16_t StandInServer::port() const
{
    return d->port;
}

std::string StandInServer::url() const
{
    return "http://" + d->options.address + ':' + std::to_string(d->port);
}

Store& StandInServer::store()
{
    return d->store;
}

Api& StandInServer::api()
{
    return d->api;
}

FaultPlan& StandInServer::faults()
{
    return d->faults;
}

RequestLog& StandInServer::log()
{
    return d->log;
}

ServerSettings StandInServer::settings() const
{
    return d->api.settings();
}

void StandInServer::setSettings(ServerSettings settings)
{
    d->api.setSettings(std::move(settings));
}

void StandInServer::setVersion(const ServerVersion& version)
{
    ServerSettings settings = d->api.settings();
    settings.version = version;
    d->api.setSettings(std::move(settings));
}

void StandInServer::setApiKeys(const std::string& apiKey, const std::string& readOnlyApiKey)
{
    ServerSettings settings = d->api.settings();
    settings.apiKey = apiKey;
    settings.readOnlyApiKey = readOnlyApiKey;
    d->api.setSettings(std::move(settings));
}

void StandInServer::setObserver(std::function<void(const HttpRequest&)> observer)
{
    d->observer = std::move(observer);
}

void StandInServer::releaseStalls()
{
    const std::lock_guard lock(d->mutex);
    for (auto& served : d->connections)
        served.connection->releaseStall();
}

std::size_t StandInServer::stalled() const
{
    return d->stalled;
}

std::size_t StandInServer::connections() const
{
    const std::lock_guard lock(d->mutex);
    return static_cast<std::size_t>(std::count_if(d->connections.begin(), d->connections.end(),
        [](const auto& served) { return !served.connection->finished(); }));
}

int StandInServer::mostRequestsAtOnce() const
{
    return d->underWay.most();
}

std::uint64_t StandInServer::connectionsAccepted() const
{
    const std::lock_guard lock(d->mutex);
    return d->accepted;
}

} // namespace qdrant2pg::demo
