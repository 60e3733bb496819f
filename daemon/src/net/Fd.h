#pragma once

#include <unistd.h>

#include <utility>

namespace salon::net {

/// Owns a file descriptor.
class Fd {
public:
    Fd() = default;
    explicit Fd(int descriptor) : _descriptor(descriptor) {}
    Fd(Fd&& other) noexcept : _descriptor(std::exchange(other._descriptor, -1)) {}
    Fd& operator=(Fd&& other) noexcept {
        std::swap(_descriptor, other._descriptor);
        return *this;
    }
    ~Fd() { reset(); }

    int get() const { return _descriptor; }
    explicit operator bool() const { return _descriptor >= 0; }
    void reset() {
        if (_descriptor >= 0) ::close(std::exchange(_descriptor, -1));
    }

private:
    int _descriptor = -1;
};

} // namespace salon::net
