#include "password/StoredPassword.h"

#include "auth/AuthFixture.h"
#include "password/Bcrypt.h"
#include "password/Login.h"
#include "password/PasswordChange.h"

#include <cppunit/extensions/HelperMacros.h>

#include <string>

using namespace salon::auth;
using namespace salon::auth::fixture;

class StoredPasswordTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(StoredPasswordTest);
    CPPUNIT_TEST(bcryptsOwnTestVectorsMatch);
    CPPUNIT_TEST(whatIsNotQuiteBcryptIsNothing);
    CPPUNIT_TEST(onlyTheFirst72BytesCount);
    CPPUNIT_TEST(argon2idIsComparedAsBefore);
    CPPUNIT_TEST(aLoginReplacesAnImportedHash);
    CPPUNIT_TEST(aWrongPasswordReplacesNothing);
    CPPUNIT_TEST(anImportedPasswordCanBeChanged);
    CPPUNIT_TEST_SUITE_END();

    /// Of crypt_blowfish's tests, for `U*U`.
    const std::string known = "$2a$05$CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW";

    static bool matches(const std::string& stored, const std::string& password) {
        const auto parsed = StoredPassword::parse(stored);
        CPPUNIT_ASSERT_MESSAGE(stored, parsed);
        const auto same = parsed->matches(password);
        CPPUNIT_ASSERT(same);
        return *same;
    }
    static std::string storedOf(Rooms& rooms) {
        return AccountStore(*rooms.store.session).accountByName("bob")->password;
    }
    void insertBob(Rooms& rooms) {
        CPPUNIT_ASSERT(
            AccountStore(*rooms.store.session).insert({"bob", "bob", "bob", "", "", known, 1}));
    }
    static int login(Rooms& rooms, const std::string& password) {
        Login login(rooms.entrance, quick);
        Answer answer;
        login.handle(Request(R"({"login":"bob","password":")" + password + R"("})"),
                     answer.responder());
        rooms.hashers.run();
        return answer.status();
    }

public:
    void bcryptsOwnTestVectorsMatch() {
        CPPUNIT_ASSERT(matches(known, "U*U"));
        CPPUNIT_ASSERT(
            matches("$2a$05$CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK", "U*U*"));
        CPPUNIT_ASSERT(
            matches("$2a$05$XXXXXXXXXXXXXXXXXXXXXOAcXxm9kjPGEMsLznoKqmqw7tc8WCx4a", "U*U*U"));
        CPPUNIT_ASSERT(
            matches("$2b$04$abcdefghijklmnopqrstuuzzfwLY11Q0O66TF2XZ7FUib2Ngtn1va", "Grüße"));
        CPPUNIT_ASSERT(matches("$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
                               "correct horse"));
        for (const std::string wrong : {"", "U*", "U*U*", "u*u"}) {
            CPPUNIT_ASSERT_MESSAGE(wrong, !matches(known, wrong));
        }
    }

    void whatIsNotQuiteBcryptIsNothing() {
        CPPUNIT_ASSERT(isBcrypt(known));
        const auto with = [&](std::size_t at, char c) {
            auto text = known;
            text[at] = c;
            return text;
        };
        for (const auto& text :
             {std::string(), known + "x", known.substr(1), with(0, 'x'), with(1, '1'), with(2, 'x'),
              with(3, '2'), with(4, '3'), with(4, 'x'), with(5, ':'), with(6, '.'), with(20, '$'),
              with(59, '\0'), "$2a$15" + known.substr(6), "$2a$03" + known.substr(6),
              std::string("$1$abc$def"), std::string("garbage")}) {
            CPPUNIT_ASSERT_MESSAGE(text, !StoredPassword::parse(text));
        }
    }

    void onlyTheFirst72BytesCount() {
        const std::string hash = "$2b$04$abcdefghijklmnopqrstuubzadhGtS2zEF.gu0yd0opP6cVzb.e0i";
        CPPUNIT_ASSERT(matches(hash, std::string(80, 'x')));
        CPPUNIT_ASSERT(matches(hash, std::string(72, 'x')));
        CPPUNIT_ASSERT(!matches(hash, std::string(71, 'x')));
    }

    void argon2idIsComparedAsBefore() {
        const auto hash = PasswordHash::of("correct horse", quick)->phc();
        CPPUNIT_ASSERT(matches(hash, "correct horse"));
        CPPUNIT_ASSERT(!matches(hash, "wrong horse"));
        CPPUNIT_ASSERT(!StoredPassword::parse(hash)->weakerThan(quick));
        CPPUNIT_ASSERT(StoredPassword::parse(hash)->weakerThan({}));
        CPPUNIT_ASSERT(StoredPassword::parse(known)->weakerThan(quick));
    }

    void aLoginReplacesAnImportedHash() {
        Rooms rooms;
        insertBob(rooms);
        CPPUNIT_ASSERT_EQUAL(200, login(rooms, "U*U"));
        CPPUNIT_ASSERT(storedOf(rooms).starts_with("$argon2id$"));
        CPPUNIT_ASSERT_EQUAL(200, login(rooms, "U*U"));
        CPPUNIT_ASSERT_EQUAL(401, login(rooms, "U*U*"));
    }

    void aWrongPasswordReplacesNothing() {
        Rooms rooms;
        insertBob(rooms);
        CPPUNIT_ASSERT_EQUAL(401, login(rooms, "U*V"));
        CPPUNIT_ASSERT_EQUAL(known, storedOf(rooms));
    }

    void anImportedPasswordCanBeChanged() {
        Rooms rooms;
        insertBob(rooms);
        PasswordChange change(rooms.entrance, quick);
        Request request(R"({"current":"U*U","new":"battery staple"})");
        request.who = {1, rooms.enter(1).session};
        Answer answer;
        change.handle(request, answer.responder());
        rooms.hashers.run();
        CPPUNIT_ASSERT_EQUAL(204, answer.status());
        CPPUNIT_ASSERT_EQUAL(200, login(rooms, "battery staple"));
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(StoredPasswordTest);
