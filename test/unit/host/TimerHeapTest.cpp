#include "host/TimerHeap.h"

#include "HostFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>

using namespace hosttest;
using namespace std::chrono_literals;

class TimerHeapTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(TimerHeapTest);
    CPPUNIT_TEST(timersRunInOrderOfTime);
    CPPUNIT_TEST(whatIsDueAtOnceRunsInOrderOfItsMaking);
    CPPUNIT_TEST(aRepeatedTimerKeepsItsRhythmAndLeavesOutWhatWasMissed);
    CPPUNIT_TEST(aTimerMayMakeTimersAndThoseWaitForTheNextTurn);
    CPPUNIT_TEST(withdrawnTimersNeverRun);
    CPPUNIT_TEST(aTimerMayEndItsOwnPlugin);
    CPPUNIT_TEST(whatThrowsIsLoggedAndGoesOn);
    CPPUNIT_TEST(absurdDelaysAreHarmless);
    CPPUNIT_TEST(aNewTimerWakesTheLoop);
    CPPUNIT_TEST_SUITE_END();

    using Time = TimerHeap::Clock::time_point;

public:
    void timersRunInOrderOfTime() {
        CPPUNIT_ASSERT(!_heap.run());
        _timers.once(30ms, note("c"));
        _timers.once(10ms, note("a"));
        _timers.once(20ms, note("b"));
        CPPUNIT_ASSERT(Time(10ms) == _heap.run().value());
        runAt(9ms);
        CPPUNIT_ASSERT_EQUAL(std::string(), _notes);
        runAt(20ms);
        CPPUNIT_ASSERT_EQUAL(std::string("ab"), _notes);
        CPPUNIT_ASSERT(Time(30ms) == _heap.run().value());
        runAt(1h);
        CPPUNIT_ASSERT_EQUAL(std::string("abc"), _notes);
        CPPUNIT_ASSERT(!_heap.run());
    }

    void whatIsDueAtOnceRunsInOrderOfItsMaking() {
        for (const auto* name : {"a", "b", "c", "d", "e"}) _timers.once(5ms, note(name));
        runAt(5ms);
        CPPUNIT_ASSERT_EQUAL(std::string("abcde"), _notes);
    }

    void aRepeatedTimerKeepsItsRhythmAndLeavesOutWhatWasMissed() {
        _timers.every(10ms, note("x"));
        runAt(10ms);
        runAt(19ms);
        CPPUNIT_ASSERT_EQUAL(std::string("x"), _notes);
        runAt(57ms);
        CPPUNIT_ASSERT_EQUAL(std::string("xx"), _notes);
        CPPUNIT_ASSERT(Time(60ms) == _heap.run().value());
        runAt(60ms);
        CPPUNIT_ASSERT_EQUAL(std::string("xxx"), _notes);
    }

    void aTimerMayMakeTimersAndThoseWaitForTheNextTurn() {
        _timers.once(1ms, [this] {
            _notes += "1";
            _timers.once(1ms, note("2"));
        });
        runAt(1ms);
        CPPUNIT_ASSERT_EQUAL(std::string("1"), _notes);
        runAt(2ms);
        CPPUNIT_ASSERT_EQUAL(std::string("12"), _notes);
    }

    void withdrawnTimersNeverRun() {
        PluginTimers other(_heap, "other");
        _timers.once(1ms, note("mine"));
        other.once(2ms, note("yours"));
        _timers.withdraw();
        _timers.once(1ms, note("late"));
        runAt(1h);
        CPPUNIT_ASSERT_EQUAL(std::string("yours"), _notes);
    }

    void aTimerMayEndItsOwnPlugin() {
        _timers.every(1ms, [this] {
            _notes += "x";
            _timers.withdraw();
        });
        _timers.once(1ms, note("never"));
        runAt(1ms);
        runAt(1h);
        CPPUNIT_ASSERT_EQUAL(std::string("x"), _notes);
        CPPUNIT_ASSERT(!_heap.run());
    }

    void whatThrowsIsLoggedAndGoesOn() {
        _timers.every(1ms, [] { throw std::runtime_error("no"); });
        _timers.once(1ms, note("b"));
        runAt(1ms);
        runAt(2ms);
        CPPUNIT_ASSERT_EQUAL(std::string("b"), _notes);
        const auto lines = _log.lines();
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), lines.size());
        CPPUNIT_ASSERT_EQUAL(std::string("a timer failed plugin=clock reason=no"), lines[0]);
    }

    void absurdDelaysAreHarmless() {
        CPPUNIT_ASSERT_THROW(_timers.every(0ms, [] {}), std::logic_error);
        CPPUNIT_ASSERT_THROW(_timers.once(-1ms, [] {}), std::logic_error);
        _timers.once(std::chrono::milliseconds::max(), note("never"));
        _timers.once(0ms, note("now"));
        runAt(1h);
        CPPUNIT_ASSERT_EQUAL(std::string("now"), _notes);
    }

    void aNewTimerWakesTheLoop() {
        _timers.once(1h, [] {});
        CPPUNIT_ASSERT_EQUAL(1, _wakes);
    }

private:
    std::function<void()> note(const char* name) {
        return [this, name] { _notes += name; };
    }
    void runAt(std::chrono::milliseconds time) {
        _time = Time(time);
        _heap.run();
    }

    Time _time{};
    int _wakes = 0;
    RecordingLog _log;
    TimerHeap _heap{_log, [this] { ++_wakes; }, [this] { return _time; }};
    PluginTimers _timers{_heap, "clock"};
    std::string _notes;
};

CPPUNIT_TEST_SUITE_REGISTRATION(TimerHeapTest);
