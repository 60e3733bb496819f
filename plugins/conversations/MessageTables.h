#pragma once

#include "Model.h"
#include "salon/Store.h"

#include <optional>
#include <string>

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

/// Rows that are gathered and go to the database together.
class MessageTables {
public:
    explicit MessageTables(Session& session);

    void addConversation(const Direct& direct, Milliseconds now);
    void addMessage(const Message& message);
    void addSent(Id sender, const std::string& clientId, Id message, std::int64_t digest);
    void updateHead(Id conversation, std::int64_t seq, std::int64_t rev, Id lastMessage);
    void updateReceipt(Id conversation, const Receipt& receipt, std::int64_t movedRev);
    /// An edit or deletion; what was gathered goes first.
    void changeMessage(const Message& message, std::int64_t headSeq);
    /// Sends the messages gathered so far, so that they can be read.
    void flushMessages();
    void flush();
    /// Forgets what was gathered.
    void drop();

private:
    using Number = Poco::Int64;
    Session& _session;
    Bulk<Number, Number, Number, Number, Number, Number, std::string, Number, Number>& _messages;
    Bulk<std::string, Number, Number, Number>& _sent;
    Bulk<Number, Number, Number, Number>& _heads;
    Bulk<Number, Number, Number, Number, Number>& _receipts;
};

} // namespace salon::conversations
