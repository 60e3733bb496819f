#pragma once

#include "Options.h"

#include "salon/Http.h"

#include <string>

namespace salon::auth {

/// GET /api/v1/server: what a form for registering has to know before anybody has an account. Open
/// to everybody, so it says nothing else. Answered from memory. Any thread.
class HouseRules {
public:
    explicit HouseRules(const Options& options);
    void handle(const Responder& responder) const;

private:
    std::string _body;
};

} // namespace salon::auth
