#include "bus/BusChannel.h"

#include "host/Reason.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace salon {

template <class Function> void HandlerTable<Function>::add(Entry handler) {
    auto tables = _tables.lock();
    Table table = current();
    const auto place =
        std::upper_bound(table.begin(), table.end(), handler,
                         [](const Entry& a, const Entry& b) { return a->priority < b->priority; });
    table.insert(place, std::move(handler));
    publish(*tables, std::move(table));
}

template <class Function> void HandlerTable<Function>::remove(const Entry& handler) {
    {
        auto tables = _tables.lock();
        Table table = current();
        table.erase(std::remove(table.begin(), table.end(), handler), table.end());
        publish(*tables, std::move(table));
    }
    handler->withdraw();
}

template <class Function> void HandlerTable<Function>::publish(Tables& tables, Table table) {
    tables.push_back(std::make_unique<const Table>(std::move(table)));
    _current.store(tables.back().get(), std::memory_order_release);
    _heard.store(!tables.back()->empty(), std::memory_order_relaxed);
}

template class HandlerTable<HookChannel::Function>;
template class HandlerTable<EventChannel::Function>;

Result<void> HookChannel::ask(void* event) {
    for (const auto& handler : handlers.current()) {
        auto result = call(*handler, event);
        if (!result) return result;
    }
    return {};
}

Result<void> HookChannel::call(Handler<Function>& handler, void* event) {
    Result<void> result;
    try {
        handler.with([&](const Function& fn) { result = fn(event); });
    } catch (...) {
        _log.error("a hook failed",
                   {{"hook", _name}, {"plugin", handler.plugin}, {"reason", currentReason()}});
        return Error{Code::internal, "something went wrong on the server; it has been logged"};
    }
    return result;
}

void HookChannel::tell(std::shared_ptr<const void>) {
    throw std::logic_error(_name + " is a hook, not an event");
}

Result<void> EventChannel::ask(void*) {
    throw std::logic_error(_name + " is an event, not a hook");
}

void EventChannel::tell(std::shared_ptr<const void> event) {
    _queue.push(
        [self = shared_from_this(), event = std::move(event)] { self->deliver(event.get()); });
}

void EventChannel::deliver(const void* event) {
    for (const auto& handler : handlers.current()) {
        try {
            handler->with([&](const Function& fn) { fn(event); });
        } catch (...) {
            _log.error(
                "an event's handler failed",
                {{"event", _name}, {"plugin", handler->plugin}, {"reason", currentReason()}});
        }
    }
}

} // namespace salon
