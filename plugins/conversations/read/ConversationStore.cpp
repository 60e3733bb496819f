#include "read/ConversationStore.h"

#include "write/MessageChain.h"

#include <algorithm>
#include <limits>
#include <string>

namespace salon::conversations {

namespace {

constexpr auto noBound = std::numeric_limits<std::int64_t>::max();
/// So many of the changes behind a rev, and of the messages, are looked at for one page: how many
/// were changed again is up to whoever writes them, and must not make reading dear.
constexpr std::int64_t lookedAtMost = 2000;
constexpr std::int64_t walkedAtOnce = 256;

/// What a message takes in a frame, at most.
std::size_t encodedSize(const Message& message) {
    constexpr std::size_t members = 320; // all but the content
    const auto escaped = std::count_if(message.content.begin(), message.content.end(), [](char c) {
        return c == '"' || c == '\\' || c == '\n' || c == '\t';
    });
    return members + message.content.size() + static_cast<std::size_t>(escaped);
}

/// Cuts a list, nearest to the asker first, to the limit; true when something was cut.
bool cut(std::vector<Message>& messages, const PageLimit& limit) {
    std::size_t count = 0;
    std::size_t bytes = 0;
    for (const auto& message : messages) {
        bytes += encodedSize(message);
        if (count == static_cast<std::size_t>(limit.messages) || (count > 0 && bytes > limit.bytes))
            break;
        ++count;
    }
    const bool more = count < messages.size();
    messages.resize(count);
    return more;
}

/// A range of messages in order of rev: everything up to `rev` was looked at.
struct Looked {
    std::vector<Message> messages;
    std::int64_t rev = 0;
};

/// Messages that were changed after their creation, in order of their last change. A change that
/// was followed by another one of its message is passed over.
Looked readChanged(Session& session, const Head& head, Id conversation, std::int64_t since,
                   std::int64_t limit) {
    const auto last = session.first<std::int64_t>(
        "SELECT rev FROM message_change WHERE conversation = ? AND rev > ? ORDER BY rev "
        "LIMIT 1 OFFSET ?",
        conversation, since, lookedAtMost - 1);
    const auto rev = last ? std::get<0>(*last) : head.rev;
    return {selectMessages(session,
                           "SELECT " MESSAGE_COLUMNS(
                               "m.") " FROM message_change c "
                                     "JOIN message m ON m.id = c.message AND m.rev = c.rev "
                                     "WHERE c.conversation = ? AND c.rev > ? AND c.rev <= ? "
                                     "ORDER BY c.rev LIMIT ?",
                           conversation, since, rev, limit),
            rev};
}

/// The oldest, at most `limit`, of those of seq above `seq` that were never changed.
Looked readUnchanged(Session& session, const Head& head, Id conversation, std::int64_t seq,
                     std::int64_t limit) {
    Looked unchanged{{}, head.rev};
    const auto end = seq + std::min(lookedAtMost, head.seq - seq);
    for (auto step = limit; seq < end && std::ssize(unchanged.messages) < limit;
         step = std::min(step * 2, walkedAtOnce)) {
        const auto last = seq + std::min(step, end - seq);
        auto walked = readChain(session, conversation, seq, last);
        unchanged.rev = last < head.seq && !walked.empty() ? walked.back().createdRev : head.rev;
        for (auto& message : walked) {
            if (message.rev == message.createdRev) {
                unchanged.messages.push_back(std::move(message));
            }
        }
        seq = last;
    }
    return unchanged;
}

/// The head's seq when the head's rev was `rev`: between two changes every rev is a new message.
std::int64_t seqAtRev(Session& session, Id conversation, std::int64_t rev) {
    const auto change = session.first<std::int64_t, std::int64_t>(
        "SELECT rev, seq FROM message_change WHERE conversation = ? AND rev <= ? "
        "ORDER BY rev DESC LIMIT 1",
        conversation, rev);
    return change ? std::get<1>(*change) + (rev - std::get<0>(*change)) : rev;
}

} // namespace

Snapshot::Snapshot(Session& session) : _session(session) {
    _session.execute("BEGIN");
}

Snapshot::~Snapshot() {
    try {
        _session.execute("ROLLBACK"); // nothing was written
    } catch (const Poco::Exception&) {
        // The session is broken; its next use says so.
    }
}

std::optional<Direct> findConversation(Session& session, Id conversation) {
    const auto users = session.select<Id>(
        "SELECT user_id FROM conversation_member WHERE conversation = ? ORDER BY user_id",
        conversation);
    if (users.size() != 2) return std::nullopt;
    return Direct{conversation, std::get<0>(users[0]), std::get<0>(users[1])};
}

Id findPair(Session& session, Id low, Id high) {
    const auto row = session.first<Id>(
        "SELECT conversation FROM direct_pair WHERE low = ? AND high = ?", low, high);
    return row ? std::get<0>(*row) : 0;
}

std::optional<Message> findMessage(Session& session, Id message) {
    auto messages = selectMessages(
        session, "SELECT " MESSAGE_COLUMNS("") " FROM message WHERE id = ?", message);
    if (messages.empty()) return std::nullopt;
    return std::move(messages.front());
}

Receipts findReceipts(Session& session, Id conversation) {
    Receipts receipts;
    for (const auto& [user, received, read] : session.select<Id, std::int64_t, std::int64_t>(
             "SELECT user_id, received_seq, read_seq FROM conversation_member "
             "WHERE conversation = ? ORDER BY user_id",
             conversation)) {
        receipts.push_back({user, received, read});
    }
    return receipts;
}

Page readHistory(Session& session, Id conversation, std::optional<std::int64_t> before,
                 std::optional<std::int64_t> after, const PageLimit& limit) {
    const auto head = readHead(session, conversation);
    Page page;
    if (after) {
        const auto from = std::min(*after, head.seq);
        page.messages = readChain(session, conversation, from,
                                  from + std::min(limit.messages + 1, head.seq - from));
        page.more = cut(page.messages, limit);
        return page;
    }
    const auto last = before ? std::min(*before - 1, head.seq) : head.seq;
    page.messages = readChain(session, conversation, last - limit.messages - 1, last);
    std::reverse(page.messages.begin(), page.messages.end());
    page.more = cut(page.messages, limit);
    std::reverse(page.messages.begin(), page.messages.end());
    return page;
}

Changes readChanges(Session& session, Id conversation, std::int64_t since, const PageLimit& limit) {
    const auto head = readHead(session, conversation);
    if (since > head.rev) {
        auto changes = readNewest(session, conversation, limit);
        changes.reset = true;
        return changes;
    }
    Changes changes;
    changes.receipts = findReceipts(session, conversation);
    // New messages that were not changed since, and changed ones at their last change: two ranges,
    // each in order of rev.
    auto unchanged = readUnchanged(session, head, conversation,
                                   seqAtRev(session, conversation, since), limit.messages + 1);
    auto changed = readChanged(session, head, conversation, since, limit.messages + 1);
    changes.rev = std::min(unchanged.rev, changed.rev);
    auto& messages = changes.page.messages;
    messages = std::move(unchanged.messages);
    messages.insert(messages.end(), std::make_move_iterator(changed.messages.begin()),
                    std::make_move_iterator(changed.messages.end()));
    std::erase_if(messages, [&](const Message& each) { return each.rev > changes.rev; });
    std::sort(messages.begin(), messages.end(),
              [](const Message& a, const Message& b) { return a.rev < b.rev; });
    if (cut(messages, limit)) changes.rev = messages.back().rev;
    changes.page.more = changes.rev < head.rev;
    return changes;
}

Changes readNewest(Session& session, Id conversation, const PageLimit& limit) {
    Changes changes;
    changes.rev = readHead(session, conversation).rev;
    changes.receipts = findReceipts(session, conversation);
    changes.page = readHistory(session, conversation, std::nullopt, std::nullopt, limit);
    return changes;
}

bool changedSince(Session& session, Id conversation, std::int64_t rev) {
    if (readHead(session, conversation).rev != rev) return true;
    return session
        .first<Id>("SELECT user_id FROM conversation_member WHERE conversation = ? "
                   "AND moved_rev >= ? AND received_seq > 0 LIMIT 1",
                   conversation, rev)
        .has_value();
}

std::optional<Overview> readOverview(Session& session, const Direct& direct, Id viewer) {
    const auto row = session.first<std::int64_t, std::int64_t, Id>(
        "SELECT seq, rev, last_message FROM conversation WHERE id = ?", direct.id);
    if (!row) return std::nullopt;
    Overview overview;
    overview.direct = direct;
    overview.seq = std::get<0>(*row);
    overview.rev = std::get<1>(*row);
    overview.receipts = findReceipts(session, direct.id);
    if (const auto last = std::get<2>(*row)) {
        if (auto message = findMessage(session, last)) overview.last = std::move(*message);
    }
    std::int64_t read = 0;
    for (const auto& receipt : overview.receipts) {
        if (receipt.user == viewer) read = receipt.read;
    }
    overview.unread = countUnread(session, direct.id, viewer, read, overview.seq);
    return overview;
}

std::vector<Overview> listConversations(Session& session, Id user, Id before, std::int64_t limit) {
    std::vector<Overview> list;
    for (const auto& [id] : session.select<Id>(
             "SELECT c.id FROM conversation_member m JOIN conversation c ON c.id = m.conversation "
             "WHERE m.user_id = ? AND c.last_message > 0 AND c.last_message < ? "
             "ORDER BY c.last_message DESC LIMIT ?",
             user, before == 0 ? noBound : before, limit)) {
        const auto direct = findConversation(session, id);
        if (!direct) continue;
        if (auto overview = readOverview(session, *direct, user))
            list.push_back(std::move(*overview));
    }
    return list;
}

std::vector<Id> listPeers(Session& session, Id user) {
    std::vector<Id> peers;
    for (const auto& [peer] :
         session.select<Id>("SELECT high FROM direct_pair WHERE low = ? "
                            "UNION ALL SELECT low FROM direct_pair WHERE high = ?",
                            user, user)) {
        peers.push_back(peer);
    }
    return peers;
}

std::vector<Id> listConversationIds(Session& session, Id user) {
    std::vector<Id> ids;
    for (const auto& [id] : session.select<Id>(
             "SELECT c.id FROM conversation_member m JOIN conversation c ON c.id = m.conversation "
             "WHERE m.user_id = ? AND c.last_message > 0 ORDER BY c.last_message DESC",
             user)) {
        ids.push_back(id);
    }
    return ids;
}

} // namespace salon::conversations
