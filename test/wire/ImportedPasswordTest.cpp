#include "Dialogue.h"

#include <Poco/Data/Session.h>

/// People whose accounts come from elsewhere keep their passwords.
class ImportedPasswordTest : public salon::wire::Dialogue {
    CPPUNIT_TEST_SUITE(ImportedPasswordTest);
    CPPUNIT_TEST(aBcryptHashIsGoodOnceAndThenReplaced);
    CPPUNIT_TEST_SUITE_END();

    std::string stored() {
        auto database = salon.openStore();
        std::string password;
        database << "SELECT password FROM user_account", Poco::Data::Keywords::into(password),
            Poco::Data::Keywords::now;
        return password;
    }
    salon::wire::Reply login(const std::string& password) {
        return salon.http().post("/api/v1/auth/login",
                                 R"({"login":"alice","password":")" + password + R"("})");
    }

public:
    void aBcryptHashIsGoodOnceAndThenReplaced() {
        salon.person("alice");
        {
            auto database = salon.openStore();
            database << "UPDATE user_account SET password = "
                        "'$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e'",
                Poco::Data::Keywords::now;
        }
        login("wrong horse").isProblem(401, "unauthorized");
        CPPUNIT_ASSERT(stored().starts_with("$2y$"));
        login("correct horse").is(200);
        CPPUNIT_ASSERT(stored().starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        login("correct horse").is(200);
        login("wrong horse").isProblem(401, "unauthorized");
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(ImportedPasswordTest);
