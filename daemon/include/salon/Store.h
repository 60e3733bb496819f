#pragma once

#include "salon/Result.h"
#include "salon/Visibility.h"

#include <Poco/Data/Session.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

// The store: every read and write of a plugin goes through here.
//
// Reading: store.read(fn) on a worker's thread, at once, with a session of its own; it never waits
// behind writers.
//
// Writing: a write is queued on a lane. The lane takes everything that is queued and makes it one
// transaction; when that has failed, each write is tried alone, so that one bad write fails alone.
// Only after COMMIT is a write's finish() called, on the lane. Two shapes:
//  - store.write(key, fn, then): fn runs inside the transaction and may be run again;
//  - a WriteGroup: many writes of one kind handled together, in a few executions for all rows.
// SQLite has one lane, and nobody else writes. MariaDB has several, and other daemons may write to
// the same tables at the same time (Session::shared()).
// SQL is the plugin's own and stays in its store files; what differs between databases is in
// Dialect.

namespace salon {

enum class Dialect { sqlite, mysql };

namespace detail {

/// What a session keeps by its SQL.
struct Kept {
    virtual ~Kept() = default;
};

/// What one `?` is in each of many rows: numbers or texts.
struct ManyValues {
    const std::int64_t* numbers = nullptr;
    const std::string* texts = nullptr;
};

/// One prepared statement of one session, executed again and again. Positions start with 0.
/// @throws Poco::Data::DataException from every call
class SALON_API PreparedStatement : public Kept {
public:
    virtual void bind(int position, std::int64_t value) = 0;
    /// The text must live until reset().
    virtual void bind(int position, std::string_view value) = 0;
    /// The next row; false after the last.
    virtual bool step() = 0;
    virtual std::int64_t integer(int column) = 0;
    /// Valid until the next step().
    virtual std::string_view text(int column) = 0;
    /// Number of rows that the execution found to change.
    virtual std::size_t changed() = 0;
    /// The number that the database gave the row that the execution inserted.
    virtual std::int64_t insertedId() = 0;
    /// Ends the execution, also after a failure.
    virtual void reset() noexcept = 0;
    /// Executes once for each row, with one element of `columns` for each `?`.
    virtual void executeMany(std::span<const ManyValues> columns, std::size_t rows);
};

/// How a database prepares; Poco 1.11's Statement parses the SQL again at every execution, which
/// costs fifteen times what a lookup does.
using Prepare = std::unique_ptr<PreparedStatement> (*)(Poco::Data::Session&, const char* sql);

template <class T> T column(PreparedStatement& statement, int position) {
    static_assert(std::is_same_v<T, std::int64_t> || std::is_same_v<T, std::string>,
                  "columns are std::int64_t or std::string");
    if constexpr (std::is_same_v<T, std::int64_t>) {
        return statement.integer(position);
    } else {
        return std::string(statement.text(position));
    }
}

template <class T> void bindTo(PreparedStatement& statement, int& position, const T& value) {
    if constexpr (std::is_same_v<T,
                                 std::span<const std::variant<std::int64_t, std::string_view>>>) {
        for (const auto& each : value) {
            std::visit([&](const auto& one) { statement.bind(position, one); }, each);
            ++position;
        }
        return;
    } else if constexpr (std::is_integral_v<T>) {
        statement.bind(position++, static_cast<std::int64_t>(value));
    } else {
        statement.bind(position++, std::string_view(value));
    }
}

} // namespace detail

/// Rows gathered column by column and inserted (or updated) together.
template <class... Columns> class Bulk final : public detail::Kept {
public:
    explicit Bulk(std::unique_ptr<detail::PreparedStatement> statement)
        : _statement(std::move(statement)) {}

    template <class... Values> void add(Values&&... values) {
        static_assert(sizeof...(Values) == sizeof...(Columns));
        addEach(std::index_sequence_for<Columns...>(), std::forward<Values>(values)...);
    }
    bool empty() const { return std::get<0>(_columns).empty(); }
    void clear() {
        std::apply([](auto&... column) { (column.clear(), ...); }, _columns);
    }
    /// Executes for all rows and forgets them, also when it throws.
    void execute() {
        if (empty()) return;
        struct Clear {
            Bulk& bulk;
            ~Clear() { bulk.clear(); }
        } clear{*this};
        const auto rows = std::get<0>(_columns).size();
        const auto values = std::apply(
            [](const auto&... column) { return std::array{valuesOf(column)...}; }, _columns);
        _statement->executeMany(values, rows);
    }

private:
    static detail::ManyValues valuesOf(const std::vector<std::int64_t>& column) {
        return {column.data(), nullptr};
    }
    static detail::ManyValues valuesOf(const std::vector<std::string>& column) {
        return {nullptr, column.data()};
    }
    template <std::size_t... I, class... Values>
    void addEach(std::index_sequence<I...>, Values&&... values) {
        (std::get<I>(_columns).emplace_back(std::forward<Values>(values)), ...);
    }
    std::tuple<std::vector<Columns>...> _columns;
    std::unique_ptr<detail::PreparedStatement> _statement;
};

/// A value for a statement: a number, or a text that outlives the call.
using SessionValue = std::variant<std::int64_t, std::string_view>;

/// One connection to the database, in the hands of one thread. Statements are prepared once per
/// session and kept by their SQL, which therefore must be a fixed text with `?` for every value.
/// Columns are std::int64_t or std::string and never NULL (COALESCE in the SQL).
class SALON_API Session {
public:
    Session(Poco::Data::Session session, Dialect dialect, detail::Prepare prepare)
        : _session(std::move(session)), _dialect(dialect), _prepare(prepare) {}

