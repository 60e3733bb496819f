#include "account/AccountStore.h"

#include <Poco/Data/DataException.h>

#include <tuple>

namespace salon::auth {

namespace {

using Integer = std::int64_t;

User userOf(Integer id, std::string username, std::string displayName, std::string avatar,
            std::string role, std::string email, Integer disabled, Integer createdAt) {
    return {id,
            std::move(username),
            std::move(displayName),
            std::move(avatar),
            std::move(role),
            std::move(email),
            disabled != 0,
            createdAt};
}

template <class Value>
std::optional<User> readUser(Session& session, const char* sql, const Value& value) {
    auto row = session.first<Integer, std::string, std::string, std::string, std::string,
                             std::string, Integer, Integer>(sql, value);
    if (!row) return std::nullopt;
    return std::apply(userOf, std::move(*row));
}

template <class Value>
std::optional<Account> readAccount(Session& session, const char* sql, const Value& value) {
    auto row = session.first<Integer, std::string, std::string, std::string, std::string,
                             std::string, Integer, Integer, std::string>(sql, value);
    if (!row) return std::nullopt;
    auto& [id, username, displayName, avatar, role, email, disabled, createdAt, password] = *row;
    return Account{userOf(id, std::move(username), std::move(displayName), std::move(avatar),
                          std::move(role), std::move(email), disabled, createdAt),
                   std::move(password)};
}

FieldError emailTaken() {
    return {"email", "taken", "belongs to another account"};
}

} // namespace

std::optional<User> AccountStore::find(std::int64_t id) {
    return readUser(_session,
                    "SELECT id, username, display_name, avatar, role, email, disabled, created_at"
                    " FROM user_account WHERE id = ?",
                    id);
}

std::vector<User> AccountStore::findMany(std::span<const std::int64_t> ids) {
    std::vector<User> users;
    for (auto& row : _session.selectIn<Integer, std::string, std::string, std::string, std::string,
                                       std::string, Integer, Integer>(
             "SELECT id, username, display_name, avatar, role, email, disabled, created_at"
             " FROM user_account WHERE id IN",
             ids)) {
        users.push_back(std::apply(userOf, std::move(row)));
    }
    return users;
}

std::optional<User> AccountStore::findByName(const std::string& folded) {
    return readUser(_session,
                    "SELECT id, username, display_name, avatar, role, email, disabled, created_at"
                    " FROM user_account WHERE folded = ?",
                    folded);
}

std::optional<Account> AccountStore::accountById(std::int64_t id) {
    return readAccount(_session,
                       "SELECT id, username, display_name, avatar, role, email, disabled,"
                       " created_at, password FROM user_account WHERE id = ?",
                       id);
}

void AccountStore::lock(std::int64_t id) {
    if (!_session.shared()) return; // nobody else writes at all
    _session.execute("UPDATE user_account SET role = role WHERE id = ?", id);
}

std::vector<User> AccountStore::list(std::int64_t after, std::int64_t limit) {
    std::vector<User> users;
    for (auto& row : _session.select<Integer, std::string, std::string, std::string, std::string,
                                     std::string, Integer, Integer>(
             "SELECT id, username, display_name, avatar, role, email, disabled, created_at"
             " FROM user_account WHERE id > ? ORDER BY id LIMIT ?",
             after, limit)) {
        users.push_back(std::apply(userOf, std::move(row)));
    }
    return users;
}

std::optional<Account> AccountStore::accountByName(const std::string& folded) {
    return readAccount(_session,
                       "SELECT id, username, display_name, avatar, role, email, disabled,"
                       " created_at, password FROM user_account WHERE folded = ?",
                       folded);
}

std::optional<Account> AccountStore::accountByEmail(const std::string& folded) {
    // The second condition lets SQLite use the partial index, and keeps '' from meaning somebody.
    return readAccount(_session,
                       "SELECT id, username, display_name, avatar, role, email, disabled,"
                       " created_at, password FROM user_account"
                       " WHERE email_folded = ? AND email_folded <> ''",
                       folded);
}

std::vector<FieldError> AccountStore::taken(const std::string& folded,
                                            const std::string& emailFolded) {
    std::vector<FieldError> fields;
    if (_session.first<Integer>("SELECT id FROM user_account WHERE folded = ?", folded)) {
        fields.push_back({"username", "taken", "is taken"});
    }
    if (_session.first<Integer>(
            "SELECT id FROM user_account WHERE email_folded = ? AND email_folded <> ''",
            emailFolded)) {
        fields.push_back(emailTaken());
    }
    return fields;
}

Result<User> AccountStore::insert(const NewAccount& account) {
    try {
        const auto id = _session.insert(
            "INSERT INTO user_account"
            " (username, folded, display_name, email, email_folded, password, created_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            account.username, account.folded, account.displayName, account.email,
            account.emailFolded, account.password, account.createdAt);
        return *find(id.value());
    } catch (const Poco::Data::DataException&) {
        // Databases say in different words that a value must be unique: look instead.
        auto fields = taken(account.folded, account.emailFolded);
        if (fields.empty()) throw;
        return takenError(std::move(fields));
    }
}

void AccountStore::setRole(std::int64_t id, const std::string& role) {
    _session.execute("UPDATE user_account SET role = ? WHERE id = ?", role, id);
}

void AccountStore::setProfile(std::int64_t id, const std::string& displayName,
                              const std::string& avatar) {
    _session.execute("UPDATE user_account SET display_name = ?, avatar = ? WHERE id = ?",
                     displayName, avatar, id);
}

Result<void> AccountStore::setEmail(std::int64_t id, const std::string& email,
                                    const std::string& folded) {
    try {
        _session.execute("UPDATE user_account SET email = ?, email_folded = ? WHERE id = ?", email,
                         folded, id);
        return {};
    } catch (const Poco::Data::DataException&) {
        const auto owner = _session.first<Integer>(
            "SELECT id FROM user_account WHERE email_folded = ? AND email_folded <> '' AND id <> ?",
            folded, id);
        if (!owner) throw;
        return takenError({emailTaken()});
    }
}

std::vector<std::int64_t> AccountStore::disabled() {
    std::vector<std::int64_t> users;
    for (const auto& [id] :
         _session.select<Integer>("SELECT id FROM user_account WHERE disabled <> 0")) {
        users.push_back(id);
    }
    return users;
}

bool AccountStore::replacePassword(std::int64_t user, const std::string& old,
                                   const std::string& fresh) {
    return _session.execute("UPDATE user_account SET password = ? WHERE id = ? AND password = ?",
                            fresh, user, old) == 1;
}

Error takenError(std::vector<FieldError> fields) {
    std::string message;
    for (const auto& field : fields) {
        if (!message.empty()) message += "; ";
        message += "the " + field.field + ' ' + field.detail;
    }
    return {Code::conflict, std::move(message), std::move(fields)};
}

} // namespace salon::auth
