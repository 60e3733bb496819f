#pragma once

#include <string>

namespace salon {

/// What the exception that is being handled says, as text for a log or for the sentence of a failed
/// start. Only inside a catch block.
std::string currentReason();

} // namespace salon
