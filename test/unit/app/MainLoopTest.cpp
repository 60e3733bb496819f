#include "app/MainLoop.h"

#include "../host/HostFixture.h"

#include "app/StopDeadline.h"

#include <cppunit/extensions/HelperMacros.h>
#include <pthread.h>

#include <csignal>
#include <future>

using namespace hosttest;
using namespace std::chrono_literals;

class MainLoopTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MainLoopTest);
    CPPUNIT_TEST(aSignalThatCameBeforeEndsTheLoop);
    CPPUNIT_TEST(timersRunUntilASignalComes);
    CPPUNIT_TEST(aHangupReloads);
    CPPUNIT_TEST(aTimerOfAnotherThreadWakesTheLoop);
    CPPUNIT_TEST(aStopThatTakesTooLongIsEnded);
    CPPUNIT_TEST(aStopInTimeIsLeftAlone);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        pthread_sigmask(SIG_SETMASK, nullptr, &_mask);
        _signals = std::make_unique<Signals>();
        _loop = std::make_unique<MainLoop>(*_signals, _log);
        _heap = std::make_unique<TimerHeap>(_log, [this] { _loop->wake(); });
        _timers = std::make_unique<PluginTimers>(*_heap, "test");
    }
    void tearDown() override {
        _timers.reset();
        _heap.reset();
        _loop.reset();
        _signals.reset();
        pthread_sigmask(SIG_SETMASK, &_mask, nullptr);
    }

    void aSignalThatCameBeforeEndsTheLoop() {
        raise(SIGTERM);
        _loop->run(*_heap, [this] { ++_reloads; });
        raise(SIGINT);
        _loop->run(*_heap, [this] { ++_reloads; });
    }

    void timersRunUntilASignalComes() {
        int runs = 0;
        _timers->every(1ms, [&] {
            if (++runs == 5) raise(SIGTERM);
        });
        _loop->run(*_heap, [this] { ++_reloads; });
        CPPUNIT_ASSERT_EQUAL(5, runs);
    }

    void aHangupReloads() {
        raise(SIGHUP);
        _timers->once(1ms, [] { raise(SIGTERM); });
        _loop->run(*_heap, [this] { ++_reloads; });
        CPPUNIT_ASSERT_EQUAL(1, _reloads);
        CPPUNIT_ASSERT(_log.lines() ==
                       std::vector<std::string>{
                           "SIGHUP: files are read again, settings take effect at a restart"});
    }

    void aTimerOfAnotherThreadWakesTheLoop() {
        // The loop would sleep for an hour: it learns of the nearer timer by its wake-up only.
        std::promise<void> running;
        const auto loop = pthread_self();
        _timers->once(1ms, [&] { running.set_value(); });
        _timers->once(1h, [] {});
        auto other = std::async(std::launch::async, [&] {
            running.get_future().wait();
            _timers->once(1ms, [loop] { pthread_kill(loop, SIGTERM); });
        });
        _loop->run(*_heap, [this] { ++_reloads; });
        other.get();
    }

    void aStopThatTakesTooLongIsEnded() {
        std::promise<void> expired;
        const StopDeadline deadline(1ms, [&] { expired.set_value(); });
        CPPUNIT_ASSERT(std::future_status::ready == expired.get_future().wait_for(patience));
    }

    void aStopInTimeIsLeftAlone() {
        bool expired = false;
        {
            const StopDeadline deadline(1h, [&] { expired = true; });
        }
        CPPUNIT_ASSERT(!expired);
    }

private:
    sigset_t _mask{};
    int _reloads = 0;
    RecordingLog _log;
    std::unique_ptr<Signals> _signals;
    std::unique_ptr<MainLoop> _loop;
    std::unique_ptr<TimerHeap> _heap;
    std::unique_ptr<PluginTimers> _timers;
};

CPPUNIT_TEST_SUITE_REGISTRATION(MainLoopTest);
