#pragma once

#include "Desk.h"
#include "salon/Http.h"
#include "salon/Tasks.h"

namespace salon::conversations {

/// The plugin's HTTP calls. They run on workers.
class ConversationRoutes {
public:
    /// `reads`: for what is found out on a lane to be read elsewhere.
    ConversationRoutes(Desk& desk, std::shared_ptr<TaskQueue> reads)
        : _desk(desk), _reads(std::move(reads)) {}
    void add(Routes& routes);

private:
    void list(const HttpRequest& request, const Responder& responder);
    void create(const HttpRequest& request, const Responder& responder);
    void show(const HttpRequest& request, const Responder& responder);
    void history(const HttpRequest& request, const Responder& responder);
    void changes(const HttpRequest& request, const Responder& responder);
    void send(const HttpRequest& request, const Responder& responder);
    void receipts(const HttpRequest& request, const Responder& responder);
    void change(const HttpRequest& request, const Responder& responder, bool deletion);

    /// The conversation of the path, if the caller is its member; otherwise it has answered.
    std::optional<Direct> conversationOf(const HttpRequest& request, const Responder& responder);
    void answerOverview(Session& session, const Direct& direct, Id viewer, int status,
                        const Responder& responder);

    Desk& _desk;
    std::shared_ptr<TaskQueue> _reads;
};

} // namespace salon::conversations
