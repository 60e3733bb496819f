#pragma once

#include "salon/Metrics.h"

namespace salon::auth {

/// How logins end.
struct LoginMetrics {
    Counter succeeded;
    Counter wrong;       ///< no such account, or another password
    Counter disabled;    ///< the account
    Counter limited;     ///< too many wrong ones before
    Counter unavailable; ///< too many at once, or the store is away
    Counter invalid;     ///< not a login at all

    static LoginMetrics of(Metrics& metrics);
};

} // namespace salon::auth
