#pragma once

#include "salon/Store.h"
#include "salon/Visibility.h"

#include <cstdint>
#include <vector>

namespace salon::conversations {

/// The service `conversations.contacts`: who knows whom.
class SALON_API Contacts {
public:
    static constexpr const char* name = "conversations.contacts";
    virtual ~Contacts() = default;
    /// Everybody with whom the user shares a direct conversation, in no order.
    /// @throws Poco::Data::DataException
    virtual std::vector<std::int64_t> contacts(Session& session, std::int64_t user) = 0;
};

} // namespace salon::conversations
