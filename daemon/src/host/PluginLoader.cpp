#include "host/PluginLoader.h"

#include "app/ConfigurationError.h"
#include "app/log/Printable.h"

#include <dlfcn.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <sstream>
#include <string_view>

namespace salon {

namespace {

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
    throw ConfigurationError(printable(path) + " " + reason);
}

// The name becomes a path and the end of a symbol.
bool isPluginName(std::string_view name) {
    return !name.empty() && name.size() <= 64 &&
           name.find_first_not_of(
               "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
               std::string_view::npos;
}

std::string compilerName(std::string_view version) {
    const bool gnu = !version.empty() && version[0] >= '0' && version[0] <= '9';
    return (gnu ? "g++ " : "") + printable(version, 60);
}

std::string pocoName(std::uint32_t version) {
    return "Poco " + std::to_string(version >> 24) + "." + std::to_string(version >> 16 & 255) +
           "." + std::to_string(version >> 8 & 255);
}

// Behind its first four members a descriptor of another ABI may look different: a compiler's name
// is believed only where it points into the library that the descriptor lies in.
std::string compilerOfStranger(const PluginDescriptor& descriptor) {
    Dl_info own{};
    Dl_info text{};
    if (descriptor.size != sizeof(PluginDescriptor) || !dladdr(&descriptor, &own) ||
        !dladdr(descriptor.compiler, &text) || own.dli_fbase != text.dli_fbase) {
        return {};
    }
    return " (" + compilerName({descriptor.compiler, strnlen(descriptor.compiler, 60)}) + ")";
}

void checkBinary(const std::string& path, const PluginDescriptor& descriptor) {
    if (descriptor.magic != pluginMagic) {
        refuse(path, "is no plugin of salond: its descriptor begins with another number");
    }
    if (descriptor.abi != abiNumber) {
        refuse(path, "was built for ABI " + std::to_string(descriptor.abi) +
                         compilerOfStranger(descriptor) + ", this salond has ABI " +
                         std::to_string(abiNumber) + ": rebuild the plugin");
    }
    if (descriptor.size != sizeof(PluginDescriptor)) {
        refuse(path, "has a descriptor of " + std::to_string(descriptor.size) +
                         " bytes, this salond of " + std::to_string(sizeof(PluginDescriptor)) +
                         ": rebuild the plugin");
    }
    if (descriptor.pocoVersion != POCO_VERSION) {
        refuse(path, "was built with " + pocoName(descriptor.pocoVersion) + ", this salond with " +
                         pocoName(POCO_VERSION) + ": rebuild the plugin");
    }
    if (std::string_view(descriptor.compiler) != __VERSION__) {
        refuse(path, "was built by " + compilerName(descriptor.compiler) + ", this salond by " +
                         compilerName(__VERSION__) + ": rebuild the plugin with that compiler");
    }
    if (std::string_view(descriptor.build) != buildType()) {
        refuse(path, std::string("is a build of type ") + descriptor.build +
                         ", this salond of type " + buildType() + ": rebuild the plugin");
    }
    if (descriptor.hostSize != contractSize()) {
        refuse(path, "was built against headers whose types have " +
                         std::to_string(descriptor.hostSize) +
                         " bytes in all, this salond's have " + std::to_string(contractSize()) +
                         ": rebuild the plugin");
    }
}

std::vector<std::string> words(const char* text) {
    std::istringstream stream(text);
    std::vector<std::string> words;
    for (std::string word; stream >> word;) words.push_back(word);
    return words;
}

std::string join(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) text += (text.empty() ? "" : ", ") + name;
    return text;
}

void* openLibrary(const std::string& directory, const std::string& name, const std::string& path) {
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) {
        const auto there = join(pluginsIn(directory));
        throw ConfigurationError("there is no plugin " + name + ": " + printable(path) +
                                 " does not exist" +
                                 (there.empty() ? "" : ", the folder has " + there));
    }
    // A path without a slash would be searched for in the system's folders.
    auto* library = dlopen(std::filesystem::absolute(path).c_str(), RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        const char* reason = dlerror();
        refuse(path, "cannot be loaded: " + printable(reason ? reason : "unknown reason", 400));
    }
    return library;
}

