#include "Talk.h"

#include <cstdio>

using namespace salon::wire;

/// What a message may hold.
class ContentTest : public Talk {
    CPPUNIT_TEST_SUITE(ContentTest);
    CPPUNIT_TEST(whatIsAllowedComesOutAsItWentIn);
    CPPUNIT_TEST(carriageReturnLineFeedBecomesLineFeed);
    CPPUNIT_TEST(otherControlCharactersAreRefused);
    CPPUNIT_TEST(onlyWhiteSpaceIsRefused);
    CPPUNIT_TEST(theLengthIsCountedInCodePoints);
    CPPUNIT_TEST(theLengthIsConfigured);
    CPPUNIT_TEST(halfASurrogatePairIsRefused);
    CPPUNIT_TEST(whatIsNoStringIsRefused);
    CPPUNIT_TEST(whatIsNoUtf8IsRefused);
    CPPUNIT_TEST_SUITE_END();

public:
    void whatIsAllowedComesOutAsItWentIn() {
        auto [alice, bob] = couple();
        for (const auto* text :
             {"x", "0", "null", "a\tb\nc", "  padded  ", "\"quoted\\\" \\u0041",
              "'; DROP TABLE message; --", "<script>alert(1)</script>",
              "ça va? \xe2\x80\xa8 \xf0\x9f\x98\x80 \xe2\x80\xae", "\xef\xbf\xbf\xf4\x8f\xbf\xbf",
              "%00 %s ? ?1 $1 :x", "e\xcc\x81 \xc3\xa9"}) {
            shows(sent(alice, jsonString(text)), "type", "ack");
            shows(bob.next(), "content", text);
            const auto page = messages(bob, 1, "?limit=1");
            shows(page.list("messages").at(0), "content", text);
            shows(post(alice, 1, Person::newId(), text).is(201).json(), "content", text);
            shows(bob.next(), "content", text);
        }
        // However it is written in JSON.
        shows(sent(alice, R"("\u0073\ud83d\ude00\/\u00e9")"), "type", "ack");
        shows(bob.next(), "content", "s\xf0\x9f\x98\x80/\xc3\xa9");
    }

    void carriageReturnLineFeedBecomesLineFeed() {
        auto [alice, bob] = couple();
        sent(alice, R"("a\r\nb\r\n\r\nc\n")");
        shows(bob.next(), "content", "a\nb\n\nc\n");
        shows(post(alice, 1, "x", "a\r\nb").is(201).json(), "content", "a\nb");
        for (const auto* bad : {R"("a\rb")", R"("a\r")", R"("\r\r\na")", R"("a\n\rb")"}) {
            isRefused(alice, bad, "bad_request");
        }
    }

    void otherControlCharactersAreRefused() {
        auto [alice, bob] = couple();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        for (int point = 0; point < 0xa0; ++point) {
            if (point == '\t' || point == '\n' || (point >= 0x20 && point < 0x7f)) continue;
            char escape[16];
            std::snprintf(escape, sizeof escape, "\"a\\u%04xb\"", static_cast<unsigned>(point));
            isRefused(alice, escape, "bad_request");
        }
        for (const auto* bad : {R"("a\u0000")", R"("\u007f")", R"("\u0085")", "\"a\x7f\"",
                                "\"a\xc2\x80\"", "\"\xc2\x9f\""}) {
            isRefused(alice, bad, "bad_request");
            posted(alice, conversation, bad).isProblem(400, "bad_request");
        }
        shows(overview(alice, conversation), "seq", 1);
    }

    void onlyWhiteSpaceIsRefused() {
        auto [alice, bob] = couple();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        for (const auto* bad :
             {R"("")", R"(" ")", R"("\t\n \r\n")", R"("\u00a0")", R"("\u1680")",
              R"("\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a")",
              R"("\u2028")", R"("\u2029")", R"("\u202f")", R"("\u205f")", R"("\u3000")",
              R"(" \u3000\u00a0\n")"}) {
            isRefused(alice, bad, "bad_request");
            posted(alice, conversation, bad).isProblem(400, "bad_request");
        }
        bob.next();
        bob.seesNothing();
        sent(alice, R"("\u3000x\u00a0")");
        shows(bob.next(), "content", "\xe3\x80\x80x\xc2\xa0");
    }

