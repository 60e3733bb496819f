#pragma once

#include "salon/Time.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

namespace salon::conversations {

using Id = std::int64_t;

/// Which direct conversation: its id (0 while it does not exist) and its two users, low < high.
struct Direct {
    Id id = 0;
    Id low = 0;
    Id high = 0;

    static Direct of(Id one, Id other, Id id = 0) {
        return {id, std::min(one, other), std::max(one, other)};
    }
    bool has(Id user) const { return user == low || user == high; }
    Id peerOf(Id user) const { return user == low ? high : low; }
    /// What its writes are queued by: the same before and after it has an id.
    Id laneKey() const {
        return static_cast<Id>(static_cast<std::uint64_t>(low) * 0x9e3779b97f4a7c15ULL) ^ high;
    }
};

struct Message {
    Id id = 0;
    Id conversation = 0;
    std::int64_t seq = 0;
    std::int64_t rev = 0;        ///< of its last change
    std::int64_t createdRev = 0; ///< of its creation
    Id from = 0;
    std::string content;
    Milliseconds timestamp = 0;
    Milliseconds editedAt = 0; ///< 0: never
    bool deleted = false;
    Id replyTo = 0; ///< 0: none
};

/// How far a member has come: sequence numbers, read <= received.
struct Receipt {
    Id user = 0;
    std::int64_t received = 0;
    std::int64_t read = 0;
};
using Receipts = std::vector<Receipt>;

/// A page of messages and whether there are more on its far side.
struct Page {
    std::vector<Message> messages;
    bool more = false;
};

/// What came after a rev.
struct Changes {
    Page page;
    std::int64_t rev = 0; ///< where to go on from
    Receipts receipts;
    bool reset = false; ///< the rev asked for lies beyond the head: this is the newest page
};

/// A conversation as one of its members sees it.
struct Overview {
    Direct direct;
    std::int64_t seq = 0;
    std::int64_t rev = 0;
    std::int64_t unread = 0; ///< counted up to 10,000
    Message last;            ///< id 0: there is none
    Receipts receipts;
};

} // namespace salon::conversations
