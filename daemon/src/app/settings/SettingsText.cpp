#include "app/settings/SettingsText.h"

#include "app/settings/SettingValue.h"

#include <algorithm>
#include <functional>
#include <sstream>
#include <string_view>

namespace salon {

namespace {

// Breaks `text` at spaces so that no line is longer than `width`, each with `indent` before it.
std::string wrap(const std::string& text, const std::string& indent, std::size_t width) {
    std::istringstream words(text);
    std::string out;
    std::string line;
    for (std::string word; words >> word;) {
        if (!line.empty() && indent.size() + line.size() + 1 + word.size() > width) {
            out += indent + line + '\n';
            line.clear();
        }
        line += (line.empty() ? "" : " ") + word;
    }
    if (!line.empty()) out += indent + line + '\n';
    return out;
}

std::string capital(std::string text) {
    if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') {
        text[0] = static_cast<char>(text[0] - 'a' + 'A');
    }
    return text;
}

std::string allowedSentence(const Setting& setting) {
    // A word that is to be written as it is gets no capital.
    if (setting.type == Setting::Type::choice) return "One of " + allowed(setting) + ".";
    return capital(allowed(setting)) + ".";
}

// A backslash begins an escape in a properties file.
std::string propertiesValue(const std::string& value) {
    std::string out;
    for (const char c : value) {
        if (c == '\\') out += '\\';
        out += c;
    }
    return out;
}

// Text in mdoc: a backslash begins an escape, a dot or an apostrophe at the start of a line a
// request, and each sentence begins a line.
std::string manualParagraph(const std::string& text) {
    std::string escaped;
    for (const char c : text) {
        if (c == '\\') {
            escaped += "\\e";
        } else {
            escaped += c;
        }
    }
    std::string out;
    for (std::size_t begin = 0; begin < escaped.size();) {
        const auto stop = escaped.find(". ", begin);
        const auto end = stop == std::string::npos ? escaped.size() : stop + 1;
        out += wrap(escaped.substr(begin, end - begin), "", 78);
        begin = end;
    }
    std::string safe;
    std::istringstream lines(out);
    for (std::string line; std::getline(lines, line);) {
        if (line[0] == '.' || line[0] == '\'') safe += "\\&";
        safe += line + '\n';
    }
    return safe;
}

// One argument of a macro.
std::string manualArgument(const std::string& text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"') {
            out += "\\(dq";
        } else if (c == '\\') {
            out += "\\e";
        } else {
            out += c;
        }
    }
    return out + '"';
}

// Calls `group` where a new group begins, then `each` for every key.
void eachGroup(const SettingsRegistry& registry, const std::function<void(std::string_view)>& group,
               const std::function<void(const Setting&)>& each) {
    std::string_view current;
    for (const auto* setting : registry.all()) {
        if (const auto name = groupOf(setting->key); name != current) {
            current = name;
            group(name);
        }
        each(*setting);
    }
}

/// An option as it is written, and what it does.
struct OptionRow {
    std::string call;
    std::string sentence;
};

std::string callOf(const ProgramCommand& command) {
    return "--" + command.name + ' ' + command.argument;
}

std::vector<OptionRow> optionRows(const std::vector<ProgramCommand>& commands) {
    std::vector<OptionRow> rows{
        {"--config FILE", "read FILE; without it /etc/salon/salond.properties, if it exists"},
        {"--define KEY=VALUE", "set a key, before the environment and the file; may be repeated"},
        {"--check", "say whether this configuration would start, and do not start"},
        {"--verify-store", "check what must hold for everything stored, and do not start"},
    };
    for (const auto& command : commands) rows.push_back({callOf(command), command.sentence});
    rows.push_back({"--print-config", "print a configuration file with every key and its default"});
    rows.push_back({"--print-manual", "print the manual page salond.properties(5)"});
    rows.push_back({"--version", "print the version"});
    rows.push_back({"--help", "print this"});
    return rows;
}

std::string usageText(const std::vector<ProgramCommand>& commands) {
    std::string modes = "--check | --verify-store | ";
    for (const auto& command : commands) modes += callOf(command) + " | ";
    modes += "--print-config | --print-manual | --version | --help";
    return "usage: salond [--config FILE] [--define KEY=VALUE]... [" + modes + "]\n";
}

