#include "read/HistoryFrames.h"

#include "Wire.h"

namespace salon::conversations {

namespace {

struct Query {
    std::optional<std::int64_t> before;
    std::optional<std::int64_t> after;
    std::int64_t limit = defaultPage;
};

Result<Query> readQuery(JsonValue body) {
    const auto before = readCount(body["before"], "before");
    if (!before) return before.error();
    const auto after = readCount(body["after"], "after");
    if (!after) return after.error();
    if (*before && *after) return Error{Code::badRequest, "give before or after, not both"};
    const auto limit = readLimit(body["limit"]);
    if (!limit) return limit.error();
    return Query{*before, *after, *limit};
}

} // namespace

void HistoryFrames::add(Frames& frames) {
    frames.on("history", [this](FrameCall& frame) { history(frame); });
    frames.on("dm_history", [this](FrameCall& frame) { dmHistory(frame); });
}

/// `find(Session&) -> Result<Direct>` says of which conversation; its id may be 0.
template <class Find> void HistoryFrames::answer(FrameCall& frame, Find find) {
    const auto query = readQuery(frame.body);
    if (!query) return frame.refuse(query.error());
    frame.connection.suspend(
        [this, find = std::move(find), query = *query,
         echo = std::string(frame.echo)](Session& session) -> Connection::Continuation {
            const auto direct = find(session);
            if (!direct) {
                return [error = direct.error(), echo](Connection& connection) {
                    connection.sendError(error, echo);
                };
            }
            Page page;
            Receipts receipts;
            if (direct->id != 0) {
                const Snapshot snapshot(session);
                page = readHistory(session, direct->id, query.before, query.after,
                                   {query.limit, _desk.frameBytes()});
                receipts = findReceipts(session, direct->id);
            }
            return [out = historyFrame(echo, direct->id, page, receipts)](Connection& connection) {
                connection.send(out);
            };
        });
}

void HistoryFrames::history(FrameCall& frame) {
    if (const auto room = frame.body["room"]; room && !frame.body["conversation"]) {
        const auto name = readText(room, "room");
        return frame.refuse(name ? Error{Code::notFound, "there is no such room"} : name.error());
    }
    const auto conversation = readId(frame.body["conversation"], "conversation");
    if (!conversation) return frame.refuse(conversation.error());
    answer(frame, [this, id = *conversation, user = frame.connection.principal().user](
                      Session& session) { return _desk.find(session, id, user); });
}

void HistoryFrames::dmHistory(FrameCall& frame) {
    const auto peer = readPeer(frame.body["with"], "with");
    if (!peer) return frame.refuse(peer.error());
    answer(frame, [this, peer = *peer, user = frame.connection.principal().user](Session& session) {
        return _desk.findPair(session, peer, user);
    });
}

} // namespace salon::conversations
