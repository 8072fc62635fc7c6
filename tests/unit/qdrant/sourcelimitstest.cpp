// SPDX-FileCopyrightText: 2026 The qdrant2pg authors
// SPDX-License-Identifier: MIT

#include <QTest>

#include <vector>

#include "core/qdrant/sourcelimits.h"

using namespace qdrant2pg;
using namespace std::chrono_literals;

namespace {

/// Answers at once; tells how many pages are under way.
class FakeSource : public PointSource {
public:
    explicit FakeSource(int& underWay)
        : m_underWay(underWay)
    {
    }
    ~FakeSource() override { cancel(); }
    void request(const PageRequest&) override
    {
        cancel();
        m_asked = true;
        ++m_underWay;
    }
    [[nodiscard]] Result<void> await(PointPage&, std::stop_token) override
    {
        if (!m_asked)
            return fail(ErrorKind::Internal, QStringLiteral("Nothing was asked for."));
        cancel();
        return {};
    }
    void cancel() override
    {
        if (std::exchange(m_asked, false))
            --m_underWay;
    }
    QString transportName() const override { return QStringLiteral("fake"); }
    Times takeTimes() override { return {}; }

private:
    int& m_underWay;
    bool m_asked = false;
};

struct Sources {
    explicit Sources(int requestsInFlight)
        : make(limitedSources(
            [this](const QString&) -> Result<std::unique_ptr<PointSource>> {
                return std::make_unique<FakeSource>(underWay);
            },
            std::make_shared<SourceLimits>(0, requestsInFlight)))
    {
    }
    std::unique_ptr<PointSource> one() { return std::move(*make(QStringLiteral("c"))); }

    int underWay = 0;
    PointSourceMaker make;
};

} // namespace

/// Turns follow one another at the rate, and no more pages are under way than allowed; without a clock.
class SourceLimitsTest : public QObject {
    Q_OBJECT

private slots:
    void givesTurnsAtTheRate();
    void savesNothingUp();
    void hasNoRateByDefault();
    void keepsPagesWithinTheLimit();
    void givesPlacesBack();
    void endsWaitingAtStop();
    void hasNoLimitByDefault();
};

void SourceLimitsTest::givesTurnsAtTheRate()
{
    SourceLimits limits(1000, 0);
    const SourceLimits::TimePoint now{};
    QCOMPARE(limits.reserve(500, now), 0ns);
    QCOMPARE(limits.reserve(250, now), 500ms);
    // Another thread, a little later, behind both.
    QCOMPARE(limits.reserve(1, now + 100ms), 650ms);
    QCOMPARE(limits.reserve(1, now + 100ms), 651ms);
}

void SourceLimitsTest::savesNothingUp()
{
    SourceLimits limits(1000, 0);
    const SourceLimits::TimePoint now{};
    QCOMPARE(limits.reserve(1000, now), 0ns);
    QCOMPARE(limits.reserve(1000, now + 1h), 0ns);
    QCOMPARE(limits.reserve(1000, now + 1h), 1s);
}

void SourceLimitsTest::hasNoRateByDefault()
{
    SourceLimits limits(0, 0);
    for (int k = 0; k < 3; ++k)
        QCOMPARE(limits.reserve(1'000'000, {}), 0ns);
}

void SourceLimitsTest::keepsPagesWithinTheLimit()
{
    Sources sources(2);
    std::vector<std::unique_ptr<PointSource>> lanes;
    for (int lane = 0; lane < 4; ++lane)
        lanes.push_back(sources.one());
    PointPage page;
    for (const auto& lane : lanes)
        lane->request({});
    QCOMPARE(sources.underWay, 2);
    QVERIFY(lanes[0]->await(page, {}).has_value());
    QCOMPARE(sources.underWay, 1);
    // The third had no place when it asked: it asks now.
    QVERIFY(lanes[2]->await(page, {}).has_value());
    lanes[0]->request({});
    QCOMPARE(sources.underWay, 2);
    QVERIFY(lanes[1]->await(page, {}).has_value());
    QVERIFY(lanes[3]->await(page, {}).has_value());
    QVERIFY(lanes[0]->await(page, {}).has_value());
    QCOMPARE(sources.underWay, 0);
}

void SourceLimitsTest::givesPlacesBack()
{
    Sources sources(1);
    PointPage page;
    auto first = sources.one();
    auto second = sources.one();
    first->request({});
    // Asked again without waiting: still one place.
    first->request({});
    first->cancel();
    second->request({});
    QCOMPARE(sources.underWay, 1);
    second.reset();
    QCOMPARE(sources.underWay, 0);
    first->request({});
    QVERIFY(first->await(page, {}).has_value());
    // Given up before there was a place.
    auto third = sources.one();
    first->request({});
    third->request({});
    third->cancel();
    QVERIFY(!third->await(page, {}).has_value());
    QVERIFY(first->await(page, {}).has_value());
}

void SourceLimitsTest::endsWaitingAtStop()
{
    Sources sources(1);
    PointPage page;
    auto first = sources.one();
    auto second = sources.one();
    first->request({});
    second->request({});
    std::stop_source stop;
    stop.request_stop();
    const auto stopped = second->await(page, stop.get_token());
    QVERIFY(!stopped.has_value());
    QCOMPARE(stopped.error().kind, ErrorKind::Cancelled);
    QVERIFY(first->await(page, {}).has_value());
    second->request({});
    QVERIFY(second->await(page, {}).has_value());
}

void SourceLimitsTest::hasNoLimitByDefault()
{
    Sources sources(0);
    std::vector<std::unique_ptr<PointSource>> lanes;
    for (int lane = 0; lane < 5; ++lane) {
        lanes.push_back(sources.one());
        lanes.back()->request({});
    }
    QCOMPARE(sources.underWay, 5);
}

QTEST_GUILESS_MAIN(SourceLimitsTest)
#include "sourcelimitstest.moc"
