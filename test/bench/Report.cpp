#include "Report.h"

#include <Poco/JSONString.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace salon::bench {

namespace {

/// Four digits that matter, and no more.
std::string number(double value) {
    const double size = std::fabs(value);
    const int places = size >= 1000 ? 0 : size >= 100 ? 1 : size >= 10 ? 2 : 3;
    std::string text(32, '\0');
    const int length = std::snprintf(text.data(), text.size(), "%.*f", places, value);
    text.resize(static_cast<std::size_t>(length));
    return text;
}

std::string padded(std::string text, std::size_t size) {
    text.insert(0, size > text.size() ? size - text.size() : 0, ' ');
    return text;
}

void writeList(std::ostream& out, const char* name, const std::vector<std::string>& texts) {
    out << "  \"" << name << "\": [";
    const char* separator = "";
    for (const auto& text : texts) {
        out << separator << Poco::toJSON(text, Poco::JSON_WRAP_STRINGS);
        separator = ", ";
    }
    out << "]";
}

} // namespace

void Report::on(std::string database) {
    _databases.push_back(std::move(database));
    _next = 0;
}

/// Beside the same figure on another database if there is one, otherwise below the figure before.
void Report::add(std::string name, std::string unit, Cell cell) {
    cell.database = _databases.size() - 1;
    auto row = std::find_if(_rows.begin(), _rows.end(), [&](const Row& each) {
        return each.name == name && each.cells.back().database != cell.database;
    });
    if (row == _rows.end()) {
        row = _rows.insert(_rows.begin() + _next, {std::move(name), std::move(unit), {}});
    }
    row->cells.push_back(cell);
    _next = row - _rows.begin() + 1;
}

void Report::atMost(std::string name, double value, std::string unit, double budget) {
    add(std::move(name), std::move(unit), {0, value, budget, value <= budget});
}

void Report::atLeast(std::string name, double value, std::string unit, double budget) {
    add(std::move(name), std::move(unit), {0, value, budget, value >= budget});
}

void Report::figure(std::string name, double value, std::string unit, std::optional<double> most) {
    add(std::move(name), std::move(unit), {0, value, most, !most || value <= *most});
}

void Report::plain(std::string name, double value, std::string unit) {
    figure(std::move(name), value, std::move(unit), std::nullopt);
}

std::string Report::there(const std::string& text) const {
    return _databases.back() + ": " + text;
}

void Report::check(std::string name, bool holds, const std::string& otherwise) {
    if (!holds) _failures.push_back(there(name + ": " + otherwise));
}

void Report::used(const std::string& name, const Usage& window) {
    note(name + ": " + window.told());
    if (_judges && window.own / window.clock.count() >= 0.95) {
        check(name, false, "the generator was the limit");
    }
}

void Report::note(std::string text) {
    _notes.push_back(there(text));
}

bool Report::good() const {
    const auto kept = [](const Cell& cell) { return cell.good; };
    const auto all = [&](const Row& row) {
        return std::all_of(row.cells.begin(), row.cells.end(), kept);
    };
    return _failures.empty() && (!_judges || std::all_of(_rows.begin(), _rows.end(), all));
}

namespace {

constexpr std::size_t figureWidth = 12;
constexpr std::size_t verdictWidth = 6;

} // namespace

void Report::printRow(std::ostream& out, const Row& row) const {
    std::optional<double> budget;
    for (const auto& cell : row.cells) {
        if (cell.budget) budget = cell.budget;
    }
    out << padded(budget ? number(*budget) : "", figureWidth);
    for (std::size_t i = 0; i < _databases.size(); ++i) {
        const auto cell = std::find_if(row.cells.begin(), row.cells.end(),
                                       [&](const Cell& each) { return each.database == i; });
        const bool there = cell != row.cells.end();
        out << padded(there ? number(cell->value) : "", figureWidth)
            << (!there || !cell->budget ? "      "
                : cell->good            ? "  ok  "
                                        : "  MISS");
    }
    out << "  " << row.unit << '\n';
}

void Report::print(std::ostream& out) const {
    std::size_t width = 0;
    for (const auto& row : _rows) width = std::max(width, row.name.size());
    out << std::string(width, ' ') << padded("budget", figureWidth);
    for (const auto& database : _databases) {
        out << padded(database, figureWidth) << std::string(verdictWidth, ' ');
    }
    out << '\n';
    for (const auto& row : _rows) {
        out << row.name << std::string(width - row.name.size(), ' ');
        printRow(out, row);
    }
    for (const auto& note : _notes) out << "note: " << note << '\n';
    for (const auto& failure : _failures) out << "FAIL: " << failure << '\n';
    const auto* const verdict = !good()   ? "not all budgets are kept"
                                : _judges ? "all budgets are kept"
                                          : "everything arrived; budgets were not judged";
    out << verdict << '\n' << std::flush;
}

void Report::printJson(std::ostream& out) const {
    const auto quoted = [](const std::string& text) {
        return Poco::toJSON(text, Poco::JSON_WRAP_STRINGS);
    };
    out << "{\n  \"good\": " << (good() ? "true" : "false") << ",\n  \"figures\": [";
    const char* separator = "\n";
    for (const auto& row : _rows) {
        for (const auto& cell : row.cells) {
            out << separator << "    {\"name\": " << quoted(row.name)
                << ", \"database\": " << quoted(_databases[cell.database])
                << ", \"value\": " << number(cell.value) << ", \"unit\": " << quoted(row.unit)
                << ", \"budget\": " << (cell.budget ? number(*cell.budget) : "null")
                << ", \"good\": " << (cell.good ? "true" : "false") << "}";
            separator = ",\n";
        }
    }
    out << "\n  ],\n";
    writeList(out, "failures", _failures);
    out << ",\n";
    writeList(out, "notes", _notes);
    out << "\n}\n";
}

} // namespace salon::bench
