#pragma once

#include "salon/Host.h"
#include "salon/Obstacle.h"
#include "salon/Program.h"
#include "salon/Settings.h"
#include "salon/StoreCheck.h"
#include "salon/Visibility.h"

#include <Poco/Version.h>

#include <cstddef>
#include <cstdint>
#include <vector>

// A plugin is a class and one line at the end of its file:
//
//     class RoomsPlugin : public salon::Plugin {
//     public:
//         void declare(salon::Settings& settings) override;
//         void start(salon::Host& host) override;
//         void stop() override;
//     };
//     SALON_PLUGIN(RoomsPlugin)
//
// Its name, its dependencies, its schema and the description of its calls come from the build:
// `salon_plugin(rooms DEPENDS auth)` in plugins/CMakeLists.txt. Before anything of it is
// constructed, the loader reads its descriptor.

namespace salon {

class SALON_API Plugin {
public:
    virtual ~Plugin() = default;
    /// Declares the plugin's configuration keys. Before start(), once; nothing else may be done
    /// here.
    virtual void declare(Settings&) {}
    /// What it lets the operator do on the command line. After declare(); without start().
    virtual std::vector<ProgramCommand> commands() { return {}; }
    /// What must hold for its tables. After declare(); without start().
    virtual std::vector<StoreCheck> checks() { return {}; }
    /// What would be in the way of start() that is not in the configuration's text, such as a file
    /// that cannot be read. Looks, and changes nothing. After declare(); without start().
    virtual std::vector<Obstacle> obstacles(const Configuration&) { return {}; }
    /// After its dependencies have started, its schema is in place, and before any socket is open.
    /// Main thread. An exception ends the daemon's start with the plugin's name and what().
    virtual void start(Host& host) = 0;
    /// After the sockets are closed and the lanes have drained, in reverse order. Main thread.
    virtual void stop() {}
};

/// One numbered step of a plugin's schema; `mysql` is null where the SQLite text serves both.
struct Migration {
    int version;
    const char* name;
    const char* sqlite;
    const char* mysql;
};

/// Raised with every change to what plugins are compiled against.
constexpr std::uint32_t abiNumber = 7;
constexpr std::uint32_t pluginMagic = 0x53614c4e; // "SaLN"

/// Read from a shared library before any of its code runs: plain data, its first four members in
/// this place for ever.
struct PluginDescriptor {
    std::uint32_t magic;
    std::uint32_t size;
    std::uint32_t abi;
    std::uint32_t pocoVersion;
    std::uint32_t hostSize; ///< sizeof of a few contract types, added up
    const char* compiler;
    const char* build; ///< "release", "debug", with the sanitizer's name if there is one
    const char* name;
    const char* dependencies;    ///< plugin names separated by spaces
    const Migration* migrations; ///< ends with version 0
    const char* const* api;      ///< describes its calls and frames, JSON texts; ends with null
    Plugin* (*create)();
};

constexpr std::uint32_t contractSize() {
    return static_cast<std::uint32_t>(sizeof(Setting) + sizeof(Error) + sizeof(HttpResponse) +
                                      sizeof(FrameCall) + sizeof(Session) + sizeof(SharedFrame) +
                                      sizeof(Principal) + sizeof(Migration) +
                                      sizeof(ProgramCommand) + sizeof(StoreCheck));
}

constexpr const char* buildType() {
#if defined(__SANITIZE_ADDRESS__)
    return "address";
#elif defined(__SANITIZE_THREAD__)
    return "thread";
#elif defined(NDEBUG)
    return "release";
#else
    return "debug";
#endif
}

} // namespace salon

#define SALON_PLUGIN(Class)                                                                        \
    extern "C" SALON_API const salon::PluginDescriptor salonPlugin;                                \
    extern const salon::Migration SALON_PLUGIN_SCHEMA[];                                           \
    extern const char* const SALON_PLUGIN_API[];                                                   \
    const salon::PluginDescriptor salonPlugin = {                                                  \
        salon::pluginMagic,                                                                        \
        sizeof(salon::PluginDescriptor),                                                           \
        salon::abiNumber,                                                                          \
        POCO_VERSION,                                                                              \
        salon::contractSize(),                                                                     \
        __VERSION__,                                                                               \
        salon::buildType(),                                                                        \
        SALON_PLUGIN_NAME,                                                                         \
        SALON_PLUGIN_DEPENDENCIES,                                                                 \
        SALON_PLUGIN_SCHEMA,                                                                       \
        SALON_PLUGIN_API,                                                                          \
        []() -> salon::Plugin* { return new Class; } /* NOLINT(bugprone-macro-parentheses) */,     \
    };
