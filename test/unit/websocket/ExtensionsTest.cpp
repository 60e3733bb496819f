#include "websocket/Extensions.h"

#include <cppunit/TestFixture.h>
#include <cppunit/extensions/HelperMacros.h>

#include <string>
#include <utility>
#include <vector>

using salon::net::negotiate;
using Compression = salon::WebSocketRoute::Compression;

namespace {

std::string answer(const std::string& field, Compression compression = Compression::context) {
    const auto outcome = negotiate(field, compression);
    if (outcome.malformed) return "malformed";
    return outcome.deflate ? outcome.deflate->answer() : "none";
}

using Rows = std::vector<std::pair<std::string, std::string>>;

void check(const Rows& rows, Compression compression = Compression::context) {
    for (const auto& [field, expected] : rows) {
        CPPUNIT_ASSERT_EQUAL_MESSAGE(field, expected, answer(field, compression));
    }
}

const std::string deflate = "permessage-deflate";

} // namespace

/// RFC 6455, 9.1 and RFC 7692, 5 and 7.1.
class ExtensionsTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(ExtensionsTest);
    CPPUNIT_TEST(everyParameterIsMet);
    CPPUNIT_TEST(theFirstOfferThatCanBeMetIsTaken);
    CPPUNIT_TEST(anInvalidOfferIsDeclined);
    CPPUNIT_TEST(anOfferOfManyParametersIsDeclinedUnread);
    CPPUNIT_TEST(aMalformedFieldFailsTheHandshake);
    CPPUNIT_TEST(aloneMeansWithoutTakeoverWhateverIsOffered);
    CPPUNIT_TEST(noneIsNone);
    CPPUNIT_TEST_SUITE_END();

public:
    /// There are four, so that a fifth is unknown or there twice; comparing each with each would
    /// hold up the reactor.
    void anOfferOfManyParametersIsDeclinedUnread() {
        auto many = deflate;
        for (int i = 0; i < 1'000'000; ++i) many += ";a" + std::to_string(i);
        check({{many, "none"}, {many + ", " + deflate, deflate}});
    }
    void everyParameterIsMet() {
        check(
            {{deflate, deflate},
             {"Permessage-Deflate", deflate},
             {deflate + "; client_max_window_bits", deflate},
             {deflate + ";server_no_context_takeover", deflate + "; server_no_context_takeover"},
             {deflate + " ;\tclient_no_context_takeover", deflate + "; client_no_context_takeover"},
             {deflate + "; client_max_window_bits=15", deflate},
             {deflate + "; client_max_window_bits=8", deflate},
             {deflate + "; client_max_window_bits=\"11\"", deflate + "; client_max_window_bits=11"},
             {deflate + "; client_max_window_bits=\"1\\1\"",
              deflate + "; client_max_window_bits=11"},
             {deflate + "; client_max_window_bits = 9; server_max_window_bits=9; "
                        "client_no_context_takeover; server_no_context_takeover",
              deflate + "; server_no_context_takeover; client_no_context_takeover; "
                        "server_max_window_bits=9; client_max_window_bits=9"}});
        for (int bits = 8; bits <= 15; ++bits) {
            const auto parameter = "; server_max_window_bits=" + std::to_string(bits);
            CPPUNIT_ASSERT_EQUAL(deflate + parameter, answer(deflate + parameter));
        }
    }

    void theFirstOfferThatCanBeMetIsTaken() {
        const auto ten = deflate + "; server_max_window_bits=10";
        check({{ten + ", " + deflate, ten},
               {deflate + ", " + ten, deflate},
               {"x-webkit-deflate-frame," + ten, ten},
               {"mux; max-channels=4; flow-control, " + deflate, deflate},
               {deflate + "; server_max_window_bits=16, " + ten, ten},
               {deflate + "; a_new_one=1 ,, " + deflate + "; server_no_context_takeover",
                deflate + "; server_no_context_takeover"}});
    }

    void anInvalidOfferIsDeclined() {
        Rows rows{{"", "none"}, {" , ", "none"}, {"deflate", "none"}};
        for (const auto* parameters :
             {"x", "x=1", "server_no_context_takeover=1", "client_no_context_takeover=true",
              "server_max_window_bits", "server_max_window_bits=7", "server_max_window_bits=16",
              "server_max_window_bits=08", "server_max_window_bits=+9", "server_max_window_bits=1",
              "server_max_window_bits=100", "client_max_window_bits=0", "client_max_window_bits=x",
              "client_max_window_bits; client_max_window_bits",
              "server_max_window_bits=9; server_max_window_bits=9",
              "server_no_context_takeover; server_no_context_takeover",
              "Server_No_Context_Takeover"}) {
            rows.emplace_back(deflate + "; " + parameters, "none");
        }
        check(rows);
    }

    void aMalformedFieldFailsTheHandshake() {
        for (const auto compression :
             {Compression::none, Compression::alone, Compression::context}) {
            check({{";", "malformed"},
                   {deflate + ";", "malformed"},
                   {deflate + "; ;x", "malformed"},
                   {deflate + "; =1", "malformed"},
                   {deflate + "; x=", "malformed"},
                   {deflate + "; x=\"", "malformed"},
                   {deflate + "; x=\"1", "malformed"},
                   {deflate + "; x=\"1\\", "malformed"},
                   {deflate + "; x=\"\"", "malformed"},
                   {deflate + "; x=\"1 2\"", "malformed"},
                   {deflate + "; x=1 2", "malformed"},
                   {deflate + " " + deflate, "malformed"},
                   {"\"permessage-deflate\"", "malformed"},
                   {"permessage/deflate", "malformed"},
                   {deflate + ", \xc3\xa9", "malformed"}},
                  compression);
        }
    }

    void aloneMeansWithoutTakeoverWhateverIsOffered() {
        const auto alone = deflate + "; server_no_context_takeover; client_no_context_takeover";
        check({{deflate, alone},
               {deflate + "; client_max_window_bits", alone},
               {deflate + "; client_max_window_bits=9", alone},
               {deflate + "; server_max_window_bits=15", alone + "; server_max_window_bits=15"},
               {deflate + "; server_max_window_bits=9", alone + "; server_max_window_bits=9"},
               {deflate + "; server_no_context_takeover", alone},
               {deflate + "; x", "none"}},
              Compression::alone);
    }

    void noneIsNone() { check({{deflate, "none"}, {"", "none"}}, Compression::none); }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ExtensionsTest);
