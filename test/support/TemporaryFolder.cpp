#include "TemporaryFolder.h"

#include <cerrno>
#include <cstdlib>
#include <system_error>

namespace salon::test {

TemporaryFolder::TemporaryFolder(const std::filesystem::path& parent) {
    auto name = (parent.empty() ? std::filesystem::temp_directory_path() : parent) / "salon.XXXXXX";
    auto text = name.string();
    if (!::mkdtemp(text.data())) {
        throw std::system_error(errno, std::generic_category(), "cannot make the folder " + text);
    }
    _path = text;
}

TemporaryFolder::~TemporaryFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(_path, ignored);
}

} // namespace salon::test
