#include "metrics/ExpositionWriter.h"

#include <charconv>
#include <cmath>

namespace salon {

namespace {

void appendEscaped(std::string& out, std::string_view text, bool quotes) {
    for (const char c : text) {
        if (c == '\\') {
            out += "\\\\";
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '"' && quotes) {
            out += "\\\"";
        } else {
            out += c;
        }
    }
}

} // namespace

void ExpositionWriter::family(std::string_view name, std::string_view type,
                              std::string_view sentence) {
    _out.append("# HELP ").append(name).append(" ");
    appendEscaped(_out, sentence, false);
    _out.append("\n# TYPE ").append(name).append(" ").append(type).append("\n");
}

void ExpositionWriter::label(std::string_view name, std::string_view value, char before) {
    _out += before;
    _out.append(name).append("=\"");
    appendEscaped(_out, value, true);
    _out += '"';
}

void ExpositionWriter::sample(std::string_view name, std::string_view suffix,
                              const Metric::Labels& labels, std::string_view le,
                              std::string_view value) {
    _out.append(name).append(suffix);
    char before = '{';
    for (const auto& [key, text] : labels) {
        label(key, text, before);
        before = ',';
    }
    if (!le.empty()) label("le", le, before);
    if (!labels.empty() || !le.empty()) _out += '}';
    _out.append(" ").append(value).append("\n");
}

std::string ExpositionWriter::number(double value) {
    if (std::isnan(value)) return "NaN";
    if (std::isinf(value)) return value > 0 ? "+Inf" : "-Inf";
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    return {buffer, end};
}

} // namespace salon
