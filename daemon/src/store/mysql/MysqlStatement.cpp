#include "store/mysql/MysqlStatement.h"

#include "store/mysql/MysqlConnection.h"

#include <errmsg.h>
#include <mysqld_error.h>

#include <algorithm>
#include <charconv>
#include <cstring>
#include <memory>
#include <vector>

// The server's prepared statements, straight through the client library. Rows are taken as they
// come, so that any number of them passes in the space of one. Many rows go to MariaDB as one array
// a `?`, in one message; MySQL knows no such thing and gets them one by one.

namespace salon::store {

namespace {

constexpr std::size_t textFirst = 128; ///< bytes of a text that are fetched along with its row

/// One column of the rows that come back.
struct Column {
    bool number = false;
    std::int64_t integer = 0;
    std::string text;
    unsigned long length = 0;
    my_bool null = 0;
};

bool isNumber(enum_field_types type) {
    switch (type) {
    case MYSQL_TYPE_TINY:
    case MYSQL_TYPE_SHORT:
    case MYSQL_TYPE_INT24:
    case MYSQL_TYPE_LONG:
    case MYSQL_TYPE_LONGLONG:
    case MYSQL_TYPE_YEAR:
    case MYSQL_TYPE_DECIMAL:
    case MYSQL_TYPE_NEWDECIMAL:
        return true;
    default:
        return false;
    }
}

class MysqlStatement final : public detail::PreparedStatement {
public:
    MysqlStatement(MysqlConnection& connection, const char* sql) : _connection(connection) {
        connection.checkWhole();
        _statement = mysql_stmt_init(connection.handle());
        if (!_statement) throw std::bad_alloc();
        try {
            if (mysql_stmt_prepare(_statement, sql, std::strlen(sql)) != 0) fail();
            _values.resize(mysql_stmt_param_count(_statement));
            _numbers.resize(_values.size());
            describeRows();
        } catch (...) {
            mysql_stmt_close(_statement);
            throw;
        }
    }
    ~MysqlStatement() override { mysql_stmt_close(_statement); }
    MysqlStatement(const MysqlStatement&) = delete;
    MysqlStatement& operator=(const MysqlStatement&) = delete;

    void bind(int position, std::int64_t value) override {
        const auto at = static_cast<std::size_t>(position);
        _numbers.at(at) = value;
        _values[at] = {};
        _values[at].buffer_type = MYSQL_TYPE_LONGLONG;
        _values[at].buffer = &_numbers[at];
    }
    void bind(int position, std::string_view value) override {
        auto& bound = _values.at(static_cast<std::size_t>(position));
        bound = {};
        bound.buffer_type = MYSQL_TYPE_STRING;
        bound.buffer = const_cast<char*>(value.data() ? value.data() : "");
        bound.buffer_length = value.size();
    }
    bool step() override {
        if (!_executed) execute();
        if (_columns.empty()) return false;
        // Also between two rows, when a buffer has moved.
        if (_rebind && mysql_stmt_bind_result(_statement, _rows.data()) != 0) fail();
        _rebind = false;
        switch (mysql_stmt_fetch(_statement)) {
        case 0:
        case MYSQL_DATA_TRUNCATED:
            return true;
        case MYSQL_NO_DATA:
            return false;
        default:
            fail();
        }
    }
    std::int64_t integer(int column) override {
        auto& at = _columns.at(static_cast<std::size_t>(column));
        if (at.null) return 0;
        if (at.number) return at.integer;
        const auto digits = text(column);
        std::int64_t value = 0;
        std::from_chars(digits.data(), digits.data() + digits.size(), value);
        return value;
    }
    std::string_view text(int column) override {
        auto& at = _columns.at(static_cast<std::size_t>(column));
        if (at.null) return {};
        if (at.number) return at.text = std::to_string(at.integer);
        if (at.length > at.text.size()) {
            at.text.resize(at.length);
            auto& bound = _rows[static_cast<std::size_t>(column)];
            bound.buffer = at.text.data();
            bound.buffer_length = at.text.size();
            if (mysql_stmt_fetch_column(_statement, &bound, static_cast<unsigned>(column), 0) != 0)
                fail();
            _rebind = true;
        }
        return std::string_view(at.text).substr(0, at.length);
    }
    std::size_t changed() override {
        if (!_columns.empty()) return 0;
        return mysql_stmt_affected_rows(_statement);
    }
    std::int64_t insertedId() override {
        return static_cast<std::int64_t>(mysql_stmt_insert_id(_statement));
    }
    void reset() noexcept override {
        // Also takes the rows that nobody has asked for.
        if (_executed) mysql_stmt_free_result(_statement);
        _executed = false;
    }

    void executeMany(std::span<const detail::ManyValues> columns, std::size_t rows) override {
        if (!_connection.takesArrays() || rows == 1) {
            PreparedStatement::executeMany(columns, rows);
            return;
        }
        for (std::size_t from = 0; from < rows;) {
            const auto to = endOfPacket(columns, from, rows);
            executeArray(columns, from, to);
            from = to;
        }
    }

private:
    [[noreturn]] void fail() {
        const auto code = mysql_stmt_errno(_statement);
        if (code != 0) _connection.fail(code, mysql_stmt_error(_statement));
        // Of a link that is lost between two rows the connection alone has heard.
        auto* const handle = _connection.handle();
        if (mysql_errno(handle) != 0) _connection.fail(mysql_errno(handle), mysql_error(handle));
        _connection.fail(CR_SERVER_LOST, "the answer was cut short");
    }

