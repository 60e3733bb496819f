#include "read/ConversationRoutes.h"

#include "Content.h"
#include "Wire.h"

namespace salon::conversations {

namespace {

constexpr std::size_t pageBytes = 4 << 20;

} // namespace

void ConversationRoutes::add(Routes& routes) {
    using Method = void (ConversationRoutes::*)(const HttpRequest&, const Responder&);
    const auto bind = [this](Method method) {
        return [this, method](const HttpRequest& request, const Responder& responder) {
            (this->*method)(request, responder);
        };
    };
    const auto add = [&](const char* verb, const char* path, HttpHandler handler) {
        routes.add(verb, path, Access::bearer, std::move(handler));
    };
    add("GET", "/api/v1/conversations", bind(&ConversationRoutes::list));
    add("POST", "/api/v1/conversations", bind(&ConversationRoutes::create));
    add("GET", "/api/v1/conversations/{conversation}", bind(&ConversationRoutes::show));
    add("GET", "/api/v1/conversations/{conversation}/messages", bind(&ConversationRoutes::history));
    add("POST", "/api/v1/conversations/{conversation}/messages", bind(&ConversationRoutes::send));
    add("GET", "/api/v1/conversations/{conversation}/changes", bind(&ConversationRoutes::changes));
    add("PUT", "/api/v1/conversations/{conversation}/receipts",
        bind(&ConversationRoutes::receipts));
    add("PATCH", "/api/v1/messages/{message}",
        [this](const HttpRequest& request, const Responder& responder) {
            change(request, responder, false);
        });
    add("DELETE", "/api/v1/messages/{message}",
        [this](const HttpRequest& request, const Responder& responder) {
            change(request, responder, true);
        });
}

std::optional<Direct> ConversationRoutes::conversationOf(const HttpRequest& request,
                                                         const Responder& responder) {
    const auto id = readSegment(request, "conversation");
    if (!id) {
        responder.refuse(id.error());
        return std::nullopt;
    }
    const auto direct = _desk.store().read(
        [&](Session& session) { return _desk.find(session, *id, request.principal().user); });
    if (direct) return *direct;
    responder.refuse(direct.error());
    return std::nullopt;
}

void ConversationRoutes::answerOverview(Session& session, const Direct& direct, Id viewer,
                                        int status, const Responder& responder) {
    const auto users = _desk.users();
    const auto overview = readOverview(session, direct, viewer);
    if (!users || !overview) {
        responder.refuse({Code::notFound, "there is no such conversation"});
        return;
    }
    const auto peer = users->find(session, direct.peerOf(viewer));
    std::string body;
    JsonWriter json(body);
    writeOverview(json, *overview, peer.get(), *users, &session);
    responder.send(HttpResponse::json(status, std::move(body)));
}

void ConversationRoutes::list(const HttpRequest& request, const Responder& responder) {
    const auto limit = readLimit(request);
    if (!limit) return responder.refuse(limit.error());
    // A cursor is the newest message of the last conversation of the page before.
    std::int64_t before = 0;
    if (const auto cursor = request.query("after")) {
        const auto number = readDigits(*cursor);
        if (!number || *number < 1) {
            return responder.refuse({Code::badRequest,
                                     "after must be a next of an earlier answer",
                                     {{"after", "invalid", "not a cursor of this call"}}});
        }
        before = *number;
    }
    const auto users = _desk.users();
    if (!users) return responder.refuse({Code::unavailable, "the accounts are not available now"});
    const auto viewer = request.principal().user;
    _desk.store().read([&](Session& session) {
        const Snapshot snapshot(session);
        auto list = listConversations(session, viewer, before, *limit + 1);
        const bool more = list.size() > static_cast<std::size_t>(*limit);
        if (more) list.pop_back();
        std::string body;
        JsonWriter json(body);
        json.beginObject().key("conversations").beginArray();
        for (const auto& overview : list) {
            const auto peer = users->find(session, overview.direct.peerOf(viewer));
            writeOverview(json, overview, peer.get(), *users, &session);
        }
        json.endArray().key("next");
        if (more) {
            json.value(std::to_string(list.back().last.id));
        } else {
            json.null();
        }
        json.endObject();
        responder.send(HttpResponse::json(200, std::move(body)));
    });
}

void ConversationRoutes::create(const HttpRequest& request, const Responder& responder) {
    const auto body = parseBody(request);
    if (!body) return responder.refuse(body.error());
    const auto peer = readPeer((*body)["with"], "with");
    if (!peer) return responder.refuse(peer.error());
    const auto viewer = request.principal().user;
    const auto users = _desk.users();
    if (!users) return responder.refuse({Code::unavailable, "the accounts are not available now"});
    std::shared_ptr<const auth::User> other;
    const auto direct = _desk.store().read([&](Session& session) {
        auto found = _desk.findPair(session, *peer, viewer);
        if (found) other = users->find(session, found->peerOf(viewer));
        return found;
    });
    if (!direct) return responder.refuse(direct.error());
    const auto answer = [this, viewer, responder](const Direct& made, bool created) {
        _desk.store().read([&](Session& session) {
            answerOverview(session, made, viewer, created ? 201 : 200, responder);
        });
    };
    if (direct->id != 0) return answer(*direct, false);
    const Origin origin{ConnectionId::none, {}, responder};
    auto write = std::make_unique<CreateWrite>(
        _desk.outlets(), origin,
        [this, users, other, responder, answer](const Direct& made, bool created) {
            if (!created) {
                // The other was quicker, and there may be messages; but a lane must not read.
                if (!_reads->post([answer, made] { answer(made, false); })) {
                    responder.refuse({Code::unavailable, "too much waits; try again later", {}, 1});
                }
                return;
            }
            // A conversation that was just made needs no reading, and a lane must not read.
            Overview overview;
            overview.direct = made;
            overview.receipts = {{made.low, 0, 0}, {made.high, 0, 0}};
            std::string text;
            JsonWriter json(text);
            writeOverview(json, overview, other.get(), *users, nullptr);
            responder.send(HttpResponse::json(201, std::move(text)));
        });
    write->direct = *direct;
    _desk.submit(std::move(write), origin);
}

void ConversationRoutes::show(const HttpRequest& request, const Responder& responder) {
    const auto direct = conversationOf(request, responder);
    if (!direct) return;
    _desk.store().read([&](Session& session) {
        const Snapshot snapshot(session);
        answerOverview(session, *direct, request.principal().user, 200, responder);
    });
}

void ConversationRoutes::history(const HttpRequest& request, const Responder& responder) {
    const auto before = readCount(request, "before");
    if (!before) return responder.refuse(before.error());
    const auto after = readCount(request, "after");
    if (!after) return responder.refuse(after.error());
    if (*before && *after) {
        return responder.refuse({Code::badRequest, "give before or after, not both"});
    }
    const auto limit = readLimit(request);
    if (!limit) return responder.refuse(limit.error());
    const auto direct = conversationOf(request, responder);
    if (!direct) return;
    _desk.store().read([&](Session& session) {
        const Snapshot snapshot(session);
        const auto page = readHistory(session, direct->id, *before, *after, {*limit, pageBytes});
        const auto receipts = findReceipts(session, direct->id);
        std::string body;
        JsonWriter json(body);
        json.beginObject().key("messages");
        writeMessages(json, page.messages, receipts);
        json.member("more", page.more).endObject();
        responder.send(HttpResponse::json(200, std::move(body)));
    });
}

void ConversationRoutes::changes(const HttpRequest& request, const Responder& responder) {
    const auto since = readCount(request, "since");
    if (!since) return responder.refuse(since.error());
    if (!*since) {
        return responder.refuse({Code::badRequest,
                                 "since is missing: the rev that you have",
                                 {{"since", "required", "an integer from 0"}}});
    }
    const auto limit = readLimit(request);
    if (!limit) return responder.refuse(limit.error());
    const auto direct = conversationOf(request, responder);
    if (!direct) return;
    _desk.store().read([&](Session& session) {
        const Snapshot snapshot(session);
        const auto changes = readChanges(session, direct->id, **since, {*limit, pageBytes});
        std::string body;
        JsonWriter json(body);
        json.beginObject();
        writeChanges(json, changes);
        json.endObject();
        responder.send(HttpResponse::json(200, std::move(body)));
    });
}

void ConversationRoutes::send(const HttpRequest& request, const Responder& responder) {
    const auto body = parseBody(request);
    if (!body) return responder.refuse(body.error());
    const auto id = readText((*body)["id"], "id");
    if (!id) return responder.refuse(id.error());
    if (const auto fits = checkClientId(*id); !fits) return responder.refuse(fits.error());
    const auto text = readText((*body)["content"], "content");
    if (!text) return responder.refuse(text.error());
    auto content = checkContent(*text, _desk.maxLength());
    if (!content) return responder.refuse(content.error());
    const auto reply = readReply((*body)["reply_to"]);
    if (!reply) return responder.refuse(reply.error());
    const std::string clientId(*id);
    const auto direct = conversationOf(request, responder);
    if (!direct) return;
    const Origin origin{ConnectionId::none, {}, responder};
    auto write = std::make_unique<SendWrite>(_desk.outlets(), origin);
    write->direct = *direct;
    write->sender = request.principal().user;
    write->digest = digestOf(direct->low, direct->high, *reply, *content);
    write->content = std::move(*content);
    write->clientId = clientId;
    write->replyTo = *reply;
    _desk.submit(std::move(write), origin);
}

void ConversationRoutes::receipts(const HttpRequest& request, const Responder& responder) {
    const auto body = parseBody(request);
    if (!body) return responder.refuse(body.error());
    const auto received = readCount((*body)["received"], "received");
    if (!received) return responder.refuse(received.error());
    const auto read = readCount((*body)["read"], "read");
    if (!read) return responder.refuse(read.error());
    if (!*received && !*read) {
        return responder.refuse({Code::badRequest, "give received or read, a seq"});
    }
    const auto direct = conversationOf(request, responder);
    if (!direct) return;
    const Origin origin{ConnectionId::none, {}, responder};
    auto write = std::make_unique<ReceiptWrite>(_desk.outlets(), origin);
    write->direct = *direct;
    write->user = request.principal().user;
    write->received = received->value_or(0);
    write->read = read->value_or(0);
    _desk.submit(std::move(write), origin);
}

void ConversationRoutes::change(const HttpRequest& request, const Responder& responder,
                                bool deletion) {
    std::string content;
    if (!deletion) {
        const auto body = parseBody(request);
        if (!body) return responder.refuse(body.error());
        const auto text = readText((*body)["content"], "content");
        if (!text) return responder.refuse(text.error());
        auto checked = checkContent(*text, _desk.maxLength());
        if (!checked) return responder.refuse(checked.error());
        content = std::move(*checked);
    }
    const auto id = readSegment(request, "message");
    if (!id) return responder.refuse(id.error());
    const auto actor = request.principal().user;
    bool moderator = false;
    const auto direct = _desk.store().read([&](Session& session) {
        moderator = _desk.mayModerate(session, actor);
        return _desk.findOfMessage(session, *id, actor);
    });
    if (!direct) return responder.refuse(direct.error());
    const Origin origin{ConnectionId::none, {}, responder};
    auto write = std::make_unique<ChangeWrite>(_desk.outlets(), origin);
    write->direct = *direct;
    write->actor = actor;
    write->target = *id;
    write->deletion = deletion;
    write->mayChangeOthers = moderator;
    write->content = std::move(content);
    _desk.submit(std::move(write), origin);
}

} // namespace salon::conversations
