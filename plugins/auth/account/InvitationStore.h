#pragma once

#include "salon/Store.h"
#include "salon/Time.h"

#include <cstdint>
#include <string>

namespace salon::auth {

/// All the SQL of invitations, over one session with the database. The functions throw
/// Poco::Data::DataException when the database fails.
class InvitationStore {
public:
    explicit InvitationStore(Session& session) : _session(session) {}

    void insert(const std::string& hash, std::int64_t madeBy, Milliseconds at,
                Milliseconds expiresAt);
    bool valid(const std::string& hash, Milliseconds at);
    /// Whether it was valid; it is not any more.
    bool take(const std::string& hash, Milliseconds at);
    /// Forgets those that have expired.
    void sweep(Milliseconds at);

private:
    Session& _session;
};

} // namespace salon::auth
