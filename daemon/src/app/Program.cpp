#include "app/Program.h"

#include "app/ConfigurationError.h"
#include "app/Terminal.h"
#include "app/log/PocoLog.h"
#include "store/DatabaseStore.h"

#include "salon/Program.h"

#include <algorithm>
#include <stdexcept>

namespace salon {

namespace {

class Context final : public ProgramContext {
public:
    Context(Preparation& preparation, const Signals& signals)
        : _configuration(preparation.configuration), _store(_configuration, _log),
          _terminal(signals) {
        preparation.plugins.migrate([this](const std::string& plugin, const Migration* migrations) {
            _store.migrate(plugin, migrations);
        });
    }
    const Configuration& configuration() const override { return _configuration; }
    Result<void> write(const std::function<Result<void>(Session&)>& fn) override {
        return _store.writeOnce(fn);
    }
    std::string readSecret(const std::string& prompt) override {
        return _terminal.readSecret(prompt);
    }

private:
    PocoLog _log{"store"};
    const Configuration& _configuration;
    store::DatabaseStore _store;
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
