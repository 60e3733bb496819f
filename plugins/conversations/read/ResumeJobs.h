#pragma once

#include "Desk.h"
#include "salon/Frames.h"
#include "salon/Guarded.h"
#include "salon/SeededHash.h"
#include "salon/Tasks.h"

#include <deque>
#include <memory>
#include <string>
#include <unordered_map>

// `resume`: everything that a client has missed, one frame a conversation, however many there are.
//
// A job goes in steps on a queue of its own: a step reads and sends a few frames, then waits for
// room in the connection's outbox. So a client that reads slowly costs a small queue entry, and
// resuming never fills an outbox. Live frames go on meanwhile: each message bears its rev, so that
// a client takes what is newer. A connection resumes once at a time.

namespace salon::conversations {

class ResumeJobs {
public:
    ResumeJobs(Desk& desk, std::shared_ptr<TaskQueue> queue)
        : _desk(desk), _queue(std::move(queue)) {}
    void add(Frames& frames);

private:
    struct Wanted {
        Id conversation;
        std::int64_t since; ///< rev; -1: the client does not know the conversation
    };
    using Revs = std::unordered_map<Id, std::int64_t, SeededHash>;
    struct Job {
        ConnectionId connection;
        Id user = 0;
        std::string echo;
        Revs have;
        bool listed = false;
        std::deque<Wanted> wanted;
    };
    using JobPtr = std::shared_ptr<Job>;

    static Result<Revs> readHave(JsonValue have);
    void resume(FrameCall& frame);
    void post(const JobPtr& job);
    void step(const JobPtr& job);
    void list(Session& session, Job& job);
    /// Sends the next frames; false when nothing is left.
    bool sendSome(Session& session, Job& job);
    SharedFrame changesFrame(Session& session, const Job& job, const Wanted& wanted);
    void end(const Job& job, const SharedFrame& last);

    Desk& _desk;
    std::shared_ptr<TaskQueue> _queue;
    Guarded<std::unordered_map<ConnectionId, JobPtr>> _jobs;
};

} // namespace salon::conversations
