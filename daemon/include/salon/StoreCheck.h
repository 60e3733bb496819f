#pragma once

#include "salon/Store.h"
#include "salon/Visibility.h"

#include <functional>
#include <string>

namespace salon {

/// Where a check says what it has found.
class SALON_API Findings {
public:
    virtual ~Findings() = default;
    /// One thing that is wrong, and where: "conversation 7: seq 12 is missing".
    virtual void add(const std::string& sentence) = 0;
};

/// Something that must hold for a plugin's tables, which `salond --verify-store` checks. All checks
/// see one moment of the database, also while a daemon writes to it. What is read is as large as
/// the tables, so a check takes rows as they come (Session::each) and keeps a bounded number.
struct StoreCheck {
    std::string sentence; ///< what holds: "seq and rev count up without gaps"
    std::function<void(Session& session, Findings& findings)> run;
};

} // namespace salon
