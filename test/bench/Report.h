#pragma once

#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace salon::bench {

/// What was measured, each beside its budget (ARCHITECTURE: Budgets), as a table and as JSON.
class Report {
public:
    /// A figure that must not be above its budget.
    void atMost(std::string name, double value, std::string unit, double budget);
    /// A figure that must not be below its budget.
    void atLeast(std::string name, double value, std::string unit, double budget);
    /// A figure that must not be above its budget, if it has one.
    void figure(std::string name, double value, std::string unit, std::optional<double> most);
    /// A figure without a budget.
    void plain(std::string name, double value, std::string unit);
    /// What must be so for the figures to count.
    void check(std::string name, bool holds, const std::string& otherwise);
    /// A remark for the reader.
    void note(std::string text);

    /// Whether every budget and check holds.
    bool good() const;
    void print(std::ostream& out) const;
    void printJson(std::ostream& out) const;

private:
    struct Row {
        std::string name;
        double value;
        std::string unit;
        std::optional<double> budget;
        bool good;
    };

    std::vector<Row> _rows;
    std::vector<std::string> _failures; ///< checks that do not hold
    std::vector<std::string> _notes;
};

} // namespace salon::bench
