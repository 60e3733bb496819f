#include "verify/HeadCheck.h"

#include <algorithm>
#include <limits>

namespace salon::conversations {

namespace {

/// Each time, all messages are passed.
constexpr std::int64_t atOnce = 100'000;
constexpr auto noBound = std::numeric_limits<Id>::max();

std::string range(std::int64_t from, std::int64_t to) {
    if (from == to) return std::to_string(from) + " is missing";
    return std::to_string(from) + " to " + std::to_string(to) + " are missing";
}

} // namespace

void HeadCheck::run() {
    for (bool more = true; more;) {
        more = load();
        count();
        readChanges();
        readMessages();
        readMembers();
        for (auto& [id, state] : _states) judge(id, state);
        _from = _to;
    }
}

bool HeadCheck::load() {
    _states.clear();
    _session.each<Id, std::int64_t, std::int64_t, std::int64_t, Id>(
        "SELECT id, kind, seq, rev, last_message FROM conversation WHERE id > ? ORDER BY id LIMIT "
        "?",
        [&](Id id, std::int64_t kind, std::int64_t seq, std::int64_t rev, Id last) {
            auto& state = _states[id];
            state.kind = kind;
            state.seq = seq;
            state.rev = rev;
            state.lastMessage = last;
        },
        _from, atOnce);
    const bool more = _states.size() == static_cast<std::size_t>(atOnce);
    // Rows of conversations that are not there lie between and behind those that are.
    _to = more ? _states.rbegin()->first : noBound;
    return more;
}

/// Beforehand: a head that is far off must not make the table of revs as large.
void HeadCheck::count() {
    _session.each<Id>(
        "SELECT conversation FROM message WHERE conversation > ? AND conversation <= ?",
        [&](Id id) {
            if (const auto at = _states.find(id); at != _states.end()) ++at->second.messages;
        },
        _from, _to);
    _session.each<Id, std::int64_t>(
        "SELECT conversation, COUNT(*) FROM message_change WHERE conversation > ? "
        "AND conversation <= ? GROUP BY conversation",
        [&](Id id, std::int64_t changes) {
            if (const auto at = _states.find(id); at != _states.end()) at->second.changes = changes;
        },
        _from, _to);
    for (auto& [id, state] : _states) {
        const auto most = state.messages + state.changes;
        state.revs.resize(static_cast<std::size_t>(std::clamp<std::int64_t>(state.rev, 0, most)));
    }
}

void HeadCheck::readMessages() {
    _session.each<Id, std::int64_t, std::int64_t, std::int64_t, Id, Id>(
        "SELECT conversation, seq, rev, created_rev, id, previous FROM message "
        "WHERE conversation > ? AND conversation <= ? ORDER BY id",
        [&](Id conversation, std::int64_t seq, std::int64_t rev, std::int64_t createdRev, Id id,
            Id previous) {
            const auto name = "message " + std::to_string(id);
            auto* const state = find(conversation, name.c_str());
            if (!state) return;
            if (seq > state->lastSeq + 1) {
                say(conversation, "seq " + range(state->lastSeq + 1, seq - 1));
            }
            if (seq <= state->lastSeq) {
                say(conversation, name + " has seq " + std::to_string(seq) + ", which is given");
            }
            if (createdRev <= state->lastRev) {
                say(conversation, name + " was made at rev " + std::to_string(createdRev) +
                                      ", which is not above that of the message before it");
            }
            if (previous != state->last) {
                say(conversation, name + " names message " + std::to_string(previous) +
                                      " as the one before it, which is " +
                                      std::to_string(state->last));
            }
            if (rev < createdRev || rev > state->rev) {
                say(conversation, name + " has rev " + std::to_string(rev) +
                                      ", which is not between that of its creation and the head's");
            }
            mark(conversation, *state, createdRev);
            state->lastSeq = seq;
            state->lastRev = createdRev;
            state->last = id;
        },
        _from, _to);
}

void HeadCheck::readChanges() {
    _session.each<Id, std::int64_t, std::int64_t>(
        "SELECT conversation, rev, seq FROM message_change "
        "WHERE conversation > ? AND conversation <= ? ORDER BY conversation, rev",
        [&](Id conversation, std::int64_t rev, std::int64_t seq) {
            const auto name = "the change of rev " + std::to_string(rev);
            auto* const state = find(conversation, name.c_str());
            if (!state) return;
            // Each rev up to it was a message or one of these.
            const auto right = rev - ++state->changesSeen;
            if (seq != right) {
                say(conversation, name + " says that seq was " + std::to_string(seq) +
                                      " then, where it was " + std::to_string(right));
            }
            mark(conversation, *state, rev);
        },
        _from, _to);
}

void HeadCheck::readMembers() {
    _session.each<Id, Id, std::int64_t, std::int64_t, std::int64_t>(
        "SELECT conversation, user_id, received_seq, read_seq, moved_rev FROM conversation_member "
        "WHERE conversation > ? AND conversation <= ? ORDER BY conversation, user_id",
        [&](Id conversation, Id user, std::int64_t received, std::int64_t read,
            std::int64_t movedRev) {
            const auto name = "the member " + std::to_string(user);
            auto* const state = find(conversation, name.c_str());
            if (!state) return;
            ++state->members;
            if (read < 0 || read > received) {
                say(conversation, name + " has read up to seq " + std::to_string(read) +
                                      " and received up to " + std::to_string(received));
            }
            if (received > state->seq) {
                say(conversation, name + " has received up to seq " + std::to_string(received) +
                                      ", beyond the head's " + std::to_string(state->seq));
            }
            if (movedRev < 0 || movedRev > state->rev) {
                say(conversation, "a watermark of " + name + " moved at rev " +
                                      std::to_string(movedRev) + ", beyond the head's " +
                                      std::to_string(state->rev));
            }
        },
        _from, _to);
}

void HeadCheck::judge(Id id, State& state) {
    if (state.lastSeq != state.seq) {
        say(id, "its head has seq " + std::to_string(state.seq) + ", its newest message " +
                    std::to_string(state.lastSeq));
    }
    if (state.last != state.lastMessage) {
        say(id, "its head names message " + std::to_string(state.lastMessage) +
                    " as the newest, which is " + std::to_string(state.last));
    }
    for (std::size_t at = 0; at < state.revs.size();) {
        const auto end = std::find(state.revs.begin() + static_cast<std::ptrdiff_t>(at),
                                   state.revs.end(), true) -
                         state.revs.begin();
        if (static_cast<std::size_t>(end) > at) {
            say(id, "rev " + range(static_cast<std::int64_t>(at) + 1, end));
        }
        at = static_cast<std::size_t>(end) + 1;
    }
    if (state.rev != state.messages + state.changes) {
        say(id, "its head has rev " + std::to_string(state.rev) + ", where " +
                    std::to_string(state.messages) + " messages and " +
                    std::to_string(state.changes) + " changes make " +
                    std::to_string(state.messages + state.changes));
    }
    if (state.kind == 1 && state.members != 2) {
        say(id, "it is a direct one and has " + std::to_string(state.members) + " members");
    }
    if (state.kind != 1 && state.kind != 2) say(id, "it is of no known kind");
}

void HeadCheck::mark(Id id, State& state, std::int64_t rev) {
    if (rev < 1 || rev > state.rev) {
        say(id,
            "rev " + std::to_string(rev) + " is beyond the head's " + std::to_string(state.rev));
        return;
    }
    const auto at = static_cast<std::size_t>(rev - 1);
    if (at >= state.revs.size()) return; // judge() says that the head is too high
    if (state.revs[at]) say(id, "rev " + std::to_string(rev) + " is given twice");
    state.revs[at] = true;
}

HeadCheck::State* HeadCheck::find(Id id, const char* what) {
    const auto found = _states.find(id);
    if (found != _states.end()) return &found->second;
    say(id, std::string(what) + " is of this conversation, which does not exist");
    return nullptr;
}

void HeadCheck::say(Id id, const std::string& what) {
    _findings.add("conversation " + std::to_string(id) + ": " + what);
}

} // namespace salon::conversations
