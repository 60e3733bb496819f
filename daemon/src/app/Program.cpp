#include "app/Program.h"

#include "app/ConfigurationError.h"
#include "app/Terminal.h"
#include "app/log/PocoLog.h"
#include "store/DatabaseStore.h"

#include "salon/Program.h"

#include <algorithm>
#include <memory>
#include <stdexcept>
#include <utility>

namespace salon {

namespace {

class Context final : public ProgramContext {
public:
    Context(Preparation& preparation, const Signals& signals)
        : _preparation(preparation), _terminal(signals) {
        // Nobody types a password, twice, for a store that cannot be opened.
        if (const auto obstacle = store::DatabaseStore::obstacle(configuration())) {
            throw std::runtime_error(*obstacle);
        }
    }
    const Configuration& configuration() const override { return _preparation.configuration; }
    std::string place() const override { return store::DatabaseStore::place(configuration()); }
    Result<void> write(const std::function<Result<void>(Session&)>& fn) override {
        if (!_store) open();
        return _store->writeOnce(fn);
    }
    std::string readSecret(const std::string& prompt) override {
        return _terminal.readSecret(prompt);
    }

private:
    void open() {
        auto store = std::make_unique<store::DatabaseStore>(configuration(), _log);
        _preparation.plugins.migrate([&](const std::string& plugin, const Migration* migrations) {
            store->migrate(plugin, migrations);
        });
        _store = std::move(store);
    }

    PocoLog _log{"store"};
    Preparation& _preparation;
    std::unique_ptr<store::DatabaseStore> _store; ///< once something is written
    Terminal _terminal;
};

bool isOwn(const std::string& name, const Poco::Util::OptionSet& own) {
    return std::any_of(own.begin(), own.end(), [&](const Poco::Util::Option& option) {
        return option.matchesPartial(name);
    });
}

} // namespace

std::optional<ProgramCall> takeProgramCall(std::vector<std::string>& arguments,
                                           const Poco::Util::OptionSet& own) {
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const auto argument = arguments[i];
        if (argument.size() < 3 || !argument.starts_with("--")) continue;
        const auto equals = argument.find('=');
        const auto name = argument.substr(2, equals == argument.npos ? equals : equals - 2);
        const auto at = arguments.begin() + static_cast<std::ptrdiff_t>(i);
        if (isOwn(name, own)) continue;
        if (equals != argument.npos) {
            arguments.erase(at);
            return ProgramCall{name, argument.substr(equals + 1)};
        }
        if (i + 1 == arguments.size() || arguments[i + 1].starts_with("--")) {
            arguments.erase(at);
            return ProgramCall{name, std::nullopt};
        }
        ProgramCall call{name, arguments[i + 1]};
        arguments.erase(at, at + 2);
        return call;
    }
    return std::nullopt;
}

std::string runProgram(const ProgramCall& call, Preparation& preparation, const Signals& signals) {
    const auto commands = preparation.plugins.commands();
    const auto found = std::find_if(commands.begin(), commands.end(),
                                    [&](const auto& command) { return command.name == call.name; });
    if (found == commands.end()) {
        throw ConfigurationError("the option --" + call.name +
                                 " is of a plugin that plugins.load does not name");
    }
    Context context(preparation, signals);
    auto said = found->run(context, call.value.value());
    if (!said) throw std::runtime_error(said.error().message);
    return std::move(*said);
}

} // namespace salon
