#pragma once

#include "Model.h"
#include "salon/StoreCheck.h"

#include <map>
#include <string>
#include <vector>

namespace salon::conversations {

/// Each conversation against its head: seq and rev count up by one from 1 to it, each rev is the
/// creation of one message or one change, and watermarks are within it. Some conversations at a
/// time; a bit for each rev of those is all that is kept.
class HeadCheck {
public:
    HeadCheck(Session& session, Findings& findings) : _session(session), _findings(findings) {}
    void run();

private:
    struct State {
        std::int64_t kind = 0;
        std::int64_t seq = 0;
        std::int64_t rev = 0;
        Id lastMessage = 0;
        std::int64_t messages = 0; ///< in its tables
        std::int64_t changes = 0;
        std::int64_t members = 0;
        // While its rows pass.
        std::int64_t lastSeq = 0;
        std::int64_t lastRev = 0;
        Id last = 0;
        std::int64_t changesSeen = 0;
        std::vector<bool> revs;
    };

    /// Reads the next conversations behind `_from`; false behind the last one.
    bool load();
    void count();
    void readMessages();
    void readChanges();
    void readMembers();
    void judge(Id id, State& state);
    void mark(Id id, State& state, std::int64_t rev);
    State* find(Id id, const char* what);
    void say(Id id, const std::string& what);

    Session& _session;
    Findings& _findings;
    Id _from = 0;
    Id _to = 0;
    std::map<Id, State> _states;
};

} // namespace salon::conversations
