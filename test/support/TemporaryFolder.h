#pragma once

#include <filesystem>
#include <string>

namespace salon::test {

/// A fresh folder, mode 0700, removed with all that is in it at the end.
class TemporaryFolder {
public:
    /// @param parent where it is made; empty: the system's temporary folder
    /// @throws std::system_error
    explicit TemporaryFolder(const std::filesystem::path& parent = {});
    ~TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;

    const std::filesystem::path& path() const { return _path; }
    std::string file(const std::string& name) const { return (_path / name).string(); }

private:
    std::filesystem::path _path;
};

} // namespace salon::test
