#include "Reply.h"

#include <cppunit/extensions/HelperMacros.h>

namespace salon::wire {

const Reply& Reply::is(int expected) const {
    CPPUNIT_ASSERT_EQUAL_MESSAGE("status of the response with the body " + body, expected, status);
    return *this;
}

const Reply& Reply::isProblem(int expected, const std::string& code) const {
    is(expected);
    CPPUNIT_ASSERT_EQUAL(std::string("application/problem+json"), header("Content-Type"));
    CPPUNIT_ASSERT_EQUAL(static_cast<std::int64_t>(expected), json().number("status"));
    CPPUNIT_ASSERT_EQUAL(code, json().text("code"));
    return *this;
}

} // namespace salon::wire
