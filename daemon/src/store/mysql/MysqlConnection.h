#pragma once

#include "store/mysql/MysqlUrl.h"

#include <Poco/Data/DataException.h>
#include <Poco/Data/SessionImpl.h>

#include <mysql.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

// A connection to MariaDB or MySQL as a session of Poco::Data. Not Poco 1.11's own: that one opens
// in its constructor, so that neither TLS nor a limit on how long the server may take to answer can
// be asked for, cuts a password at its first semicolon, counts the rows that an UPDATE made
// different instead of those that it found, and its exceptions bear no number.

namespace salon::store {

/// What the server or the client library said, with its number in code() (mysqld_error.h,
/// errmsg.h). Values of columns are left out of the text.
class MysqlException : public Poco::Data::DataException {
public:
    explicit MysqlException(const std::string& text, int code = 0);
    const char* name() const noexcept override { return "MySQL"; }
    const char* className() const noexcept override;
    Poco::Exception* clone() const override { return new MysqlException(*this); }
    void rethrow() const override { throw *this; }
};

class MysqlConnection final : public Poco::Data::SessionImpl {
public:
    /// Which of all connections to all servers this is.
    struct Identity {
        std::string server;
        unsigned long thread = 0;
        std::chrono::steady_clock::time_point opened;
    };

    /// Connects. `patience` is how long the server may take for one answer, 0: for ever.
    /// @throws MysqlException
    MysqlConnection(const MysqlUrl& url, std::chrono::seconds patience);
    ~MysqlConnection() override;
    MysqlConnection(const MysqlConnection&) = delete;
    MysqlConnection& operator=(const MysqlConnection&) = delete;

    MYSQL* handle() { return _handle; }
    const Identity& identity() const { return _identity; }
    /// A statement without values or rows, sent as text.
    void execute(const std::string& sql);
    /// The last column of the first row.
    std::optional<std::string> value(const std::string& sql);
    /// Whether the server still answers.
    bool alive() { return mysql_ping(_handle) == 0; }
    /// Whether an array of values can be sent for each `?`.
    bool takesArrays() const { return _takesArrays; }
    /// The most bytes that one message to the server should have.
    std::size_t packetMost() const { return _packetMost; }

    /// After a deadlock the server has rolled back the whole transaction: what followed would be
    /// committed by itself. Everything but the end of the transaction throws again what broke it.
    void checkWhole() const;
    [[noreturn]] void fail(unsigned code, const char* text);

    // ---- Poco::Data::SessionImpl; what transactions are, MysqlDatabase says.

    Poco::SharedPtr<Poco::Data::StatementImpl> createStatementImpl() override;
    void open(const std::string&) override {}
    void close() override;
    void reset() override {}
    bool isConnected() const override { return _handle != nullptr; }
    void setConnectionTimeout(std::size_t) override {}
    std::size_t getConnectionTimeout() const override { return 0; }
    void begin() override;
    void commit() override;
    void rollback() override;
    bool canTransact() const override { return true; }
    bool isTransaction() const override;
    void setTransactionIsolation(Poco::UInt32) override {}
    Poco::UInt32 getTransactionIsolation() const override { return 0; }
    bool hasTransactionIsolation(Poco::UInt32) const override { return false; }
    bool isTransactionIsolation(Poco::UInt32) const override { return false; }
    const std::string& connectorName() const override { return _connector; }
    void setFeature(const std::string&, bool) override {}
    bool getFeature(const std::string&) override { return false; }
    void setProperty(const std::string&, const Poco::Any&) override {}
    Poco::Any getProperty(const std::string&) override { return {}; }

private:
    void setOptions(const MysqlUrl& url, std::chrono::seconds patience);
    void learnServer();
    void run(const std::string& sql);

    const std::string _connector = "mysql";
    MYSQL* _handle;
    Identity _identity;
    bool _takesArrays = false;
    std::size_t _packetMost = 0;
    std::optional<MysqlException> _broken; ///< what broke the transaction
};

} // namespace salon::store
