#pragma once

#include "MariaServer.h"
#include "store/Database.h"

namespace salon::bench {

/// A database on a MariaDB server, dropped with this object. Every commit is synchronized to disk,
/// unless somebody else's server is set up otherwise.
class MariaDatabase final : public Database {
public:
    /// On a server of its own, whose data is on the disk of `folder`.
    /// @param core the only CPU that the server may use, if any is given
    MariaDatabase(const std::string& folder, std::optional<unsigned> core);
    /// On somebody's server, reached over TCP: `mysql://user:password@host:port/name`, where the
    /// user may make and drop databases whose names begin with `name_`.
    /// @throws std::invalid_argument when the address is another one
    explicit MariaDatabase(const std::string& url);
    ~MariaDatabase() override;

    std::string url() const override { return _url; }
    Poco::Data::Session session() const override;
    std::int64_t bytes() const override;
    std::optional<double> processorSeconds() const override;
    Poco::Data::Session beginBulk() const override;
    void endBulk(Poco::Data::Session session) const override;
    std::string numbers(std::int64_t first, std::int64_t last) const override;
    std::string quotient(const std::string& dividend, std::int64_t divisor) const override;
    std::string joined(std::initializer_list<std::string> parts) const override;
    std::string hex(const std::string& expression, unsigned digits) const override;

private:
    Poco::Data::Session session(const std::string& database) const;
    void lookUpTables(Poco::Data::Session& session) const;
    void writeAll(Poco::Data::Session& session) const;

    std::unique_ptr<test::MariaServer> _server; ///< null: somebody else's
    std::string _connection; ///< to that one, as Poco's connector takes it, without the database
    std::string _name;
    std::string _url;
};

} // namespace salon::bench
