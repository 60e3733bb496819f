#pragma once

#include "salon/Guarded.h"
#include "salon/Result.h"
#include "salon/Visibility.h"

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <utility>

// The message bus: how plugins meet. Three relations, each typed by a struct or class that bears
// its name (`static constexpr const char* name = "message.sent"`), because names cross library
// borders and typeid does not.
//
//   hooks     bus.before<SendMessage>(priority, fn)   fn(SendMessage&) -> Result<void>
//   events    bus.after<MessageSent>(fn)              fn(const MessageSent&)
//   services  bus.provide<Users>(object) · bus.service<Users>() -> ServiceRef<Users>
//
// Whoever raises a hook or an event takes a Hook<E> or an Event<E> from the bus once, at its start,
// and calls that: with nobody listening it costs one load. Registrations belong to the plugin whose
// Host gave the bus and end with it.

namespace salon {

namespace detail {

/// The listeners of one name, without types.
class SALON_API Channel {
public:
    virtual ~Channel() = default;
    virtual bool heard() const = 0;
    virtual Result<void> ask(void* event) = 0;
    virtual void tell(std::shared_ptr<const void> event) = 0;
};

/// Holds a service's object; emptied when its provider stops.
struct ServiceSlot {
    Guarded<std::shared_ptr<void>> object;
};

} // namespace detail

/// Raises hooks of one name. Any thread.
template <class E> class Hook {
public:
    Hook() = default;
    explicit Hook(std::shared_ptr<detail::Channel> channel) : _channel(std::move(channel)) {}
    bool heard() const { return _channel && _channel->heard(); }
    /// Calls the handlers in order of priority (lowest first); the first refusal ends the chain and
    /// is returned. A handler that throws is logged with its plugin's name and refuses with
    /// `internal`.
    Result<void> ask(E& event) const {
        if (!heard()) return {};
        return _channel->ask(&event);
    }

private:
    std::shared_ptr<detail::Channel> _channel;
};

/// Raises events of one name. Any thread.
template <class E> class Event {
public:
    Event() = default;
    explicit Event(std::shared_ptr<detail::Channel> channel) : _channel(std::move(channel)) {}
    /// Ask before building an event that costs something.
    bool heard() const { return _channel && _channel->heard(); }
    /// Queues it for the handlers, which run in order on a thread of their own. Waits only when
    /// that queue is full: a slow listener slows its source instead of losing events.
    void tell(E event) const {
        if (heard()) _channel->tell(std::make_shared<const E>(std::move(event)));
    }

private:
    std::shared_ptr<detail::Channel> _channel;
};

/// A weak reference to another plugin's service: false once its provider has stopped, or before
/// one has started.
template <class S> class ServiceRef {
public:
    ServiceRef() = default;
    explicit ServiceRef(std::shared_ptr<detail::ServiceSlot> slot) : _slot(std::move(slot)) {}
    explicit operator bool() const { return static_cast<bool>(hold()); }
    /// A strong reference for the length of a call; null when there is no provider.
    std::shared_ptr<S> hold() const {
        return _slot ? std::static_pointer_cast<S>(*_slot->object.lock()) : nullptr;
    }

private:
    std::shared_ptr<detail::ServiceSlot> _slot;
};

class SALON_API Bus {
public:
    virtual ~Bus() = default;

    /// @throws std::logic_error when the name is used with a struct of another size
    template <class E> void before(int priority, std::function<Result<void>(E&)> fn) {
        addBefore(E::name, sizeof(E), priority,
                  [fn = std::move(fn)](void* event) { return fn(*static_cast<E*>(event)); });
    }
    template <class E> void after(std::function<void(const E&)> fn) {
        addAfter(E::name, sizeof(E),
                 [fn = std::move(fn)](const void* event) { fn(*static_cast<const E*>(event)); });
    }
    /// @throws std::logic_error when the service has a provider already, naming both plugins
    template <class S> void provide(std::shared_ptr<S> object) {
        addService(S::name, std::move(object));
    }

    template <class E> Hook<E> hook() { return Hook<E>(channel(E::name, sizeof(E), true)); }
    template <class E> Event<E> event() { return Event<E>(channel(E::name, sizeof(E), false)); }
    template <class S> ServiceRef<S> service() { return ServiceRef<S>(slot(S::name)); }

protected:
    virtual void addBefore(const char* name, std::size_t size, int priority,
                           std::function<Result<void>(void*)> fn) = 0;
    virtual void addAfter(const char* name, std::size_t size,
                          std::function<void(const void*)> fn) = 0;
    virtual void addService(const char* name, std::shared_ptr<void> object) = 0;
    virtual std::shared_ptr<detail::Channel> channel(const char* name, std::size_t size,
                                                     bool before) = 0;
    virtual std::shared_ptr<detail::ServiceSlot> slot(const char* name) = 0;
};

} // namespace salon
