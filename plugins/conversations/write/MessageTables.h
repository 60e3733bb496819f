#pragma once

#include "Model.h"
#include "salon/Store.h"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// Every writing statement of the plugin, and the lookups of its lane. All inside a lane's
// transaction, or before it (the lookups).

namespace salon::conversations {

/// Highest ids given so far.
struct LastIds {
    Id conversation = 0;
    Id message = 0;
};
LastIds readLastIds(Session& session);

struct StoredMember {
    Receipt receipt;
    std::int64_t movedRev = 0; ///< the head's rev when a watermark of his last moved
};
struct StoredHead {
    std::int64_t seq = 0;
    std::int64_t rev = 0;
    Id lastMessage = 0;
    std::vector<StoredMember> members;
};
/// nullopt when there is no such conversation.
std::optional<StoredHead> readStoredHead(Session& session, Id conversation);

struct Sent {
    Id message = 0;
    std::int64_t digest = 0;
};
std::optional<Sent> findSent(Session& session, Id sender, const std::string& clientId);

// ---- where others write too (Session::shared())

struct SentKey {
    Id sender = 0;
    std::string_view clientId;
    bool operator==(const SentKey&) const = default;
};
struct SentKeyHash {
    std::size_t operator()(const SentKey& key) const {
        return std::hash<std::string_view>()(key.clientId) ^ static_cast<std::size_t>(key.sender);
    }
};
using SentByKey = std::unordered_map<SentKey, Sent, SentKeyHash>;
/// Those of `keys` that were sent before; the keys are those given.
SentByKey findSentMany(Session& session, std::span<const SentKey> keys);

/// Locks the heads in order of id, which must be that of `conversations`, and calls
/// `locked(conversation, head)` for each that there is, without its members.
void lockHeads(Session& session, std::span<const Id> conversations,
               const std::function<void(Id, const StoredHead&)>& locked);
std::vector<StoredMember> readMembers(Session& session, Id conversation);

/// Ids of messages that nobody else is given, higher than all that were given before: a block for
/// each batch, taken once the heads are locked, and another one when a further head is locked, so
/// that ids rise with seq. What is not used of a block is never given.
class MessageBlock {
public:
    Id next(Session& session);
    /// The rest of the block is not used.
    void end() { _left = 0; }
    /// The counter may be behind the table, as after an import: looks before the next block.
    void distrust() { _trusted = false; }

private:
    void take(Session& session);
    Id _next = 0;
    int _left = 0;
    bool _trusted = false;
};

/// Rows that are gathered and go to the database together.
class MessageTables {
public:
    explicit MessageTables(Session& session);

    /// With the id of `direct`, or with one that the database gives if that is 0. Returns the id.
    Id addConversation(const Direct& direct, Milliseconds now);
    /// @param previous the one before it in its conversation, 0 for the first
    void addMessage(const Message& message, Id previous);
    void addSent(Id sender, const std::string& clientId, Id message, std::int64_t digest);
    void updateHead(Id conversation, std::int64_t seq, std::int64_t rev, Id lastMessage);
    void updateReceipt(Id conversation, const Receipt& receipt, std::int64_t movedRev);
    /// An edit or deletion of a message that is not one of those gathered.
    void changeMessage(const Message& message, std::int64_t headSeq);
    void flush();
    /// Forgets what was gathered.
    void drop();

private:
    using Number = std::int64_t;
    Session& _session;
    Bulk<Number, Number, Number, Number, Number, Number, std::string, Number, Number, Number>&
        _messages;
    Bulk<Number, Number, Number>& _marks;
    Bulk<std::string, Number, Number, Number>& _sent;
    Bulk<Number, Number, Number, Number>& _heads;
    Bulk<Number, Number, Number, Number, Number>& _receipts;
    Bulk<Number, Number, Number, Number>& _changes;
    Bulk<Number, std::string, Number, Number, Number>& _changed;
};

} // namespace salon::conversations
