#pragma once

#include "salon/Result.h"
#include "salon/Store.h"
#include "salon/Time.h"
#include "salon/auth/Users.h"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace salon::auth {

/// A user with what a login is checked against.
struct Account {
    User user;
    std::string password; ///< see StoredPassword
};

/// An account to be made; checked already.
struct NewAccount {
    std::string username;
    std::string folded;
    std::string displayName;
    std::string email; ///< empty: none, as its folded form
    std::string emailFolded;
    std::string password; ///< a PHC string
    Milliseconds createdAt = 0;
};

/// All the SQL of accounts, over one session with the database. The functions
/// throw Poco::Data::DataException when the database fails.
class AccountStore {
public:
    explicit AccountStore(Session& session) : _session(session) {}

    std::optional<User> find(std::int64_t id);
    /// Those of these ids that there are, in no order.
    std::vector<User> findMany(std::span<const std::int64_t> ids);
    std::optional<User> findByName(const std::string& folded);
    std::optional<Account> accountById(std::int64_t id);
    /// Nobody else changes it while the transaction lasts.
    void lock(std::int64_t id);
    /// Those behind `after` in order of id, at most `limit`.
    std::vector<User> list(std::int64_t after, std::int64_t limit);
    std::optional<Account> accountByName(const std::string& folded);
    std::optional<Account> accountByEmail(const std::string& folded);

    /// Which of the two somebody has already: fields with the code `taken`.
    std::vector<FieldError> taken(const std::string& folded, const std::string& emailFolded);
    /// The new user, or `conflict` when somebody was faster.
    Result<User> insert(const NewAccount& account);

    /// `user`, `moderator` or `admin`.
    void setRole(std::int64_t id, const std::string& role);
    void setProfile(std::int64_t id, const std::string& displayName, const std::string& avatar);
    /// Empty: none. `conflict` when it is somebody else's.
    Result<void> setEmail(std::int64_t id, const std::string& email, const std::string& folded);
    /// Those that are disabled.
    std::vector<std::int64_t> disabled();
    /// Replaces `old` and nothing else: a password that changed meanwhile stays. Whether it was
    /// replaced.
    bool replacePassword(std::int64_t user, const std::string& old, const std::string& fresh);

private:
    Session& _session;
};

/// `conflict` for what taken() found.
Error takenError(std::vector<FieldError> fields);

} // namespace salon::auth
