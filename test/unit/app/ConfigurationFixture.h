#pragma once

#include "../host/HostFixture.h"

#include "app/ConfigurationError.h"
#include "app/settings/CheckedConfiguration.h"
#include "app/settings/ConfigurationLayers.h"
#include "app/settings/SettingsRegistry.h"

#include <Poco/Util/LayeredConfiguration.h>

#include <fstream>
#include <map>
#include <string>

namespace hosttest {

/// A few keys, and the three places where an operator writes.
class ConfigurationFixture {
public:
    ConfigurationFixture() {
        using Type = Setting::Type;
        registry.declare({"http.port", Type::integer, "8080", "The port.", 0, 65535});
        registry.declare({"http.address", Type::text, "127.0.0.1", "The address."});
        registry.declare({"ws.outbox", Type::size, "1MiB", "The outbox.", 16384, 1 << 30});
        registry.declare(
            {"auth.access_ttl", Type::duration, "15m", "The time.", 10000, 2592000000});
        registry.declare({"auth.secret", Type::integer, "1", "A secret.", 0, 9, false, {}, true});
        registry.declare({.key = "auth.registration",
                          .type = Type::choice,
                          .standard = "open",
                          .sentence = "Who may.",
                          .choices = {"open", "closed"}});
        registry.declare({"plugins.load", Type::list, "auth,conversations", "The plugins."});
    }

    void write(const std::string& text) {
        std::ofstream(file, std::ios::binary) << text;
        layers.readFile(file);
    }
    CheckedConfiguration check() {
        layers.addDefaults(registry);
        Faults faults;
        checkKeys(registry, layers, {"rooms"}, faults);
        auto configuration = checkConfiguration(registry, layers, faults);
        if (faults.empty()) return configuration;
        std::vector<std::string> sentences;
        for (auto& fault : faults) sentences.push_back(fault.sentence);
        throw ConfigurationError(sentences);
    }

    SettingsRegistry registry;
    std::map<std::string, std::string> environment;
    Folder folder;
    const std::string file = folder.file("salond.properties");
    ConfigurationLayers layers{new Poco::Util::LayeredConfiguration, [this](const char* name) {
                                   const auto found = environment.find(name);
                                   return found == environment.end() ? nullptr
                                                                     : found->second.c_str();
                               }};
};

} // namespace hosttest
