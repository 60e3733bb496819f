#include "Dialogue.h"

#include <string>

/// What somebody without an account is told before registering.
class HouseRulesTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(HouseRulesTest);
    CPPUNIT_TEST(aStrangerIsToldWhatAFormHasToAsk);
    CPPUNIT_TEST(theRulesAreAsConfigured);
    CPPUNIT_TEST(nothingElseIsTold);
    CPPUNIT_TEST_SUITE_END();

    std::string rules() const { return salon.http().get("/api/v1/server").is(200).json().dump(); }

public:
    void aStrangerIsToldWhatAFormHasToAsk() {
        const auto rules = salon.http().get("/api/v1/server").is(200).json();
        CPPUNIT_ASSERT_EQUAL(std::string("open"), rules.text("registration"));
        CPPUNIT_ASSERT_EQUAL(std::string("optional"), rules.text("email"));
        CPPUNIT_ASSERT_EQUAL(std::int64_t{8}, rules.number("password_min"));
    }

    void theRulesAreAsConfigured() {
        for (const std::string email : {"off", "required"}) {
            salon.stop();
            salon.start({{"auth.registration", "closed"},
                         {"auth.email", email},
                         {"auth.password_min", "12"}});
            const auto rules = salon.http().get("/api/v1/server").is(200).json();
            CPPUNIT_ASSERT_EQUAL(std::string("closed"), rules.text("registration"));
            CPPUNIT_ASSERT_EQUAL(email, rules.text("email"));
            CPPUNIT_ASSERT_EQUAL(std::int64_t{12}, rules.number("password_min"));
        }
    }

    void nothingElseIsTold() {
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"registration":"open","email":"optional","password_min":8})"),
            salon.http().get("/api/v1/server").is(200).body);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(HouseRulesTest);
