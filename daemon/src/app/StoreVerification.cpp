#include "app/StoreVerification.h"

#include "app/log/PocoLog.h"
#include "app/log/Printable.h"
#include "store/DatabaseStore.h"

#include <cstddef>
#include <ostream>
#include <stdexcept>
#include <string>

namespace salon {

namespace {

/// Whoever has a thousand holes is not helped by a thousand lines.
constexpr std::size_t shownOfOneCheck = 100;
constexpr std::size_t longestLine = 500;

class PrintedFindings final : public Findings {
public:
    PrintedFindings(std::string plugin, std::ostream& out)
        : _plugin(std::move(plugin)), _out(out) {}

    void add(const std::string& sentence) override {
        if (++_count > shownOfOneCheck) return;
        _out << _plugin << ": " << printable(sentence, longestLine) << '\n';
    }
    /// How many there were; says how many of them were not shown.
    std::size_t end() {
        if (_count > shownOfOneCheck) {
            _out << _plugin << ": and " << _count - shownOfOneCheck << " more of this kind\n";
        }
        _out << std::flush;
        return _count;
    }

private:
    const std::string _plugin;
    std::ostream& _out;
    std::size_t _count = 0;
};

} // namespace

void verifyStore(Preparation& preparation, std::ostream& out) {
    PocoLog log("store");
    const auto store = store::DatabaseStore::existing(preparation.configuration, log);
    const auto all = preparation.plugins.checks();
    std::size_t problems = 0;
    store->checkOnce([&](Session& session) {
        for (const auto& plugin : all) {
            const auto outdated = store->outdated(session, plugin.plugin, plugin.migrations);
            if (outdated) throw std::runtime_error(*outdated);
        }
        for (const auto& plugin : all) {
            for (const auto& check : plugin.checks) {
                PrintedFindings findings(plugin.plugin, out);
                check.run(session, findings);
                const auto found = findings.end();
                problems += found;
                out << (found == 0 ? "ok     " : "WRONG  ") << plugin.plugin << ": "
                    << check.sentence << std::endl;
            }
        }
    });
    if (problems == 0) return;
    throw std::runtime_error("the store has " + std::to_string(problems) +
                             (problems == 1 ? " problem" : " problems") +
                             "; restore a backup from before, or mend what is named");
}

} // namespace salon
