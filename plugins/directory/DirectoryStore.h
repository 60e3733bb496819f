#pragma once

#include "Listing.h"

#include "salon/Store.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace salon::directory {

/// A place in a list of people: where somebody stands, and where a next page goes on.
struct Place {
    std::string word; ///< empty in the list of everybody
    std::string name;
    std::int64_t user = 0;
    bool operator==(const Place&) const = default;
};

/// All the SQL of the directory, over one session with the database. The functions throw
/// Poco::Data::DataException when the database fails.
class DirectoryStore {
public:
    explicit DirectoryStore(Session& session) : _session(session) {}

    /// Whom a folded text finds, behind `after`, in order of the word that begins with it (of
    /// several the first), username and id. Walks an index: it costs what it returns.
    std::vector<Place> find(const std::string& prefix, const Place& after, std::int64_t limit);
    /// Everybody behind `after`, in order of username and id.
    std::vector<Place> everybody(const Place& after, std::int64_t limit);

    /// What is kept of the users with ids in (after, last], by id.
    std::map<std::int64_t, Listing> listed(std::int64_t after, std::int64_t last);
    /// Makes the tables say this of a user; null: he is not to be found.
    void put(std::int64_t user, const Listing* listing);

private:
    Session& _session;
};

} // namespace salon::directory
