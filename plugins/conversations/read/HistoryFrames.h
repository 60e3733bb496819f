#pragma once

#include "Desk.h"
#include "salon/Frames.h"

namespace salon::conversations {

/// The frames that read a page of history. A worker reads; the connection waits.
class HistoryFrames {
public:
    explicit HistoryFrames(Desk& desk) : _desk(desk) {}
    void add(Frames& frames);

private:
    void history(FrameCall& frame);
    void dmHistory(FrameCall& frame);

    template <class Find> void answer(FrameCall& frame, Find find);

    Desk& _desk;
};

} // namespace salon::conversations
