#pragma once

#include "salon/StoreCheck.h"

#include <vector>

namespace salon::conversations {

/// What must hold for the plugin's tables.
std::vector<StoreCheck> storeChecks();

} // namespace salon::conversations
