#pragma once

#include "Dialogue.h"

#include <cstdint>
#include <string>
#include <vector>

namespace salon::wire {

/// Two people with a connection each.
struct Couple {
    Person alice;
    Person bob;
};

/// What every dialogue about conversations starts from, and what such stories say again and again.
class Talk : public Dialogue {
protected:
    /// Nobody is slowed down: how often one may speak is another story.
    Daemon::Defines defines() const override { return {{"ws.rate", "1000000"}}; }
    /// The same people and messages, and these keys besides.
    void restartWith(const std::string& key, const std::string& value);

    Couple couple();
    Person connected(const std::string& name);

    /// `/api/v1/conversations/ID` and what follows.
    static std::string path(std::int64_t conversation, const std::string& rest = {});
    /// GET …/messages, which must succeed.
    static Json messages(const Person& reader, std::int64_t conversation,
                         const std::string& query = {});
    static Json changes(const Person& reader, std::int64_t conversation, std::int64_t since);
    static Json overview(const Person& reader, std::int64_t conversation);
    static Reply post(const Person& sender, std::int64_t conversation, const std::string& id,
                      const std::string& content, const std::string& members = {});
    /// Sends each text and waits for its ack. @returns the last one
    static Json sendAll(Person& sender, const Person& to, const std::vector<std::string>& texts);
    /// The frame `{members,"id":…}` is refused with this code, and its id echoed.
    static Json refused(Person& person, const std::string& members, const std::string& code);

    /// Statements on the daemon's database.
    void execute(const std::string& sql);
    std::int64_t count(const std::string& sql);
    /// The role is changed while the daemon is down, as it keeps accounts in memory.
    void makeRole(const Person& person, const std::string& role);
};

/// Members are as they should be; the whole value is in the message when not.
void shows(const Json& value, const std::string& member, std::int64_t number);
void shows(const Json& value, const std::string& member, const std::string& text);
/// One member of each element: `"1 2 3"`.
std::string numbers(const std::vector<Json>& list, const std::string& member);
std::string texts(const std::vector<Json>& list, const std::string& member);
/// `"1 2 3"`, from `first` to `last`.
std::string counting(std::int64_t first, std::int64_t last);
/// 2026-11-20T21:00:00.123Z
bool isTime(const std::string& text);

} // namespace salon::wire
