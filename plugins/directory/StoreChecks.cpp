#include "StoreChecks.h"

#include "Listing.h"

#include <algorithm>
#include <string>
#include <tuple>

namespace salon::directory {

namespace {

constexpr std::int64_t atOnce = 1000;

/// Each row of the words is one of its person's.
void checkWords(Session& session, Findings& findings) {
    session.each<std::string, std::string, std::int64_t, std::int64_t, std::int64_t, std::string,
                 std::string>(
        "SELECT w.word, w.name, w.user_id, w.shared, COALESCE(p.user_id, 0), "
        "COALESCE(p.name, ''), COALESCE(p.display, '') FROM directory_word w "
        "LEFT JOIN directory_person p ON p.user_id = w.user_id",
        [&](const std::string& word, const std::string& name, std::int64_t user,
            std::int64_t shared, std::int64_t person, std::string known, std::string display) {
            const Listing listing{std::move(known), std::move(display)};
            const auto words = wordsOf(listing);
            const bool right =
                person != 0 && name == listing.name &&
                std::any_of(words.begin(), words.end(), [&](const Word& each) {
                    return each.text == word && static_cast<std::int64_t>(each.shared) == shared;
                });
            if (right) return;
            findings.add("user " + std::to_string(user) + ": the word \"" + word +
                         (person == 0 ? "\" is of nobody who can be found"
                                      : "\" is not as this person's name gives it"));
        });
}

/// Nobody lacks a word: each is looked for, as the table has no order by people.
void checkPeople(Session& session, Findings& findings) {
    using People = std::vector<std::tuple<std::int64_t, std::string, std::string>>;
    People people;
    std::int64_t after = 0;
    do {
        people = session.select<std::int64_t, std::string, std::string>(
            "SELECT user_id, name, display FROM directory_person WHERE user_id > ? "
            "ORDER BY user_id LIMIT ?",
            after, atOnce);
        for (const auto& [user, name, display] : people) {
            after = user;
            for (const auto& word : wordsOf({name, display})) {
                if (session.first<std::int64_t>("SELECT user_id FROM directory_word "
                                                "WHERE word = ? AND name = ? AND user_id = ?",
                                                word.text, name, user)) {
                    continue;
                }
                findings.add("user " + std::to_string(user) + ": cannot be found by \"" +
                             word.text + '"');
            }
        }
    } while (people.size() == static_cast<std::size_t>(atOnce));
}

} // namespace

std::vector<StoreCheck> storeChecks() {
    return {{"every word leads to a person whose name has it", checkWords},
            {"every person can be found by all words of the name", checkPeople}};
}

} // namespace salon::directory
