#pragma once

#include <stdexcept>

namespace salon {

/// A start that failed because of what the operator has written: one sentence, exit 78 (EX_CONFIG).
class ConfigurationError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// A command line that cannot be understood: one sentence, exit 64 (EX_USAGE).
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

} // namespace salon
