#pragma once

#include "salon/Json.h"

#include <string>

namespace salon::api {

/// The value as JSON without white space. @throws std::runtime_error when it has a number that is
/// no integer, or a member's name that would have to be escaped: descriptions have neither
std::string copied(JsonValue value);

/// The same for people: what does not fit 80 columns has a line for each member or element.
std::string indented(JsonValue value);

} // namespace salon::api
