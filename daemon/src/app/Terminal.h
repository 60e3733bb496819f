#pragma once

#include "app/Signals.h"

#include <string>

namespace salon {

/// Standard input, one line at a time.
class Terminal {
public:
    /// `signals` blocks those that a person sends to end the wait.
    explicit Terminal(const Signals& signals) : _signals(signals) {}

    /// A line without its end; see ProgramContext::readSecret(). @throws std::runtime_error
    std::string readSecret(const std::string& prompt) const;

private:
    std::string ask(const std::string& prompt) const;
    std::string readLine() const;

    const Signals& _signals;
};

} // namespace salon
