#pragma once

#include "net/Arrival.h"
#include "net/Corked.h"
#include "salon/Guarded.h"
#include "store/lane/LaneMetrics.h"
#include "store/lane/Writer.h"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace salon::store {

/// One thread that writes: takes all that is queued, makes it one transaction, and finishes the
/// writes once it is durable (the essay in salon/Store.h says in what order).
class Lane final : public net::Corked {
public:
    /// Writes in one transaction at most: they bound the time until the first of them is answered.
    static constexpr std::size_t batchMost = 4096;

    enum class Taken { yes, full, stopping };

    /// `groups` are indexed by Store::Group; `row` is the lane's in the table lane. Starts the
    /// thread.
    /// @throws Poco::Data::DataException when the database cannot be opened for writing
    Lane(std::string name, std::string row, Database& database,
         std::vector<std::unique_ptr<WriteGroup>> groups, std::size_t capacity,
         Availability& availability, Log& log, const LaneMetrics& metrics = {});
    ~Lane() override;

    /// Any thread, never waits. The write stays with the caller unless it is taken.
    Taken submit(Store::Group group, std::unique_ptr<Write>& write);
    /// Takes nothing more, finishes all that was taken, ends the thread. May be called again.
    void stop();

    void wake() override;

private:
    struct Item {
        Store::Group group;
        std::unique_ptr<Write> write;
        const Error* failure;
        net::Arrival::Time arrived;
    };
    struct Queue {
        std::vector<Item> items;
        bool sleeping = false; ///< the lane has to be woken
        bool stopping = false;
    };
    /// The writes of one group in the batch.
    struct Part {
        Store::Group group;
        std::vector<Write*> writes;
        std::vector<std::size_t> items; ///< where in the batch each of them is
        bool prepared;
    };

    void run();
    bool take();
    void process();
    void gather();
    void prepare();
    void writeTogether();
    void writeAlone();
    void settle(const Error* failure);
    void noteFailure();
    void finish();

    const std::string _name;
    const std::size_t _capacity;
    Log& _log;
    const LaneMetrics _metrics;
    const std::vector<std::unique_ptr<WriteGroup>> _groups;
    Writer _writer;

    // The batch in work; the lane's thread alone.
    std::vector<Item> _batch;
    std::vector<Part> _parts;
    std::size_t _partCount = 0;
    std::vector<std::size_t> _partOf; ///< by group
    std::size_t _failures = 0;        ///< writes in this batch that failed by themselves
    std::string _firstReason;

    Guarded<Queue> _queue;
    std::condition_variable _filled;
    std::thread _thread;
};

} // namespace salon::store
