#pragma once

#include "salon/Result.h"
#include "salon/Settings.h"
#include "salon/Store.h"
#include "salon/Visibility.h"

#include <functional>
#include <string>

namespace salon {

/// What a program command works with. The database has every plugin's tables, and is opened, or
/// made, at the first write: refuse before that what can be refused. Nothing else of the daemon
/// runs in this process, but a daemon may run beside it. Main thread.
class SALON_API ProgramContext {
public:
    virtual ~ProgramContext() = default;
    virtual const Configuration& configuration() const = 0;
    /// Which database that is, for people: `sqlite:/var/lib/salon/salon.db`, or a server's address
    /// without the password.
    virtual std::string place() const = 0;
    /// Runs `fn` in a transaction, at once; what it wrote is undone when it refuses or throws.
    /// @throws what fn throws; Poco::Data::DataException when the database is away;
    /// std::runtime_error with a sentence when it cannot be opened
    virtual Result<void> write(const std::function<Result<void>(Session&)>& fn) = 0;
    /// A line of standard input without its end; on a terminal it is asked for by `prompt`, twice,
    /// and not shown. @throws std::runtime_error with a sentence when there is none
    virtual std::string readSecret(const std::string& prompt) = 0;
};

/// Something that a plugin lets the operator do on the command line in place of starting the
/// daemon: `salond --create-admin alice`.
struct ProgramCommand {
    std::string name;     ///< "create-admin"
    std::string argument; ///< what its value is, such as "NAME"; every command has one
    std::string sentence; ///< what it does, for --help
    /// Returns what to print; what it refuses or throws is printed and ends the program with 1.
    std::function<Result<std::string>(ProgramContext& context, const std::string& value)> run;
};

} // namespace salon
