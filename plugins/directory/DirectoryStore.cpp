#include "DirectoryStore.h"

#include <tuple>
#include <utility>

namespace salon::directory {

namespace {

// Greater than every text that begins with what it is appended to: U+10FFFF is no character, and
// neither a username nor a display name holds one.
constexpr std::string_view lastCharacter = "\xf4\x8f\xbf\xbf";

// MariaDB walks an index from a comparison of rows with its first column alone; SQLite from the
// same written out not in order.
constexpr const char* findSql[] = {
    "SELECT word, name, user_id FROM directory_word"
    " WHERE (word, name, user_id) > (?, ?, ?) AND word < ? AND shared < ?"
    " ORDER BY word, name, user_id LIMIT ?",
    "SELECT word, name, user_id FROM directory_word"
    " WHERE (word > ? OR (word = ? AND (name > ? OR (name = ? AND user_id > ?))))"
    " AND word < ? AND shared < ? ORDER BY word, name, user_id LIMIT ?"};
constexpr const char* everybodySql[] = {
    "SELECT name, user_id FROM directory_person WHERE (name, user_id) > (?, ?)"
    " ORDER BY name, user_id LIMIT ?",
    "SELECT name, user_id FROM directory_person"
    " WHERE (name > ? OR (name = ? AND user_id > ?)) ORDER BY name, user_id LIMIT ?"};

using Words = std::vector<std::tuple<std::string, std::string, std::int64_t>>;
using Names = std::vector<std::tuple<std::string, std::int64_t>>;

Words selectWords(Session& session, const Place& from, const std::string& end, std::size_t shared,
                  std::int64_t limit) {
    if (session.dialect() == Dialect::sqlite) {
        return session.select<std::string, std::string, std::int64_t>(
            findSql[0], from.word, from.name, from.user, end, shared, limit);
    }
    return session.select<std::string, std::string, std::int64_t>(
        findSql[1], from.word, from.word, from.name, from.name, from.user, end, shared, limit);
}

Names selectNames(Session& session, const Place& after, std::int64_t limit) {
    if (session.dialect() == Dialect::sqlite) {
        return session.select<std::string, std::int64_t>(everybodySql[0], after.name, after.user,
                                                         limit);
    }
    return session.select<std::string, std::int64_t>(everybodySql[1], after.name, after.name,
                                                     after.user, limit);
}

} // namespace

std::vector<Place> DirectoryStore::find(const std::string& prefix, const Place& after,
                                        std::int64_t limit) {
    const auto from = after.user == 0 ? Place{prefix, {}, 0} : after;
    std::vector<Place> places;
    for (auto& [word, name, user] :
         selectWords(_session, from, prefix + std::string(lastCharacter), prefix.size(), limit)) {
        places.push_back({std::move(word), std::move(name), user});
    }
    return places;
}

std::vector<Place> DirectoryStore::everybody(const Place& after, std::int64_t limit) {
    std::vector<Place> places;
    for (auto& [name, user] : selectNames(_session, after, limit)) {
        places.push_back({{}, std::move(name), user});
    }
    return places;
}

std::map<std::int64_t, Listing> DirectoryStore::listed(std::int64_t after, std::int64_t last) {
    std::map<std::int64_t, Listing> listings;
    for (auto& [user, name, display] : _session.select<std::int64_t, std::string, std::string>(
             "SELECT user_id, name, display FROM directory_person"
             " WHERE user_id > ? AND user_id <= ? ORDER BY user_id",
             after, last)) {
        listings.emplace_hint(listings.end(), user, Listing{std::move(name), std::move(display)});
    }
    return listings;
}

void DirectoryStore::put(std::int64_t user, const Listing* listing) {
    const auto kept = listed(user - 1, user);
    if (!kept.empty()) {
        const auto& old = kept.begin()->second;
        if (listing && *listing == old) return;
        for (const auto& word : wordsOf(old)) {
            _session.execute(
                "DELETE FROM directory_word WHERE word = ? AND name = ? AND user_id = ?", word.text,
                old.name, user);
        }
        _session.execute("DELETE FROM directory_person WHERE user_id = ?", user);
    }
    if (!listing) return;
    _session.execute("INSERT INTO directory_person (user_id, name, display) VALUES (?, ?, ?)", user,
                     listing->name, listing->display);
    for (const auto& word : wordsOf(*listing)) {
        _session.execute(
            "INSERT INTO directory_word (word, name, user_id, shared) VALUES (?, ?, ?, ?)",
            word.text, listing->name, user, word.shared);
    }
}

} // namespace salon::directory
