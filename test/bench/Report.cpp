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

void Report::atMost(std::string name, double value, std::string unit, double budget) {
    _rows.push_back({std::move(name), value, std::move(unit), budget, value <= budget});
}

void Report::atLeast(std::string name, double value, std::string unit, double budget) {
    _rows.push_back({std::move(name), value, std::move(unit), budget, value >= budget});
}

void Report::figure(std::string name, double value, std::string unit, std::optional<double> most) {
    _rows.push_back({std::move(name), value, std::move(unit), most, !most || value <= *most});
}

void Report::plain(std::string name, double value, std::string unit) {
    _rows.push_back({std::move(name), value, std::move(unit), std::nullopt, true});
}

void Report::check(std::string name, bool holds, const std::string& otherwise) {
    if (!holds) _failures.push_back(std::move(name) + ": " + otherwise);
}

void Report::note(std::string text) {
    _notes.push_back(std::move(text));
}

bool Report::good() const {
    return _failures.empty() &&
           std::all_of(_rows.begin(), _rows.end(), [](const Row& row) { return row.good; });
}

void Report::print(std::ostream& out) const {
    std::size_t width = 0;
    for (const auto& row : _rows) width = std::max(width, row.name.size());
    const auto cell = [](std::string text, std::size_t size) {
        text.insert(0, size > text.size() ? size - text.size() : 0, ' ');
        return text;
    };
    for (const auto& row : _rows) {
        out << row.name << std::string(width - row.name.size(), ' ') << cell(number(row.value), 12)
            << cell(row.budget ? number(*row.budget) : "", 12) << "  "
            << (!row.budget ? "    "
                : row.good  ? "ok  "
                            : "MISS")
            << "  " << row.unit << '\n';
    }
    for (const auto& note : _notes) out << "note: " << note << '\n';
    for (const auto& failure : _failures) out << "FAIL: " << failure << '\n';
    out << (good() ? "all budgets are kept" : "not all budgets are kept") << '\n' << std::flush;
}

void Report::printJson(std::ostream& out) const {
    out << "{\n  \"good\": " << (good() ? "true" : "false") << ",\n  \"figures\": [";
    const char* separator = "\n";
    for (const auto& row : _rows) {
        out << separator << "    {\"name\": " << Poco::toJSON(row.name, Poco::JSON_WRAP_STRINGS)
            << ", \"value\": " << number(row.value) << ", \"unit\": \"" << row.unit
            << "\", \"budget\": " << (row.budget ? number(*row.budget) : "null")
            << ", \"good\": " << (row.good ? "true" : "false") << "}";
        separator = ",\n";
    }
    out << "\n  ],\n";
    writeList(out, "failures", _failures);
    out << ",\n";
    writeList(out, "notes", _notes);
    out << "\n}\n";
}

} // namespace salon::bench