constexpr const char* keysHead = R"(
Keys, with their defaults. In the environment http.port is SALON_HTTP_PORT.
)";

constexpr const char* propertiesHead =
    R"(# The configuration of salond: every key, with its default. Written by salond --print-config.
#
# A key is looked for on the command line (--define http.port=8080), in the environment
# (SALON_HTTP_PORT=8080), in this file, and then has its default. Unknown keys and values that are not
# allowed are errors when salond starts; salond --check looks for them without starting. A backslash
# is written twice. Everything takes effect at a restart.
)";

constexpr const char* manualHead = R"(.\" Written by salond --print-manual.
.Dd November 20, 2026
.Dt SALOND.PROPERTIES 5
.Os
.Sh NAME
.Nm salond.properties
.Nd configuration of the chat daemon salond
.Sh DESCRIPTION
A file of lines of the form
.Ql key = value .
Lines that begin with
.Ql #
are comments, a backslash at the end of a line continues it, and any other
backslash is written twice.
.Pp
A key is looked for on the command line
.Pq Fl -define Ar key Ns = Ns Ar value ,
in the environment
.Po
.Ev SALON_HTTP_PORT
for
.Ic http.port
.Pc ,
in this file, and then has its default.
Unknown keys and values that are not allowed are errors when
.Xr salond 8
starts;
.Ql salond --check
looks for them without starting.
Everything takes effect at a restart.
.Pp
Durations are written
.Ql 250ms ,
.Ql 5s ,
.Ql 15m ,
.Ql 12h ,
.Ql 30d ;
sizes are bytes, or written
.Ql 64KiB ,
.Ql 16MiB ,
.Ql 1GiB .
.Sh KEYS
)";

constexpr const char* manualFoot = R"(.Sh FILES
.Bl -tag -width Ds
.It Pa /etc/salon/salond.properties
Read when
.Fl -config
names no other file.
.El
.Sh EXAMPLES
Behind a reverse proxy on the same machine, with the database in its own folder:
.Bd -literal -offset indent
http.address = 127.0.0.1
http.port = 8080
store.url = sqlite:/var/lib/salon/salon.db
.Ed
.Sh SEE ALSO
.Xr salond 8
)";

} // namespace

std::string helpText(const SettingsRegistry& registry,
                     const std::vector<ProgramCommand>& commands) {
    const auto rows = optionRows(commands);
    std::size_t width = 0;
    for (const auto& row : rows) width = std::max(width, row.call.size());
    std::string out = usageText(commands) + '\n';
    for (const auto& [call, sentence] : rows) {
        out += "  " + call + std::string(width + 2 - call.size(), ' ') + sentence + '\n';
    }
    out += keysHead;
    eachGroup(
        registry, [&](std::string_view) { out += '\n'; },
        [&](const Setting& setting) {
            const auto shown = setting.standard.empty() ? "" : " " + setting.standard;
            out += "  " + setting.key + " =" + shown + '\n';
            out += wrap(setting.sentence + " " + allowedSentence(setting), "      ", 90);
        });
    return out;
}

std::string propertiesText(const SettingsRegistry& registry) {
    std::string out = propertiesHead;
    eachGroup(
        registry,
        [&](std::string_view name) { out += "\n# ---- " + std::string(name) + " ----\n"; },
        [&](const Setting& setting) {
            out += '\n' + wrap(setting.sentence, "# ", 100);
            out += wrap(allowedSentence(setting), "# ", 100);
            const auto value = propertiesValue(setting.standard);
            out += "#" + setting.key + (value.empty() ? " =" : " = " + value) + '\n';
        });
    return out;
}

std::string manualText(const SettingsRegistry& registry) {
    std::string out = manualHead;
    bool open = false;
    eachGroup(
        registry,
        [&](std::string_view name) {
            if (open) out += ".El\n";
            open = true;
            out += ".Ss " + std::string(name) + "\n.Bl -tag -width Ds\n";
        },
        [&](const Setting& setting) {
            out += ".It Ic " + setting.key + '\n' + manualParagraph(setting.sentence) +
                   manualParagraph(allowedSentence(setting));
            out += setting.standard.empty()
                       ? "Without a default.\n"
                       : "Default:\n.Ql " + manualArgument(setting.standard) + " .\n";
        });
    if (open) out += ".El\n";
    return out + manualFoot;
}

} // namespace salon
