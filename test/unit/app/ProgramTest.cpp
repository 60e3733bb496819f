#include "app/Program.h"

#include <Poco/Util/Option.h>
#include <cppunit/extensions/HelperMacros.h>

using namespace salon;
using Arguments = std::vector<std::string>;

class ProgramTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ProgramTest);
    CPPUNIT_TEST(whatIsTheDaemonsOwnIsLeft);
    CPPUNIT_TEST(whatIsNotIsTakenWithItsValue);
    CPPUNIT_TEST(aValueMayBeMissing);
    CPPUNIT_TEST(onlyTheFirstIsTaken);
    CPPUNIT_TEST_SUITE_END();

    static std::optional<ProgramCall> take(Arguments& arguments) {
        Poco::Util::OptionSet own;
        own.addOption(Poco::Util::Option("config", "").argument("FILE"));
        own.addOption(Poco::Util::Option("check", ""));
        return takeProgramCall(arguments, own);
    }
    static void takes(Arguments arguments, const std::string& name,
                      const std::optional<std::string>& value, const Arguments& rest) {
        const auto call = take(arguments);
        CPPUNIT_ASSERT(call);
        CPPUNIT_ASSERT_EQUAL(name, call->name);
        CPPUNIT_ASSERT(call->value == value);
        CPPUNIT_ASSERT(arguments == rest);
    }

public:
    void whatIsTheDaemonsOwnIsLeft() {
        for (const Arguments& all :
             {Arguments{"salond"}, Arguments{"salond", "--config", "x", "--check"},
              Arguments{"salond", "--config=x", "--conf", "x"}, Arguments{"salond", "x", "-y"},
              Arguments{"salond", "--"}, Arguments{}}) {
            auto arguments = all;
            CPPUNIT_ASSERT(!take(arguments));
            CPPUNIT_ASSERT(arguments == all);
        }
    }

    void whatIsNotIsTakenWithItsValue() {
        takes({"salond", "--greet", "bob"}, "greet", "bob", {"salond"});
        takes({"salond", "--greet=bob"}, "greet", "bob", {"salond"});
        takes({"salond", "--greet="}, "greet", "", {"salond"});
        takes({"salond", "--config", "x", "--greet", "b=c", "--check"}, "greet", "b=c",
              {"salond", "--config", "x", "--check"});
    }

    void aValueMayBeMissing() {
        takes({"salond", "--greet"}, "greet", std::nullopt, {"salond"});
        takes({"salond", "--greet", "--check"}, "greet", std::nullopt, {"salond", "--check"});
    }

    void onlyTheFirstIsTaken() {
        takes({"salond", "--greet", "bob", "--leave", "eve"}, "greet", "bob",
              {"salond", "--leave", "eve"});
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ProgramTest);
