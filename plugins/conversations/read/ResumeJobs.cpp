#include "read/ResumeJobs.h"

#include "Wire.h"

#include <algorithm>
#include <exception>

namespace salon::conversations {

namespace {

constexpr std::int64_t unknown = -1;
constexpr std::size_t stepBytes = 65536; // sent at least before room is waited for

SharedFrame resumedFrame(std::string_view echo) {
    std::string text;
    JsonWriter json(text);
    json.beginObject().member("type", "resumed");
    if (!echo.empty()) json.key("id").raw(echo);
    json.endObject();
    return SharedFrame::text(text);
}

Error badHave(bool given, const std::string& wanted) {
    return {Code::badRequest, "have " + wanted, {{"have", given ? "invalid" : "required", wanted}}};
}

} // namespace

Result<ResumeJobs::Revs> ResumeJobs::readHave(JsonValue have) {
    if (have.kind() != JsonValue::Kind::object) {
        return badHave(static_cast<bool>(have), "must be an object: a rev by conversation");
    }
    Revs revs;
    bool valid = true;
    have.eachMember([&](std::string_view name, JsonValue value) {
        const auto conversation = readDigits(name);
        const auto rev = value.integer();
        if (!conversation || !rev || *rev < 0) {
            valid = false;
        } else {
            revs[*conversation] = *rev;
        }
    });
    if (!valid) {
        return badHave(true, "must hold conversations' ids and their revs, integers");
    }
    return revs;
}

void ResumeJobs::add(Frames& frames) {
    frames.on("resume", [this](FrameCall& frame) { resume(frame); });
    frames.onClose([this](ConnectionId id, const Principal&) { _jobs.lock()->erase(id); });
}

void ResumeJobs::resume(FrameCall& frame) {
    // Its frames come one after the other: until the job is added below, none adds another.
    if (_jobs.lock()->contains(frame.connection.id())) {
        return frame.refuse({Code::conflict, "this connection is resuming already"});
    }
    auto have = readHave(frame.body["have"]);
    if (!have) return frame.refuse(have.error());
    auto job = std::make_shared<Job>();
    job->connection = frame.connection.id();
    job->user = frame.connection.principal().user;
    job->echo = frame.echo;
    job->have = std::move(*have);
    _jobs.lock()->emplace(job->connection, job);
    post(job);
}

void ResumeJobs::post(const JobPtr& job) {
    if (_queue->post([this, job] { step(job); })) return;
    end(*job,
        errorFrame({Code::unavailable, "too many resume at this moment; try again later", {}, 2},
                   job->echo));
}

void ResumeJobs::step(const JobPtr& job) {
    if (!_jobs.lock()->contains(job->connection)) return; // it is gone
    bool more = false;
    try {
        _desk.store().read([&](Session& session) {
            if (!job->listed) list(session, *job);
            more = sendSome(session, *job);
        });
    } catch (const std::exception& problem) {
        _desk.log().error("a resume failed", {{"what", problem.what()}});
        end(*job, errorFrame({Code::unavailable, "the store cannot be read now; try again later"},
                             job->echo));
        return;
    }
    if (!more) {
        end(*job, resumedFrame(job->echo));
        return;
    }
    _desk.hub().whenRoom(job->connection, [this, job] { post(job); });
}

void ResumeJobs::list(Session& session, Job& job) {
    for (const auto id : listConversationIds(session, job.user)) {
        const auto known = job.have.find(id);
        if (known == job.have.end()) {
            job.wanted.push_back({id, unknown});
        } else {
            job.wanted.push_back({id, known->second});
            job.have.erase(known);
        }
    }
    // What is left has no message, or may not be seen: that is left out in silence.
    for (const auto& [id, rev] : job.have) {
        if (_desk.find(session, id, job.user)) job.wanted.push_back({id, rev});
    }
    job.have.clear();
    job.listed = true;
}

bool ResumeJobs::sendSome(Session& session, Job& job) {
    // Half of the outbox is free at least, and a frame takes a little more than a quarter.
    const auto most = std::min(stepBytes, _desk.frameBytes() / 2);
    std::size_t bytes = 0;
    while (!job.wanted.empty() && bytes < most) {
        const auto wanted = job.wanted.front();
        job.wanted.pop_front();
        const Snapshot snapshot(session);
        if (wanted.since != unknown && !changedSince(session, wanted.conversation, wanted.since)) {
            continue;
        }
        auto frame = changesFrame(session, job, wanted);
        bytes += frame.bytes().size();
        _desk.hub().send(job.connection, std::move(frame));
    }
    return !job.wanted.empty();
}

SharedFrame ResumeJobs::changesFrame(Session& session, const Job& job, const Wanted& wanted) {
    const PageLimit newest{defaultPage, _desk.frameBytes()};
    const PageLimit most{largestPage, _desk.frameBytes()};
    const bool fresh = wanted.since == unknown;
    auto changes = fresh ? readNewest(session, wanted.conversation, newest)
                         : readChanges(session, wanted.conversation, wanted.since, most);
    std::string text;
    JsonWriter json(text);
    json.beginObject().member("type", "changes").member("conversation", wanted.conversation);
    writeChanges(json, changes);
    const auto users = _desk.users();
    const auto direct =
        fresh ? _desk.find(session, wanted.conversation, job.user) : Result<Direct>(Direct{});
    if (fresh && users && direct) {
        if (const auto overview = readOverview(session, *direct, job.user)) {
            const auto peer = users->find(session, direct->peerOf(job.user));
            json.key("conversation_info");
            writeOverview(json, *overview, peer.get(), *users, &session);
        }
    }
    json.endObject();
    return SharedFrame::text(text);
}

void ResumeJobs::end(const Job& job, const SharedFrame& last) {
    // First forgotten, then told: who has read the answer may resume again.
    _jobs.lock()->erase(job.connection);
    _desk.hub().send(job.connection, last);
}

} // namespace salon::conversations
