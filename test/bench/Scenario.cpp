#include "Scenario.h"

#include <cmath>

namespace salon::bench {

Site::Site(const Options& options, std::optional<unsigned> core)
    : database(Database::make(options)), server(options, core, *database) {}

void Site::prepare() {
    server.start();
    server.stop();
    mint.emplace(server.keyFile());
}

std::string percent(double part) {
    return std::to_string(std::lround(part * 100)) + " %";
}

} // namespace salon::bench
