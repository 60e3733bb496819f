#pragma once

#include "app/Program.h"
#include "app/Signals.h"

#include <Poco/Util/OptionSet.h>
#include <Poco/Util/ServerApplication.h>

#include <optional>
#include <string>
#include <vector>

namespace salon {

/// salond: its command line and its exit codes. Poco's own options are not taken over: --daemon
/// forks before anything is ready.
class Daemon final : public Poco::Util::ServerApplication {
public:
    static constexpr int exitOk = 0;
    static constexpr int exitFailure = 1;
    static constexpr int exitUsage = 64;         ///< EX_USAGE of sysexits.h
    static constexpr int exitConfiguration = 78; ///< EX_CONFIG

    explicit Daemon(const Signals& signals);

    /// The whole life of the process; returns its exit code. Every failure is a sentence on
    /// stderr.
    int launch(int argc, char** argv);

protected:
    // Poco's subsystems would read keys of their own and write stack traces: Salon has its own log.
    void initialize(Application&) override {}
    void uninitialize() override {}
    void defineOptions(Poco::Util::OptionSet& options) override;
    void handleOption(const std::string& name, const std::string& value) override;
    int main(const std::vector<std::string>& arguments) override;

private:
    enum class Mode { serve, check, verifyStore, help, version, printConfig, printManual };

    void act();
    /// The core's keys and all plugins that there are, whatever the configuration loads of them.
    /// @return what is wrong with those that could not be loaded
    std::vector<std::string> lookAround(SettingsRegistry& registry, PluginSet& plugins);
    void describeKeys();
    /// @throws UsageError when the command line asks for what no plugin can do
    void checkProgram();

    const Signals& _signals;
    Mode _mode = Mode::serve;
    std::string _config;
    std::vector<std::string> _defines;
    std::optional<ProgramCall> _program;
};

} // namespace salon