    void describeRows() {
        const std::unique_ptr<MYSQL_RES, void (*)(MYSQL_RES*)> described(
            mysql_stmt_result_metadata(_statement), mysql_free_result);
        if (!described) return;
        const auto* const fields = mysql_fetch_fields(described.get());
        _columns.resize(mysql_num_fields(described.get()));
        _rows.resize(_columns.size());
        for (std::size_t i = 0; i < _columns.size(); ++i) {
            auto& column = _columns[i];
            column.number = isNumber(fields[i].type);
            _rows[i].is_null = &column.null;
            if (column.number) {
                _rows[i].buffer_type = MYSQL_TYPE_LONGLONG;
                _rows[i].buffer = &column.integer;
            } else {
                column.text.resize(textFirst);
                _rows[i].buffer_type = MYSQL_TYPE_STRING;
                _rows[i].buffer = column.text.data();
                _rows[i].buffer_length = column.text.size();
                _rows[i].length = &column.length;
            }
        }
        _rebind = true;
    }

    void execute() {
        _connection.checkWhole();
        if (_arraySize != 0) setArraySize(0);
        if (!_values.empty() && mysql_stmt_bind_param(_statement, _values.data()) != 0) fail();
        run();
    }

    void run() {
        _executed = true;
        if (mysql_stmt_execute(_statement) != 0) fail();
    }

    void setArraySize(unsigned size) {
        mysql_stmt_attr_set(_statement, STMT_ATTR_ARRAY_SIZE, &size);
        _arraySize = size;
    }

    /// Where the message that begins with the row `from` is large enough.
    std::size_t endOfPacket(std::span<const detail::ManyValues> columns, std::size_t from,
                            std::size_t rows) const {
        constexpr std::size_t overhead = 10; // of one value
        std::size_t bytes = 0;
        auto to = from;
        for (; to < rows; ++to) {
            for (const auto& column : columns) {
                bytes += overhead + (column.texts ? column.texts[to].size() : 0);
            }
            if (to > from && bytes > _connection.packetMost()) break;
        }
        return to;
    }

    void executeArray(std::span<const detail::ManyValues> columns, std::size_t from,
                      std::size_t to) {
        _connection.checkWhole();
        const auto rows = to - from;
        std::vector<std::vector<const char*>> texts(columns.size());
        std::vector<std::vector<unsigned long>> lengths(columns.size());
        for (std::size_t i = 0; i < columns.size(); ++i) {
            auto& bound = _values.at(i);
            bound = {};
            if (columns[i].numbers) {
                bound.buffer_type = MYSQL_TYPE_LONGLONG;
                bound.buffer = const_cast<std::int64_t*>(columns[i].numbers + from);
                continue;
            }
            for (std::size_t row = from; row < to; ++row) {
                texts[i].push_back(columns[i].texts[row].data());
                lengths[i].push_back(columns[i].texts[row].size());
            }
            bound.buffer_type = MYSQL_TYPE_STRING;
            bound.buffer = texts[i].data();
            bound.length = lengths[i].data();
        }
        setArraySize(static_cast<unsigned>(rows));
        if (mysql_stmt_bind_param(_statement, _values.data()) != 0) fail();
        try {
            run();
        } catch (...) {
            reset();
            throw;
        }
        reset();
    }

    MysqlConnection& _connection;
    MYSQL_STMT* _statement = nullptr;
    std::vector<MYSQL_BIND> _values;
    std::vector<std::int64_t> _numbers; ///< where bound integers are
    std::vector<MYSQL_BIND> _rows;
    std::vector<Column> _columns;
    unsigned _arraySize = 0;
    bool _rebind = false;
    bool _executed = false;
};

/// A statement that some servers do not prepare: such as BEGIN and SAVEPOINT on MySQL.
class TextStatement final : public detail::PreparedStatement {
public:
    TextStatement(MysqlConnection& connection, std::string sql)
        : _connection(connection), _sql(std::move(sql)) {}
    void bind(int, std::int64_t) override { refuse(); }
    void bind(int, std::string_view) override { refuse(); }
    bool step() override {
        _connection.execute(_sql);
        return false;
    }
    std::int64_t integer(int) override { return 0; }
    std::string_view text(int) override { return {}; }
    std::size_t changed() override { return mysql_affected_rows(_connection.handle()); }
    std::int64_t insertedId() override { return 0; }
    void reset() noexcept override {}

private:
    [[noreturn]] void refuse() {
        throw MysqlException("the server takes no values in: " + _sql, ER_UNSUPPORTED_PS);
    }
    MysqlConnection& _connection;
    const std::string _sql;
};

} // namespace

std::unique_ptr<detail::PreparedStatement> prepareMysql(Poco::Data::Session& session,
                                                        const char* sql) {
    auto& connection = static_cast<MysqlConnection&>(*session.impl());
    try {
        return std::make_unique<MysqlStatement>(connection, sql);
    } catch (const MysqlException& failure) {
        if (failure.code() != ER_UNSUPPORTED_PS) throw;
        return std::make_unique<TextStatement>(connection, sql);
    }
}

} // namespace salon::store
