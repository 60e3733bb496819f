#pragma once

#include "TemporaryFolder.h"
#include "store/Database.h"

namespace salon::bench {

/// A file in a temporary folder of its own.
class SqliteFile final : public Database {
public:
    explicit SqliteFile(const std::string& folder) : _folder(folder) {}

    std::string url() const override { return "sqlite:" + file(); }
    Poco::Data::Session session() const override;
    /// The file and its write-ahead log.
    std::int64_t bytes() const override;
    Poco::Data::Session beginBulk() const override;
    void endBulk(Poco::Data::Session session) const override;
    std::string numbers(std::int64_t first, std::int64_t last) const override;
    std::string quotient(const std::string& dividend, std::int64_t divisor) const override;
    std::string joined(std::initializer_list<std::string> parts) const override;
    std::string hex(const std::string& expression, unsigned digits) const override;

private:
    std::string file() const { return _folder.file("salon.db"); }

    test::TemporaryFolder _folder;
};

} // namespace salon::bench
