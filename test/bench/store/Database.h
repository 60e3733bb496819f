#pragma once

#include "Options.h"

#include <Poco/Data/Session.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>

namespace salon::bench {

/// The store of a daemon that does not run, from the bench's side. Another kind of database is a
/// subclass and a line in make(); what it spells differently from SQLite in the seeds is asked of
/// it here.
class Database {
public:
    virtual ~Database() = default;

    /// A new, empty one of the kind that `options.store` names.
    /// @throws std::invalid_argument when that cannot be measured
    static std::unique_ptr<Database> make(const Options& options);

    /// What the daemon is given as `store.url`.
    virtual std::string url() const = 0;
    virtual Poco::Data::Session session() const = 0;
    /// What it takes on disk.
    virtual std::int64_t bytes() const = 0;

    /// A session for millions of rows: nothing is durable before end().
    virtual Poco::Data::Session beginBulk() const = 0;
    /// Returns once all is on disk.
    virtual void endBulk(Poco::Data::Session session) const = 0;

    // ---- SQL
    /// A common table expression `n(i)` with the two integers that are bound as its ends.
    virtual std::string numbers() const = 0;
    /// Expressions, joined as text.
    virtual std::string joined(std::initializer_list<std::string> parts) const = 0;
    /// An integer expression in lower case hexadecimal, with leading zeros.
    virtual std::string hex(const std::string& expression, unsigned digits) const = 0;
};

} // namespace salon::bench
