#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

namespace salon::test {

/// A file system of a few megabytes (tmpfs) that can be filled and freed, mounted on a folder that
/// must exist; unmounted at the end. Mounting is root's.
class SmallDisk {
public:
    /// @throws std::system_error, `operation_not_permitted` for who is not root
    SmallDisk(std::filesystem::path folder, std::size_t bytes);
    ~SmallDisk();
    SmallDisk(const SmallDisk&) = delete;
    SmallDisk& operator=(const SmallDisk&) = delete;

    /// Leaves no room at all.
    void fill();
    /// Takes back what fill() has put there.
    void free();

private:
    std::filesystem::path ballast() const { return _folder / "ballast"; }
    std::filesystem::path _folder;
};

} // namespace salon::test
