#pragma once

#include "Daemon.h"
#include "Person.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

namespace salon::wire {

/// What every dialogue starts from: a fresh daemon, which must also end well.
class Dialogue : public CppUnit::TestFixture {
public:
    void setUp() override { salon.start(defines()); }
    void tearDown() override {
        const int code = salon.running() ? salon.stop() : 0;
        salon.end();
        CPPUNIT_ASSERT_EQUAL_MESSAGE("the daemon's exit code", 0, code);
    }

protected:
    /// Configuration that this suite's daemon is given beside the usual.
    virtual Daemon::Defines defines() const { return {}; }

    Daemon salon;
};

} // namespace salon::wire
