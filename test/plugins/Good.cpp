#include "Journal.h"

#include "salon/Plugin.h"

#include <memory>
#include <string>

namespace {

using namespace salon;

class PoliteGreeter final : public test::Greeter {
public:
    explicit PoliteGreeter(std::string greeting) : _greeting(std::move(greeting)) {}
    std::string greet() override { return _greeting; }

private:
    const std::string _greeting;
};

/// Uses what a Host has, and keeps a journal of it.
class Good final : public Plugin {
public:
    void declare(Settings& settings) override {
        settings.declare({"good.greeting", Setting::Type::text, "salut", "What the greeter says."});
    }
    void start(Host& host) override {
        _journal = host.bus().service<test::Journal>().hold();
        _journal->add("good starts");
        host.bus().provide<test::Greeter>(
            std::make_shared<PoliteGreeter>(host.configuration().text("good.greeting")));
        host.bus().before<test::Asked>(0, [](test::Asked& asked) {
            asked.answer = 42;
            return Result<void>();
        });
        _hook = host.bus().hook<test::Asked>();
        _queue = host.queue("good-queue", 1, 8);
        _queue->post([journal = _journal] { journal->add("good's queue runs"); });
        host.log().information("good has started");
    }
    void stop() override {
        const bool alone = !_hook.heard() && !_queue->post([] {});
        _journal->add(alone ? "good stops" : "good stops while others can call it");
    }

private:
    std::shared_ptr<test::Journal> _journal;
    std::shared_ptr<TaskQueue> _queue;
    Hook<test::Asked> _hook;
};

} // namespace

SALON_PLUGIN(Good)
const salon::Migration SALON_PLUGIN_SCHEMA[] = {
    {1, "001_good", "CREATE TABLE good (id INTEGER PRIMARY KEY);\n", nullptr},
    {0, nullptr, nullptr, nullptr}};
