#pragma once

#include "salon/Time.h"

#include <cstdint>
#include <string>

// What other plugins may hear of messages, and have a say in.

namespace salon::conversations {

/// Hook: a message is about to be stored. A handler may rewrite `content` or refuse. On a lane,
/// before the transaction that stores it and while one that reads is open: it must not wait.
/// Retries of a message that was stored are not asked about again.
struct SendMessage {
    static constexpr const char* name = "message.send";
    std::int64_t sender = 0;
    std::int64_t conversation = 0; ///< 0: a direct conversation that this message begins
    std::int64_t peer = 0;         ///< of a direct conversation: the other user
    std::int64_t replyTo = 0;      ///< 0: none
    std::string content;
};

/// Hook: a message is about to be edited; as SendMessage.
struct EditMessage {
    static constexpr const char* name = "message.edit";
    std::int64_t actor = 0;
    std::int64_t message = 0;
    std::string content;
};

/// Event: a message is durable.
struct MessageSent {
    static constexpr const char* name = "message.sent";
    std::int64_t message = 0;
    std::int64_t conversation = 0;
    std::int64_t seq = 0;
    std::int64_t rev = 0;
    std::int64_t sender = 0;
    std::int64_t peer = 0;
    std::int64_t replyTo = 0;
    std::string content;
    Milliseconds timestamp = 0;
};

/// Event: an edit is durable.
struct MessageEdited {
    static constexpr const char* name = "message.edited";
    std::int64_t message = 0;
    std::int64_t conversation = 0;
    std::int64_t rev = 0;
    std::int64_t actor = 0;
    std::string content;
};

/// Event: a deletion is durable.
struct MessageDeleted {
    static constexpr const char* name = "message.deleted";
    std::int64_t message = 0;
    std::int64_t conversation = 0;
    std::int64_t rev = 0;
    std::int64_t actor = 0;
};

} // namespace salon::conversations
