#pragma once

#include "Model.h"
#include "salon/Store.h"

#include <cstdint>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

// A conversation's messages by their seq, without an index over it.
//
// A message names the one before it in its conversation (`previous`), and the head names the
// newest; as seq counts up without gaps, so many steps lead to any seq. So that far steps are
// short, message_mark has every 32nd message: a range is entered at the first mark at or above its
// end, or at the newest message when there is none, and walked down in one statement. A page of 50
// reads 16 messages more than with an index on average, 31 at most. In return a new message is
// written where all new messages are, and nowhere else: an index has each one written into a page
// of its own when there are many conversations, which cost more than everything else about it
// together (11.6 µs of processor against 2.6 with ten thousand conversations and a million
// messages, SQLite).
//
// Messages are never removed (a deleted one keeps its place), so that no chain breaks;
// `salond --verify-store` walks all of them.

namespace salon::conversations {

/// Each so many messages of a conversation one is marked: seq 32, 64, 96…
constexpr std::int64_t markEvery = 32;

/// Where a conversation stands; zeros when there is no such conversation.
struct Head {
    std::int64_t seq = 0;
    std::int64_t rev = 0;
};
Head readHead(Session& session, Id conversation);

/// Messages with above < seq <= last, in order of seq.
std::vector<Message> readChain(Session& session, Id conversation, std::int64_t above,
                               std::int64_t last);

/// How many messages with read < seq <= last others than `viewer` have sent and not deleted. Only
/// the newest 10,000 are looked at: what a stranger has sent must not make every look at a list
/// dear.
std::int64_t countUnread(Session& session, Id conversation, Id viewer, std::int64_t read,
                         std::int64_t last);

// A macro, because a statement must be one fixed text.
#define MESSAGE_COLUMNS(of)                                                                        \
    of "id, " of "conversation, " of "seq, " of "rev, " of "created_rev, " of "sender, " of        \
       "content, " of "created_at, " of "edited_at, " of "deleted, " of "reply_to"

/// The messages of a statement that selects MESSAGE_COLUMNS.
template <class... Args>
std::vector<Message> selectMessages(Session& session, const char* sql, const Args&... args) {
    std::vector<Message> messages;
    session.each<Id, Id, std::int64_t, std::int64_t, std::int64_t, Id, std::string, Milliseconds,
                 Milliseconds, std::int64_t, Id>(
        sql,
        [&](Id id, Id conversation, std::int64_t seq, std::int64_t rev, std::int64_t createdRev,
            Id from, std::string content, Milliseconds timestamp, Milliseconds editedAt,
            std::int64_t deleted, Id replyTo) {
            messages.push_back({id, conversation, seq, rev, createdRev, from, std::move(content),
                                timestamp, editedAt, deleted != 0, replyTo});
        },
        args...);
    return messages;
}

} // namespace salon::conversations
