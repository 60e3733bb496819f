#include "bus/MessageBus.h"

#include "../host/HostFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <atomic>
#include <future>
#include <stdexcept>
#include <thread>

using namespace hosttest;

namespace {

struct Say {
    static constexpr const char* name = "test.say";
    std::string text = {};
};

struct Said {
    static constexpr const char* name = "test.said";
    int number = 0;
};

// The same names, seen by somebody who was compiled against other headers.
struct WiderSay {
    static constexpr const char* name = "test.say";
    std::string text = {};
    std::string more = {};
};
struct SaidAsHook {
    static constexpr const char* name = "test.said";
    int number = 0;
};

class Clock {
public:
    static constexpr const char* name = "test.clock";
    virtual ~Clock() = default;
    virtual int time() = 0;
};
class StoppedClock final : public Clock {
public:
    int time() override { return 12; }
};

} // namespace

class MessageBusTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MessageBusTest);
    CPPUNIT_TEST(hooksRunInOrderOfPriorityThenOfRegistration);
    CPPUNIT_TEST(aHookMayRewriteAndTheFirstRefusalEndsTheChain);
    CPPUNIT_TEST(aHookThatThrowsRefusesWithInternalAndIsNamed);
    CPPUNIT_TEST(withNobodyListeningNothingIsHeard);
    CPPUNIT_TEST(aWithdrawnPluginIsHeardNoMoreAndItsFunctionsAreDestroyed);
    CPPUNIT_TEST(withdrawingWaitsForTheCallsUnderWay);
    CPPUNIT_TEST(registeringWhileOthersAskIsSafe);
    CPPUNIT_TEST(eventsArriveInOrderOnAThreadOfTheirOwn);
    CPPUNIT_TEST(aHandlerThatThrowsStopsNobody);
    CPPUNIT_TEST(tellingWaitsWhileTheQueueIsFull);
    CPPUNIT_TEST(aHandlerMayTellIntoAFullQueue);
    CPPUNIT_TEST(stopDeliversWhatWasToldAndDropsTheRest);
    CPPUNIT_TEST(oneNameWithTwoSizesIsRefusedNamingBothPlugins);
    CPPUNIT_TEST(oneNameAsHookAndEventIsRefused);
    CPPUNIT_TEST(aServiceHasOneProvider);
    CPPUNIT_TEST(aServiceIsWeak);
    CPPUNIT_TEST_SUITE_END();

