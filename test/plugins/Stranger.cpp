#include "salon/Plugin.h"

#include <string_view>

// A descriptor whose member SALON_STRANGER is not what this salond expects. Its constructor must
// never be reached.

namespace {

using namespace salon;

constexpr std::string_view altered =
#define SALON_TEXT(word) #word
#define SALON_TEXT_OF(word) SALON_TEXT(word)
    SALON_TEXT_OF(SALON_STRANGER);

constexpr PluginDescriptor describeStranger() {
    PluginDescriptor descriptor{
        pluginMagic,
        sizeof(PluginDescriptor),
        abiNumber,
        POCO_VERSION,
        contractSize(),
        __VERSION__,
        buildType(),
        SALON_PLUGIN_NAME,
        "",
        nullptr,
        nullptr,
        []() -> Plugin* { throw "constructed"; },
    };
    if (altered == "magic") descriptor.magic = 0x7f454c46;
    if (altered == "abi") {
        descriptor.abi = abiNumber + 1;
        descriptor.compiler = "13.1.0";
    }
    if (altered == "size") descriptor.size = sizeof(PluginDescriptor) + 8;
    if (altered == "poco") descriptor.pocoVersion = 0x010d0000;
    if (altered == "host") descriptor.hostSize += 8;
    if (altered == "compiler") descriptor.compiler = "13.1.0";
    if (altered == "build") descriptor.build = "strange";
    if (altered == "name") descriptor.name = "somebody_else";
    return descriptor;
}

} // namespace

extern "C" SALON_API const salon::PluginDescriptor salonPlugin;
const salon::PluginDescriptor salonPlugin = describeStranger();
