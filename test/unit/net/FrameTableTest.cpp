#include "net/FrameTable.h"

#include "Exposition.h"
#include "metrics/MetricRegistry.h"
#include "websocket/WebSocketCodec.h"

#include <cppunit/extensions/HelperMacros.h>

#include <stdexcept>
#include <string>

using namespace salon;
using salon::net::FrameTable;
using salon::test::Exposition;

class FrameTableTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(FrameTableTest);
    CPPUNIT_TEST(aTypeHasOneHandler);
    CPPUNIT_TEST(framesAreCountedByTheirTypeForEachWhoGetsThem);
    CPPUNIT_TEST(whatNobodyHasNamedIsUnknown);
    CPPUNIT_TEST(aTypeMayBeNamedByTwo);
    CPPUNIT_TEST(withoutMetricsNothingIsCounted);
    CPPUNIT_TEST_SUITE_END();

public:
    void aTypeHasOneHandler() {
        _table.add("conversations", "dm", [](FrameCall&) {});
        CPPUNIT_ASSERT(_table.find("dm"));
        CPPUNIT_ASSERT(!_table.find("message"));
        CPPUNIT_ASSERT_THROW(_table.add("rooms", "dm", [](FrameCall&) {}), std::logic_error);
        _table.find("dm")->received.add();
        CPPUNIT_ASSERT_EQUAL(1.0, scrape().value("salon_frames_received_total", {{"type", "dm"}}));
    }

    void framesAreCountedByTheirTypeForEachWhoGetsThem() {
        _table.addSent("dm");
        _table.addSent("welcome");
        const auto dm = SharedFrame::text(R"({"type":"dm","content":"\"type\":\"welcome\""})");
        for (int i = 0; i < 3; ++i) _table.countSent(dm);
        const auto copy = dm;
        _table.countSent(copy);
        _table.countSent(SharedFrame::text(R"({"type":"welcome"})"));
        _table.countSent(SharedFrame::encoded(salon::net::encodePing("beat")));
        CPPUNIT_ASSERT_EQUAL(4.0, sent("dm"));
        CPPUNIT_ASSERT_EQUAL(1.0, sent("welcome"));
        CPPUNIT_ASSERT_EQUAL(1.0, sent("control"));
        CPPUNIT_ASSERT_EQUAL(0.0, sent("unknown"));
    }

    void whatNobodyHasNamedIsUnknown() {
        _table.addSent("dm");
        for (const auto* text : {R"({"type":"dmx"})", R"({"type":"d"})", R"({"type":""})",
                                 R"({"type":"dm)", R"({"id":1,"type":"dm"})", "", "{}"}) {
            _table.countSent(SharedFrame::text(text));
        }
        CPPUNIT_ASSERT_EQUAL(1.0, sent("dm")); // up to its end, as there is no quote
        CPPUNIT_ASSERT_EQUAL(6.0, sent("unknown"));
    }

    void aTypeMayBeNamedByTwo() {
        _table.addSent("ack");
        _table.addSent("ack");
        _table.countSent(SharedFrame::text(R"({"type":"ack"})"));
        CPPUNIT_ASSERT_EQUAL(1.0, sent("ack"));
    }

    void withoutMetricsNothingIsCounted() {
        FrameTable table;
        table.addSent("dm");
        table.countSent(SharedFrame::text(R"({"type":"dm"})"));
        table.countSent(SharedFrame::text("{}"));
        table.pings.add();
        CPPUNIT_ASSERT_EQUAL(0.0, sent("dm"));
    }

private:
    Exposition scrape() { return Exposition::parse(_registry.text()); }
    double sent(const std::string& type) {
        return scrape().value("salon_frames_sent_total", {{"type", type}});
    }

    MetricRegistry _registry;
    OwnedMetrics _metrics{_registry, "salond"};
    FrameTable _table{&_metrics};
};

CPPUNIT_TEST_SUITE_REGISTRATION(FrameTableTest);
