#include "metrics/MetricRegistry.h"

#include <algorithm>
#include <array>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace salon {

namespace {

using namespace std::chrono_literals;

Buckets durations(std::initializer_list<std::chrono::nanoseconds> bounds) {
    Buckets buckets{{}, 1e9};
    for (const auto bound : bounds) {
        buckets.bounds.push_back(static_cast<std::uint64_t>(bound.count()));
    }
    return buckets;
}

bool isWord(std::string_view text) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    };
    return !text.empty() && letter(text.front()) &&
           std::all_of(text.begin(), text.end(),
                       [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

std::vector<std::string> namesOf(const Metric::Labels& labels) {
    std::vector<std::string> names;
    for (const auto& [name, value] : labels) names.push_back(name);
    return names;
}

const char* word(MetricRegistry::Type type) {
    constexpr std::array words = {"counter", "gauge", "histogram"};
    return words[static_cast<std::size_t>(type)];
}

/// What cannot be read is no number; it must not cost the others.
std::string readNow(const std::function<double()>& read) {
    try {
        return ExpositionWriter::number(read());
    } catch (const std::exception&) {
        return ExpositionWriter::number(std::numeric_limits<double>::quiet_NaN());
    }
}

[[noreturn]] void refuse(const std::string& owner, const Metric& metric, const std::string& why) {
    throw std::logic_error("the metric " + metric.name + " of " + owner + " " + why);
}

void check(const std::string& owner, MetricRegistry::Type type, const Metric& metric,
           const Buckets& buckets) {
    if (!isWord(metric.name))
        refuse(owner, metric, "has a name that the text format does not take");
    const bool total = metric.name.ends_with("_total");
    if (total != (type == MetricRegistry::Type::counter)) {
        refuse(owner, metric, "is a " + std::string(word(type)) + ": counters end in _total");
    }
    auto names = namesOf(metric.labels);
    std::sort(names.begin(), names.end());
    if (std::adjacent_find(names.begin(), names.end()) != names.end()) {
        refuse(owner, metric, "has a label twice");
    }
    for (const auto& name : names) {
        if (!isWord(name) || name.starts_with("__") || name == "le") {
            refuse(owner, metric, "cannot have a label " + name);
        }
    }
    if (std::adjacent_find(buckets.bounds.begin(), buckets.bounds.end(), std::greater_equal<>()) !=
        buckets.bounds.end()) {
        refuse(owner, metric, "has bounds that do not ascend");
    }
}

} // namespace

Buckets Buckets::latency() {
    return durations({50us, 100us, 250us, 500us, 1ms, 2500us, 5ms, 10ms, 25ms, 50ms, 100ms, 250ms,
                      500ms, 1s, 2500ms, 10s});
}

Buckets Buckets::calls() {
    return durations({1us, 5us, 10us, 50us, 100us, 500us, 1ms, 5ms, 10ms, 100ms, 1s});
}

MetricRegistry::Family& MetricRegistry::enter(State& state, const std::string& owner, Type type,
                                              const Metric& metric, Buckets buckets) {
    check(owner, type, metric, buckets);
    const auto found = state.families.find(metric.name);
    if (found == state.families.end()) {
        auto kept = std::make_shared<const Buckets>(std::move(buckets));
        state.buckets.push_back(kept);
        return state.families
            .emplace(metric.name, Family{type, metric.sentence, std::move(kept), {}})
            .first->second;
    }
    auto& family = found->second;
    const auto& first = family.series.front();
    if (family.type != type || family.sentence != metric.sentence ||
        family.buckets->bounds != buckets.bounds || family.buckets->divisor != buckets.divisor ||
        namesOf(first.labels) != namesOf(metric.labels)) {
        refuse(owner, metric,
               "differs in its type, sentence, bounds or labels from that of " + first.owner);
    }
    for (const auto& series : family.series) {
        if (series.labels == metric.labels) {
            refuse(owner, metric, "with these labels is taken by " + series.owner);
        }
    }
    if (family.series.size() >= seriesMost) refuse(owner, metric, "has too many series");
    return family;
}

MetricRegistry::Place MetricRegistry::add(const std::string& owner, Type type, Metric metric,
                                          Buckets buckets) {
    const auto count = type == Type::histogram ? buckets.bounds.size() + 2 : 1;
    auto state = _state.lock();
    auto* const cells = state->cells.take(count);
    auto& family = enter(*state, owner, type, metric, std::move(buckets));
    family.series.push_back({owner, std::move(metric.labels), metric.hideZero, cells});
    return {family.buckets->bounds, cells};
}

void MetricRegistry::add(const std::string& owner, Type type, Metric metric,
                         std::function<double()> read) {
    auto state = _state.lock();
    auto& family = enter(*state, owner, type, metric, {});
    family.series.push_back(
        {owner, std::move(metric.labels), metric.hideZero, nullptr, std::move(read)});
}

void MetricRegistry::withdraw(const std::string& owner) {
    auto state = _state.lock();
    for (auto family = state->families.begin(); family != state->families.end();) {
        std::erase_if(family->second.series,
                      [&](const Series& series) { return series.owner == owner; });
        family = family->second.series.empty() ? state->families.erase(family) : ++family;
    }
}

std::string MetricRegistry::text() {
    std::string out;
    ExpositionWriter writer(out);
    auto state = _state.lock();
    for (const auto& [name, family] : state->families) write(writer, name, family);
    return out;
}

void MetricRegistry::write(ExpositionWriter& writer, const std::string& name,
                           const Family& family) {
    writer.family(name, word(family.type), family.sentence);
    for (const auto& series : family.series) {
        if (family.type == Type::histogram) {
            writeHistogram(writer, name, family, series);
            continue;
        }
        std::string value;
        if (series.read) {
            value = readNow(series.read);
        } else if (family.type == Type::gauge) {
            const auto things = static_cast<std::int64_t>(MetricCells::read(series.cells));
            value = std::to_string(std::max<std::int64_t>(things, 0));
        } else {
            value = std::to_string(MetricCells::read(series.cells));
        }
        if (!series.hideZero || value != "0") writer.sample(name, "", series.labels, "", value);
    }
}

void MetricRegistry::writeHistogram(ExpositionWriter& writer, const std::string& name,
                                    const Family& family, const Series& series) {
    const auto& [bounds, divisor] = *family.buckets;
    std::vector<std::uint64_t> upTo;
    std::uint64_t count = 0;
    for (std::size_t i = 0; i <= bounds.size(); ++i) {
        count += MetricCells::read(series.cells + 1 + i);
        upTo.push_back(count);
    }
    if (series.hideZero && count == 0) return;
    for (std::size_t i = 0; i < bounds.size(); ++i) {
        const auto bound = static_cast<double>(bounds[i]) / divisor;
        writer.sample(name, "_bucket", series.labels, ExpositionWriter::number(bound),
                      std::to_string(upTo[i]));
    }
    writer.sample(name, "_bucket", series.labels, "+Inf", std::to_string(count));
    const auto sum = static_cast<double>(MetricCells::read(series.cells)) / divisor;
    writer.sample(name, "_sum", series.labels, "", ExpositionWriter::number(sum));
    writer.sample(name, "_count", series.labels, "", std::to_string(count));
}

Counter OwnedMetrics::counter(Metric metric) {
    return Counter(_registry.add(_owner, MetricRegistry::Type::counter, std::move(metric)).cells);
}

Gauge OwnedMetrics::gauge(Metric metric) {
    return Gauge(_registry.add(_owner, MetricRegistry::Type::gauge, std::move(metric)).cells);
}

Histogram OwnedMetrics::histogram(Metric metric, Buckets buckets) {
    const auto place = _registry.add(_owner, MetricRegistry::Type::histogram, std::move(metric),
                                     std::move(buckets));
    return {place.bounds, place.cells};
}

void OwnedMetrics::counter(Metric metric, std::function<double()> read) {
    _registry.add(_owner, MetricRegistry::Type::counter, std::move(metric), std::move(read));
}

void OwnedMetrics::gauge(Metric metric, std::function<double()> read) {
    _registry.add(_owner, MetricRegistry::Type::gauge, std::move(metric), std::move(read));
}

} // namespace salon
