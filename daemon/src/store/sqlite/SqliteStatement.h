#pragma once

#include "salon/Store.h"

namespace salon::store {

/// Prepares on the SQLite connection of a Poco session. @throws Poco::Data::DataException
std::unique_ptr<detail::PreparedStatement> prepareSqlite(Poco::Data::Session& session,
                                                         const char* sql);

} // namespace salon::store
