#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace salon::test {

/// Prometheus' text exposition format 0.0.4, read more strictly than a collector does: everything
/// that a writer should do is demanded. HELP and TYPE come first, once, with all samples of the
/// family behind them; no series twice; counters are whole and not negative; a histogram's buckets
/// ascend to +Inf, never fall, and agree with its count.
class Exposition {
public:
    using Labels = std::map<std::string, std::string>;
    struct Sample {
        std::string name;
        Labels labels;
        double value = 0;
    };
    struct Family {
        std::string help;
        std::string type;
        std::vector<Sample> samples;
    };

    /// @throws std::runtime_error with the line and what is wrong with it
    static Exposition parse(const std::string& text);

    const std::map<std::string, Family>& families() const { return _families; }
    /// The value of the series with exactly these labels; 0 when it is not there.
    double value(const std::string& name, const Labels& labels = {}) const;
    bool has(const std::string& name, const Labels& labels = {}) const;

private:
    std::map<std::string, Family> _families;
};

} // namespace salon::test
