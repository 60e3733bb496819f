#include "net/RouteMetrics.h"

#include "Exposition.h"
#include "metrics/MetricRegistry.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using salon::MetricRegistry;
using salon::OwnedMetrics;
using salon::net::RouteMetrics;
using salon::test::Exposition;
using namespace std::chrono_literals;

class RouteMetricsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(RouteMetricsTest);
    CPPUNIT_TEST(answersAreCountedByTheirStatus);
    CPPUNIT_TEST(aStatusThatIsUnusualIsOther);
    CPPUNIT_TEST(whatHasNotOccurredIsNotShown);
    CPPUNIT_TEST_SUITE_END();

public:
    void answersAreCountedByTheirStatus() {
        const RouteMetrics route(_metrics, "/api/v1/users/{id}", "GET");
        for (const auto status : {101, 200, 200, 308, 404, 505}) route.count(status, 1ms);
        CPPUNIT_ASSERT_EQUAL(1.0, requests("101"));
        CPPUNIT_ASSERT_EQUAL(2.0, requests("200"));
        CPPUNIT_ASSERT_EQUAL(1.0, requests("308"));
        CPPUNIT_ASSERT_EQUAL(1.0, requests("404"));
        CPPUNIT_ASSERT_EQUAL(1.0, requests("505"));
        CPPUNIT_ASSERT_EQUAL(6.0,
                             scrape().value("salon_http_request_seconds_count",
                                            {{"route", "/api/v1/users/{id}"}, {"method", "GET"}}));
    }

    void aStatusThatIsUnusualIsOther() {
        const RouteMetrics route(_metrics, "/api/v1/users/{id}", "GET");
        for (const auto status : {0, 100, 203, 418, 506, 999}) route.count(status, 1ms);
        CPPUNIT_ASSERT_EQUAL(6.0, requests("other"));
    }

    void whatHasNotOccurredIsNotShown() {
        const RouteMetrics route(_metrics, "/api/v1/users/{id}", "GET");
        const auto now = scrape();
        for (const auto& [name, family] : now.families()) {
            CPPUNIT_ASSERT_MESSAGE(name, family.samples.empty());
        }
    }

private:
    Exposition scrape() { return Exposition::parse(_registry.text()); }
    double requests(const std::string& status) {
        return scrape().value(
            "salon_http_requests_total",
            {{"route", "/api/v1/users/{id}"}, {"method", "GET"}, {"status", status}});
    }

    MetricRegistry _registry;
    OwnedMetrics _metrics{_registry, "salond"};
};

CPPUNIT_TEST_SUITE_REGISTRATION(RouteMetricsTest);