public:
    void setUp() override {
        _log = std::make_unique<RecordingLog>();
        _bus = std::make_unique<MessageBus>(*_log, 4);
        _a = std::make_unique<PluginBus>(*_bus, "a");
        _b = std::make_unique<PluginBus>(*_bus, "b");
    }
    void tearDown() override {
        _a.reset();
        _b.reset();
        _bus.reset();
    }

    void hooksRunInOrderOfPriorityThenOfRegistration() {
        const auto append = [](const char* letter) {
            return [letter](Say& say) {
                say.text += letter;
                return Result<void>();
            };
        };
        _a->before<Say>(5, append("d"));
        _a->before<Say>(-1, append("a"));
        _b->before<Say>(0, append("b"));
        _a->before<Say>(0, append("c"));
        _b->before<Say>(5, append("e"));
        Say say;
        CPPUNIT_ASSERT(_a->hook<Say>().ask(say));
        CPPUNIT_ASSERT_EQUAL(std::string("abcde"), say.text);
    }

    void aHookMayRewriteAndTheFirstRefusalEndsTheChain() {
        _a->before<Say>(1, [](Say& say) -> Result<void> {
            if (say.text != "polite") return Error{Code::rejected, "mind your tongue"};
            return {};
        });
        bool reached = false;
        _b->before<Say>(2, [&](Say&) {
            reached = true;
            return Result<void>();
        });
        const auto hook = _b->hook<Say>();
        Say rude{"rude"};
        const auto refused = hook.ask(rude);
        CPPUNIT_ASSERT(!refused);
        CPPUNIT_ASSERT(Code::rejected == refused.error().code);
        CPPUNIT_ASSERT_EQUAL(std::string("mind your tongue"), refused.error().message);
        CPPUNIT_ASSERT(!reached);

        _b->before<Say>(0, [](Say& say) {
            say.text = "polite";
            return Result<void>();
        });
        CPPUNIT_ASSERT(hook.ask(rude));
        CPPUNIT_ASSERT(reached);
        CPPUNIT_ASSERT_EQUAL(std::string("polite"), rude.text);
    }

    void aHookThatThrowsRefusesWithInternalAndIsNamed() {
        _b->before<Say>(0, [](Say&) -> Result<void> { throw std::runtime_error("secret detail"); });
        Say say;
        const auto refused = _a->hook<Say>().ask(say);
        CPPUNIT_ASSERT(!refused);
        CPPUNIT_ASSERT(Code::internal == refused.error().code);
        CPPUNIT_ASSERT(refused.error().message.find("secret") == std::string::npos);
        CPPUNIT_ASSERT_EQUAL(
            std::string("a hook failed hook=test.say plugin=b reason=secret detail"),
            _log->lines().at(0));
    }

    void withNobodyListeningNothingIsHeard() {
        const auto hook = _a->hook<Say>();
        const auto event = _a->event<Said>();
        CPPUNIT_ASSERT(!hook.heard());
        CPPUNIT_ASSERT(!event.heard());
        CPPUNIT_ASSERT(!Hook<Say>().heard());
        Say say;
        CPPUNIT_ASSERT(hook.ask(say));
        event.tell({1});
        _b->before<Say>(0, [](Say&) { return Result<void>(); });
        CPPUNIT_ASSERT(hook.heard());
    }

    void aWithdrawnPluginIsHeardNoMoreAndItsFunctionsAreDestroyed() {
        const auto held = std::make_shared<int>(0);
        _b->before<Say>(0, [held](Say&) -> Result<void> { return Error{Code::rejected, "no"}; });
        _b->after<Said>([held](const Said&) {});
        _a->before<Say>(1, [](Say& say) {
            say.text += "a";
            return Result<void>();
        });
        const auto hook = _a->hook<Say>();
        CPPUNIT_ASSERT_EQUAL(3L, held.use_count());
        _b->withdraw();
        CPPUNIT_ASSERT_EQUAL(1L, held.use_count());
        CPPUNIT_ASSERT(!_a->event<Said>().heard());
        Say say;
        CPPUNIT_ASSERT(hook.ask(say));
        CPPUNIT_ASSERT_EQUAL(std::string("a"), say.text);
        _b->withdraw();
        _a->withdraw();
        CPPUNIT_ASSERT(!hook.heard());
    }

    void withdrawingWaitsForTheCallsUnderWay() {
        std::promise<void> entered;
        std::promise<void> gate;
        std::atomic<bool> left = false;
        _b->before<Say>(0, [&, open = gate.get_future().share()](Say&) {
            entered.set_value();
            open.wait();
            left = true;
            return Result<void>();
        });
        std::thread asker([&] {
            Say say;
            CPPUNIT_ASSERT(_a->hook<Say>().ask(say));
        });
        entered.get_future().wait();
        auto withdrawn = std::async(std::launch::async, [&] {
            _b->withdraw();
            return left.load();
        });
        gate.set_value();
        CPPUNIT_ASSERT(withdrawn.get());
        asker.join();
    }

    void registeringWhileOthersAskIsSafe() {
        const auto hook = _a->hook<Say>();
        std::atomic<bool> done = false;
        std::atomic<int> bad = 0;
        std::thread asker([&] {
            while (!done) {
                Say say;
                if (!hook.ask(say) || say.text.size() > 2) ++bad;
            }
        });
        for (int i = 0; i < 200; ++i) {
            PluginBus passing(*_bus, "passing");
            for (int j = 0; j < 2; ++j) {
                passing.before<Say>(j, [text = std::string("x")](Say& say) {
                    say.text += text;
                    return Result<void>();
                });
            }
        }
        done = true;
        asker.join();
        CPPUNIT_ASSERT_EQUAL(0, bad.load());
        CPPUNIT_ASSERT(!hook.heard());
    }

    void eventsArriveInOrderOnAThreadOfTheirOwn() {
        std::vector<int> numbers;
        std::thread::id where;
        _b->after<Said>([&](const Said& said) {
            numbers.push_back(said.number);
            where = std::this_thread::get_id();
        });
        const auto event = _a->event<Said>();
        for (int i = 0; i < 1000; ++i) event.tell({i});
        _bus->stop();
        CPPUNIT_ASSERT_EQUAL(std::size_t(1000), numbers.size());
        for (int i = 0; i < 1000; ++i) {
            CPPUNIT_ASSERT_EQUAL(i, numbers[static_cast<std::size_t>(i)]);
        }
        CPPUNIT_ASSERT(where != std::this_thread::get_id());
    }

    void aHandlerThatThrowsStopsNobody() {
        std::vector<int> numbers;
        _a->after<Said>([](const Said&) { throw std::runtime_error("no"); });
        _b->after<Said>([&](const Said& said) { numbers.push_back(said.number); });
        const auto event = _a->event<Said>();
        event.tell({1});
        event.tell({2});
        _bus->stop();
        CPPUNIT_ASSERT(numbers == (std::vector<int>{1, 2}));
        CPPUNIT_ASSERT_EQUAL(std::size_t(2), _log->lines().size());
        CPPUNIT_ASSERT_EQUAL(
            std::string("an event's handler failed event=test.said plugin=a reason=no"),
            _log->lines().at(0));
    }

    void tellingWaitsWhileTheQueueIsFull() {
        std::promise<void> entered;
        std::promise<void> gate;
        std::atomic<int> handled = 0;
        _b->after<Said>([&, open = gate.get_future().share()](const Said& said) {
            if (said.number == 0) entered.set_value();
            open.wait();
            ++handled;
        });
        const auto event = _a->event<Said>();
        event.tell({0});
        entered.get_future().wait();
        for (int i = 1; i <= 4; ++i) event.tell({i}); // exactly full
        auto fifth = std::async(std::launch::async, [&] {
            event.tell({5});
            return handled.load();
        });
        CPPUNIT_ASSERT(std::future_status::timeout ==
                       fifth.wait_for(std::chrono::milliseconds(20)));
        gate.set_value();
        CPPUNIT_ASSERT(fifth.get() > 0);
        _bus->stop();
        CPPUNIT_ASSERT_EQUAL(6, handled.load());
    }

    void aHandlerMayTellIntoAFullQueue() {
        // Each event tells ten more, far beyond the room for four: waiting would be for ever.
        std::atomic<int> handled = 0;
        const auto event = _a->event<Said>();
        _b->after<Said>([&](const Said& said) {
            ++handled;
            if (said.number > 0) return;
            for (int i = 1; i <= 10; ++i) event.tell({i});
        });
        for (int i = 0; i < 3; ++i) event.tell({0});
        _bus->stop();
        CPPUNIT_ASSERT_EQUAL(33, handled.load());
    }

    void stopDeliversWhatWasToldAndDropsTheRest() {
        std::atomic<int> handled = 0;
        _b->after<Said>([&](const Said&) { ++handled; });
        const auto event = _a->event<Said>();
        for (int i = 0; i < 4; ++i) event.tell({i});
        _bus->stop();
        CPPUNIT_ASSERT_EQUAL(4, handled.load());
        event.tell({9});
        _bus->stop();
        CPPUNIT_ASSERT_EQUAL(4, handled.load());
    }

    void oneNameWithTwoSizesIsRefusedNamingBothPlugins() {
        _a->before<Say>(0, [](Say&) { return Result<void>(); });
        CPPUNIT_ASSERT_EQUAL("test.say has " + std::to_string(sizeof(Say)) +
                                 " bytes in the plugin a and " + std::to_string(sizeof(WiderSay)) +
                                 " in b: build both against the same header",
                             sentenceOf([&] { (void)_b->hook<WiderSay>(); }));
    }

    void oneNameAsHookAndEventIsRefused() {
        _a->after<Said>([](const Said&) {});
        CPPUNIT_ASSERT_EQUAL(
            std::string("test.said is an event to the plugin a and a hook to b"), sentenceOf([&] {
                _b->before<SaidAsHook>(0, [](SaidAsHook&) { return Result<void>(); });
            }));
        _a->before<Say>(0, [](Say&) { return Result<void>(); });
        CPPUNIT_ASSERT_EQUAL(std::string("test.say is a hook to the plugin a and an event to b"),
                             sentenceOf([&] { _b->after<Say>([](const Say&) {}); }));
    }

    void aServiceHasOneProvider() {
        _a->provide<Clock>(std::make_shared<StoppedClock>());
        CPPUNIT_ASSERT_EQUAL(
            std::string("the service test.clock is provided by the plugin a "
                        "already, b cannot provide it too: load one of them"),
            sentenceOf([&] { _b->provide<Clock>(std::make_shared<StoppedClock>()); }));
        CPPUNIT_ASSERT_THROW(_b->provide<Clock>(nullptr), std::logic_error);
        _a->withdraw();
        _b->provide<Clock>(std::make_shared<StoppedClock>());
    }

    void aServiceIsWeak() {
        const auto clock = _b->service<Clock>();
        CPPUNIT_ASSERT(!clock);
        CPPUNIT_ASSERT(!ServiceRef<Clock>());
        _a->provide<Clock>(std::make_shared<StoppedClock>());
        CPPUNIT_ASSERT(clock);
        const auto held = clock.hold();
        _a->withdraw();
        CPPUNIT_ASSERT(!clock);
        CPPUNIT_ASSERT_EQUAL(12, held->time()); // the call under way ends well
    }

private:
    std::unique_ptr<RecordingLog> _log;
    std::unique_ptr<MessageBus> _bus;
    std::unique_ptr<PluginBus> _a;
    std::unique_ptr<PluginBus> _b;
};

CPPUNIT_TEST_SUITE_REGISTRATION(MessageBusTest);
