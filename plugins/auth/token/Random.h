#pragma once

#include <cstddef>
#include <string>

namespace salon::auth {

/// Bytes that nobody can foresee. @throws std::runtime_error when the system gives none
std::string randomBytes(std::size_t count);

} // namespace salon::auth
