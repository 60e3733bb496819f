#pragma once

#include "Options.h"

#include <Poco/Data/Session.h>

#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>

namespace salon::bench {

/// The store of a daemon that does not run, from the bench's side. Another kind of database is a
/// subclass and a line in make(); what it spells differently from SQLite in the seeds is asked of
/// it here.
class Database {
public:
    virtual ~Database() = default;

    /// A new, empty one of the kind that `options.store` names: sqlite, mysql or mysql://…
    /// @param core the only CPU that a server of the bench's own may use, if any is given
    /// @throws std::invalid_argument when that cannot be measured
    static std::unique_ptr<Database> make(const Options& options, std::optional<unsigned> core);

    /// What the daemon is given as `store.url`.
    virtual std::string url() const = 0;
    virtual Poco::Data::Session session() const = 0;
    /// What it takes on disk.
    virtual std::int64_t bytes() const = 0;
    /// Processor time that a server of the bench's own has used, seconds; none without such a one.
    virtual std::optional<double> processorSeconds() const { return std::nullopt; }

    /// A session for millions of rows: nothing is durable before end().
    virtual Poco::Data::Session beginBulk() const = 0;
    /// Returns once all is on disk.
    virtual void endBulk(Poco::Data::Session session) const = 0;

    // ---- SQL
    /// A common table expression `n(i)` of all integers from `first` to `last`.
    virtual std::string numbers(std::int64_t first, std::int64_t last) const = 0;
    /// An integer divided by another one, rounded to zero.
    virtual std::string quotient(const std::string& dividend, std::int64_t divisor) const = 0;
    /// Expressions, joined as text.
    virtual std::string joined(std::initializer_list<std::string> parts) const = 0;
    /// An integer expression in lower case hexadecimal, with leading zeros.
    virtual std::string hex(const std::string& expression, unsigned digits) const = 0;
};

} // namespace salon::bench
