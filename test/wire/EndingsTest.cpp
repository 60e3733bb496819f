#include "Dialogue.h"
#include "RawWebSocket.h"

#include <Poco/Data/Session.h>

#include <string>
#include <utility>

using Poco::Net::WebSocket;
using salon::wire::frameBytes;
using salon::wire::jsonString;
using salon::wire::RawWebSocket;
using salon::wire::textBytes;

namespace {

constexpr int fin = WebSocket::FRAME_FLAG_FIN;
constexpr int text = WebSocket::FRAME_OP_TEXT;
constexpr int binary = WebSocket::FRAME_OP_BINARY;
constexpr int closing = WebSocket::FRAME_OP_CLOSE;
constexpr int ping = WebSocket::FRAME_OP_PING;
constexpr int pong = WebSocket::FRAME_OP_PONG;
constexpr int more = WebSocket::FRAME_OP_CONT;

/// A ping frame of `levels` levels of JSON, its own object counted.
std::string nested(int levels, const std::string& innermost) {
    const auto count = static_cast<std::size_t>(levels - 1);
    return R"({"type":"ping","id":"deep","x":)" + std::string(count, '[') + innermost +
           std::string(count, ']') + "}";
}

} // namespace

/// What a socket survives, and the code with which it ends when it does not.
class EndingsTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(EndingsTest);
    CPPUNIT_TEST(aPingFrameIsAnsweredWithItsId);
    CPPUNIT_TEST(aFrameThatIsNotUnderstoodIsAnErrorAndTheSocketLives);
    CPPUNIT_TEST(thirtyTwoLevelsArePassedAndOneMoreIsNot);
    CPPUNIT_TEST(aControlPingIsAnsweredWithItsPayload);
    CPPUNIT_TEST(anUnaskedPongIsIgnored);
    CPPUNIT_TEST(aMessageMayComeInFragments);
    CPPUNIT_TEST(theCodeOfACloseIsEchoed);
    CPPUNIT_TEST(aReservedCloseCodeIsAFramingError);
    CPPUNIT_TEST(binaryEndsIt);
    CPPUNIT_TEST(textThatIsNotUtf8EndsIt);
    CPPUNIT_TEST(badFramingEndsIt);
    CPPUNIT_TEST(whatFollowsAViolationIsNotRead);
    CPPUNIT_TEST(anEndedSessionEndsIt);
    CPPUNIT_TEST(theAnswerToACloseIsWaitedFor);
    CPPUNIT_TEST(aSocketThatCannotBeOpenedNowIsToldToComeLater);
    CPPUNIT_TEST(oneEndingIsNobodyElses);
    CPPUNIT_TEST_SUITE_END();

