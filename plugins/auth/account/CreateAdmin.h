#pragma once

#include "password/Password.h"

#include "salon/Program.h"

namespace salon::auth {

/// `salond --create-admin NAME`: the first administrator, who can let in all others. The password
/// is a line of standard input.
ProgramCommand createAdmin(PasswordHash::Cost cost = {});

} // namespace salon::auth
