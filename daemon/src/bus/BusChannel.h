#pragma once

#include "bus/EventQueue.h"
#include "bus/Handler.h"

#include "salon/Bus.h"
#include "salon/Guarded.h"
#include "salon/Log.h"

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace salon {

/// The handlers of one name. They are read as a table that is never changed: a registration
/// publishes a new one, and the old ones stay until the channel ends (they hold pointers only, and
/// plugins register a handful of times), so that asking takes no lock.
template <class Function> class HandlerTable {
public:
    using Entry = std::shared_ptr<Handler<Function>>;
    using Table = std::vector<Entry>;

    /// In order of priority, then of registration.
    void add(Entry handler);
    /// Withdraws it and waits for its calls under way.
    void remove(const Entry& handler);

    bool empty() const { return !_heard.load(std::memory_order_relaxed); }
    const Table& current() const { return *_current.load(std::memory_order_acquire); }

private:
    using Tables = std::vector<std::unique_ptr<const Table>>;
    void publish(Tables& tables, Table table);

    const Table _none{};
    std::atomic<bool> _heard{false};
    std::atomic<const Table*> _current{&_none};
    Guarded<Tables> _tables;
};

class HookChannel final : public detail::Channel {
public:
    using Function = std::function<Result<void>(void*)>;
    HookChannel(std::string name, Log& log) : _name(std::move(name)), _log(log) {}
    bool heard() const override { return !handlers.empty(); }
    Result<void> ask(void* event) override;
    void tell(std::shared_ptr<const void> event) override;

    HandlerTable<Function> handlers;

private:
    Result<void> call(Handler<Function>& handler, void* event);
    const std::string _name;
    Log& _log;
};

class EventChannel final : public detail::Channel,
                           public std::enable_shared_from_this<EventChannel> {
public:
    using Function = std::function<void(const void*)>;
    EventChannel(std::string name, EventQueue& queue, Log& log)
        : _name(std::move(name)), _queue(queue), _log(log) {}
    bool heard() const override { return !handlers.empty(); }
    Result<void> ask(void* event) override;
    void tell(std::shared_ptr<const void> event) override;

    HandlerTable<Function> handlers;

private:
    void deliver(const void* event);
    const std::string _name;
    EventQueue& _queue;
    Log& _log;
};

} // namespace salon
