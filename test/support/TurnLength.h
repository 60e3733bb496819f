#pragma once

#include <cppunit/TestAssert.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <cstring>

namespace salon::test {

/// The turns of a thread, the calling one as a rule, in nanoseconds (sched_getattr(2)); zero on a
/// kernel where threads have no turns of their own.
inline std::uint64_t turnLength(pid_t thread = 0) {
    std::array<char, 48> attributes{};
    CPPUNIT_ASSERT_EQUAL(0L, ::syscall(SYS_sched_getattr, thread, attributes.data(), 48, 0));
    std::uint64_t length = 0;
    std::memcpy(&length, attributes.data() + 24, sizeof length);
    return length;
}

} // namespace salon::test
