#include "host/ThreadTurns.h"

#include <sched.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>

namespace salon::ThreadTurns {

namespace {

/// The least that the kernel takes. A thread that is woken waits for the end of the turn of the
/// one that runs, unless its own turns are shorter.
constexpr unsigned shortest = 100'000; // nanoseconds

constexpr int leastPriority = 19;

/// What sched_setattr(2) takes, in its first form. The kernel's header of it and the library's
/// exclude each other.
struct Attributes {
    std::uint32_t size = sizeof(Attributes);
    std::uint32_t policy = SCHED_OTHER;
    std::uint64_t flags = 0;
    std::int32_t nice = 0;
    std::uint32_t priority = 0;
    std::uint64_t runtime = 0; ///< nanoseconds
    std::uint64_t deadline = 0;
    std::uint64_t period = 0;
};

} // namespace

void soon() {
    // An operator's own choice (CPUSchedulingPolicy= of the service) stays.
    if (::sched_getscheduler(0) != SCHED_OTHER) return;
    Attributes attributes;
    attributes.nice = ::getpriority(PRIO_PROCESS, 0);
    attributes.runtime = shortest;
    // A kernel or a sandbox that refuses leaves the usual turns, which are good enough.
    ::syscall(SYS_sched_setattr, 0, &attributes, 0);
}

void yielding() {
    // On Linux a thread has a priority of its own.
    ::setpriority(PRIO_PROCESS, 0, leastPriority);
}

} // namespace salon::ThreadTurns
