#pragma once

#include "Desk.h"
#include "salon/Frames.h"

namespace salon::conversations {

/// The frames that write, and typing. They run on reactors: shape and membership against memory,
/// then the lane.
class MessageFrames {
public:
    explicit MessageFrames(Desk& desk) : _desk(desk) {}
    void add(Frames& frames);

private:
    void dm(FrameCall& frame);
    void message(FrameCall& frame);
    void change(FrameCall& frame, bool deletion);
    void receipt(FrameCall& frame, bool read);
    void typing(FrameCall& frame);

    Desk& _desk;
};

} // namespace salon::conversations