    Dialect dialect() const { return _dialect; }
    /// Whether others write to the same tables at the same time: other lanes, other daemons. Then
    /// nothing that was read holds beyond the transaction that locked it, and what is counted up is
    /// locked first.
    bool shared() const { return _dialect == Dialect::mysql; }

    /// The rows, as tuples. @throws Poco::Data::DataException
    template <class... Columns, class... Args>
    std::vector<std::tuple<Columns...>> select(const char* sql, const Args&... args) {
        const Execution run(statement(sql), args...);
        std::vector<std::tuple<Columns...>> rows;
        while (run.statement.step()) {
            addRow(rows, run.statement, std::index_sequence_for<Columns...>());
        }
        return rows;
    }

    /// As select(), for a statement with many values.
    template <class... Columns>
    std::vector<std::tuple<Columns...>> selectWith(const char* sql,
                                                   std::span<const SessionValue> values) {
        const Execution run(statement(sql), values);
        std::vector<std::tuple<Columns...>> rows;
        while (run.statement.step()) {
            addRow(rows, run.statement, std::index_sequence_for<Columns...>());
        }
        return rows;
    }

    /// The rows of many keys, in no order; `sql` ends with IN. Keys are looked for together, so
    /// that a hundred take two ways to the database and back.
    template <class... Columns>
    std::vector<std::tuple<Columns...>> selectIn(const char* sql,
                                                 std::span<const std::int64_t> keys) {
        std::vector<std::tuple<Columns...>> rows;
        while (!keys.empty()) {
            const auto values = takeKeys(keys);
            const Execution run(statementIn(sql, values.size()),
                                std::span<const SessionValue>(values));
            while (run.statement.step()) {
                addRow(rows, run.statement, std::index_sequence_for<Columns...>());
            }
        }
        return rows;
    }

    /// The first row, if there is one.
    template <class... Columns, class... Args>
    std::optional<std::tuple<Columns...>> first(const char* sql, const Args&... args) {
        auto rows = select<Columns...>(sql, args...);
        if (rows.empty()) return std::nullopt;
        return std::move(rows.front());
    }

