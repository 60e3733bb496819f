#include "metrics/MetricRegistry.h"

#include "Exposition.h"

#include <cppunit/extensions/HelperMacros.h>

#include <cmath>
#include <latch>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

using namespace salon;
using test::Exposition;
using namespace std::chrono_literals;

namespace {

template <class Call> std::string sentenceOf(const Call& call) {
    try {
        call();
    } catch (const std::logic_error& error) {
        return error.what();
    }
    return {};
}

} // namespace

class MetricRegistryTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MetricRegistryTest);
    CPPUNIT_TEST(theScrapeIsPrometheusText);
    CPPUNIT_TEST(whatTheTextCannotHoldIsEscaped);
    CPPUNIT_TEST(numbersAreWrittenShortAndWhole);
    CPPUNIT_TEST(aBoundBelongsToItsBucket);
    CPPUNIT_TEST(everyThreadsCountsAreAddedUp);
    CPPUNIT_TEST(whatAThreadCountedOutlivesIt);
    CPPUNIT_TEST(aGaugeFallsOnAnotherThread);
    CPPUNIT_TEST(aGaugeIsNeverNegative);
    CPPUNIT_TEST(whatIsReadIsReadAtTheScrape);
    CPPUNIT_TEST(whatCannotBeReadIsNoNumber);
    CPPUNIT_TEST(zeroCanBeHidden);
    CPPUNIT_TEST(whatAnOwnerWithdrawsLeavesTheScrapeAndTheHandleStaysGood);
    CPPUNIT_TEST(aHandleOfNobodyCountsNothing);
    CPPUNIT_TEST(aTimerObservesItsLife);
    CPPUNIT_TEST(theSameSeriesTwiceIsRefusedNamingBoth);
    CPPUNIT_TEST(aNameMeansOneThing);
    CPPUNIT_TEST(namesAndLabelsThatTheFormatDoesNotTakeAreRefused);
    CPPUNIT_TEST(labelsAreBounded);
    CPPUNIT_TEST_SUITE_END();

