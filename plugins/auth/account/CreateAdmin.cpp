#include "account/CreateAdmin.h"

#include "Options.h"
#include "account/AccountStore.h"
#include "account/Username.h"

#include "salon/Time.h"

namespace salon::auth {

namespace {

Result<std::string> run(ProgramContext& context, const std::string& value,
                        PasswordHash::Cost cost) {
    const auto username = Username::parse(value);
    if (!username) return username.error();
    const auto options = Options::read(context.configuration());
    const auto password = preparePassword(context.readSecret("Password for " + username->shown),
                                          options.passwordLeast);
    if (!password) return password.error();
    const auto hash = PasswordHash::of(*password, cost);
    if (!hash) return hash.error();
    const NewAccount account{
        username->shown, username->folded, username->shown, "", "", hash->phc(), now()};
    const auto made = context.write([&](Session& session) -> Result<void> {
        AccountStore accounts(session);
        const auto user = accounts.insert(account);
        if (!user) return user.error();
        accounts.setRole(user->id, "admin");
        return {};
    });
    if (!made && made.error().code == Code::conflict) {
        return Error{Code::conflict, made.error().message + " in " + context.place() +
                                         ": take another, or give that account the role admin "
                                         "(salond(8), \"Disabling an account, giving a role\")"};
    }
    if (!made) return made.error();
    return "the administrator " + username->shown + " can log in now (" + context.place() + ')';
}

} // namespace

ProgramCommand createAdmin(PasswordHash::Cost cost) {
    return {"create-admin", "NAME",
            "make an administrator; the password is read from standard input",
            [cost](ProgramContext& context, const std::string& value) {
                return run(context, value, cost);
            }};
}

} // namespace salon::auth