    /// Calls `fn(column, ...)` for each row as it comes, so that any number of them takes no
    /// memory. `fn` must leave the session alone.
    template <class... Columns, class F, class... Args>
    void each(const char* sql, F fn, const Args&... args) {
        const Execution run(statement(sql), args...);
        while (run.statement.step()) {
            callRow<Columns...>(fn, run.statement, std::index_sequence_for<Columns...>());
        }
    }

    /// Returns the number of rows changed.
    template <class... Args> std::size_t execute(const char* sql, const Args&... args) {
        const Execution run(statement(sql), args...);
        while (run.statement.step()) {
        }
        return run.statement.changed();
    }

    /// Inserts a row and returns the number that the database gave it; nullopt when the statement
    /// inserted none.
    template <class... Args>
    std::optional<std::int64_t> insert(const char* sql, const Args&... args) {
        const Execution run(statement(sql), args...);
        while (run.statement.step()) {
        }
        if (run.statement.changed() == 0) return std::nullopt;
        return run.statement.insertedId();
    }

    /// A statement without values that is needed once, such as a step of a schema.
    void executeOnce(const std::string& sql) {
        const auto prepared = _prepare(_session, sql.c_str());
        const Execution run(*prepared);
        while (run.statement.step()) {
        }
    }

    /// Many rows at once, left empty by execute(). The same object each time for the same SQL while
    /// the transaction lasts: take it anew in every call, for a failure forgets every statement and
    /// the rows that wait in it.
    template <class... Columns> Bulk<Columns...>& bulk(const char* sql) {
        auto& entry = _kept[sql];
        if (!entry) entry = std::make_unique<Bulk<Columns...>>(_prepare(_session, sql));
        return kept<Bulk<Columns...>>(*entry, sql);
    }

    /// The connection itself. Poco's own statements work on SQLite only.
    Poco::Data::Session& poco() { return _session; }
    /// Forgets every prepared statement.
    void dropStatements() { _kept.clear(); }

private:
    /// One execution, ended with its scope.
    struct Execution {
        template <class... Args>
        explicit Execution(detail::PreparedStatement& prepared, const Args&... args)
            : statement(prepared) {
            [[maybe_unused]] int position = 0;
            try {
                (detail::bindTo(statement, position, args), ...);
            } catch (...) {
                statement.reset();
                throw;
            }
        }
        ~Execution() { statement.reset(); }
        Execution(const Execution&) = delete;
        Execution& operator=(const Execution&) = delete;
        detail::PreparedStatement& statement;
    };

    template <class... Columns, std::size_t... I>
    static void addRow(std::vector<std::tuple<Columns...>>& rows,
                       detail::PreparedStatement& statement, std::index_sequence<I...>) {
        rows.emplace_back(detail::column<Columns>(statement, static_cast<int>(I))...);
    }

    template <class... Columns, class F, std::size_t... I>
    static void callRow(F& fn, detail::PreparedStatement& statement, std::index_sequence<I...>) {
        fn(detail::column<Columns>(statement, static_cast<int>(I))...);
    }

    template <class T> static T& kept(detail::Kept& entry, const char* sql) {
        auto* const known = dynamic_cast<T*>(&entry);
        if (!known) throw std::logic_error("used in another way before: " + std::string(sql));
        return *known;
    }

    /// As many values from the front of `keys` as a statement is prepared for; fewer keys are
    /// filled up with the last one.
    static std::vector<SessionValue> takeKeys(std::span<const std::int64_t>& keys);
    /// `sql` with so many `?` in brackets behind it.
    detail::PreparedStatement& statementIn(const char* sql, std::size_t values);

    detail::PreparedStatement& statement(const char* sql) {
        auto& entry = _kept[sql];
        if (!entry) entry = _prepare(_session, sql);
        return kept<detail::PreparedStatement>(*entry, sql);
    }