public:
    void theScrapeIsPrometheusText() {
        const auto dm = _auth.counter({"salon_x_total", "Things.", {{"kind", "dm"}}});
        _auth.counter({"salon_x_total", "Things.", {{"kind", "room"}}});
        const auto wait = _auth.histogram({"salon_wait_seconds", "Waits."}, {{1000, 2500}, 1e9});
        dm.add(3);
        wait.observe(1us);
        wait.observe(3us);
        const std::string expected = "# HELP salon_wait_seconds Waits.\n"
                                     "# TYPE salon_wait_seconds histogram\n"
                                     "salon_wait_seconds_bucket{le=\"1e-06\"} 1\n"
                                     "salon_wait_seconds_bucket{le=\"2.5e-06\"} 1\n"
                                     "salon_wait_seconds_bucket{le=\"+Inf\"} 2\n"
                                     "salon_wait_seconds_sum 4e-06\n"
                                     "salon_wait_seconds_count 2\n"
                                     "# HELP salon_x_total Things.\n"
                                     "# TYPE salon_x_total counter\n"
                                     "salon_x_total{kind=\"dm\"} 3\n"
                                     "salon_x_total{kind=\"room\"} 0\n";
        CPPUNIT_ASSERT_EQUAL(expected, _registry.text());
        Exposition::parse(expected);
    }

    void whatTheTextCannotHoldIsEscaped() {
        const std::string hostile = "a\"b\\c\nd} 1";
        _auth.gauge({"salon_x", "One \\ two\nthree \"four\".", {{"k", hostile}}}).add(7);
        const auto scrape = Exposition::parse(_registry.text());
        CPPUNIT_ASSERT_EQUAL(7.0, scrape.value("salon_x", {{"k", hostile}}));
        CPPUNIT_ASSERT_EQUAL(std::string("One \\ two\nthree \"four\"."),
                             scrape.families().at("salon_x").help);
    }

    void numbersAreWrittenShortAndWhole() {
        using Writer = ExpositionWriter;
        CPPUNIT_ASSERT_EQUAL(std::string("0.0025"), Writer::number(0.0025));
        CPPUNIT_ASSERT_EQUAL(std::string("1"), Writer::number(1));
        CPPUNIT_ASSERT_EQUAL(std::string("9015296"), Writer::number(9015296));
        CPPUNIT_ASSERT_EQUAL(std::string("+Inf"), Writer::number(HUGE_VAL));
        CPPUNIT_ASSERT_EQUAL(std::string("-Inf"), Writer::number(-HUGE_VAL));
        CPPUNIT_ASSERT_EQUAL(std::string("NaN"), Writer::number(NAN));
    }

    void aBoundBelongsToItsBucket() {
        const auto sizes = _auth.histogram({"salon_sizes", "Sizes."}, {{1, 10}});
        for (const auto size : {0U, 1U, 2U, 10U, 11U}) sizes.observe(size);
        const auto scrape = Exposition::parse(_registry.text());
        CPPUNIT_ASSERT_EQUAL(2.0, scrape.value("salon_sizes_bucket", {{"le", "1"}}));
        CPPUNIT_ASSERT_EQUAL(4.0, scrape.value("salon_sizes_bucket", {{"le", "10"}}));
        CPPUNIT_ASSERT_EQUAL(5.0, scrape.value("salon_sizes_bucket", {{"le", "+Inf"}}));
        CPPUNIT_ASSERT_EQUAL(24.0, scrape.value("salon_sizes_sum"));
    }

    void everyThreadsCountsAreAddedUp() {
        // More threads at one time than there are rows: some share one.
        constexpr int threads = detail::metricRows + 8;
        constexpr int each = 20000;
        const auto counter = _auth.counter({"salon_x_total", "Things."});
        const auto histogram = _auth.histogram({"salon_y", "Others."}, {{5}});
        std::latch together(threads);
        std::vector<std::thread> all;
        for (int i = 0; i < threads; ++i) {
            all.emplace_back([&] {
                together.arrive_and_wait();
                for (int n = 0; n < each; ++n) {
                    counter.add();
                    histogram.observe(static_cast<std::uint64_t>(n % 10));
                }
            });
        }
        for (auto& thread : all) thread.join();
        const auto scrape = Exposition::parse(_registry.text());
        CPPUNIT_ASSERT_EQUAL(double{threads} * each, scrape.value("salon_x_total"));
        CPPUNIT_ASSERT_EQUAL(double{threads} * each, scrape.value("salon_y_count"));
        CPPUNIT_ASSERT_EQUAL(4.5 * threads * each, scrape.value("salon_y_sum"));
    }

    void whatAThreadCountedOutlivesIt() {
        const auto counter = _auth.counter({"salon_x_total", "Things."});
        for (int i = 0; i < 100; ++i) std::thread([&] { counter.add(); }).join();
        CPPUNIT_ASSERT_EQUAL(100.0, now("salon_x_total"));
    }

    void aGaugeFallsOnAnotherThread() {
        const auto gauge = _auth.gauge({"salon_x", "Things."});
        gauge.add(5);
        std::thread([&] { gauge.add(-3); }).join();
        CPPUNIT_ASSERT_EQUAL(2.0, now("salon_x"));
    }

    void aGaugeIsNeverNegative() {
        _auth.gauge({"salon_x", "Things."}).add(-1);
        CPPUNIT_ASSERT_EQUAL(std::string("0"), lastWord());
    }

    void whatIsReadIsReadAtTheScrape() {
        double value = 1;
        _auth.gauge({"salon_x", "Things."}, [&] { return value; });
        CPPUNIT_ASSERT_EQUAL(1.0, now("salon_x"));
        value = 2.5;
        CPPUNIT_ASSERT_EQUAL(2.5, now("salon_x"));
    }

    void whatCannotBeReadIsNoNumber() {
        _auth.gauge({"salon_x", "Things."}, []() -> double { throw std::runtime_error("gone"); });
        CPPUNIT_ASSERT_EQUAL(std::string("NaN"), lastWord());
    }

    void zeroCanBeHidden() {
        const auto counter = _auth.counter({"salon_x_total", "Things.", {}, true});
        const auto histogram = _auth.histogram({"salon_y", "Others.", {}, true}, {{1}});
        auto scrape = Exposition::parse(_registry.text());
        CPPUNIT_ASSERT_EQUAL(std::size_t{2}, scrape.families().size());
        CPPUNIT_ASSERT(scrape.families().at("salon_x_total").samples.empty());
        CPPUNIT_ASSERT(scrape.families().at("salon_y").samples.empty());
        counter.add();
        histogram.observe(0);
        scrape = Exposition::parse(_registry.text());
        CPPUNIT_ASSERT_EQUAL(1.0, scrape.value("salon_x_total"));
        CPPUNIT_ASSERT_EQUAL(1.0, scrape.value("salon_y_count"));
    }

    void whatAnOwnerWithdrawsLeavesTheScrapeAndTheHandleStaysGood() {
        OwnedMetrics rooms(_registry, "rooms");
        const auto counter = rooms.counter({"salon_x_total", "Things.", {{"kind", "room"}}});
        const auto histogram = rooms.histogram({"salon_y", "Others."}, {{1}});
        rooms.gauge({"salon_z", "Read."}, [] { return 1.0; });
        _auth.counter({"salon_x_total", "Things.", {{"kind", "dm"}}});
        rooms.withdraw();
        rooms.withdraw();
        counter.add();
        histogram.observe(1);
        const auto scrape = Exposition::parse(_registry.text());
        CPPUNIT_ASSERT_EQUAL(std::size_t{1}, scrape.families().size());
        CPPUNIT_ASSERT(scrape.has("salon_x_total", {{"kind", "dm"}}));
        CPPUNIT_ASSERT(!scrape.has("salon_x_total", {{"kind", "room"}}));
        // Who comes after may use the name anew, for something else.
        _auth.gauge({"salon_y", "Something else."});
    }

    void aHandleOfNobodyCountsNothing() {
        Counter().add();
        Gauge().add(1);
        Histogram().observe(std::uint64_t{1});
        const HistogramTimer timer{Histogram()};
    }

    void aTimerObservesItsLife() {
        const auto histogram = _auth.histogram({"salon_y_seconds", "Calls."}, Buckets::calls());
        { const HistogramTimer timer(histogram); }
        CPPUNIT_ASSERT_EQUAL(1.0, now("salon_y_seconds_count"));
        CPPUNIT_ASSERT(now("salon_y_seconds_sum") > 0);
    }

    void theSameSeriesTwiceIsRefusedNamingBoth() {
        OwnedMetrics rooms(_registry, "rooms");
        _auth.counter({"salon_x_total", "Things.", {{"kind", "dm"}}});
        CPPUNIT_ASSERT_EQUAL(
            std::string("the metric salon_x_total of rooms with these labels is taken by auth"),
            sentenceOf([&] {
                rooms.counter({"salon_x_total", "Things.", {{"kind", "dm"}}});
            }));
    }

    void aNameMeansOneThing() {
        _auth.histogram({"salon_y", "Others.", {{"kind", "dm"}}}, {{1, 2}});
        const std::string sentence = "the metric salon_y of auth differs in its type, sentence, "
                                     "bounds or labels from that of auth";
        const Metric::Labels room{{"kind", "room"}};
        CPPUNIT_ASSERT_EQUAL(sentence, sentenceOf([&] {
                                 _auth.gauge({"salon_y", "Others.", room});
                             }));
        CPPUNIT_ASSERT_EQUAL(sentence, sentenceOf([&] {
                                 _auth.histogram({"salon_y", "Others!", room}, {{1, 2}});
                             }));
        CPPUNIT_ASSERT_EQUAL(sentence, sentenceOf([&] {
                                 _auth.histogram({"salon_y", "Others.", room}, {{1, 3}});
                             }));
        CPPUNIT_ASSERT_EQUAL(sentence, sentenceOf([&] {
                                 _auth.histogram({"salon_y", "Others.", {}}, {{1, 2}});
                             }));
    }

    void namesAndLabelsThatTheFormatDoesNotTakeAreRefused() {
        for (const auto* name : {"", "1_total", "a b_total", "a-b_total", "\xc3\xa9_total"}) {
            CPPUNIT_ASSERT_THROW(_auth.counter({name, "Things."}), std::logic_error);
        }
        CPPUNIT_ASSERT_THROW(_auth.counter({"salon_x", "Things."}), std::logic_error);
        CPPUNIT_ASSERT_THROW(_auth.gauge({"salon_x_total", "Things."}), std::logic_error);
        for (const auto* label : {"", "le", "__x", "a b", "1"}) {
            CPPUNIT_ASSERT_THROW(_auth.gauge({"salon_x", "Things.", {{label, "v"}}}),
                                 std::logic_error);
        }
        CPPUNIT_ASSERT_THROW(_auth.gauge({"salon_x", "Things.", {{"a", "1"}, {"a", "2"}}}),
                             std::logic_error);
        CPPUNIT_ASSERT_THROW(_auth.histogram({"salon_x", "Things."}, {{2, 2}}), std::logic_error);
        CPPUNIT_ASSERT_EQUAL(std::string(), _registry.text());
    }

    void labelsAreBounded() {
        for (std::size_t i = 0; i < MetricRegistry::seriesMost; ++i) {
            _auth.counter({"salon_x_total", "Things.", {{"n", std::to_string(i)}}});
        }
        CPPUNIT_ASSERT_EQUAL(std::string("the metric salon_x_total of auth has too many series"),
                             sentenceOf([&] {
                                 _auth.counter({"salon_x_total", "Things.", {{"n", "more"}}});
                             }));
    }

private:
    double now(const std::string& name) { return Exposition::parse(_registry.text()).value(name); }
    std::string lastWord() {
        const auto text = _registry.text();
        const auto space = text.rfind(' ');
        return text.substr(space + 1, text.size() - space - 2);
    }

    MetricRegistry _registry;
    OwnedMetrics _auth{_registry, "auth"};
};

CPPUNIT_TEST_SUITE_REGISTRATION(MetricRegistryTest);
