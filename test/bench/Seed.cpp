#include "Seed.h"

#include <Poco/Data/SQLite/Connector.h>
#include <Poco/Data/Session.h>
#include <Poco/Data/Statement.h>

#include <algorithm>
#include <chrono>

namespace salon::bench {

using namespace Poco::Data::Keywords;
using Poco::Data::Session;
using Poco::Data::Statement;

namespace {

Session open(const std::string& database) {
    Poco::Data::SQLite::Connector::registerConnector();
    return Session(Poco::Data::SQLite::Connector::KEY, database);
}

void seedUsers(Session& session, std::int64_t users, std::int64_t now) {
    Poco::Int64 id = 0;
    Poco::Int64 created = now;
    std::string name;
    // Nobody logs in by password here, so none is set.
    Statement account =
        (session << "INSERT INTO user_account (id, username, folded, display_name, created_at) "
                    "VALUES (?, ?, ?, ?, ?)",
         use(id), use(name), use(name), use(name), use(created));
    Statement login = (session << "INSERT INTO session (id, user, created_at) VALUES (?, ?, ?)",
                       use(id), use(id), use(created));
    for (id = 1; id <= users; ++id) {
        name = "user-" + std::to_string(id);
        account.execute();
        login.execute();
    }
}

void seedConversations(Session& session, std::int64_t sociable, std::int64_t now) {
    struct {
        Poco::Int64 id = 0;
        Poco::Int64 low = 0;
        Poco::Int64 high = 0;
        Poco::Int64 created = 0;
        std::string content = "salut";
    } row; // what the statements are bound to
    row.created = now;
    // The conversation's one message bears the conversation's number.
    Statement conversation =
        (session << "INSERT INTO conversation (id, kind, seq, rev, last_message, created_at) "
                    "VALUES (?, 1, 1, 1, ?, ?)",
         use(row.id), use(row.id), use(row.created));
    Statement pair =
        (session << "INSERT INTO direct_pair (low, high, conversation) VALUES (?, ?, ?)",
         use(row.low), use(row.high), use(row.id));
    Statement members =
        (session << "INSERT INTO conversation_member (conversation, user_id, received_seq, "
                    "read_seq, moved_rev, joined_at) VALUES (?, ?, 0, 0, 0, ?), (?, ?, 0, 0, 0, ?)",
         use(row.id), use(row.low), use(row.created), use(row.id), use(row.high), use(row.created));
    Statement message =
        (session << "INSERT INTO message (id, conversation, seq, rev, created_rev, sender, "
                    "content, created_at, edited_at, deleted, reply_to) "
                    "VALUES (?, ?, 1, 1, 1, ?, ?, ?, 0, 0, 0)",
         use(row.id), use(row.id), use(row.low), use(row.content), use(row.created));
    for (std::int64_t user = 0; user < sociable; ++user) {
        for (std::int64_t step = 1; step <= conversationsEach / 2; ++step) {
            const auto other = (user + step) % sociable;
            row.low = std::min(user, other) + 1;
            row.high = std::max(user, other) + 1;
            ++row.id;
            conversation.execute();
            pair.execute();
            members.execute();
            message.execute();
        }
    }
}

} // namespace

void seed(const std::string& database, std::int64_t users, std::int64_t sociable) {
    const auto now = std::chrono::duration_cast<std::chrono::milliseconds>(
                         std::chrono::system_clock::now().time_since_epoch())
                         .count();
    auto session = open(database);
    session << "BEGIN IMMEDIATE", Poco::Data::Keywords::now;
    seedUsers(session, users, now);
    seedConversations(session, sociable, now);
    session << "COMMIT", Poco::Data::Keywords::now;
}

std::int64_t countMessages(const std::string& database) {
    auto session = open(database);
    Poco::Int64 count = 0;
    session << "SELECT COUNT(*) FROM message", into(count), Poco::Data::Keywords::now;
    return count;
}

} // namespace salon::bench
