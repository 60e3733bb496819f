#include "store/mysql/MysqlUrl.h"

#include <cppunit/extensions/HelperMacros.h>
#include <stdexcept>

using salon::store::MysqlUrl;

class MysqlUrlTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(MysqlUrlTest);
    CPPUNIT_TEST(thePartsAreRead);
    CPPUNIT_TEST(whatIsLeftOutIsTheUsual);
    CPPUNIT_TEST(everyCharacterCanBeWritten);
    CPPUNIT_TEST(filesAskForTheServerToBeChecked);
    CPPUNIT_TEST(itIsShownWithoutThePassword);
    CPPUNIT_TEST(whatIsNoAddressIsRefusedWithoutThePassword);
    CPPUNIT_TEST_SUITE_END();

    static void is(const std::string& expected, const std::string& actual) {
        CPPUNIT_ASSERT_EQUAL(expected, actual);
    }
    static std::string refused(const std::string& url) {
        try {
            MysqlUrl::parse(url);
        } catch (const std::runtime_error& refusal) {
            return refusal.what();
        }
        return "taken";
    }

public:
    void thePartsAreRead() {
        const auto url = MysqlUrl::parse("mysql://salon:secret@db.example.org:3307/chat"
                                         "?ssl=required&socket=/run/db.sock");
        is("salon", url.user);
        is("secret", url.password);
        is("db.example.org", url.host);
        CPPUNIT_ASSERT_EQUAL(std::uint16_t{3307}, url.port);
        is("chat", url.database);
        is("/run/db.sock", url.socket);
        CPPUNIT_ASSERT(url.tls == MysqlUrl::Tls::required);
        is("/run/db.sock", url.place());
    }

    void whatIsLeftOutIsTheUsual() {
        const auto url = MysqlUrl::parse("mysql://salon@[::1]/chat");
        is("", url.password);
        is("::1", url.host);
        is("[::1]:3306", url.place());
        CPPUNIT_ASSERT(url.tls == MysqlUrl::Tls::off);
        is("127.0.0.1:3306", MysqlUrl::parse("mysql://a:b@127.0.0.1/c").place());
    }

    void everyCharacterCanBeWritten() {
        const auto url = MysqlUrl::parse("mysql://s%40l:p%2f%3B%25%c3%a9:@h@host/d%20b");
        is("s@l", url.user);
        is("p/;%\xc3\xa9:@h", url.password);
        is("host", url.host);
        is("d b", url.database);
    }

    void itIsShownWithoutThePassword() {
        is("mysql://salon@db.example.org:3307/chat?ssl=verify",
           MysqlUrl::withoutPassword("mysql://salon:secret@db.example.org:3307/chat?ssl=verify"));
        is("mysql://s%40l@host/d", MysqlUrl::withoutPassword("mysql://s%40l:p%2f:@h@host/d"));
        is("mysql://salon@[::1]:81/chat", MysqlUrl::withoutPassword("mysql://salon@[::1]:81/chat"));
        is("mysql://a@h/c?socket=/x@y:z",
           MysqlUrl::withoutPassword("mysql://a:b@h/c?socket=/x@y:z"));
        CPPUNIT_ASSERT_THROW(MysqlUrl::withoutPassword("mysql://a:b"), std::runtime_error);
    }

    void filesAskForTheServerToBeChecked() {
        const auto url = MysqlUrl::parse("mysql://a:b@c/d?ssl-ca=/etc/ca.pem&ssl-cert=c&ssl-key=k");
        CPPUNIT_ASSERT(url.tls == MysqlUrl::Tls::verify);
        is("/etc/ca.pem", url.authority);
        is("c", url.certificate);
        is("k", url.key);
        CPPUNIT_ASSERT(MysqlUrl::parse("mysql://a:b@c/d?ssl=verify").tls == MysqlUrl::Tls::verify);
        CPPUNIT_ASSERT(MysqlUrl::parse("mysql://a:b@c/d?ssl=required&ssl-ca=x").tls ==
                       MysqlUrl::Tls::required);
    }

    void whatIsNoAddressIsRefusedWithoutThePassword() {
        struct {
            const char* url;
            const char* problem;
        } const cases[] = {
            {"mysql:salon:secret@host/db", "does not begin with mysql://"},
            {"mysql://salon:secret@host", "names no database"},
            {"mysql://salon:secret@host/", "names no database"},
            {"mysql://host/db", "names no user"},
            {"mysql://:secret@host/db", "names no user"},
            {"mysql://salon:secret@/db", "names no host"},
            {"mysql://salon:secret@host:0/db", "no port from 1 to 65535"},
            {"mysql://salon:secret@host:65536/db", "no port from 1 to 65535"},
            {"mysql://salon:secret@host:33o6/db", "no port from 1 to 65535"},
            {"mysql://salon:secret@[::1/db", "a [ without a ]"},
            {"mysql://salon:secret@[::1]3306/db", "something else than a port"},
            {"mysql://salon:secret%4@host/db",
             "a % without two hexadecimal digits in the password"},
            {"mysql://salon:secret%00@host/db", "a NUL in the password"},
            {"mysql://salon:sec?ret@host/db", "names no database"},
            {"mysql://salon:x@host/db?secret=1", "an unknown option"},
            {"mysql://salon:secret@host/db?ssl=maybe", "neither off nor required nor verify"},
            {"mysql://salon:secret@host/db?ssl-ca=", "an empty ssl-ca"},
            {"mysql://salon:secret@host/db?ssl=off&ssl-ca=x", "files for TLS and says ssl=off"},
            {"mysql://salon:secret@host/db?ssl-key=x", "ssl-cert and ssl-key without the other"},
        };
        for (const auto& each : cases) {
            const auto sentence = refused(each.url);
            CPPUNIT_ASSERT_MESSAGE(sentence, sentence.find(each.problem) != std::string::npos);
            CPPUNIT_ASSERT_MESSAGE(sentence, sentence.find("secret") == std::string::npos);
        }
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(MysqlUrlTest);