public:
    void aPingFrameIsAnsweredWithItsId() {
        auto alice = salon.person("alice");
        alice.connect();
        for (const auto* id : {"\"a \\\"quoted\\\" id\\n\"", "7", "-9007199254740993", "\"\""}) {
            alice.frame(R"({"type":"ping","id":)" + std::string(id) + "}");
            const auto answer = alice.next();
            CPPUNIT_ASSERT_EQUAL(std::string("pong"), answer.text("type"));
            const auto expected = salon::wire::Json::parse("{\"id\":" + std::string(id) + "}");
            const auto echoed = answer.dump();
            CPPUNIT_ASSERT_MESSAGE(echoed, answer.has("id"));
            if (*id == '"') {
                CPPUNIT_ASSERT_EQUAL(expected.text("id"), answer.text("id"));
            } else {
                CPPUNIT_ASSERT_EQUAL(expected.number("id"), answer.number("id"));
            }
        }
        // What is no id is not echoed.
        for (const auto* id : {"null", "true", "1.5", "[1]", "{}"}) {
            alice.frame(R"({"type":"ping","id":)" + std::string(id) + "}");
            CPPUNIT_ASSERT(!alice.sees("pong").has("id"));
        }
        alice.frame(R"({"type":"ping"})");
        CPPUNIT_ASSERT(!alice.sees("pong").has("id"));
    }

    void aFrameThatIsNotUnderstoodIsAnErrorAndTheSocketLives() {
        auto alice = salon.person("alice");
        alice.connect();
        for (const auto* payload :
             {"", " ", "salut", "{", R"({"type":"ping")", R"({"type":"ping"}x)", "[]", "null",
              "true", "7", R"("ping")", R"([{"type":"ping","id":"x"}])", R"({"type":"ping",})",
              R"({'type':'ping'})", R"({"type":"ping","x":"\ud800"})"}) {
            alice.frame(payload);
            const auto error = alice.isRefused("bad_request");
            CPPUNIT_ASSERT_MESSAGE(payload, !error.has("id"));
            CPPUNIT_ASSERT(!error.text("message").empty());
        }
        for (const auto* members :
             {"", R"("type":null,)", R"("type":7,)", R"("type":"",)", R"("type":"dance",)",
              R"("type":"Ping",)", R"("type":"welcome",)", R"("type":["ping"],)"}) {
            alice.frame("{" + std::string(members) + R"("id":"mine"})");
            CPPUNIT_ASSERT_EQUAL(std::string("mine"), alice.isRefused("bad_request").text("id"));
        }
        alice.frame(R"({"type":")" + std::string(5000, 'x') + R"(","id":5})");
        CPPUNIT_ASSERT_EQUAL(std::int64_t{5}, alice.isRefused("bad_request").number("id"));
        alice.seesNothing();
    }

    void thirtyTwoLevelsArePassedAndOneMoreIsNot() {
        auto alice = salon.person("alice");
        alice.connect();
        for (const auto* innermost : {"", "1", "\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\""}) {
            alice.frame(nested(32, innermost));
            CPPUNIT_ASSERT_EQUAL(std::string("deep"), alice.sees("pong").text("id"));
            alice.frame(nested(33, innermost));
            alice.isRefused("bad_request");
        }
        alice.frame(nested(20'000, ""));
        alice.isRefused("bad_request");
        alice.frame(std::string(60'000, '['));
        alice.isRefused("bad_request");
        alice.seesNothing();
    }

    void aControlPingIsAnsweredWithItsPayload() {
        auto alice = salon.person("alice");
        alice.connect();
        for (const auto& payload :
             {std::string(), std::string("salut"), std::string(125, '\xff')}) {
            alice.frame(payload, fin | ping);
            const auto answer = alice.incoming();
            CPPUNIT_ASSERT_EQUAL(pong, answer.opcode);
            CPPUNIT_ASSERT_EQUAL(payload, answer.payload);
        }
    }

    void anUnaskedPongIsIgnored() {
        auto alice = salon.person("alice");
        alice.connect();
        alice.frame("nobody asked", fin | pong);
        alice.seesNothing();
    }

    void aMessageMayComeInFragments() {
        RawWebSocket alice(salon.port(), salon.person("alice").token());
        alice.next(); // welcome
        const std::string whole = R"({"type":"ping","id":"h\u00e9 )"
                                  "\xc3\xa9"
                                  R"("})";
        const auto middle = whole.find('\xc3') + 1; // inside a character
        alice.send(frameBytes(text, whole.substr(0, 5)) +
                   frameBytes(more, whole.substr(5, middle - 5)) + frameBytes(more, "") +
                   frameBytes(fin | ping, "between") +
                   frameBytes(fin | more, whole.substr(middle)));
        CPPUNIT_ASSERT_EQUAL(std::string("between"), alice.incoming().payload);
        CPPUNIT_ASSERT_EQUAL(std::string("h\xc3\xa9 \xc3\xa9"), alice.next().text("id"));
        // And byte by byte, which cuts headers too.
        for (const char c : textBytes(whole)) alice.send({&c, 1});
        CPPUNIT_ASSERT_EQUAL(std::string("pong"), alice.next().text("type"));
    }

    void theCodeOfACloseIsEchoed() {
        auto alice = salon.person("alice");
        for (const int code : {1000, 1001, 1003, 1011, 3000, 4000, 4999}) {
            alice.connect();
            CPPUNIT_ASSERT_EQUAL(code, alice.close(code));
        }
        alice.connect();
        alice.frame("", fin | closing);
        CPPUNIT_ASSERT_EQUAL(1005, alice.closedWith());
        // What was asked before is answered before.
        RawWebSocket raw(salon.port(), alice.token());
        raw.send(textBytes(R"({"type":"ping"})") + frameBytes(fin | closing, "\x03\xe8") +
                 textBytes(R"({"type":"ping"})"));
        CPPUNIT_ASSERT_EQUAL(std::string("welcome"), raw.next().text("type"));
        CPPUNIT_ASSERT_EQUAL(std::string("pong"), raw.next().text("type"));
        CPPUNIT_ASSERT_EQUAL(1000, raw.incoming().closeCode());
        CPPUNIT_ASSERT_EQUAL(std::string(), raw.untilClosed());
    }

    void aReservedCloseCodeIsAFramingError() {
        const auto token = salon.person("alice").token();
        for (const int code : {0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65535}) {
            const std::string payload{static_cast<char>(code >> 8), static_cast<char>(code & 255)};
            CPPUNIT_ASSERT_EQUAL_MESSAGE(std::to_string(code), 1002,
                                         endOf(token, frameBytes(fin | closing, payload)));
        }
        CPPUNIT_ASSERT_EQUAL(1002, endOf(token, frameBytes(fin | closing, "\x03")));
        CPPUNIT_ASSERT_EQUAL(1007, endOf(token, frameBytes(fin | closing, "\x03\xe8\xff")));
    }

    void binaryEndsIt() {
        auto alice = salon.person("alice");
        alice.connect();
        alice.frame(R"({"type":"ping"})", fin | binary);
        CPPUNIT_ASSERT_EQUAL(1003, alice.closedWith());
    }

    void textThatIsNotUtf8EndsIt() {
        const auto token = salon.person("alice").token();
        for (const auto* bytes : {"\xff", "{\"type\":\"ping\",\"id\":\"\xc3\"}", "\xc0\xaf",
                                  "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe2\x82"}) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(bytes, 1007, endOf(token, textBytes(bytes)));
        }
        // Before the message is whole, when no more can mend it.
        CPPUNIT_ASSERT_EQUAL(1007, endOf(token, frameBytes(text, "\xff")));
    }

    void badFramingEndsIt() {
        const auto token = salon.person("alice").token();
        const std::string asked = R"({"type":"ping"})";
        const std::pair<const char*, std::string> bad[] = {
            {"no mask", frameBytes(fin | text, asked, false)},
            {"a ping without a mask", frameBytes(fin | ping, "", false)},
            {"RSV1", frameBytes(fin | 0x40 | text, asked)},
            {"RSV2", frameBytes(fin | 0x20 | text, asked)},
            {"RSV3", frameBytes(fin | 0x10 | text, asked)},
            {"opcode 3", frameBytes(fin | 3, asked)},
            {"opcode 11", frameBytes(fin | 11, "")},
            {"a ping in fragments", frameBytes(ping, "")},
            {"a ping of 126 bytes", frameBytes(fin | ping, std::string(126, 'x'))},
            {"a continuation of nothing", frameBytes(fin | more, asked)},
            {"a message inside another", frameBytes(text, "{") + frameBytes(fin | text, asked)},
            {"a length of 64 bits that is negative",
             std::string("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff", 10)},
            {"a length in more bytes than it needs", std::string("\x81\xfe\x00\x05", 4)},
        };
        for (const auto& [what, bytes] : bad) {
            CPPUNIT_ASSERT_EQUAL_MESSAGE(what, 1002, endOf(token, bytes));
        }
    }

    void whatFollowsAViolationIsNotRead() {
        auto bob = salon.person("bob");
        bob.connect();
        const auto dm = textBytes(R"({"type":"dm","to":)" + std::to_string(bob.id()) +
                                  R"(,"content":"too late"})");
        const auto token = salon.person("alice").token();
        CPPUNIT_ASSERT_EQUAL(1003, endOf(token, frameBytes(fin | binary, "x") + dm));
        CPPUNIT_ASSERT_EQUAL(1000, endOf(token, frameBytes(fin | closing, "\x03\xe8") + dm));
        bob.seesNothing();
    }

    void anEndedSessionEndsIt() {
        const auto token = salon.person("alice").token();
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.restart(); // nobody is remembered
        change("UPDATE user_account SET disabled = 1");
        RawWebSocket alice(salon.port(), token);
        const auto end = alice.incoming(); // and no welcome before it
        CPPUNIT_ASSERT_EQUAL(closing, end.opcode);
        CPPUNIT_ASSERT_EQUAL(4401, end.closeCode());
        salon.http(token).get("/api/v1/users/me").isProblem(401, "unauthorized");
    }

    void theAnswerToACloseIsWaitedFor() {
        const auto alice = salon.person("alice");
        RawWebSocket answering(salon.port(), alice.token());
        RawWebSocket talking(salon.port(), alice.token());
        RawWebSocket silent(salon.port(), alice.token());
        alice.http().post("/api/v1/auth/logout", "").is(204);
        for (auto* socket : {&answering, &talking, &silent}) {
            CPPUNIT_ASSERT_EQUAL(4401, socket->closedWith());
        }
        salon.http().get("/health/live").is(200);
        CPPUNIT_ASSERT(answering.isQuiet() && talking.isQuiet() && silent.isQuiet());
        // What was on its way is nobody's any more.
        answering.send(textBytes(R"({"type":"ping"})") + frameBytes(fin | closing, "\x03\xe8") +
                       std::string(70'000, 'x'));
        CPPUNIT_ASSERT_EQUAL(std::string(), answering.untilClosed());
        // Nobody listens for ever.
        std::string many;
        for (int i = 0; i < 2000; ++i) many += textBytes(R"({"type":"ping"})");
        talking.send(many);
        CPPUNIT_ASSERT_EQUAL(std::string(), talking.untilClosed());
        CPPUNIT_ASSERT_EQUAL(std::string(), silent.untilClosed());
    }

    void aSocketThatCannotBeOpenedNowIsToldToComeLater() {
        const auto token = salon.person("alice").token();
        CPPUNIT_ASSERT_EQUAL(0, salon.stop());
        salon.restart(); // nobody is remembered
        change("ALTER TABLE user_account RENAME TO elsewhere");
        CPPUNIT_ASSERT_EQUAL(1013, endOf(token, ""));
        salon.http(token).get("/api/v1/users/me").isProblem(503, "unavailable");
        change("ALTER TABLE elsewhere RENAME TO user_account");
        RawWebSocket again(salon.port(), token);
        CPPUNIT_ASSERT_EQUAL(std::string("welcome"), again.next().text("type"));
    }

    void oneEndingIsNobodyElses() {
        auto alice = salon.person("alice");
        auto bob = salon.person("bob");
        alice.connect();
        bob.connect();
        auto elsewhere = alice.elsewhere();
        elsewhere.connect();
        elsewhere.frame("x", fin | binary);
        CPPUNIT_ASSERT_EQUAL(1003, elsewhere.closedWith());
        bob.vanish();
        bob.connect();
        alice.send(bob, "salut");
        CPPUNIT_ASSERT_EQUAL(std::string("salut"), bob.sees("dm").text("content"));
    }

protected:
    salon::wire::Daemon::Defines defines() const override { return {{"ws.rate", "0"}}; }

private:
    /// The code with which a connection ends that sends this.
    int endOf(const std::string& token, const std::string& bytes) const {
        RawWebSocket socket(salon.port(), token);
        socket.send(bytes);
        const int code = socket.closedWith();
        CPPUNIT_ASSERT_EQUAL(std::string(), socket.untilClosed());
        return code;
    }

    void change(const std::string& sql) {
        auto database = salon.openStore();
        database << sql, Poco::Data::Keywords::now;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(EndingsTest);