    void theLengthIsCountedInCodePoints() {
        auto [alice, bob] = couple();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        for (const auto* one : {"x", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80"}) {
            const auto most = times(one, 4000);
            shows(sent(alice, jsonString(most)), "type", "ack");
            isRefused(alice, jsonString(most + "x"), "too_large");
            post(alice, conversation, Person::newId(), most).is(201);
            post(alice, conversation, "x", most + one).isProblem(413, "too_large");
        }
        // CR LF is one of them, and white space counts.
        shows(sent(alice, jsonString("x" + times("\r\n", 3999))), "type", "ack");
        isRefused(alice, jsonString("x" + times("\n", 4000)), "too_large");
        shows(overview(alice, conversation), "seq", 10);
    }

    void theLengthIsConfigured() {
        restartWith("conversations.max_length", "5");
        auto [alice, bob] = couple();
        shows(sent(alice, R"("12345")"), "type", "ack");
        isRefused(alice, R"("123456")", "too_large");
        // A family of three joined by two: five code points, one figure.
        const std::string family = "\xf0\x9f\x91\xa8\xe2\x80\x8d\xf0\x9f\x91\xa9\xe2\x80\x8d"
                                   "\xf0\x9f\x91\xa7";
        shows(sent(alice, jsonString(family)), "type", "ack");
        isRefused(alice, jsonString(family + "!"), "too_large");
    }

    void halfASurrogatePairIsRefused() {
        auto [alice, bob] = couple();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        for (const auto* bad :
             {R"("\ud83d")", R"("\ude00")", R"("a\ud83db")", R"("a\ude00b")", R"("\ude00\ud83d")",
              R"("\ud83d\ud83d")", R"("\ud83d\u0041")", R"("\ud83d\\ude00")"}) {
            // The frame is no JSON text, so nothing of it is believed, its id neither.
            alice.frame("{\"type\":\"dm\",\"to\":\"@bob\",\"content\":" + std::string(bad) + "}");
            alice.isRefused("bad_request");
            posted(alice, conversation, bad).isProblem(400, "bad_request");
        }
        bob.next();
        bob.seesNothing();
        shows(overview(alice, conversation), "seq", 1);
    }

    void whatIsNoStringIsRefused() {
        auto [alice, bob] = couple();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        refused(alice, R"("type":"dm","to":"@bob")", "bad_request");
        for (const auto* bad : {"null", "5", "true", "[]", "{}", "[\"x\"]"}) {
            isRefused(alice, bad, "bad_request");
            const auto problem = posted(alice, conversation, bad).isProblem(400, "bad_request");
            shows(problem.json().list("errors").at(0), "field", "content");
        }
        const auto blank = posted(alice, conversation, "\" \"").isProblem(400, "bad_request");
        shows(blank.json().list("errors").at(0), "field", "content");
        shows(overview(alice, conversation), "seq", 1);
    }

    void whatIsNoUtf8IsRefused() {
        auto [alice, bob] = couple();
        const auto conversation = alice.send(bob, "salut").number("conversation");
        for (const auto* bad : {"\"\xff\"", "\"\xc3\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"",
                                "\"\xf4\x90\x80\x80\"", "\"\x80\""}) {
            posted(alice, conversation, bad).isProblem(400, "bad_request");
        }
        shows(overview(alice, conversation), "seq", 1);
    }

private:
    /// @param content as JSON
    static Json sent(Person& alice, const std::string& content) {
        return alice.ask(R"("type":"dm","to":"@bob","content":)" + content);
    }
    static void isRefused(Person& alice, const std::string& content, const std::string& code) {
        refused(alice, R"("type":"dm","to":"@bob","content":)" + content, code);
    }
    static Reply posted(const Person& alice, std::int64_t conversation,
                        const std::string& content) {
        return alice.http().post(path(conversation, "/messages"),
                                 R"({"id":"x","content":)" + content + "}");
    }
    static std::string times(const std::string& text, int count) {
        std::string all;
        for (int i = 0; i < count; ++i) all += text;
        return all;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ContentTest);
