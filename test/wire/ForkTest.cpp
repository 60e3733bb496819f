#include "EchoDialogue.h"

#include <string>

using namespace salon::wire;

/// A child process that has inherited sockets (test/plugins/Forker.cpp).
class ForkTest : public EchoDialogue {
    CPPUNIT_TEST_SUITE(ForkTest);
    CPPUNIT_TEST(aConnectionEndsAlthoughAChildHasItToo);
    CPPUNIT_TEST_SUITE_END();

    salon::wire::Daemon::Defines defines() const override {
        return {{"plugins.load", "auth," SALON_BUILD "/test/plugins/lib/echo.so," SALON_BUILD
                                 "/test/plugins/lib/forker.so"}};
    }

public:
    void aConnectionEndsAlthoughAChildHasItToo() {
        {
            auto first = RawWebSocket::at(salon.port(), "/echo");
            auto second = RawWebSocket::at(salon.port(), "/echo");
            salon.http().get("/fork").is(204);
            first.send(closeBytes(1000));
            CPPUNIT_ASSERT_EQUAL(1000, first.closedWith());
        } // the second one without a word
        for (int i = 0; i < 20; ++i) {
            CPPUNIT_ASSERT_EQUAL(std::string("text:x close:1000"), storyOf(textBytes("x")));
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ForkTest);