// Depth first; `path` is the way that led here.
class Sorter {
public:
    explicit Sorter(std::vector<PluginLibrary> libraries)
        : _libraries(std::move(libraries)), _states(_libraries.size(), State::unseen) {}

    std::vector<PluginLibrary> sort() {
        for (std::size_t i = 0; i < _libraries.size(); ++i) visit(i);
        std::vector<PluginLibrary> sorted;
        for (const auto i : _order) sorted.push_back(std::move(_libraries[i]));
        return sorted;
    }

private:
    enum class State { unseen, open, done };

    void visit(std::size_t i) {
        if (_states[i] == State::done) return;
        if (_states[i] == State::open) failCycle(nameOf(i));
        _states[i] = State::open;
        _path.push_back(nameOf(i));
        for (const auto& dependency : _libraries[i].dependencies)
            visit(find(nameOf(i), dependency));
        _path.pop_back();
        _states[i] = State::done;
        _order.push_back(i);
    }

    std::size_t find(const std::string& plugin, const std::string& dependency) const {
        for (std::size_t i = 0; i < _libraries.size(); ++i) {
            if (nameOf(i) == dependency) return i;
        }
        throw ConfigurationError("plugin " + plugin + " needs " + printable(dependency) +
                                 ", which is not loaded: add it to plugins.load");
    }

    [[noreturn]] void failCycle(const std::string& name) const {
        std::string text;
        auto link = std::find(_path.begin(), _path.end(), name);
        for (; link != _path.end(); ++link) text += *link + " needs ";
        throw ConfigurationError("the plugins depend on each other in a circle: " + text + name);
    }

    std::string nameOf(std::size_t i) const { return _libraries[i].descriptor->name; }

    std::vector<PluginLibrary> _libraries;
    std::vector<State> _states;
    std::vector<std::size_t> _order;
    std::vector<std::string> _path;
};

} // namespace

PluginLibrary openPlugin(const std::string& directory, const std::string& entry) {
    const std::filesystem::path file(entry);
    const bool elsewhere = file.is_absolute() && file.extension() == ".so";
    const auto name = elsewhere ? file.stem().string() : entry;
    if (!isPluginName(name)) {
        throw ConfigurationError("plugins.load names " + printable(entry) +
                                 ": a plugin's name is made of letters, digits and _; a plugin in "
                                 "another folder is named by its file, /folder/name.so");
    }
    const auto path =
        elsewhere ? entry : (std::filesystem::path(directory) / (name + ".so")).string();
    auto* library = openLibrary(directory, name, path);
    const auto symbol = "salonPlugin_" + name;
    const auto* descriptor = static_cast<const PluginDescriptor*>(dlsym(library, symbol.c_str()));
    if (!descriptor) refuse(path, "is no plugin of salond: it has no symbol " + symbol);
    checkBinary(path, *descriptor);
    if (descriptor->name != name) {
        refuse(path, "holds the plugin " + printable(descriptor->name) + ", its file is named " +
                         name + ": name both alike");
    }
    return {path, descriptor, words(descriptor->dependencies)};
}

std::vector<std::string> pluginsIn(const std::string& directory) {
    std::vector<std::string> names;
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator(directory, error)) {
        const auto name = entry.path().stem().string();
        if (entry.path().extension() == ".so" && isPluginName(name)) names.push_back(name);
    }
    std::sort(names.begin(), names.end());
    return names;
}

std::vector<PluginLibrary> orderPlugins(std::vector<PluginLibrary> libraries) {
    std::vector<std::string> names;
    names.reserve(libraries.size());
    for (const auto& library : libraries) names.emplace_back(library.descriptor->name);
    std::sort(names.begin(), names.end());
    const auto twice = std::adjacent_find(names.begin(), names.end());
    if (twice != names.end()) {
        throw ConfigurationError("plugins.load names " + *twice + " twice");
    }
    return Sorter(std::move(libraries)).sort();
}

} // namespace salon
