#include "Exposition.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>
#include <stdexcept>
#include <utility>

namespace salon::test {

namespace {

using Labels = Exposition::Labels;
using Sample = Exposition::Sample;
using Family = Exposition::Family;

[[noreturn]] void fail(std::string_view line, const std::string& why) {
    throw std::runtime_error(why + ": " + std::string(line));
}

bool isName(std::string_view text) {
    const auto letter = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == ':';
    };
    return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
        return letter(c) || (c >= '0' && c <= '9');
    });
}

/// Takes what comes before the first of `ends` from the front.
std::string_view takeUntil(std::string_view& rest, std::string_view ends) {
    const auto end = std::min(rest.find_first_of(ends), rest.size());
    const auto taken = rest.substr(0, end);
    rest.remove_prefix(end);
    return taken;
}

/// Undoes the escapes of HELP's text or, with `quotes`, of a label's value up to its quote.
std::string unescape(std::string_view line, std::string_view& rest, bool quotes) {
    std::string text;
    while (!rest.empty() && !(quotes && rest[0] == '"')) {
        char c = rest[0];
        rest.remove_prefix(1);
        if (c == '\\') {
            const char escaped = rest.empty() ? '\0' : rest[0];
            if (escaped == 'n') {
                c = '\n';
            } else if (escaped == '\\' || (quotes && escaped == '"')) {
                c = escaped;
            } else {
                fail(line, "an escape that there is not");
            }
            rest.remove_prefix(1);
        }
        text += c;
    }
    return text;
}

Labels takeLabels(std::string_view line, std::string_view& rest) {
    Labels labels;
    if (!rest.starts_with('{')) return labels;
    do {
        rest.remove_prefix(1);
        const auto name = takeUntil(rest, "=");
        if (!isName(name) || name.find(':') != name.npos || name.starts_with("__")) {
            fail(line, "no name of a label");
        }
        if (!rest.starts_with("=\"")) fail(line, "a label without a value");
        rest.remove_prefix(2);
        auto value = unescape(line, rest, true);
        if (!rest.starts_with('"')) fail(line, "a value without its end");
        rest.remove_prefix(1);
        if (!labels.emplace(name, std::move(value)).second) fail(line, "a label twice");
    } while (rest.starts_with(','));
    if (!rest.starts_with('}')) fail(line, "labels without their end");
    rest.remove_prefix(1);
    return labels;
}

double number(std::string_view line, const std::string& text) {
    if (text == "+Inf") return HUGE_VAL;
    if (text == "NaN") return NAN;
    std::size_t read = 0;
    double value = 0;
    try {
        value = std::stod(text, &read);
    } catch (const std::logic_error&) {
        fail(line, "no number");
    }
    const bool plain = text.find_first_not_of("0123456789.e+-") == text.npos;
    if (read != text.size() || !plain) fail(line, "no number");
    return value;
}

Sample parseSample(std::string_view line) {
    auto rest = line;
    Sample sample;
    sample.name = takeUntil(rest, "{ ");
    if (!isName(sample.name)) fail(line, "no name");
    sample.labels = takeLabels(line, rest);
    if (!rest.starts_with(' ')) fail(line, "no value");
    rest.remove_prefix(1);
    if (rest.find(' ') != rest.npos) fail(line, "something behind the value");
    sample.value = number(line, std::string(rest));
    return sample;
}

/// `# HELP name text` or `# TYPE name type`.
std::pair<std::string, std::string_view> takeComment(std::string_view line, std::string_view word) {
    auto rest = line;
    if (!rest.starts_with(word)) fail(line, "not " + std::string(word));
    rest.remove_prefix(word.size());
    std::string name(takeUntil(rest, " "));
    if (!isName(name) || rest.empty()) fail(line, "no name or no text");
    return {std::move(name), rest.substr(1)};
}

std::string suffixOf(const std::string& name, const std::string& family) {
    return name.starts_with(family) ? name.substr(family.size()) : "?";
}

