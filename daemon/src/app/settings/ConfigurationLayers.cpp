#include "app/settings/ConfigurationLayers.h"

#include "app/ConfigurationError.h"
#include "app/log/Printable.h"

#include <Poco/Exception.h>
#include <Poco/Util/MapConfiguration.h>
#include <Poco/Util/PropertyFileConfiguration.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string_view>
#include <utility>

namespace salon {

namespace {

// Lower numbers come first. The application's own map (application.path and the like) is at -100.
constexpr int commandLinePriority = -75;
constexpr int environmentPriority = -50;
constexpr int filePriority = 0;
constexpr int defaultPriority = 50;

class EnvironmentLayer final : public Poco::Util::AbstractConfiguration {
public:
    explicit EnvironmentLayer(ConfigurationLayers::Environment environment)
        : _environment(std::move(environment)) {}

protected:
    bool getRaw(const std::string& key, std::string& value) const override {
        const auto* text = _environment(environmentVariable(key).c_str());
        if (text) value = text;
        return text != nullptr;
    }
    void setRaw(const std::string&, const std::string&) override {
        throw Poco::InvalidAccessException("the environment is not written");
    }
    void enumerate(const std::string&, Keys&) const override {} // names of variables are not keys

private:
    const ConfigurationLayers::Environment _environment;
};

/// The text of a file of properties without the mark that some editors put at its start (a BOM).
/// What Poco would read as a key without a value, a line without `=`, is refused.
template <class Refuse> std::string checkedText(std::string text, const Refuse& refuse) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) {
        refuse("it is written in UTF-16; save it as UTF-8");
    }
    if (text.starts_with(mark)) text.erase(0, mark.size());
    std::string_view rest = text;
    bool continued = false;
    for (int number = 1; !rest.empty(); ++number) {
        auto line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        if (line.ends_with('\r')) line.remove_suffix(1);
        const auto begin = line.find_first_not_of(" \t");
        const bool comment = begin == line.npos || line[begin] == '#' || line[begin] == '!';
        const bool whole = !continued && !comment;
        continued = (continued || whole) && line.ends_with('\\');
        if (!whole || line.find_first_of("=:") != line.npos) continue;
        refuse("line " + std::to_string(number) + ", " + printable(std::string(line), 60) +
               ", has no `=`; a line is KEY = VALUE, or begins with #");
    }
    return text;
}

} // namespace

// Key and value pairs that can be listed, which Poco's own hide.
class ConfigurationLayers::Lines final : public Poco::Util::PropertyFileConfiguration {
public:
    void read(std::istream& stream) {
        _once = true;
        load(stream);
    }
    const std::string& twice() const { return _twice; }
    std::vector<std::string> allKeys() const {
        std::vector<std::string> keys;
        for (auto entry = begin(); entry != end(); ++entry) keys.push_back(entry->first);
        return keys;
    }

protected:
    void setRaw(const std::string& key, const std::string& value) override {
        if (_once && hasProperty(key)) _twice = key;
        PropertyFileConfiguration::setRaw(key, value);
    }

private:
    bool _once = false;
    std::string _twice;
};

ConfigurationLayers::ConfigurationLayers(Poco::AutoPtr<Poco::Util::LayeredConfiguration> layers,
                                         const Environment& environment)
    : _layers(std::move(layers)), _commandLine(new Lines),
      _environment(new EnvironmentLayer(environment)), _file(new Lines),
      _defaults(new Poco::Util::MapConfiguration) {
    _layers->add(_commandLine, commandLinePriority);
    _layers->add(_environment, environmentPriority);
    _layers->add(_file, filePriority);
    _layers->add(_defaults, defaultPriority);
}

ConfigurationLayers::~ConfigurationLayers() = default;

void ConfigurationLayers::define(const std::string& assignment) {
    const auto equals = assignment.find('=');
    if (equals == std::string::npos || equals == 0) {
        throw UsageError("--define takes KEY=VALUE, not " + printable(assignment));
    }
    _commandLine->setString(assignment.substr(0, equals), assignment.substr(equals + 1));
}

void ConfigurationLayers::readFile(const std::string& path) {
    _path = path;
    const auto refuse = [&](const std::string& reason) {
        throw ConfigurationError("the configuration file " + printable(path) +
                                 " cannot be read: " + reason);
    };
    std::error_code ignored;
    if (std::filesystem::is_directory(path, ignored)) refuse("it is a folder");
    errno = 0;
    std::ifstream stream(path, std::ios::binary);
    if (!stream) refuse(errno ? std::strerror(errno) : "it cannot be opened");
    std::ostringstream text;
    if (stream.peek() != std::ifstream::traits_type::eof()) text << stream.rdbuf();
    if (stream.bad() || text.fail()) refuse("reading it failed");
    std::istringstream lines(checkedText(text.str(), refuse));
    _file->read(lines);
    if (!_file->twice().empty()) {
        throw ConfigurationError("the key " + printable(_file->twice()) + " is set twice in " +
                                 printable(path) + ": remove one of the lines");
    }
}

void ConfigurationLayers::addDefaults(const SettingsRegistry& registry) {
    for (const auto* setting : registry.all()) {
        _defaults->setString(setting->key, setting->standard);
    }
}

ConfigurationLayers::Value ConfigurationLayers::find(const std::string& key) const {
    std::string origin;
    if (_commandLine->hasProperty(key)) {
        origin = "the command line";
    } else if (_environment->hasProperty(key)) {
        origin = "the environment, " + environmentVariable(key);
    } else if (_file->hasProperty(key)) {
        origin = printable(_path);
    }
    return {_layers->getRawString(key), std::move(origin)};
}

std::vector<ConfigurationLayers::Given> ConfigurationLayers::given() const {
    std::vector<Given> given;
    for (auto& key : _commandLine->allKeys())
        given.push_back({std::move(key), "on the command line"});
    for (auto& key : _file->allKeys()) given.push_back({std::move(key), "in " + printable(_path)});
    return given;
}

} // namespace salon
