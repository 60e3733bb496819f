#include "store/Database.h"

#include "store/MariaDatabase.h"
#include "store/SqliteFile.h"

#include <stdexcept>

namespace salon::bench {

std::unique_ptr<Database> Database::make(const Options& options, std::optional<unsigned> core) {
    const auto& store = options.store;
    if (store == "sqlite") return std::make_unique<SqliteFile>(options.folder);
    if (store == "mysql") return std::make_unique<MariaDatabase>(options.folder, core);
    if (store.starts_with("mysql://")) return std::make_unique<MariaDatabase>(store);
    throw std::invalid_argument("--store takes sqlite, mysql or mysql://..., not " + store);
}

} // namespace salon::bench
