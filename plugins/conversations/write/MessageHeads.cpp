#include "read/ConversationStore.h"
#include "write/MessageGroup.h"

#include <algorithm>
#include <memory>

// The heads of a batch: those that are known, those that are read, and those that are locked first
// because others write too.

namespace salon::conversations {

namespace {

std::string pairKey(const Direct& direct) {
    return std::to_string(direct.low) + ':' + std::to_string(direct.high);
}

} // namespace

void MessageGroup::Head::keep(const std::vector<StoredMember>& stored) {
    members.clear();
    for (const auto& member : stored) members.push_back({member.receipt, member.movedRev});
    membersKnown = true;
}

MessageGroup::Member* MessageGroup::Head::member(Id user) {
    for (auto& candidate : members) {
        if (candidate.receipt.user == user) return &candidate;
    }
    return nullptr;
}

/// A rev that is learned from an HTTP answer must not hide watermarks that moved at the rev before.
void MessageGroup::Head::keepMovesUntold() {
    for (auto& member : members) {
        if (member.receipt.received > 0 && member.movedRev >= rev) member.moved = true;
    }
}

void MessageGroup::lockHeads(Session& session, std::span<Write* const> writes) {
    std::vector<Id> ids;
    for (auto* each : writes) {
        const auto& write = static_cast<MessageWrite&>(*each);
        if (write.settled) continue;
        auto id = write.givenId;
        if (id == 0) {
            id = findPair(session, write.direct.low, write.direct.high);
            if (id == 0) continue;
            _stagedPairs.emplace(pairKey(write.direct), id);
        }
        ids.push_back(id);
    }
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    conversations::lockHeads(session, ids, [this](Id id, const StoredHead& stored) {
        auto& head = _staged[id] = std::make_shared<Head>();
        head->seq = stored.seq;
        head->rev = stored.rev;
        head->lastMessage = stored.lastMessage;
    });
}

MessageGroup::Head& MessageGroup::head(Session& session, Id conversation) {
    auto& staged = _staged[conversation];
    if (staged) return *staged;
    if (_shared) {
        staged = std::make_shared<Head>();
        // Made by somebody else a moment ago.
        conversations::lockHeads(session, {&conversation, 1}, [&](Id, const StoredHead& stored) {
            staged->seq = stored.seq;
            staged->rev = stored.rev;
            staged->lastMessage = stored.lastMessage;
        });
        // He may have taken his ids behind those that are left.
        _block.end();
        return *staged;
    }
    if (const auto known = _heads.get(conversation)) {
        staged = std::make_shared<Head>(**known);
        return *staged;
    }
    staged = std::make_shared<Head>();
    if (const auto stored = readStoredHead(session, conversation)) {
        staged->seq = stored->seq;
        staged->rev = stored->rev;
        staged->lastMessage = stored->lastMessage;
        staged->keep(stored->members);
    }
    return *staged;
}

MessageGroup::Head& MessageGroup::headWithMembers(Session& session, Id conversation) {
    auto& at = head(session, conversation);
    if (!at.membersKnown) at.keep(readMembers(session, conversation));
    return at;
}

bool MessageGroup::ensureConversation(Session& session, MessageTables& tables, Direct& direct) {
    if (direct.id != 0) return false;
    const auto key = pairKey(direct);
    const auto staged = _stagedPairs.find(key);
    if (staged != _stagedPairs.end()) {
        direct.id = staged->second;
        return false;
    }
    direct.id = findPair(session, direct.low, direct.high);
    if (direct.id != 0) return false;
    if (!_shared) direct.id = ++_ids.conversation;
    direct.id = tables.addConversation(direct, _now);
    _stagedPairs.emplace(key, direct.id);
    if (_shared) _staged[direct.id] = std::make_shared<Head>();
    return true;
}

void MessageGroup::committed() {
    for (auto& [id, head] : _staged) {
        head->advanced = false;
        for (auto& member : head->members) {
            member.moved = false;
            member.last = nullptr;
        }
        if (!_shared) _heads.put(id, head);
    }
    _staged.clear();
    _stagedPairs.clear();
    _changed.clear();
    _block.end();
}

void MessageGroup::rolledBack() {
    // Forgotten, not wound back: it can have happened all the same.
    for (const auto& [id, head] : _staged) _heads.erase(id);
    _staged.clear();
    _stagedPairs.clear();
    _changed.clear();
    _loaded = false;
    _again = true;
    _block.end();
    _block.distrust();
}

} // namespace salon::conversations
