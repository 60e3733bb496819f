#include "host/Reloads.h"

#include "host/Reason.h"

#include <utility>

namespace salon {

void Reloads::add(const std::string& plugin, std::function<void()> fn) {
    _reloads.push_back({plugin, std::move(fn)});
}

void Reloads::withdraw(const std::string& plugin) {
    std::erase_if(_reloads, [&](const Reload& reload) { return reload.plugin == plugin; });
}

void Reloads::run() const {
    for (const auto& reload : _reloads) {
        try {
            reload.fn();
        } catch (...) {
            _log.error("a plugin could not read again what it should; it goes on with what it has",
                       {{"plugin", reload.plugin}, {"reason", currentReason()}});
        }
    }
}

} // namespace salon