    Poco::Data::Session _session;
    Dialect _dialect;
    detail::Prepare _prepare;
    std::unordered_map<std::string_view, std::unique_ptr<detail::Kept>> _kept;
};

/// One write on its way through a lane.
class SALON_API Write {
public:
    virtual ~Write() = default;
    /// On the lane, once, after COMMIT (`failure` null) or when the write could not be made.
    /// `unavailable`: the database cannot be written now, trying again later is safe. It means "not
    /// acknowledged": after a failed COMMIT the write may be stored all the same.
    /// `internal`: this write alone failed.
    virtual void finish(const Error* failure) = 0;
};

/// Writes of one kind, handled together; one object a lane, so its state needs no lock. A write
/// that is refused for a reason of its own (not found, forbidden) remembers that for its finish(),
/// leaves the database alone, and does not throw.
class SALON_API WriteGroup {
public:
    virtual ~WriteGroup() = default;
    /// Once per batch, before the transaction: lookups, hooks. What it throws fails the whole
    /// batch's writes of this group.
    virtual void prepare(Session& session, std::span<Write* const> writes) = 0;
    /// Inside the transaction, in order of arrival. After a failed batch it is called again, with
    /// the same writes or with one at a time; nothing of an apply() that was followed by
    /// rolledBack() has happened. On a shared database what prepare() saw may be different by now.
    virtual void apply(Session& session, std::span<Write* const> writes) = 0;
    virtual void committed() = 0;
    /// Forget what was remembered of the tables since the last committed(), do not wind it back:
    /// when the answer to COMMIT was lost for good, the writes may be stored all the same.
    virtual void rolledBack() = 0;
};

class SALON_API Store {
public:
    virtual ~Store() = default;

    virtual Dialect dialect() const = 0;
    /// Whether the database can be read and written now, as far as is known. Any thread, at once.
    virtual bool available() const { return true; }

    /// Runs `fn` on the calling thread with a pooled session. Workers and hashers; never a reactor
    /// or a lane. @throws what fn throws; Poco::Data::DataException when the database is away.
    virtual void readWith(const std::function<void(Session&)>& fn) = 0;

    template <class F> auto read(F&& fn) {
        using R = std::invoke_result_t<F, Session&>;
        if constexpr (std::is_void_v<R>) {
            readWith([&](Session& session) { fn(session); });
        } else {
            std::optional<R> result;
            readWith([&](Session& session) { result.emplace(fn(session)); });
            return std::move(*result);
        }
    }

    using Group = std::uint32_t;
    /// Registers a kind of write while a plugin starts; `make` is called once for every lane.
    virtual Group addGroup(std::function<std::unique_ptr<WriteGroup>()> make) = 0;
    /// Queues a write on the lane of `key` (such as a conversation's id); order is kept among
    /// writes of one group and key from one thread. Never waits. On refusal (`unavailable`: the
    /// lane is full or the daemon stops) the write is dropped and its finish() is not called.
    virtual Result<void> submit(Group group, std::int64_t key, std::unique_ptr<Write> write) = 0;

    /// A write as two functions: `fn(Session&) -> Result<T>` inside the transaction (it may run
    /// several times; when it refuses, what it wrote is undone), then `then(Result<T>)` on the
    /// lane, once. When the lane is full `then` is called with the refusal, on the calling thread.
    template <class F, class Then> void write(std::int64_t key, F fn, Then then) {
        using R = std::invoke_result_t<F, Session&>;
        class Plain final : public PlainWrite {
        public:
            Plain(F fn, Then then) : _fn(std::move(fn)), _then(std::move(then)) {}
            bool run(Session& session) override {
                _result.emplace(_fn(session));
                return static_cast<bool>(*_result);
            }
            void finish(const Error* failure) override {
                _then(failure ? R(*failure) : std::move(*_result));
            }

        private:
            F _fn;
            Then _then;
            std::optional<R> _result;
        };
        auto write = std::make_unique<Plain>(std::move(fn), std::move(then));
        submitPlain(key, std::move(write));
    }

protected:
    class SALON_API PlainWrite : public Write {
    public:
        /// Whether what it wrote shall stay.
        virtual bool run(Session& session) = 0;
    };
    virtual void submitPlain(std::int64_t key, std::unique_ptr<PlainWrite> write) = 0;
};

} // namespace salon
