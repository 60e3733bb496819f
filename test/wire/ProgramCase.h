#pragma once

#include "Dialogue.h"

#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace salon::wire {

constexpr int failure = 1;
constexpr int usage = 64;
constexpr int configuration = 78;

inline bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

inline std::string contentOf(const std::string& path) {
    std::ifstream file(path);
    CPPUNIT_ASSERT_MESSAGE("there is no " + path, file.good());
    std::stringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Ended with this code and said this, in one line on stderr, and nothing else anywhere.
inline void refused(const Daemon::Outcome& outcome, int code, const std::string& sentence) {
    CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, code, outcome.code);
    CPPUNIT_ASSERT_MESSAGE(outcome.errors + " does not say " + sentence,
                           holds(outcome.errors, sentence));
    CPPUNIT_ASSERT_MESSAGE(outcome.errors, outcome.errors.starts_with("salond: "));
    CPPUNIT_ASSERT_EQUAL_MESSAGE(outcome.errors, outcome.errors.size() - 1,
                                 outcome.errors.find('\n'));
    CPPUNIT_ASSERT_EQUAL(std::string(), outcome.output);
}

/// salond as whoever runs it meets it, on a folder of its own.
class ProgramCase : public CppUnit::TestFixture {
public:
    using Outcome = Daemon::Outcome;

    void tearDown() override { salon.end(); }

protected:
    Outcome check(const Daemon::Defines& extra = {}, const std::string& mode = "--check",
                  const std::vector<std::string>& environment = {}) {
        std::vector<std::string> arguments;
        if (!mode.empty()) arguments.push_back(mode);
        return salon.runHere(arguments, extra, environment);
    }

    void write(const std::string& text) {
        std::ofstream(salon.folder().file("salond.properties"), std::ios::trunc) << text;
    }

    /// Nothing was made where a store and a key would be.
    void isUntouched() {
        std::set<std::string> names;
        for (const auto& entry : std::filesystem::directory_iterator(salon.folder().path())) {
            names.insert(entry.path().filename().string());
        }
        CPPUNIT_ASSERT(names == std::set<std::string>{"salond.properties"});
    }

    Daemon salon;
};

} // namespace salon::wire
