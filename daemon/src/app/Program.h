#pragma once

#include "app/Preparation.h"
#include "app/Signals.h"

#include <Poco/Util/OptionSet.h>

#include <optional>
#include <string>
#include <vector>

// The commands that plugins bring for the command line: the daemon knows none by name, so they are
// taken out of the arguments before Poco sees them, and looked for once the plugins are there.

namespace salon {

/// `--name value` or `--name=value`, which is none of the daemon's own options.
struct ProgramCall {
    std::string name;
    std::optional<std::string> value;
};

/// Takes the first one out of `arguments`, whose first is the program.
std::optional<ProgramCall> takeProgramCall(std::vector<std::string>& arguments,
                                           const Poco::Util::OptionSet& own);

/// Runs it; returns what to print. @throws ConfigurationError when no plugin that is to be loaded
/// has it, std::runtime_error when it refuses
std::string runProgram(const ProgramCall& call, Preparation& preparation, const Signals& signals);

} // namespace salon
