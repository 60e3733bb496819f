#pragma once

#include "app/Preparation.h"

#include <iosfwd>

namespace salon {

/// Checks what must hold for the tables of each plugin and writes what does not, a line each.
/// Changes nothing; a daemon may run beside it. @throws std::runtime_error when something does not
/// hold, or cannot be checked
void verifyStore(Preparation& preparation, std::ostream& out);

} // namespace salon
