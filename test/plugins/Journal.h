#pragma once

#include "salon/Guarded.h"

#include <string>
#include <utility>
#include <vector>

namespace salon::test {

/// What the test plugins have done, in order; a service that the test provides.
struct Journal {
    static constexpr const char* name = "test.journal";
    void add(std::string line) { lines.lock()->push_back(std::move(line)); }
    Guarded<std::vector<std::string>> lines;
};

/// A service of the plugin `good`.
class Greeter {
public:
    static constexpr const char* name = "test.greeter";
    virtual ~Greeter() = default;
    virtual std::string greet() = 0;
};

struct Asked {
    static constexpr const char* name = "test.asked";
    int answer = 0;
};

} // namespace salon::test
