#pragma once

#include "salon/SharedFrame.h"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace salon::net {

/// What waits for one socket: shared frames in order, sent by as few system calls as it takes. Its
/// bound is its owner's business. One thread.
class Outbox {
public:
    enum class Sent { all, some, failed };

    void push(SharedFrame frame);
    bool empty() const { return _head == _frames.size(); }
    std::size_t bytes() const { return _bytes; }
    /// Writes until nothing is left, the socket takes no more, or this call has written its share
    /// (a client that takes a megabyte at once would keep all others waiting for milliseconds);
    /// never blocks. `failed`: the peer is gone.
    Sent flush(int descriptor);
    /// Drops every frame of which no byte was sent yet.
    void dropUnsent();

private:
    void forget(std::size_t sent);

    std::vector<SharedFrame> _frames;
    std::uint32_t _head = 0;   // the first frame not wholly sent
    std::uint32_t _offset = 0; // bytes of it that were sent
    std::size_t _bytes = 0;
};

} // namespace salon::net
