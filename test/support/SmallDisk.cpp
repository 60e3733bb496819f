#include "SmallDisk.h"

#include <sys/mount.h>

#include <cerrno>
#include <fstream>
#include <system_error>

namespace salon::test {

SmallDisk::SmallDisk(std::filesystem::path folder, std::size_t bytes) : _folder(std::move(folder)) {
    const auto options = "mode=0700,size=" + std::to_string(bytes);
    if (::mount("tmpfs", _folder.c_str(), "tmpfs", MS_NOSUID | MS_NODEV, options.c_str()) != 0) {
        throw std::system_error(errno, std::generic_category(), "cannot mount a small disk");
    }
}

SmallDisk::~SmallDisk() {
    // Lazily: whoever still has a file open keeps it, and nothing stays behind.
    ::umount2(_folder.c_str(), MNT_DETACH);
}

void SmallDisk::fill() {
    std::ofstream file(ballast(), std::ios::binary | std::ios::app);
    const std::string block(4096, '.');
    while (file.write(block.data(), static_cast<std::streamsize>(block.size())).flush()) {
    }
}

void SmallDisk::free() {
    std::filesystem::remove(ballast());
}

} // namespace salon::test
