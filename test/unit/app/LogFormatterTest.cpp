#include "app/log/LogFormatter.h"

#include "app/log/PocoLog.h"
#include "app/log/Printable.h"

#include <Poco/AutoPtr.h>
#include <Poco/FormattingChannel.h>
#include <Poco/Timestamp.h>

#include <cppunit/extensions/HelperMacros.h>
#include <fcntl.h>
#include <unistd.h>

using namespace salon;

class LogFormatterTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(LogFormatterTest);
    CPPUNIT_TEST(aLineOfText);
    CPPUNIT_TEST(aLineOfJson);
    CPPUNIT_TEST(everyLevelHasItsWord);
    CPPUNIT_TEST(fieldsKeepTheirOrder);
    CPPUNIT_TEST(nothingForgesALineOrAField);
    CPPUNIT_TEST(jsonStaysJson);
    CPPUNIT_TEST(unusualTextIsMadePrintable);
    CPPUNIT_TEST(longTextIsCutBetweenCharacters);
    CPPUNIT_TEST(aLineIsWrittenWhole);
    CPPUNIT_TEST_SUITE_END();

    using Form = LogFormatter::Form;

public:
    void aLineOfText() {
        CPPUNIT_ASSERT_EQUAL(
            std::string("2026-11-20T21:00:00.123Z warning auth: the login is slow user=7 "
                        "reason=\"a \\\"long\\\" one\" empty=\"\""),
            line(Form::text, "the login is slow",
                 {{"user", "7"}, {"reason", "a \"long\" one"}, {"empty", ""}}));
    }

    void aLineOfJson() {
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"time":"2026-11-20T21:00:00.123Z","level":"warning","source":"auth",)"
                        R"("message":"the \"login\"","user":"7"})"),
            line(Form::json, "the \"login\"", {{"user", "7"}}));
    }

    void everyLevelHasItsWord() {
        const auto& words = logLevelWords();
        for (std::size_t i = 0; i < words.size(); ++i) {
            const auto text = line(Form::text, "x", {}, static_cast<LogLevel>(i));
            CPPUNIT_ASSERT_EQUAL("2026-11-20T21:00:00.123Z " + words[i] + " auth: x", text);
        }
    }

    void fieldsKeepTheirOrder() {
        const auto text = line(Form::text, "x",
                               {{"z", "1"},
                                {"y", "2"},
                                {"x", "3"},
                                {"w", "4"},
                                {"v", "5"},
                                {"u", "6"},
                                {"t", "7"},
                                {"s", "8"},
                                {"r", "9"},
                                {"q", "10"},
                                {"p", "11"}});
        CPPUNIT_ASSERT(text.ends_with("x z=1 y=2 x=3 w=4 v=5 u=6 t=7 s=8 r=9 q=10 p=11"));
    }

    void nothingForgesALineOrAField() {
        const auto text = line(Form::text, "a\nb\r\x1b[31m",
                               {{"name", "x role=admin"},
                                {"next", "1\n2026-11-20T21:00:00.000Z error auth: no"},
                                {"quote", "\" role=admin"},
                                {"slash", "\\\" role=admin"}});
        CPPUNIT_ASSERT_EQUAL(std::string("2026-11-20T21:00:00.123Z warning auth: a\\nb\\r\\x1b[31m "
                                         "name=\"x role=admin\" "
                                         "next=\"1\\n2026-11-20T21:00:00.000Z error auth: no\" "
                                         "quote=\"\\\" role=admin\" slash=\"\\\\\\\" role=admin\""),
                             text);
    }

    void jsonStaysJson() {
        CPPUNIT_ASSERT_EQUAL(
            std::string(R"({"time":"2026-11-20T21:00:00.123Z","level":"warning","source":"auth",)"
                        R"("message":"a\u000ab\u0000","user":"\"},{\\","bytes":"\ufffd\ufffdé"})"),
            line(Form::json, std::string_view("a\nb\0", 4),
                 {{"user", "\"},{\\"}, {"bytes", "\xff\xc3é"}}));
    }

    void unusualTextIsMadePrintable() {
        const std::vector<std::pair<std::string, std::string>> rows = {
            {"plain é 😀", "plain é 😀"},
            {"\t\x7f", "\\t\\x7f"},
            {"\u009b31m", "\\u009b31m"}, // CSI of C1 drives terminals as ESC [ does
            {"\u2028\u2029", "\\u2028\\u2029"},
            {"\u202egnp", "\\u202egnp"}, // right to left
            {"\u2066", "\\u2066"},
            {"\xc3", "\\xc3"},
            {"\xc0\x8a", "\\xc0\\x8a"},                   // a newline too long
            {"\xe0\x80\x8a", "\\xe0\\x80\\x8a"},          // another
            {"\xed\xa0\x80", "\\xed\\xa0\\x80"},          // a surrogate
            {"\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"}, // beyond U+10FFFF
            {"\xe2\x82", "\\xe2\\x82"},                   // the end is missing
        };
        for (const auto& [text, expected] : rows) {
            CPPUNIT_ASSERT_EQUAL(expected, printable(text));
        }
    }

    void longTextIsCutBetweenCharacters() {
        CPPUNIT_ASSERT_EQUAL(std::string("éé…"), printable("ééé", 2));
        CPPUNIT_ASSERT_EQUAL(std::string("ééé"), printable("ééé", 3));
        CPPUNIT_ASSERT_EQUAL(std::string("\\n…"), printable("\n\n", 1));
    }

    void aLineIsWrittenWhole() {
        int ends[2];
        CPPUNIT_ASSERT_EQUAL(0, pipe2(ends, O_CLOEXEC | O_DIRECT)); // keeps each write apart
        Poco::AutoPtr<Poco::Formatter> formatter(new LogFormatter(Form::text));
        Poco::AutoPtr<Poco::Channel> lines(new LineChannel(ends[1]));
        Poco::AutoPtr<Poco::Channel> channel(new Poco::FormattingChannel(formatter, lines));
        channel->log(message("first", {}));
        channel->log(message("second\n", {}));
        char buffer[4096];
        for (const auto* text : {"first\n", "second\\n\n"}) {
            const auto length = read(ends[0], buffer, sizeof buffer);
            CPPUNIT_ASSERT_EQUAL(std::string("2026-11-20T21:00:00.123Z warning auth: ") + text,
                                 std::string(buffer, static_cast<std::size_t>(length)));
        }
        close(ends[0]);
        channel->log(message("nobody reads", {})); // neither waits nor throws
        channel.reset();
        lines.reset(); // its thread has ended before what it writes to is closed
        close(ends[1]);
    }

private:
    static Poco::Message message(std::string_view sentence, Log::Fields fields,
                                 LogLevel level = LogLevel::warning) {
        Poco::Message message("auth", std::string(sentence), priorityOf(level));
        message.setTime(Poco::Timestamp(1795208400123000));
        LogFormatter::addFields(message, fields);
        return message;
    }
    static std::string line(Form form, std::string_view sentence, Log::Fields fields,
                            LogLevel level = LogLevel::warning) {
        std::string text;
        LogFormatter(form).format(message(sentence, fields, level), text);
        return text;
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(LogFormatterTest);
