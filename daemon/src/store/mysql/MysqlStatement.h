#pragma once

#include "salon/Store.h"

namespace salon::store {

/// Prepares on the MysqlConnection of a Poco session. @throws Poco::Data::DataException
std::unique_ptr<detail::PreparedStatement> prepareMysql(Poco::Data::Session& session,
                                                        const char* sql);

} // namespace salon::store