void checkHistogram(const std::string& name, const Family& family) {
    struct Whole {
        std::vector<std::pair<double, double>> buckets;
        double sum = NAN;
        double count = NAN;
    };
    std::map<Labels, Whole> each;
    for (auto sample : family.samples) {
        const auto suffix = suffixOf(sample.name, name);
        const auto le = sample.labels.extract("le");
        if (le.empty() != (suffix != "_bucket")) fail(name, "le is for buckets");
        auto& whole = each[sample.labels];
        if (suffix == "_bucket")
            whole.buckets.emplace_back(number(name, le.mapped()), sample.value);
        if (suffix == "_sum") whole.sum = sample.value;
        if (suffix == "_count") whole.count = sample.value;
    }
    for (const auto& [labels, whole] : each) {
        const auto& buckets = whole.buckets;
        if (buckets.empty() || buckets.back().first != HUGE_VAL) fail(name, "no bucket +Inf");
        for (std::size_t i = 1; i < buckets.size(); ++i) {
            if (!(buckets[i - 1].first < buckets[i].first)) fail(name, "bounds do not ascend");
            if (buckets[i - 1].second > buckets[i].second) fail(name, "buckets fall");
        }
        if (whole.count != buckets.back().second) fail(name, "the count is not that of +Inf");
        if (!(whole.sum >= 0)) fail(name, "no sum");
    }
}

void check(const std::string& name, const Family& family) {
    std::set<std::pair<std::string, Labels>> seen;
    for (const auto& sample : family.samples) {
        if (!seen.emplace(sample.name, sample.labels).second) fail(sample.name, "a series twice");
        const auto suffix = suffixOf(sample.name, name);
        if (family.type == "histogram") {
            if (suffix != "_bucket" && suffix != "_sum" && suffix != "_count") {
                fail(sample.name, "no sample of the histogram " + name);
            }
            continue;
        }
        if (!suffix.empty()) fail(sample.name, "no sample of " + name);
        if (sample.labels.count("le") > 0) fail(sample.name, "le is for buckets");
        if (family.type == "counter" && !(sample.value >= 0)) fail(name, "a negative counter");
    }
    if (family.type == "histogram") checkHistogram(name, family);
}

} // namespace

Exposition Exposition::parse(const std::string& text) {
    Exposition exposition;
    if (!text.ends_with('\n')) fail(text.substr(0, 40), "the last line has no end");
    std::istringstream lines(text);
    Family* family = nullptr;
    for (std::string line; std::getline(lines, line);) {
        if (!line.starts_with('#')) {
            if (!family) fail(line, "a sample before the first family");
            family->samples.push_back(parseSample(line));
            continue;
        }
        auto [name, help] = takeComment(line, "# HELP ");
        const auto [place, fresh] = exposition._families.try_emplace(name);
        if (!fresh) fail(line, "a family twice");
        family = &place->second;
        family->help = unescape(line, help, false);
        if (!std::getline(lines, line)) fail(name, "HELP without TYPE");
        const auto [typed, type] = takeComment(line, "# TYPE ");
        if (typed != name) fail(line, "TYPE of another family");
        if (type != "counter" && type != "gauge" && type != "histogram") fail(line, "no type");
        family->type = type;
    }
    for (const auto& [name, each] : exposition._families) check(name, each);
    return exposition;
}

bool Exposition::has(const std::string& name, const Labels& labels) const {
    for (const auto& [family, content] : _families) {
        for (const auto& sample : content.samples) {
            if (sample.name == name && sample.labels == labels) return true;
        }
    }
    return false;
}

double Exposition::value(const std::string& name, const Labels& labels) const {
    for (const auto& [family, content] : _families) {
        for (const auto& sample : content.samples) {
            if (sample.name == name && sample.labels == labels) return sample.value;
        }
    }
    return 0;
}

} // namespace salon::test
