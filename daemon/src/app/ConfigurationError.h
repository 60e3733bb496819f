#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace salon {

/// A start that failed because of what the operator has written: a sentence for each fault, exit 78
/// (EX_CONFIG).
class ConfigurationError : public std::runtime_error {
public:
    explicit ConfigurationError(const std::string& fault)
        : std::runtime_error(fault), _faults{fault} {}
    /// At least one.
    explicit ConfigurationError(std::vector<std::string> faults)
        : std::runtime_error(faults.at(0)), _faults(std::move(faults)) {}

    const std::vector<std::string>& faults() const { return _faults; }

private:
    std::vector<std::string> _faults;
};

/// A command line that cannot be understood: one sentence, exit 64 (EX_USAGE).
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace salon
