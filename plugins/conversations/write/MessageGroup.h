#pragma once

#include "salon/Lru.h"
#include "write/MessageTables.h"
#include "write/Writes.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// The lane's side of the plugin: where sequence numbers are given.
//
// A batch goes through in two steps. prepare(): retries are found, hooks are asked; once. apply():
// inside the transaction every write takes its numbers from the staged head of its conversation,
// rows are gathered, and all of them go to the database in a few executions. What was staged
// becomes the truth in committed(), and is forgotten in rolledBack(): then each write is tried
// alone, with the heads as they were.
//
// On SQLite nobody else writes, so that heads are remembered from batch to batch. Where others
// write at the same time (Session::shared()) nothing is: a batch first locks the heads that it
// touches, in order of id, and reads them under the lock; ids come from the database; and when the
// batch is made again, because another writer was in the way, retries are looked for again, as that
// other writer may have stored the first.
//
// Adding a kind of write: a class in Writes.h, its case in applyOne().

namespace salon::conversations {

class MessageGroup final : public WriteGroup {
public:
    explicit MessageGroup(const Outlets& outlets);

    void prepare(Session& session, std::span<Write* const> writes) override;
    void apply(Session& session, std::span<Write* const> writes) override;
    void committed() override;
    void rolledBack() override;

private:
    struct Member {
        Receipt receipt;
        std::int64_t movedRev = 0;
        bool moved = false;
        ReceiptWrite* last = nullptr; // the write of this batch that tells where it came to
    };
    struct Head {
        std::int64_t seq = 0;
        std::int64_t rev = 0;
        Id lastMessage = 0;
        bool advanced = false;
        bool membersKnown = false;
        std::vector<Member> members;

        void keep(const std::vector<StoredMember>& stored);
        Member* member(Id user);
        void keepMovesUntold();
    };
    struct Batch; // what prepare() has seen so far

    void prepareSend(Session& session, SendWrite& write, Batch& batch);
    void answerRetry(Session& session, SendWrite& write, const Sent& sent);
    template <class E, class W> void ask(const Hook<E>& hook, E event, W& write);
    void askHook(SendWrite& write);
    void askHook(ChangeWrite& write);

    void applyOne(Session& session, MessageTables& tables, MessageWrite& write);
    void applySend(Session& session, MessageTables& tables, SendWrite& write);
    static void shareOutcome(SendWrite& write);
    void applyChange(Session& session, MessageTables& tables, ChangeWrite& write);
    void applyReceipt(Session& session, ReceiptWrite& write);
    /// Makes the pair's conversation unless it exists; true when it was made.
    bool ensureConversation(Session& session, MessageTables& tables, Direct& direct);
    Head& head(Session& session, Id conversation);
    Head& headWithMembers(Session& session, Id conversation);

    // Where others write too.
    void findRetries(Session& session, std::span<Write* const> writes);
    void lockHeads(Session& session, std::span<Write* const> writes);

    const Outlets& _outlets;
    bool _loaded = false;
    bool _alone = false; // one write is tried by itself
    bool _shared = false;
    bool _again = false; // a batch is made again since prepare()
    LastIds _ids;        // the highest given, while nobody else gives any
    MessageBlock _block;
    Milliseconds _now = 0;

    Lru<Id, std::shared_ptr<const Head>> _heads;           // committed
    std::unordered_map<Id, std::shared_ptr<Head>> _staged; // of the batch at hand
    std::unordered_map<std::string, Id> _stagedPairs;      // conversations made in it
    std::unordered_map<Id, Message> _changed;              // messages changed in it
};

} // namespace salon::conversations
