#pragma once

#include "Usage.h"

#include <cstddef>
#include <optional>
#include <ostream>
#include <string>
#include <vector>

namespace salon::bench {

/// What was measured, each beside its budget (ARCHITECTURE: Budgets), as a table and as JSON. A
/// figure has a column for each database on which it was measured.
class Report {
public:
    /// @param judges whether a budget that is missed counts: not on a machine that does other
    /// things
    explicit Report(bool judges) : _judges(judges) {}

    /// Whatever is reported from now on was measured on this database.
    void on(std::string database);

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
    /// Who used how much of a core. What the generator was the limit of is no figure.
    void used(const std::string& name, const Usage& window);
    /// A remark for the reader.
    void note(std::string text);

    /// Whether every budget, if they count, and every check holds.
    bool good() const;
    void print(std::ostream& out) const;
    void printJson(std::ostream& out) const;

private:
    struct Cell {
        std::size_t database;
        double value;
        std::optional<double> budget;
        bool good;
    };
    struct Row {
        std::string name;
        std::string unit;
        std::vector<Cell> cells;
    };

    void add(std::string name, std::string unit, Cell cell);
    std::string there(const std::string& text) const;
    void printRow(std::ostream& out, const Row& row) const;

    const bool _judges;
    std::vector<std::string> _databases;
    std::vector<Row> _rows;
    std::ptrdiff_t _next = 0;           ///< where a new row goes
    std::vector<std::string> _failures; ///< checks that do not hold
    std::vector<std::string> _notes;
};

} // namespace salon::bench
