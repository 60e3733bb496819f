#pragma once

#include "Catalogue.h"

#include "salon/Bus.h"
#include "salon/Http.h"
#include "salon/Store.h"
#include "salon/auth/Users.h"

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace salon::directory {

/// GET /api/v1/users and /api/v1/users/{user}. Workers.
class UserRoutes {
public:
    UserRoutes(Store& store, ServiceRef<auth::Users> users, Catalogue& catalogue)
        : _store(store), _users(std::move(users)), _catalogue(catalogue) {}
    void add(Routes& routes);

    void search(const HttpRequest& request, const Responder& responder);
    void show(const HttpRequest& request, const Responder& responder);

private:
    struct Page {
        std::vector<std::shared_ptr<const auth::User>> users;
        std::string next; ///< a cursor; empty at the end
    };
    struct Query;
    void answer(const Query& query, const Responder& responder);
    static Result<Query> read(const HttpRequest& request);
    static Page collect(Session& session, auth::Users& users, const Query& query);

    Store& _store;
    ServiceRef<auth::Users> _users;
    Catalogue& _catalogue;
};

} // namespace salon::directory
