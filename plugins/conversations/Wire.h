#pragma once

#include "Model.h"
#include "salon/Json.h"
#include "salon/Result.h"
#include "salon/SharedFrame.h"
#include "salon/auth/Users.h"

#include <optional>
#include <string>
#include <string_view>

// How messages and conversations look on the wire.

namespace salon::conversations {

enum class MessageState { sent, received, read };

/// The least that every other member's watermark has reached.
MessageState stateOf(const Message& message, const Receipts& receipts);

/// The Message object, as the next value.
void writeMessage(JsonWriter& json, const Message& message, const Receipts& receipts);
void writeMessages(JsonWriter& json, const std::vector<Message>& messages,
                   const Receipts& receipts);
void writeReceipts(JsonWriter& json, const Receipts& receipts);
/// The Conversation object. `peer` may be null; `session` null: the peer's last_seen is left out.
void writeOverview(JsonWriter& json, const Overview& overview, const auth::User* peer,
                   auth::Users& users, Session* session);

/// Of a message; `echo` is the frame's id as JSON, or empty; with the content only when it is not
/// what was sent.
SharedFrame ackFrame(std::string_view echo, const Message& message, bool rewritten);
SharedFrame editAckFrame(std::string_view echo, const Message& message, bool rewritten);
SharedFrame receiptAckFrame(std::string_view echo, Id conversation, const Receipt& receipt);
SharedFrame directFrame(const Message& message, Id to);
SharedFrame editedFrame(const Message& message);
SharedFrame receiptFrame(Id conversation, const Receipt& receipt);
SharedFrame typingFrame(Id conversation, Id user, bool on);
/// `conversation` 0 is null: there is none yet.
SharedFrame historyFrame(std::string_view echo, Id conversation, const Page& page,
                         const Receipts& receipts);
/// Members of GET …/changes, behind an open object.
void writeChanges(JsonWriter& json, const Changes& changes);

} // namespace salon::conversations
