#include "Desk.h"
#include "read/ConversationRoutes.h"
#include "read/HistoryFrames.h"
#include "read/ResumeJobs.h"
#include "salon/Plugin.h"
#include "salon/conversations/Contacts.h"
#include "verify/StoreChecks.h"
#include "write/MessageFrames.h"

#include <memory>

// Direct conversations: messages, history, receipts, typing, resume. The way of a message is
// MessageFrames (a reactor) -> MessageGroup (a lane) -> Writes (what is told) -> the hub.

namespace salon::conversations {

namespace {

constexpr unsigned resumeThreads = 2;
constexpr std::size_t resumeQueue = 16384; // connections that may wait for a step of their resume

} // namespace

class DirectContacts final : public Contacts {
public:
    std::vector<Id> contacts(Session& session, Id user) override {
        return listPeers(session, user);
    }
};

class ConversationsPlugin final : public Plugin {
public:
    void declare(Settings& settings) override {
        settings.declare({"conversations.max_length", Setting::Type::integer, "4000",
                          "The longest message, in characters (Unicode code points).", 1, 100'000});
        settings.declare({"conversations.edit_window", Setting::Type::duration, "24h",
                          "How long after it was sent a message may be edited; deleting is always "
                          "possible.",
                          1000, std::int64_t{3650} * 24 * 3600 * 1000, true});
    }

    std::vector<StoreCheck> checks() override { return storeChecks(); }

    void start(Host& host) override {
        _parts = std::make_unique<Parts>(host);
        host.frames().sends({"ack", "dm", "edited", "deleted", "receipt", "typing", "history",
                             "changes", "resumed"});
        _parts->messages.add(host.frames());
        _parts->history.add(host.frames());
        _parts->resume.add(host.frames());
        _parts->routes.add(host.http());
        host.bus().provide<Contacts>(std::make_shared<DirectContacts>());
    }

    void stop() override { _parts.reset(); }

private:
    struct Parts {
        explicit Parts(Host& host)
            : desk(host), messages(desk), history(desk),
              reads(host.queue("resume", resumeThreads, resumeQueue)), resume(desk, reads),
              routes(desk, reads) {}
        Desk desk;
        MessageFrames messages;
        HistoryFrames history;
        std::shared_ptr<TaskQueue> reads;
        ResumeJobs resume;
        ConversationRoutes routes;
    };
    std::unique_ptr<Parts> _parts;
};

} // namespace salon::conversations

SALON_PLUGIN(salon::conversations::ConversationsPlugin)
