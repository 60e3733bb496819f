#pragma once

#include "Entrance.h"

#include "salon/Http.h"

#include <cstdint>

namespace salon::auth {

/// POST /api/v1/auth/invitations: an administrator lets one person register although registration
/// is closed.
class Invitations {
public:
    static constexpr std::int64_t standardSeconds = std::int64_t{7} * 86400;
    static constexpr std::int64_t leastSeconds = 60;
    static constexpr std::int64_t mostSeconds = std::int64_t{90} * 86400;

    explicit Invitations(const Entrance& entrance) : _entrance(entrance) {}
    void handle(const HttpRequest& request, const Responder& responder);

private:
    bool mayInvite(std::int64_t user);

    const Entrance& _entrance;
};

} // namespace salon::auth
