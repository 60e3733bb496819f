#include "app/StopDeadline.h"

#include <pthread.h>

#include <utility>

namespace salon {

StopDeadline::StopDeadline(std::chrono::milliseconds allowed, std::function<void()> expire)
    : _thread([this, allowed, expire = std::move(expire)] {
          pthread_setname_np(pthread_self(), "stop-deadline");
          auto stopped = _stopped.lock();
          if (!_changed.wait_for(stopped.lock(), allowed, [&] { return *stopped; })) expire();
      }) {}

StopDeadline::~StopDeadline() {
    *_stopped.lock() = true;
    _changed.notify_all();
    _thread.join();
}

} // namespace salon
