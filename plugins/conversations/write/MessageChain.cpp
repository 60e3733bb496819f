#include "write/MessageChain.h"

#include <algorithm>

namespace salon::conversations {

namespace {

/// MariaDB and MySQL end a recursion after a thousand steps.
constexpr std::int64_t stepsMost = 900;
constexpr std::int64_t unreadMost = 10'000;

// `back(id, previous, seq, sender, deleted)`: the messages from the first mark at or above the seq
// that is bound second, or from the newest, down to the seq that is bound last. Binds conversation,
// seq, conversation, seq.
#define WALK_BACK                                                                                  \
    "WITH RECURSIVE back (id, previous, seq, sender, deleted) AS ("                                \
    "SELECT id, previous, seq, sender, deleted FROM message WHERE id = COALESCE("                  \
    "(SELECT message FROM message_mark WHERE conversation = ? AND seq >= ? ORDER BY seq LIMIT "    \
    "1), "                                                                                         \
    "(SELECT last_message FROM conversation WHERE id = ?)) "                                       \
    "UNION ALL SELECT m.id, m.previous, m.seq, m.sender, m.deleted FROM back b "                   \
    "JOIN message m ON m.id = b.previous AND m.seq = b.seq - 1 WHERE b.seq > ?) "

} // namespace

Head readHead(Session& session, Id conversation) {
    const auto row = session.first<std::int64_t, std::int64_t>(
        "SELECT seq, rev FROM conversation WHERE id = ?", conversation);
    return row ? Head{std::get<0>(*row), std::get<1>(*row)} : Head{};
}

std::vector<Message> readChain(Session& session, Id conversation, std::int64_t above,
                               std::int64_t last) {
    std::vector<Message> messages;
    for (above = std::max<std::int64_t>(above, 0); above < last;) {
        const auto end = std::min(last, above + stepsMost);
        auto part = selectMessages(
            session,
            WALK_BACK "SELECT " MESSAGE_COLUMNS(
                "m.") " FROM back b "
                      "JOIN message m ON m.id = b.id WHERE b.seq <= ? ORDER BY b.seq",
            conversation, end, conversation, above + 1, end);
        messages.insert(messages.end(), std::make_move_iterator(part.begin()),
                        std::make_move_iterator(part.end()));
        above = end;
    }
    return messages;
}

std::int64_t countUnread(Session& session, Id conversation, Id viewer, std::int64_t read,
                         std::int64_t last) {
    std::int64_t unread = 0;
    for (read = std::max(read, last - unreadMost); read < last;) {
        const auto end = std::min(last, read + stepsMost);
        const auto row = session.first<std::int64_t>(
            WALK_BACK "SELECT COUNT(*) FROM back WHERE seq <= ? AND sender <> ? AND deleted = 0",
            conversation, end, conversation, read + 1, end, viewer);
        unread += std::get<0>(*row);
        read = end;
    }
    return unread;
}

} // namespace salon::conversations
