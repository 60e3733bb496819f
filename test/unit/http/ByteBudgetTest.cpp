#include "http/ByteBudget.h"

#include <cppunit/extensions/HelperMacros.h>

#include <memory>

using salon::net::ByteBudget;

class ByteBudgetTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ByteBudgetTest);
    CPPUNIT_TEST(aShareIsGivenBackWithItsEnd);
    CPPUNIT_TEST(whatIsLargerThanAllOfItIsTakenAlone);
    CPPUNIT_TEST_SUITE_END();

public:
    void aShareIsGivenBackWithItsEnd() {
        auto first = ByteBudget::share(_budget, 75);
        CPPUNIT_ASSERT(first && !_budget->tight());
        CPPUNIT_ASSERT(!ByteBudget::share(_budget, 26));
        const auto second = ByteBudget::share(_budget, 25);
        CPPUNIT_ASSERT(second && _budget->tight());
        first.reset();
        CPPUNIT_ASSERT_EQUAL(std::size_t{25}, _budget->held());
    }

    void whatIsLargerThanAllOfItIsTakenAlone() {
        {
            const auto large = ByteBudget::share(_budget, 1000);
            CPPUNIT_ASSERT(large && !ByteBudget::share(_budget, 1));
        }
        const auto small = ByteBudget::share(_budget, 1);
        CPPUNIT_ASSERT(small && !ByteBudget::share(_budget, 1000));
    }

private:
    std::shared_ptr<ByteBudget> _budget = std::make_shared<ByteBudget>(100);
};

CPPUNIT_TEST_SUITE_REGISTRATION(ByteBudgetTest);
