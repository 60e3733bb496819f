#include "session/SessionStore.h"

#include <tuple>

namespace salon::auth {

namespace {

using Integer = std::int64_t;

Milliseconds after(Milliseconds at, std::chrono::seconds lifetime) {
    return at + std::chrono::milliseconds(lifetime).count();
}

std::vector<EndedSession>
endedSessions(const std::vector<std::tuple<Integer, Integer, Integer>>& rows) {
    std::vector<EndedSession> sessions;
    sessions.reserve(rows.size());
    for (const auto& [id, user, until] : rows) sessions.push_back({id, user, until});
    return sessions;
}

} // namespace

std::optional<std::int64_t> SessionStore::open(std::int64_t user, const Origin& origin,
                                               const RefreshToken& token, Milliseconds at,
                                               const Lifetimes& lifetimes) {
    return _session.insert(
        "INSERT INTO session (user, created_at, last_used_at, expires_at, access_until, ip,"
        " user_agent, refresh_family, refresh_hash)"
        " SELECT id, ?, ?, ?, ?, ?, ?, ?, ? FROM user_account WHERE id = ? AND disabled = 0",
        at, at, after(at, lifetimes.refresh), after(at, lifetimes.access), origin.address,
        origin.userAgent, token.familyHash(), token.hash(), user);
}

std::optional<Renewable> SessionStore::findFamily(const std::string& familyHash) {
    auto row = _session.first<Integer, Integer, Integer, std::string, std::string, Integer>(
        "SELECT id, user, expires_at, refresh_hash, refresh_before, refreshed_at FROM session"
        " WHERE refresh_family = ?",
        familyHash);
    if (!row) return std::nullopt;
    auto& [id, user, expiresAt, hash, before, refreshedAt] = *row;
    return Renewable{id, user, expiresAt, std::move(hash), std::move(before), refreshedAt};
}

bool SessionStore::touch(std::int64_t id, const Origin& origin, Milliseconds at,
                         const Lifetimes& lifetimes) {
    return _session.execute(
               "UPDATE session SET last_used_at = ?, ip = ?, user_agent = ?,"
               " access_until = CASE WHEN access_until > ? THEN access_until ELSE ? END"
               " WHERE id = ? AND expires_at > ?",
               at, origin.address, origin.userAgent, after(at, lifetimes.access),
               after(at, lifetimes.access), id, at) == 1;
}

bool SessionStore::rotate(std::int64_t id, const RefreshToken& fresh, const RefreshToken& old,
                          Milliseconds at, const Lifetimes& lifetimes) {
    // Another daemon may have ended it since it was found.
    return _session.execute(
               "UPDATE session SET refresh_hash = ?, refresh_before = ?, refreshed_at = ?,"
               " expires_at = ? WHERE id = ? AND expires_at > ?",
               fresh.hash(), old.hash(), at, after(at, lifetimes.refresh), id, at) == 1;
}

bool SessionStore::alive(std::int64_t user, std::int64_t id, Milliseconds at) {
    return _session
        .first<Integer>("SELECT id FROM session WHERE id = ? AND user = ? AND expires_at > ?", id,
                        user, at)
        .has_value();
}

std::optional<EndedSession> SessionStore::end(std::int64_t user, std::int64_t id, Milliseconds at) {
    const auto until = _session.first<Integer>(
        "SELECT access_until FROM session WHERE id = ? AND user = ? AND expires_at > ?", id, user,
        at);
    if (!until) return std::nullopt;
    _session.execute("UPDATE session SET expires_at = 0 WHERE id = ?", id);
    return EndedSession{id, user, std::get<0>(*until)};
}

std::vector<EndedSession> SessionStore::endOthers(std::int64_t user, std::int64_t except,
                                                  Milliseconds at) {
    auto others = endedSessions(_session.select<Integer, Integer, Integer>(
        // Also those that have expired, whose access tokens may not have.
        "SELECT id, user, access_until FROM session WHERE user = ? AND id <> ? AND expires_at > 0"
        " AND (expires_at > ? OR access_until > ?)",
        user, except, at, at));
    _session.execute("UPDATE session SET expires_at = 0"
                     " WHERE user = ? AND id <> ? AND expires_at > 0",
                     user, except);
    return others;
}

std::vector<EndedSession> SessionStore::endOldest(std::int64_t user, std::size_t most,
                                                  Milliseconds at) {
    constexpr std::size_t atOnce = 1000; // from before there was a limit
    auto oldest = endedSessions(_session.select<Integer, Integer, Integer>(
        "SELECT id, user, access_until FROM session WHERE user = ? AND expires_at > ?"
        " ORDER BY last_used_at DESC, id DESC LIMIT ? OFFSET ?",
        user, at, atOnce, most));
    for (const auto& session : oldest) {
        _session.execute("UPDATE session SET expires_at = 0 WHERE id = ?", session.id);
    }
    return oldest;
}

std::vector<ListedSession> SessionStore::list(std::int64_t user, Milliseconds at,
                                              std::size_t most) {
    std::vector<ListedSession> sessions;
    for (auto& [id, createdAt, lastUsedAt, address, userAgent] :
         _session.select<Integer, Integer, Integer, std::string, std::string>(
             "SELECT id, created_at, last_used_at, ip, user_agent FROM session"
             " WHERE user = ? AND expires_at > ? ORDER BY last_used_at DESC, id DESC LIMIT ?",
             user, at, most)) {
        sessions.push_back({id, createdAt, lastUsedAt, {std::move(address), std::move(userAgent)}});
    }
    return sessions;
}

std::vector<std::string> SessionStore::addresses(std::int64_t user, Milliseconds at) {
    std::vector<std::string> all;
    for (auto& [address] : _session.select<std::string>(
             "SELECT DISTINCT ip FROM session WHERE user = ? AND expires_at > ?", user, at)) {
        all.push_back(std::move(address));
    }
    return all;
}

std::vector<EndedSession> SessionStore::sweep(Milliseconds at, std::size_t most) {
    auto over = endedSessions(_session.select<Integer, Integer, Integer>(
        "SELECT id, user, access_until FROM session"
        " WHERE expires_at <= ? AND (access_until <= ? OR expires_at > 0) LIMIT ?",
        at, at, most));
    for (const auto& session : over) {
        if (session.accessUntil <= at) {
            _session.execute("DELETE FROM session WHERE id = ?", session.id);
        } else {
            _session.execute("UPDATE session SET expires_at = 0 WHERE id = ?", session.id);
        }
    }
    return over;
}

std::vector<EndedSession> SessionStore::endedWithAccess(Milliseconds at) {
    return endedSessions(_session.select<Integer, Integer, Integer>(
        "SELECT id, user, access_until FROM session WHERE expires_at <= ? AND access_until > ?", at,
        at));
}

} // namespace salon::auth
