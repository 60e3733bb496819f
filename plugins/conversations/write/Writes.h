#pragma once

#include "Model.h"
#include "salon/Bus.h"
#include "salon/Frames.h"
#include "salon/Http.h"
#include "salon/Hub.h"
#include "salon/Metrics.h"
#include "salon/Store.h"
#include "salon/conversations/Messages.h"
#include "write/DirectCache.h"

#include <chrono>
#include <memory>
#include <optional>
#include <string>

// What is on its way to the lane, and what is told once it is durable.

namespace salon::conversations {

/// What every write needs to tell of itself, for the plugin's whole life.
struct Outlets {
    Hub& hub;
    DirectCache& cache;
    std::chrono::milliseconds editWindow{0}; ///< 0: none
    std::int64_t maxLength = 0;
    Hook<SendMessage> sending;
    Hook<EditMessage> editing;
    Event<MessageSent> sent;
    Event<MessageEdited> edited;
    Event<MessageDeleted> deleted;
    Counter stored; ///< new messages
};

/// Where a write came from, and so where its answer goes: a connection, or an HTTP request.
struct Origin {
    ConnectionId connection = ConnectionId::none;
    std::string echo; ///< the frame's id as JSON, or empty
    std::optional<Responder> responder;

    void refuse(const Outlets& outlets, const Error& error) const;
};

/// The plugin's writes, all handled by MessageGroup.
class MessageWrite : public Write {
public:
    enum class Kind { send, change, receipt, create };

    MessageWrite(Kind kind, const Outlets& outlets, Origin origin)
        : kind(kind), _outlets(outlets), _origin(std::move(origin)) {}

    bool fromHttp() const { return _origin.responder.has_value(); }
    /// Answers, or refuses: by the lane's failure, or by the reason found on the way.
    void finish(const Error* failure) final;

    const Kind kind;
    /// The conversation; id 0 until it is made on the lane.
    Direct direct;
    /// direct.id as it came: what a transaction gave it is void when that was rolled back.
    Id givenId = 0;
    std::optional<Error> refusal;
    /// Its outcome was found before the transaction.
    bool settled = false;

protected:
    virtual void tell() = 0;
    const Outlets& outlets() const { return _outlets; }
    const Origin& origin() const { return _origin; }

private:
    const Outlets& _outlets;
    const Origin _origin;
};

/// A new message in a direct conversation, which is made if need be.
class SendWrite final : public MessageWrite {
public:
    SendWrite(const Outlets& outlets, Origin origin)
        : MessageWrite(Kind::send, outlets, std::move(origin)) {}

    Id sender = 0;
    std::string clientId; ///< empty: none, a retry would be another message
    std::string content;
    bool rewritten = false; ///< the content is not what the client sent
    Id replyTo = 0;
    std::int64_t digest = 0; ///< of what the client sent

    /// The same send earlier in the same batch, whose outcome this one shares.
    SendWrite* twin = nullptr;
    /// The message was stored before: `message` is the first result.
    bool stored = false;
    Message message;

private:
    void tell() override;
};

/// An edit or a deletion.
class ChangeWrite final : public MessageWrite {
public:
    ChangeWrite(const Outlets& outlets, Origin origin)
        : MessageWrite(Kind::change, outlets, std::move(origin)) {}

    Id actor = 0;
    Id target = 0;
    bool deletion = false;
    bool mayChangeOthers = false; ///< a moderator
    std::string content;
    bool rewritten = false; ///< the content is not what the client sent

    bool changed = false; ///< false: it was so already
    Message message;      ///< in its newest state
    Receipts receipts;

private:
    void tell() override;
};

/// A member's watermarks move.
class ReceiptWrite final : public MessageWrite {
public:
    ReceiptWrite(const Outlets& outlets, Origin origin)
        : MessageWrite(Kind::receipt, outlets, std::move(origin)) {}

    Id user = 0;
    std::int64_t received = 0; ///< 0: not given
    std::int64_t read = 0;     ///< 0: not given

    Receipt receipt; ///< as it stands now
    bool moved = false;
    /// A later write of the batch tells where the watermark came to.
    bool superseded = false;

private:
    void tell() override;
};

/// The direct conversation of a pair is made, for one who opens it before writing.
class CreateWrite final : public MessageWrite {
public:
    using Done = std::function<void(const Direct&, bool created)>;
    CreateWrite(const Outlets& outlets, Origin origin, Done done)
        : MessageWrite(Kind::create, outlets, std::move(origin)), _done(std::move(done)) {}

    bool created = false;

private:
    void tell() override { _done(direct, created); }
    Done _done;
};

} // namespace salon::conversations
