#include "account/CreateAdmin.h"

#include "Options.h"
#include "account/AccountStore.h"
#include "auth/AuthFixture.h"

#include <cppunit/extensions/HelperMacros.h>

#include <map>
#include <string>

using namespace salon::auth;
using namespace salon::auth::fixture;

namespace {

/// The defaults of the plugin's keys.
class Standards final : public salon::Configuration, public salon::Settings {
public:
    Standards() {
        Options::declare(*this);
        declare({"http.origins", salon::Setting::Type::list, "", ""});
    }
    void declare(salon::Setting setting) override { _values[setting.key] = setting.standard; }
    std::string text(const std::string& key) const override { return _values.at(key); }
    std::int64_t integer(const std::string& key) const override { return std::stoll(text(key)); }
    std::chrono::milliseconds duration(const std::string& key) const override {
        return std::chrono::seconds(std::stoll(text(key)));
    }
    std::vector<std::string> list(const std::string&) const override { return {}; }

private:
    std::map<std::string, std::string> _values;
};

class Context final : public salon::ProgramContext {
public:
    explicit Context(Rooms& rooms) : _rooms(rooms) {}
    const salon::Configuration& configuration() const override { return _standards; }
    std::string place() const override { return "sqlite:/here.db"; }
    salon::Result<void>
    write(const std::function<salon::Result<void>(salon::Session&)>& fn) override {
        ++writes;
        return fn(*_rooms.store.session);
    }
    std::string readSecret(const std::string& prompt) override {
        prompts.push_back(prompt);
        return secret;
    }

    std::string secret = "correct horse";
    std::vector<std::string> prompts;
    int writes = 0;

private:
    Rooms& _rooms;
    Standards _standards;
};

} // namespace

class CreateAdminTest : public CppUnit::TestFixture {
    CPPUNIT_TEST_SUITE(CreateAdminTest);
    CPPUNIT_TEST(anAdministratorIsMade);
    CPPUNIT_TEST(badNamesAndPasswordsAreRefused);
    CPPUNIT_TEST(aNameIsMadeOnce);
    CPPUNIT_TEST_SUITE_END();

    Rooms rooms;
    Context context{rooms};
    const salon::ProgramCommand command = createAdmin(quick);

public:
    void anAdministratorIsMade() {
        const auto said = command.run(context, "Root");
        CPPUNIT_ASSERT(said);
        CPPUNIT_ASSERT_EQUAL(std::string("the administrator Root can log in now (sqlite:/here.db)"),
                             *said);
        CPPUNIT_ASSERT(context.prompts == std::vector<std::string>{"Password for Root"});
        const auto account = AccountStore(*rooms.store.session).accountByName("root");
        CPPUNIT_ASSERT(account);
        CPPUNIT_ASSERT_EQUAL(std::string("admin"), account->user.role);
        CPPUNIT_ASSERT_EQUAL(std::string("Root"), account->user.displayName);
        CPPUNIT_ASSERT(*PasswordHash::parse(account->password)->matches("correct horse"));
    }

    void badNamesAndPasswordsAreRefused() {
        const auto name = command.run(context, "a b");
        CPPUNIT_ASSERT(!name && name.error().message.find("username") != std::string::npos);
        CPPUNIT_ASSERT(context.prompts.empty());
        context.secret = "short";
        const auto secret = command.run(context, "root");
        CPPUNIT_ASSERT(!secret && secret.error().message.find("password") != std::string::npos);
        CPPUNIT_ASSERT_EQUAL(0, context.writes); // the first one makes a database
        CPPUNIT_ASSERT_EQUAL(std::int64_t{0}, rooms.count("SELECT COUNT(*) FROM user_account"));
    }

    void aNameIsMadeOnce() {
        CPPUNIT_ASSERT(command.run(context, "root"));
        const auto again = command.run(context, "ROOT");
        CPPUNIT_ASSERT(!again && again.error().code == salon::Code::conflict);
        CPPUNIT_ASSERT_EQUAL(
            std::string("the username is taken in sqlite:/here.db: take another, or give that "
                        "account the role admin (salond(8), \"Disabling an account, giving a "
                        "role\")"),
            again.error().message);
    }
};

CPPUNIT_TEST_SUITE_REGISTRATION(CreateAdminTest);
