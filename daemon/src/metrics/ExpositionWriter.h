#pragma once

#include "salon/Metrics.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace salon {

/// Writes Prometheus' text exposition format 0.0.4: families, each followed by its samples.
class ExpositionWriter {
public:
    static constexpr const char* contentType = "text/plain; version=0.0.4; charset=utf-8";

    explicit ExpositionWriter(std::string& out) : _out(out) {}

    void family(std::string_view name, std::string_view type, std::string_view sentence);
    /// `suffix` is that of a histogram's samples; `le` its bucket's bound, or empty.
    void sample(std::string_view name, std::string_view suffix, const Metric::Labels& labels,
                std::string_view le, std::string_view value);

    /// The shortest text that reads back as the same number; `NaN`, `+Inf`, `-Inf`.
    static std::string number(double value);

private:
    void label(std::string_view name, std::string_view value, char before);

    std::string& _out;
};

} // namespace salon
