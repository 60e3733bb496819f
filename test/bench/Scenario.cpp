#include "Scenario.h"

namespace salon::bench {

Site::Site(const Options& options, std::optional<unsigned> core)
    : database(Database::make(options, core)), server(options, core, *database) {}

void Site::prepare() {
    server.start();
    server.stop();
    mint.emplace(server.keyFile());
}

} // namespace salon::bench
