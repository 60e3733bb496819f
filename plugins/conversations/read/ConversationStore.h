#pragma once

#include "Model.h"
#include "salon/Store.h"

#include <cstdint>
#include <optional>

// Every reading query of the plugin. All of it runs with a worker's session; what belongs together
// is read in one transaction, so that a page, its head and its receipts are of one moment.

namespace salon::conversations {

/// Bounds of a page.
struct PageLimit {
    std::int64_t messages = 50;
    std::size_t bytes = 1 << 20; ///< as JSON; at least one message is always taken
};

/// Groups several reads into one snapshot.
class Snapshot {
public:
    explicit Snapshot(Session& session);
    ~Snapshot();
    Snapshot(const Snapshot&) = delete;
    Snapshot& operator=(const Snapshot&) = delete;

private:
    Session& _session;
};

/// nullopt when there is no such conversation.
std::optional<Direct> findConversation(Session& session, Id conversation);
/// The id of the pair's conversation; 0 when there is none.
Id findPair(Session& session, Id low, Id high);
std::optional<Message> findMessage(Session& session, Id message);
Receipts findReceipts(Session& session, Id conversation);

/// Oldest first. `before` and `after` are sequence numbers; at most one is given; none: the newest.
Page readHistory(Session& session, Id conversation, std::optional<std::int64_t> before,
                 std::optional<std::int64_t> after, const PageLimit& limit);

/// What came after `since`, each message once, in order of rev. A page may be short, or empty, with
/// more behind it: only so much is looked at for one.
Changes readChanges(Session& session, Id conversation, std::int64_t since, const PageLimit& limit);

/// The newest messages, as changes that lead to the head.
Changes readNewest(Session& session, Id conversation, const PageLimit& limit);

/// Whether anything, messages or watermarks, may have changed for a client that holds `rev`: a
/// watermark that moved at a rev below it was told before that rev was.
bool changedSince(Session& session, Id conversation, std::int64_t rev);

std::optional<Overview> readOverview(Session& session, const Direct& direct, Id viewer);

/// One user's conversations with a message, latest activity first, of older activity than `before`
/// (a message's id; 0: from the start), at most `limit`.
std::vector<Overview> listConversations(Session& session, Id user, Id before, std::int64_t limit);
/// The ids of all of them.
std::vector<Id> listConversationIds(Session& session, Id user);
/// The other users of a user's direct conversations, those without a message too.
std::vector<Id> listPeers(Session& session, Id user);

} // namespace salon::conversations
