#include "store/lane/Lane.h"

#include "host/ThreadTurns.h"

#include <pthread.h>

#include <algorithm>
#include <iterator>
#include <limits>

namespace salon::store {

namespace {

const Error unavailable{Code::unavailable, "the database cannot be written now; try again later"};
const Error internal{Code::internal, "the server failed to store this; it was reported"};

constexpr auto none = std::numeric_limits<std::size_t>::max();

} // namespace

Lane::Lane(std::string name, std::string row, Database& database,
           std::vector<std::unique_ptr<WriteGroup>> groups, std::size_t capacity,
           Availability& availability, Log& log, const LaneMetrics& metrics)
    : _name(std::move(name)), _capacity(capacity), _log(log), _metrics(metrics),
      _groups(std::move(groups)),
      _writer(database, std::move(row), availability, log, metrics.commit),
      _partOf(_groups.size(), none) {
    _thread = std::thread([this] { run(); });
}

Lane::~Lane() {
    stop();
}

Lane::Taken Lane::submit(Store::Group group, std::unique_ptr<Write>& write) {
    bool sleeping = false;
    {
        auto queue = _queue.lock();
        if (queue->stopping) return Taken::stopping;
        if (queue->items.size() >= _capacity) {
            _metrics.refused.add();
            return Taken::full;
        }
        queue->items.push_back({group, std::move(write), &internal, net::Arrival::current()});
        _metrics.waiting.add(1);
        sleeping = queue->sleeping;
    }
    // A lane at work looks at its queue before it sleeps.
    if (sleeping) wakeSoon();
    return Taken::yes;
}

void Lane::stop() {
    _queue.lock()->stopping = true;
    _filled.notify_one();
    if (_thread.joinable()) _thread.join();
}

void Lane::wake() {
    _filled.notify_one();
}

void Lane::run() {
    pthread_setname_np(pthread_self(), _name.c_str());
    ThreadTurns::soon();
    while (take()) {
        const HistogramTimer timer(_metrics.whole);
        _metrics.waiting.add(-std::ssize(_batch));
        _metrics.batch.observe(_batch.size());
        try {
            process();
        } catch (...) {
            _log.error("a batch failed", {{"lane", _name}, {"reason", describeCurrent()}});
        }
        finish();
    }
}

/// False when the queue is empty and will stay so.
bool Lane::take() {
    auto queue = _queue.lock();
    while (queue->items.empty()) {
        if (queue->stopping) return false;
        queue->sleeping = true;
        _filled.wait(queue.lock());
        queue->sleeping = false;
    }
    if (queue->items.size() <= batchMost) {
        _batch.swap(queue->items);
        return true;
    }
    const auto end = queue->items.begin() + batchMost;
    _batch.insert(_batch.end(), std::make_move_iterator(queue->items.begin()),
                  std::make_move_iterator(end));
    queue->items.erase(queue->items.begin(), end);
    return true;
}

void Lane::process() {
    gather();
    _writer.refresh();
    prepare();
    writeTogether();
    if (_failures > 0) {
        _log.error(
            "writes failed",
            {{"lane", _name}, {"writes", std::to_string(_failures)}, {"reason", _firstReason}});
    }
}

/// Sorts the batch into one part a group, in the order of each group's first write.
void Lane::gather() {
    _failures = 0;
    _partCount = 0;
    std::fill(_partOf.begin(), _partOf.end(), none);
    for (std::size_t i = 0; i < _batch.size(); ++i) {
        const auto group = _batch[i].group;
        if (_partOf[group] == none) {
            if (_partCount == _parts.size()) _parts.emplace_back();
            auto& part = _parts[_partCount];
            part.group = group;
            part.writes.clear();
            part.items.clear();
            part.prepared = false;
            _partOf[group] = _partCount++;
        }
        auto& part = _parts[_partOf[group]];
        part.writes.push_back(_batch[i].write.get());
        part.items.push_back(i);
    }
}

void Lane::prepare() {
    for (std::size_t i = 0; i < _partCount; ++i) {
        auto& part = _parts[i];
        try {
            _groups[part.group]->prepare(_writer.session(), part.writes);
            part.prepared = true;
        } catch (...) {
            const bool store = _writer.failed();
            for (const auto item : part.items) {
                _batch[item].failure = store ? &unavailable : &internal;
                if (!store) noteFailure();
            }
        }
    }
}

void Lane::writeTogether() {
    std::vector<Writer::Part> parts;
    for (std::size_t i = 0; i < _partCount; ++i) {
        const auto& part = _parts[i];
        if (part.prepared) parts.push_back({_groups[part.group].get(), part.writes});
    }
    if (parts.empty()) return;
    switch (_writer.write(parts)) {
    case Writer::Verdict::committed:
        settle(nullptr);
        break;
    case Writer::Verdict::storeDown:
        settle(&unavailable);
        break;
    case Writer::Verdict::storeFailed:
        // One that was alone already would only wait for the same once more.
        if (parts.size() == 1 && parts.front().writes.size() == 1) {
            settle(&unavailable);
        } else {
            writeAlone();
        }
        break;
    case Writer::Verdict::writeFailed:
        writeAlone();
        break;
    }
}

/// Every write of the batch that was prepared ends this way.
void Lane::settle(const Error* failure) {
    for (std::size_t i = 0; i < _partCount; ++i) {
        if (!_parts[i].prepared) continue;
        for (const auto item : _parts[i].items) _batch[item].failure = failure;
    }
}

void Lane::writeAlone() {
    // In order of arrival across the groups.
    int storeFailures = 0;
    for (auto& item : _batch) {
        if (!_parts[_partOf[item.group]].prepared) continue;
        // A full disk must not cost a timeout for each of thousands.
        if (storeFailures == 2) {
            item.failure = &unavailable;
            continue;
        }
        Write* const write = item.write.get();
        const Writer::Part part{_groups[item.group].get(), {&write, 1}};
        switch (_writer.write({&part, 1})) {
        case Writer::Verdict::committed:
            item.failure = nullptr;
            storeFailures = 0;
            break;
        case Writer::Verdict::writeFailed:
            item.failure = &internal;
            noteFailure();
            storeFailures = 0;
            break;
        case Writer::Verdict::storeFailed:
            item.failure = &unavailable;
            ++storeFailures;
            break;
        case Writer::Verdict::storeDown:
            item.failure = &unavailable;
            storeFailures = 2;
            break;
        }
    }
}

void Lane::noteFailure() {
    if (_failures++ == 0) _firstReason = _writer.reason();
}

void Lane::finish() {
    std::size_t committed = 0;
    std::size_t away = 0;
    {
        const Cork cork;
        for (auto& item : _batch) {
            committed += item.failure == nullptr ? 1 : 0;
            away += item.failure == &unavailable ? 1 : 0;
            const net::Arrival arrival(item.arrived);
            try {
                item.write->finish(item.failure);
            } catch (...) {
                _log.error("what follows a write failed",
                           {{"lane", _name}, {"reason", describeCurrent()}});
            }
        }
    }
    _metrics.committed.add(committed);
    _metrics.unavailable.add(away);
    _metrics.failed.add(_batch.size() - committed - away);
    _batch.clear();
}

} // namespace salon::store
