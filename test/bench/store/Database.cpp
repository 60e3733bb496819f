#include "store/Database.h"

#include "store/SqliteFile.h"

#include <stdexcept>

namespace salon::bench {

std::unique_ptr<Database> Database::make(const Options& options) {
    if (options.store == "sqlite:") return std::make_unique<SqliteFile>(options.folder);
    throw std::invalid_argument("--store takes sqlite: (a temporary file), not " + options.store);
}

} // namespace salon::bench
