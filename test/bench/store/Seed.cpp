#include "store/Seed.h"

#include <Poco/Data/Statement.h>

#include <chrono>

namespace salon::bench {

using Poco::Data::Session;
using namespace Poco::Data::Keywords;

namespace {

constexpr std::int64_t day = 86'400'000;

std::int64_t milliseconds() {
    return std::chrono::duration_cast<std::chrono::milliseconds>(
               std::chrono::system_clock::now().time_since_epoch())
        .count();
}

std::string text(std::int64_t number) {
    return std::to_string(number);
}

void execute(Session& session, const std::string& sql) {
    session << sql, Poco::Data::Keywords::now;
}

/// @param insert up to its columns
/// @param select the values, over `n(i)`
void insert(Session& session, const Database& database, const std::string& insert,
            const std::string& select, std::int64_t first, std::int64_t last) {
    if (last < first) return;
    execute(session,
            "INSERT INTO " + insert + " " + database.numbers(first, last) + "SELECT " + select);
}

std::int64_t number(Session& session, const std::string& sql) {
    Poco::Int64 value = 0;
    session << sql, into(value), Poco::Data::Keywords::now;
    return value;
}

void seedUsers(Session& session, const Database& database, std::int64_t users, std::int64_t now) {
    const auto name = database.joined({"'user-'", "i"});
    // Nobody logs in by password here, so none is set.
    insert(session, database, "user_account (id, username, folded, display_name, created_at)",
           "i, " + name + ", " + name + ", " + name + ", " + text(now) + " FROM n", 1, users);
    insert(session, database,
           "session (id, user, created_at, last_used_at, expires_at, access_until, "
           "refresh_family, refresh_hash)",
           "i, i, " + text(now) + ", " + text(now) + ", " + text(now + 30 * day) + ", " +
               text(now + day) + ", " + database.joined({"'family-'", "i"}) + ", " +
               database.joined({"'hash-'", "i"}) + " FROM n",
           1, users);
}

void seedConversations(Session& session, const Database& database, std::int64_t sociable,
                       std::int64_t each, std::int64_t now) {
    const auto forward = each / 2; // the other half are those who count him as their next
    const auto user = database.quotient("i - 1", forward);
    const auto other = "(" + user + " + (i - 1) % " + text(forward) + " + 1) % " + text(sociable);
    const auto low =
        "CASE WHEN " + user + " < " + other + " THEN " + user + " ELSE " + other + " END + 1";
    const auto high =
        "CASE WHEN " + user + " < " + other + " THEN " + other + " ELSE " + user + " END + 1";
    const auto count = sociable * forward;
    const auto at = text(now);
    insert(session, database, "direct_pair (low, high, conversation)",
           low + ", " + high + ", i FROM n", 1, count);
    // The conversation's one message bears the conversation's number.
    insert(session, database, "conversation (id, kind, seq, rev, last_message, created_at)",
           "i, 1, 1, 1, i, " + at + " FROM n", 1, count);
    for (const auto& member : {low, high}) {
        insert(session, database,
               "conversation_member (conversation, user_id, received_seq, read_seq, moved_rev, "
               "joined_at)",
               "i, " + member + ", 0, 0, 0, " + at + " FROM n", 1, count);
    }
    insert(session, database,
           "message (id, conversation, seq, rev, created_rev, sender, content, created_at, "
           "edited_at, deleted, reply_to, previous)",
           "i, i, 1, 1, 1, " + low + ", 'salut', " + at + ", 0, 0, 0, 0 FROM n", 1, count);
}

} // namespace

void seedPeople(const Database& database, std::int64_t users, std::int64_t sociable,
                std::int64_t each) {
    const auto now = milliseconds();
    auto session = database.beginBulk();
    seedUsers(session, database, users, now);
    seedConversations(session, database, sociable, each, now);
    database.endBulk(std::move(session));
}

void seedMessages(const Database& database, std::int64_t conversations, std::int64_t each) {
    auto session = database.beginBulk();
    const auto base = number(session, "SELECT MAX(id) FROM message");
    // Found by its number, for each of millions of messages.
    execute(session, "CREATE TEMPORARY TABLE talk (id INTEGER PRIMARY KEY, seq BIGINT, rev BIGINT, "
                     "last_message BIGINT, sender BIGINT)");
    execute(session, "INSERT INTO talk SELECT c.id, c.seq, c.rev, c.last_message, p.low "
                     "FROM direct_pair p JOIN conversation c ON c.id = p.conversation");
    const auto count = conversations * each;
    const auto turn = database.quotient("i", conversations);
    const auto id = text(base + 1) + " + i";
    // One a millisecond, the last one an hour ago.
    const auto time = "(" + text(milliseconds() - 3'600'000 - count) + " + i)";
    insert(session, database,
           "message (id, conversation, seq, rev, created_rev, sender, content, created_at, "
           "edited_at, deleted, reply_to, previous)",
           id + ", c.id, c.seq + 1 + " + turn + ", c.rev + 1 + " + turn + ", c.rev + 1 + " + turn +
               ", c.sender, '" + std::string(100, 'x') + "', " + time +
               ", 0, 0, 0, CASE WHEN i < " + text(conversations) + " THEN c.last_message ELSE " +
               text(base + 1 - conversations) + " + i END FROM n JOIN talk c ON c.id = 1 + i % " +
               text(conversations),
           0, count - 1);
    execute(session, "INSERT INTO message_mark (conversation, seq, message) "
                     "SELECT conversation, seq, id FROM message WHERE id > " +
                         text(base) + " AND seq % 32 = 0 ORDER BY conversation, seq");
    // RFC 9562, 5.7: the time, then what tells ids of one millisecond apart.
    const auto uuid = database.joined(
        {database.hex(database.quotient(time, 65536), 8), "'-'", database.hex(time + " % 65536", 4),
         "'-7'", database.hex("i * 40503 % 4096", 3), "'-8'", database.hex("i * 48271 % 4096", 3),
         "'-'", database.hex("i * 2654435761 % 281474976710656", 12)});
    insert(session, database, "message_sent (client_id, sender, message, digest)",
           uuid + ", 1, " + id + ", i FROM n", 0, count - 1);
    execute(session, "UPDATE conversation SET seq = seq + " + text(each) + ", rev = rev + " +
                         text(each) +
                         ", last_message = " + text(base + (each - 1) * conversations) +
                         " + id WHERE id <= " + text(conversations));
    execute(session, "DROP TABLE talk");
    database.endBulk(std::move(session));
}

namespace {

std::string syllables(std::int64_t number, const std::string& beginnings) {
    static const std::string vowels = "aeiou";
    static const std::string consonants = "bdlmnrst";
    const auto take = [&](const std::string& letters) {
        const auto size = static_cast<std::int64_t>(letters.size());
        const auto letter = letters[static_cast<std::size_t>(number % size)];
        number /= size;
        return letter;
    };
    std::string name(1, take(beginnings));
    for (int i = 0; i < 3; ++i) {
        name += take(vowels);
        name += take(consonants);
    }
    return name;
}

} // namespace

std::string given(std::int64_t number) {
    return syllables(number, "abcdefghijklm");
}

std::string family(std::int64_t number) {
    return syllables(number, "nopqrstuvwxyz");
}

void seedDirectory(const Database& database, std::int64_t users) {
    const auto now = milliseconds();
    auto session = database.beginBulk();
    const auto base = number(session, "SELECT COALESCE(MAX(id), 0) FROM user_account");
    execute(session, "CREATE TEMPORARY TABLE name (id INTEGER PRIMARY KEY, given VARCHAR(16), "
                     "family VARCHAR(16))");
    for (std::int64_t i = 0; i < names; ++i) {
        execute(session, "INSERT INTO name VALUES (" + text(i) + ", '" + given(i) + "', '" +
                             family(i) + "')");
    }
    const auto from = " FROM n JOIN name g ON g.id = i % " + text(names) +
                      " JOIN name f ON f.id = (" + database.quotient("i", names) + " + i) % " +
                      text(names);
    const auto id = text(base) + " + i";
    const auto username = database.joined({"g.given", "f.family", "i"});
    const auto display = database.joined({"g.given", "' '", "f.family"});
    insert(session, database, "user_account (id, username, folded, display_name, created_at)",
           id + ", " + username + ", " + username + ", " + display + ", " + text(now) + from, 1,
           users);
    insert(session, database, "directory_person (user_id, name, display)",
           id + ", " + username + ", " + display + from, 1, users);
    // As the directory's own words: the display name, the username, which begins alike, and the
    // family name.
    const std::pair<std::string, std::string> words[] = {
        {display, "0"}, {username, "LENGTH(g.given)"}, {"f.family", "0"}};
    for (const auto& [word, shared] : words) {
        insert(session, database, "directory_word (word, name, user_id, shared)",
               word + ", " + username + ", " + id + ", " + shared + from, 1, users);
    }
    execute(session, "DROP TABLE name");
    database.endBulk(std::move(session));
}

std::int64_t countMessages(const Database& database) {
    auto session = database.session();
    return number(session, "SELECT COUNT(*) FROM message");
}

} // namespace salon::bench
