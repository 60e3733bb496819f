#include "Desk.h"

#include "write/MessageGroup.h"

namespace salon::conversations {

Desk::Desk(Host& host)
    : _store(host.store()), _log(host.log()), _users(host.bus().service<auth::Users>()),
      _outlets{host.hub(),
               _cache,
               host.configuration().duration("conversations.edit_window"),
               host.configuration().integer("conversations.max_length"),
               host.bus().hook<SendMessage>(),
               host.bus().hook<EditMessage>(),
               host.bus().event<MessageSent>(),
               host.bus().event<MessageEdited>(),
               host.bus().event<MessageDeleted>(),
               host.metrics().counter({"salon_messages_total",
                                       "Messages stored, by kind of conversation.",
                                       {{"kind", "direct"}}})},
      _group(host.store().addGroup([this] { return std::make_unique<MessageGroup>(_outlets); })),
      _frameBytes(static_cast<std::size_t>(host.configuration().integer("ws.outbox")) / 4) {}

Result<Direct> Desk::allow(const Direct& direct, Id user) {
    if (direct.has(user)) return direct;
    return Error{Code::notMember, "you are not a member of this conversation"};
}

Result<Direct> Desk::find(Session& session, Id conversation, Id user) {
    auto known = _cache.byId(conversation);
    if (!known) {
        known = findConversation(session, conversation);
        if (!known) return Error{Code::notFound, "there is no such conversation"};
        _cache.put(*known);
    }
    return allow(*known, user);
}

Result<Direct> Desk::findPair(Session& session, const Peer& peer, Id user) {
    const auto users = _users.hold();
    if (!users)
        return Error{Code::unavailable, "the accounts are not available now; try again later"};
    const auto other =
        peer.id != 0 ? users->find(session, peer.id) : users->findByName(session, peer.name);
    if (!other) return Error{Code::notFound, "there is no such user"};
    if (other->id == user) {
        return Error{Code::badRequest, "a conversation with oneself is not possible"};
    }
    auto direct = Direct::of(user, other->id);
    direct.id = conversations::findPair(session, direct.low, direct.high);
    if (direct.id != 0) _cache.put(direct);
    return direct;
}

Result<Direct> Desk::findOfMessage(Session& session, Id message, Id user) {
    const auto found = findMessage(session, message);
    if (!found) return Error{Code::notFound, "there is no such message"};
    return find(session, found->conversation, user);
}

bool Desk::mayModerate(Session& session, Id user) {
    const auto users = _users.hold();
    const auto account = users ? users->find(session, user) : nullptr;
    return account && (account->role == "moderator" || account->role == "admin");
}

void Desk::submit(std::unique_ptr<MessageWrite> write, const Origin& origin) {
    const auto key = write->direct.laneKey();
    const auto taken = _store.submit(_group, key, std::move(write));
    if (!taken) origin.refuse(_outlets, taken.error());
}

} // namespace salon::conversations
