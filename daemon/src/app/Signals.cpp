#include "app/Signals.h"

#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace salon {

Signals::Signals() {
    sigset_t blocked;
    sigemptyset(&blocked);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP}) sigaddset(&blocked, signal);
    pthread_sigmask(SIG_BLOCK, &blocked, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
    for (std::size_t i = 0; i < std::size(faults); ++i) {
        sigaction(faults[i], nullptr, &_handlers[i]);
    }
    _descriptor = signalfd(-1, &blocked, SFD_NONBLOCK | SFD_CLOEXEC);
    if (_descriptor < 0) throw std::system_error(errno, std::generic_category(), "signalfd");
}

Signals::~Signals() {
    close(_descriptor);
}

void Signals::restoreFaultHandlers() const {
    for (std::size_t i = 0; i < std::size(faults); ++i) {
        sigaction(faults[i], &_handlers[i], nullptr);
    }
}

} // namespace salon
