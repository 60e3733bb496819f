// Finding people: a search over usernames and the words of display names (UserRoutes), from tables
// of the plugin's own (DirectoryStore) that follow the accounts (Catalogue). What a text is
// compared by, and where a search may begin to match, is Listing.

#include "Catalogue.h"
#include "StoreChecks.h"
#include "UserRoutes.h"

#include "salon/Plugin.h"

#include <chrono>
#include <optional>

namespace salon::directory {

namespace {
constexpr std::size_t queued = 1024; // searches that wait for newcomers, and the comparison's step
} // namespace

class DirectoryPlugin final : public Plugin {
public:
    std::vector<StoreCheck> checks() override { return storeChecks(); }

    void start(Host& host) override {
        const auto users = host.bus().service<auth::Users>();
        _catalogue.emplace(host.store(), host.timers(), host.log(), users,
                           host.queue("directory", 1, queued));
        _routes.emplace(host.store(), users, *_catalogue);
        _routes->add(host.http());
        // At once, so that whoever is answered finds what was written; and by the events, which
        // come from every way to an account.
        host.bus().before<auth::AccountWritten>(0, [this](const auth::AccountWritten& event) {
            _catalogue->refresh(event.user);
            return Result<void>();
        });
        host.bus().after<auth::UserRegistered>(
            [this](const auth::UserRegistered& event) { _catalogue->refresh(event.user); });
        host.bus().after<auth::UserChanged>(
            [this](const auth::UserChanged& event) { _catalogue->refresh(event.user); });
        // Timers run once everything has started.
        host.timers().once(std::chrono::milliseconds(0), [this] { _catalogue->begin(); });
    }

private:
    std::optional<Catalogue> _catalogue;
    std::optional<UserRoutes> _routes;
};

} // namespace salon::directory

using salon::directory::DirectoryPlugin;
SALON_PLUGIN(DirectoryPlugin)
