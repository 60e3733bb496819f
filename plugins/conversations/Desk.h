#pragma once

#include "Requests.h"
#include "read/ConversationStore.h"
#include "salon/Frames.h"
#include "salon/Host.h"
#include "salon/auth/Users.h"
#include "write/DirectCache.h"
#include "write/Writes.h"

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace salon::conversations {

/// What the plugin's handlers work with, and what they have in common: who a client means, whether
/// he may, and the way to the lane.
class Desk {
public:
    explicit Desk(Host& host);

    Store& store() { return _store; }
    Hub& hub() { return _outlets.hub; }
    Log& log() { return _log; }
    const Outlets& outlets() const { return _outlets; }
    DirectCache& cache() { return _cache; }
    std::shared_ptr<auth::Users> users() const { return _users.hold(); }
    std::int64_t maxLength() const { return _outlets.maxLength; }
    /// Bytes of messages in one frame: a quarter of the outbox.
    std::size_t frameBytes() const { return _frameBytes; }

    // ---- workers

    /// The conversation, if `user` is one of its members: `not_found`, `not_member`.
    Result<Direct> find(Session& session, Id conversation, Id user);
    /// The pair of `user` and whom he means; id 0 when they have no conversation yet. `not_found`,
    /// `bad_request` for oneself.
    Result<Direct> findPair(Session& session, const Peer& peer, Id user);

    /// The conversation of a message: `not_found`, `not_member`.
    Result<Direct> findOfMessage(Session& session, Id message, Id user);
    /// Whether a user may delete what others wrote.
    bool mayModerate(Session& session, Id user);

    // ---- reactors: `then(Connection&, const Direct&)` runs at once when memory has it, else after
    // a load

    template <class Then> void withConversation(FrameCall& frame, Id conversation, Then then) {
        const auto user = frame.connection.principal().user;
        if (const auto known = _cache.byId(conversation)) {
            go(frame.connection, allow(*known, user), frame.echo, then);
            return;
        }
        load(
            frame,
            [this, conversation, user](Session& session) {
                return find(session, conversation, user);
            },
            std::move(then));
    }

    template <class Then> void withPeer(FrameCall& frame, Peer peer, Then then) {
        const auto user = frame.connection.principal().user;
        if (peer.id != 0) {
            if (const auto known = _cache.byPair(user, peer.id)) {
                then(frame.connection, *known);
                return;
            }
        }
        load(
            frame,
            [this, peer = std::move(peer), user](Session& session) {
                return findPair(session, peer, user);
            },
            std::move(then));
    }

    /// As the two above, of what `find(Session&) -> Result<Direct>` finds.
    template <class Find, class Then> void load(FrameCall& frame, Find find, Then then) {
        frame.connection.suspend(
            [find = std::move(find), echo = std::string(frame.echo),
             then = std::move(then)](Session& session) mutable -> Connection::Continuation {
                return [found = find(session), echo, then = std::move(then)](
                           Connection& connection) mutable { go(connection, found, echo, then); };
            });
    }

    /// Any thread. Hands a write to the lane, or answers that it is full.
    void submit(std::unique_ptr<MessageWrite> write, const Origin& origin);

private:
    static Result<Direct> allow(const Direct& direct, Id user);

    template <class Then>
    static void go(Connection& connection, const Result<Direct>& found, std::string_view echo,
                   Then& then) {
        if (found) {
            then(connection, *found);
        } else {
            connection.sendError(found.error(), echo);
        }
    }

    Store& _store;
    Log& _log;
    ServiceRef<auth::Users> _users;
    DirectCache _cache;
    Outlets _outlets;
    Store::Group _group;
    std::size_t _frameBytes;
};

} // namespace salon::conversations
