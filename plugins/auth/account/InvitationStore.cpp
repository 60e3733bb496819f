#include "account/InvitationStore.h"

namespace salon::auth {

void InvitationStore::insert(const std::string& hash, std::int64_t madeBy, Milliseconds at,
                             Milliseconds expiresAt) {
    _session.execute(
        "INSERT INTO invitation (hash, made_by, created_at, expires_at) VALUES (?, ?, ?, ?)", hash,
        madeBy, at, expiresAt);
}

bool InvitationStore::valid(const std::string& hash, Milliseconds at) {
    return _session
        .first<std::int64_t>("SELECT expires_at FROM invitation WHERE hash = ? AND expires_at > ?",
                             hash, at)
        .has_value();
}

bool InvitationStore::take(const std::string& hash, Milliseconds at) {
    return _session.execute("DELETE FROM invitation WHERE hash = ? AND expires_at > ?", hash, at) ==
           1;
}

void InvitationStore::sweep(Milliseconds at) {
    _session.execute("DELETE FROM invitation WHERE expires_at <= ?", at);
}

} // namespace salon::auth
