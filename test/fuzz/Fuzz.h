#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>

// What the fuzzers share. A target reads its choices from the first bytes of an input and takes the
// rest as what a client sends.

namespace salon::fuzz {

/// Ends the process, so that libFuzzer keeps the input, when what must hold does not.
inline void hold(bool truth, const char* what) {
    if (truth) return;
    std::fprintf(stderr, "it does not hold that %s\n", what);
    std::abort();
}

/// An input, read from its front.
class Input {
public:
    Input(const std::uint8_t* data, std::size_t size)
        : _rest(reinterpret_cast<const char*>(data), size) {}

    /// 0 at the end.
    std::uint8_t byte() {
        if (_rest.empty()) return 0;
        const auto byte = static_cast<std::uint8_t>(_rest.front());
        _rest.remove_prefix(1);
        return byte;
    }
    /// At most so many bytes.
    std::string_view bytes(std::size_t count) {
        const auto taken = _rest.substr(0, count);
        _rest.remove_prefix(taken.size());
        return taken;
    }
    std::string_view rest() { return bytes(_rest.size()); }
    bool empty() const { return _rest.empty(); }

private:
    std::string_view _rest;
};

} // namespace salon::fuzz
