#pragma once

#include "metrics/ExpositionWriter.h"
#include "metrics/MetricCells.h"
#include "salon/Guarded.h"
#include "salon/Metrics.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace salon {

/// Every series of the process (salon/Metrics.h says what they are). Plugins never see it: each is
/// given an OwnedMetrics, which knows whose a registration is and withdraws it. Any thread.
class MetricRegistry {
public:
    enum class Type { counter, gauge, histogram };
    /// Series of one name at most: a guard against labels that are made of what clients send.
    static constexpr std::size_t seriesMost = 4096;

    /// The cells of a new series, and where its bounds are kept. @throws std::logic_error
    struct Place {
        const std::vector<std::uint64_t>& bounds;
        std::uint64_t* cells;
    };
    Place add(const std::string& owner, Type type, Metric metric, Buckets buckets = {});
    /// One that is read at each scrape.
    void add(const std::string& owner, Type type, Metric metric, std::function<double()> read);
    /// Every series of that owner leaves the scrape; when it returns nothing reads them any more.
    void withdraw(const std::string& owner);

    /// The scrape: every family by name, its series in the order of their registration.
    std::string text();

private:
    struct Series {
        std::string owner;
        Metric::Labels labels;
        bool hideZero = false;
        std::uint64_t* cells = nullptr;
        std::function<double()> read = {}; // in place of cells
    };
    struct Family {
        Type type;
        std::string sentence;
        // Handles point to it, also after the family was withdrawn.
        std::shared_ptr<const Buckets> buckets;
        std::vector<Series> series;
    };
    struct State {
        std::map<std::string, Family> families;
        MetricCells cells;
        std::vector<std::shared_ptr<const Buckets>> buckets; // every one that was given out
    };

    static Family& enter(State& state, const std::string& owner, Type type, const Metric& metric,
                         Buckets buckets);
    static void write(ExpositionWriter& writer, const std::string& name, const Family& family);
    static void writeHistogram(ExpositionWriter& writer, const std::string& name,
                               const Family& family, const Series& series);

    Guarded<State> _state;
};

/// An owner's view of the registry.
class OwnedMetrics final : public Metrics {
public:
    OwnedMetrics(MetricRegistry& registry, std::string owner)
        : _registry(registry), _owner(std::move(owner)) {}
    ~OwnedMetrics() override { withdraw(); }
    OwnedMetrics(const OwnedMetrics&) = delete;
    OwnedMetrics& operator=(const OwnedMetrics&) = delete;

    Counter counter(Metric metric) override;
    Gauge gauge(Metric metric) override;
    Histogram histogram(Metric metric, Buckets buckets) override;
    void counter(Metric metric, std::function<double()> read) override;
    void gauge(Metric metric, std::function<double()> read) override;

    /// Ends every registration. Idempotent; never from what a scrape reads.
    void withdraw() { _registry.withdraw(_owner); }

private:
    MetricRegistry& _registry;
    const std::string _owner;
};

} // namespace salon
