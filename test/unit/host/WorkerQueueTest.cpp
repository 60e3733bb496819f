#include "host/WorkerQueue.h"

#include "Exposition.h"
#include "HostFixture.h"

#include <Poco/Exception.h>

#include <cppunit/extensions/HelperMacros.h>
#include <pthread.h>
#include <sys/resource.h>

#include <future>
#include <stdexcept>

using namespace hosttest;

class WorkerQueueTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(WorkerQueueTest);
    CPPUNIT_TEST(tasksRunInOrderOnANamedThread);
    CPPUNIT_TEST(aYieldingQueueHasTheLeastPriority);
    CPPUNIT_TEST(aFullQueueRefuses);
    CPPUNIT_TEST(stopRunsWhatIsQueuedAndRefusesTheRest);
    CPPUNIT_TEST(aTaskThatThrowsIsLoggedAndTheNextRuns);
    CPPUNIT_TEST(severalThreadsShareTheWork);
    CPPUNIT_TEST(aQueueWithoutThreadsOrRoomIsRefused);
    CPPUNIT_TEST(whatWaitsIsMeasured);
    CPPUNIT_TEST_SUITE_END();

public:
    void tasksRunInOrderOnANamedThread() {
        std::vector<int> order;
        char name[16] = {};
        WorkerQueue queue("a-name-that-is-too-long", 1, 100, _log);
        queue.post([&] { pthread_getname_np(pthread_self(), name, sizeof name); });
        for (int i = 0; i < 50; ++i) queue.post([&order, i] { order.push_back(i); });
        queue.stop();
        CPPUNIT_ASSERT_EQUAL(std::string("a-name-that-is-"), std::string(name));
        CPPUNIT_ASSERT_EQUAL(std::size_t(50), order.size());
        for (int i = 0; i < 50; ++i) CPPUNIT_ASSERT_EQUAL(i, order[static_cast<std::size_t>(i)]);
    }

    void aYieldingQueueHasTheLeastPriority() {
        const auto priority = [] { return ::getpriority(PRIO_PROCESS, 0); };
        int there = -99;
        WorkerQueue queue("yielding", 1, 1, _log, {}, salon::TaskQueue::Manner::yielding);
        queue.post([&] { there = priority(); });
        queue.stop();
        CPPUNIT_ASSERT_EQUAL(19, there);
        CPPUNIT_ASSERT(priority() < 19);
    }

    void aFullQueueRefuses() {
        WorkerQueue queue("full", 1, 2, _log);
        std::promise<void> begun;
        std::promise<void> gate;
        queue.post([&, open = gate.get_future().share()] {
            begun.set_value();
            open.wait();
        });
        begun.get_future().wait();
        CPPUNIT_ASSERT(queue.post([] {}));
        CPPUNIT_ASSERT(queue.post([] {}));
        CPPUNIT_ASSERT(!queue.post([] {}));
        gate.set_value();
    }

    void stopRunsWhatIsQueuedAndRefusesTheRest() {
        int ran = 0;
        WorkerQueue queue("stop", 1, 100, _log);
        for (int i = 0; i < 20; ++i) queue.post([&] { ++ran; });
        queue.stop();
        queue.stop();
        CPPUNIT_ASSERT_EQUAL(20, ran);
        CPPUNIT_ASSERT(!queue.post([&] { ++ran; }));
        CPPUNIT_ASSERT_EQUAL(20, ran);
    }

    void aTaskThatThrowsIsLoggedAndTheNextRuns() {
        bool ran = false;
        WorkerQueue queue("angry", 1, 100, _log);
        queue.post([] { throw Poco::IOException("the disk", "is gone"); });
        queue.post([] { throw 7; });
        queue.post([&] { ran = true; });
        queue.stop();
        CPPUNIT_ASSERT(ran);
        const auto lines = _log.lines();
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), lines.size());
        CPPUNIT_ASSERT_EQUAL(
            std::string("a task failed queue=angry reason=I/O error: the disk: is gone"), lines[0]);
        CPPUNIT_ASSERT_EQUAL(
            std::string("a task failed queue=angry reason=an exception of an unknown type"),
            lines[1]);
    }

    void severalThreadsShareTheWork() {
        // Each task waits for the other: only two threads can end them.
        std::promise<void> first;
        std::promise<void> second;
        WorkerQueue queue("pair", 2, 10, _log);
        queue.post([&] {
            first.set_value();
            second.get_future().wait();
        });
        queue.post([&] {
            second.set_value();
            first.get_future().wait();
        });
        queue.stop();
    }

    void whatWaitsIsMeasured() {
        MetricRegistry registry;
        OwnedMetrics metrics(registry, "test");
        const std::map<std::string, std::string> labels{{"plugin", "test"}, {"queue", "full"}};
        const auto value = [&](const std::string& name) {
            return salon::test::Exposition::parse(registry.text()).value(name, labels);
        };
        WorkerQueue queue("full", 1, 2, _log, QueueMetrics::of(metrics, "test", "full"));
        std::promise<void> begun;
        std::promise<void> gate;
        queue.post([&, open = gate.get_future().share()] {
            begun.set_value();
            open.wait();
        });
        begun.get_future().wait();
        queue.post([] {});
        queue.post([] {});
        queue.post([] {});
        CPPUNIT_ASSERT_EQUAL(2.0, value("salon_queue_waiting"));
        CPPUNIT_ASSERT_EQUAL(1.0, value("salon_queue_refused_total"));
        CPPUNIT_ASSERT_EQUAL(1.0, value("salon_queue_wait_seconds_count"));
        gate.set_value();
        queue.stop();
        CPPUNIT_ASSERT_EQUAL(0.0, value("salon_queue_waiting"));
        CPPUNIT_ASSERT_EQUAL(3.0, value("salon_queue_wait_seconds_count"));
    }

    void aQueueWithoutThreadsOrRoomIsRefused() {
        CPPUNIT_ASSERT_THROW(WorkerQueue("none", 0, 1, _log), std::logic_error);
        CPPUNIT_ASSERT_THROW(WorkerQueue("none", 1, 0, _log), std::logic_error);
    }

private:
    RecordingLog _log;
};

CPPUNIT_TEST_SUITE_REGISTRATION(WorkerQueueTest);
