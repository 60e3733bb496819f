#include "write/MessageGroup.h"

#include "Content.h"
#include "read/ConversationStore.h"

#include <algorithm>
#include <functional>
#include <unordered_set>

namespace salon::conversations {

namespace {

constexpr std::size_t cachedHeads = 65536;

Error idConflict() {
    return {Code::conflict,
            "this id was used for another message; make a new one for each message"};
}

} // namespace

/// The sends of the batch that prepare() has seen, by their ids: a retry may come right behind.
struct MessageGroup::Batch {
    struct Hash {
        std::size_t operator()(const SendWrite* write) const {
            return std::hash<std::string>()(write->clientId) ^
                   static_cast<std::size_t>(write->sender);
        }
    };
    struct Equal {
        bool operator()(const SendWrite* a, const SendWrite* b) const {
            return a->sender == b->sender && a->clientId == b->clientId;
        }
    };
    std::unordered_set<SendWrite*, Hash, Equal> sends;
};

MessageGroup::MessageGroup(const Outlets& outlets) : _outlets(outlets), _heads(cachedHeads) {}

// ---- before the transaction

void MessageGroup::prepare(Session& session, std::span<Write* const> writes) {
    Batch batch;
    _shared = session.shared();
    _again = false;
    // One snapshot for all lookups: each by itself would lock the file and let it go again.
    const Snapshot snapshot(session);
    if (_shared) findRetries(session, writes);
    for (auto* each : writes) {
        auto& write = static_cast<MessageWrite&>(*each);
        if (write.settled) continue;
        write.givenId = write.direct.id;
        if (write.kind == MessageWrite::Kind::send) {
            prepareSend(session, static_cast<SendWrite&>(write), batch);
        } else if (write.kind == MessageWrite::Kind::change) {
            askHook(static_cast<ChangeWrite&>(write));
        }
        write.settled = write.refusal.has_value() || write.settled;
    }
}

void MessageGroup::prepareSend(Session& session, SendWrite& write, Batch& batch) {
    if (!write.clientId.empty()) {
        const auto [earlier, fresh] = batch.sends.insert(&write);
        if (!fresh && !(*earlier)->refusal) {
            write.twin = *earlier;
            return;
        }
        if (!fresh) {
            // A refused send has not used its id: this one is judged by itself.
            batch.sends.erase(earlier);
            batch.sends.insert(&write);
        }
        if (!_shared) {
            if (const auto sent = findSent(session, write.sender, write.clientId)) {
                answerRetry(session, write, *sent);
                return;
            }
        }
    }
    if (write.replyTo != 0) {
        const auto target = findMessage(session, write.replyTo);
        if (!target ||
            target->conversation != findPair(session, write.direct.low, write.direct.high)) {
            write.refusal =
                Error{Code::notFound, "there is no message " + std::to_string(write.replyTo) +
                                          " in this conversation to reply to"};
            return;
        }
    }
    askHook(write);
}

/// All at once, as each question takes a way to the server and back.
void MessageGroup::findRetries(Session& session, std::span<Write* const> writes) {
    std::vector<SentKey> keys;
    for (auto* each : writes) {
        const auto& write = static_cast<MessageWrite&>(*each);
        if (write.kind != MessageWrite::Kind::send || write.settled) continue;
        const auto& send = static_cast<const SendWrite&>(write);
        if (!send.clientId.empty()) keys.push_back({send.sender, send.clientId});
    }
    if (keys.empty()) return;
    const auto found = findSentMany(session, keys);
    if (found.empty()) return;
    for (auto* each : writes) {
        auto& write = static_cast<MessageWrite&>(*each);
        if (write.kind != MessageWrite::Kind::send || write.settled) continue;
        auto& send = static_cast<SendWrite&>(write);
        const auto sent = found.find({send.sender, send.clientId});
        if (sent == found.end()) continue;
        if (!_again) send.givenId = send.direct.id;
        answerRetry(session, send, sent->second);
        send.settled = true;
    }
}

void MessageGroup::answerRetry(Session& session, SendWrite& write, const Sent& sent) {
    auto message = sent.digest == write.digest ? findMessage(session, sent.message) : std::nullopt;
    // A digest may be made to collide: the pair has the last word on whose conversation it is.
    if (!message ||
        message->conversation != findPair(session, write.direct.low, write.direct.high)) {
        write.refusal = idConflict();
        return;
    }
    // The first result: as the message was before any change to it.
    if (message->rev != message->createdRev) {
        // An extension may have made another text of it; that is not remembered.
        message->content = write.content;
    } else if (message->content != write.content) {
        write.rewritten = true;
    }
    write.direct.id = message->conversation;
    message->rev = message->createdRev;
    message->editedAt = 0;
    message->deleted = false;
    write.message = std::move(*message);
    write.stored = true;
    write.settled = true;
}

template <class E, class W> void MessageGroup::ask(const Hook<E>& hook, E event, W& write) {
    const auto verdict = hook.ask(event);
    if (!verdict) {
        write.refusal = verdict.error();
        return;
    }
    if (event.content == write.content) return;
    auto checked = checkContent(event.content, _outlets.maxLength);
    if (!checked) {
        write.refusal = Error{Code::rejected, "an extension made the message unfit to be sent"};
        return;
    }
    write.rewritten = *checked != write.content;
    write.content = std::move(*checked);
}

void MessageGroup::askHook(SendWrite& write) {
    if (!_outlets.sending.heard()) return;
    ask(_outlets.sending,
        SendMessage{write.sender, write.direct.id, write.direct.peerOf(write.sender), write.replyTo,
                    write.content},
        write);
}

void MessageGroup::askHook(ChangeWrite& write) {
    if (write.deletion || !_outlets.editing.heard()) return;
    ask(_outlets.editing, EditMessage{write.actor, write.target, write.content}, write);
}

// ---- inside the transaction

void MessageGroup::apply(Session& session, std::span<Write* const> writes) {
    if (!_loaded && !_shared) {
        _ids = readLastIds(session);
        _loaded = true;
    }
    _now = now();
    MessageTables tables(session);
    tables.drop();
    _alone = writes.size() == 1;
    if (_shared) {
        if (_again) findRetries(session, writes);
        lockHeads(session, writes);
    }
    for (auto* write : writes) applyOne(session, tables, static_cast<MessageWrite&>(*write));
    for (auto& [id, head] : _staged) {
        if (head->advanced) tables.updateHead(id, head->seq, head->rev, head->lastMessage);
        for (auto& member : head->members) {
            if (!member.moved) continue;
            member.movedRev = head->rev;
            tables.updateReceipt(id, member.receipt, head->rev);
        }
    }
    tables.flush();
}

void MessageGroup::applyOne(Session& session, MessageTables& tables, MessageWrite& write) {
    if (write.settled) return;
    write.refusal.reset();
    write.direct.id = write.givenId;
    switch (write.kind) {
    case MessageWrite::Kind::send:
        applySend(session, tables, static_cast<SendWrite&>(write));
        return;
    case MessageWrite::Kind::change:
        applyChange(session, tables, static_cast<ChangeWrite&>(write));
        return;
    case MessageWrite::Kind::receipt:
        applyReceipt(session, static_cast<ReceiptWrite&>(write));
        return;
    case MessageWrite::Kind::create: {
        auto& create = static_cast<CreateWrite&>(write);
        create.created = ensureConversation(session, tables, create.direct);
        return;
    }
    }
}

void MessageGroup::applySend(Session& session, MessageTables& tables, SendWrite& write) {
    write.stored = false;
    if (write.twin && _alone) {
        // Tried alone: whether the first one was stored is in the database by now.
        if (const auto sent = findSent(session, write.sender, write.clientId)) {
            answerRetry(session, write, *sent);
            return;
        }
        // The first one was not: this takes its place, as it was judged.
        if (write.twin->refusal || write.twin->digest != write.digest) {
            write.refusal = write.twin->refusal.value_or(
                Error{Code::unavailable, "this could not be stored now; try again later"});
            return;
        }
        write.content = write.twin->content;
        write.rewritten = write.twin->rewritten;
    } else if (write.twin) {
        shareOutcome(write);
        return;
    }
    ensureConversation(session, tables, write.direct);
    auto& at = write.fromHttp() ? headWithMembers(session, write.direct.id)
                                : head(session, write.direct.id);
    if (write.fromHttp()) at.keepMovesUntold();
    ++at.seq;
    ++at.rev;
    const auto previous = at.lastMessage;
    at.lastMessage = _shared ? _block.next(session) : ++_ids.message;
    at.advanced = true;
    write.message = {at.lastMessage, write.direct.id, at.seq, at.rev, at.rev,
                     write.sender,   write.content,   _now,   0,      false,
                     write.replyTo};
    tables.addMessage(write.message, previous);
    if (!write.clientId.empty()) {
        tables.addSent(write.sender, write.clientId, write.message.id, write.digest);
    }
}

/// Of the same send earlier in this batch.
void MessageGroup::shareOutcome(SendWrite& write) {
    if (write.twin->refusal) {
        write.refusal = write.twin->refusal;
    } else if (write.twin->digest != write.digest) {
        write.refusal = idConflict();
    } else {
        write.message = write.twin->message;
        write.rewritten = write.twin->rewritten;
        write.direct = write.twin->direct;
        write.stored = true;
    }
}

void MessageGroup::applyChange(Session& session, MessageTables& tables, ChangeWrite& write) {
    // Who asked for it found it stored: it is none of those that this batch adds.
    const auto earlier = _changed.find(write.target);
    auto message = earlier != _changed.end() ? std::optional(earlier->second)
                                             : findMessage(session, write.target);
    if (!message) {
        write.refusal = Error{Code::notFound, "there is no such message"};
        return;
    }
    auto& at = headWithMembers(session, message->conversation);
    write.changed = false;
    write.receipts.clear();
    for (const auto& member : at.members) write.receipts.push_back(member.receipt);
    if (message->from != write.actor && !(write.deletion && write.mayChangeOthers)) {
        write.refusal = Error{Code::forbidden, "only its sender may change a message"};
    } else if (write.deletion ? message->deleted
                              : !message->deleted && message->content == write.content) {
        // It is so already.
    } else if (message->deleted) {
        write.refusal = Error{Code::conflict, "the message is deleted and cannot be edited"};
    } else if (!write.deletion && _outlets.editWindow.count() != 0 &&
               _now - message->timestamp > _outlets.editWindow.count()) {
        write.refusal = Error{Code::forbidden, "the time for editing this message is over"};
    } else {
        if (write.fromHttp()) at.keepMovesUntold();
        message->rev = ++at.rev;
        at.advanced = true;
        message->deleted = write.deletion;
        message->content = write.deletion ? std::string() : write.content;
        if (!write.deletion) message->editedAt = _now;
        tables.changeMessage(*message, at.seq);
        _changed.insert_or_assign(message->id, *message);
        write.changed = true;
    }
    write.message = std::move(*message);
}

void MessageGroup::applyReceipt(Session& session, ReceiptWrite& write) {
    auto& at = headWithMembers(session, write.direct.id);
    auto* const member = at.member(write.user);
    if (!member) {
        write.refusal = Error{Code::notMember, "you are not a member of this conversation"};
        return;
    }
    write.superseded = false;
    auto& mark = member->receipt;
    const auto read = std::max(mark.read, std::min(write.read, at.seq));
    const auto received = std::max({mark.received, std::min(write.received, at.seq), read});
    write.moved = read != mark.read || received != mark.received;
    if (write.moved) {
        mark.read = read;
        mark.received = received;
        member->moved = true;
        // One frame tells where a batch of moves has led.
        if (member->last) {
            member->last->moved = false;
            member->last->superseded = true;
        }
        member->last = &write;
    }
    write.receipt = mark;
}

} // namespace salon::conversations
