#include "token/KeyFile.h"

#include "token/Base64.h"
#include "token/Random.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <optional>
#include <stdexcept>
#include <system_error>

namespace salon::auth {

namespace {

constexpr std::size_t mostBytes = 65536;

class Descriptor {
public:
    explicit Descriptor(int descriptor) : _descriptor(descriptor) {}
    ~Descriptor() {
        if (_descriptor >= 0) ::close(_descriptor);
    }
    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;
    int get() const { return _descriptor; }

private:
    int _descriptor;
};

[[noreturn]] void fail(const std::string& path, const std::string& what) {
    throw std::runtime_error("auth.key_file = " + path + ": " + what);
}

[[noreturn]] void failWithErrno(const std::string& path, const std::string& what) {
    fail(path, what + ": " + std::generic_category().message(errno));
}

void checkMode(const std::string& path, int descriptor) {
    struct stat status {};
    if (fstat(descriptor, &status) != 0) failWithErrno(path, "cannot be read");
    if (!S_ISREG(status.st_mode)) fail(path, "is not a file");
    if ((status.st_mode & 077) != 0) {
        char mode[8];
        std::snprintf(mode, sizeof mode, "%04o", static_cast<unsigned>(status.st_mode & 07777));
        fail(path, std::string("is open to others than its owner (mode ") + mode +
                       "), who could sign tokens with it: run chmod 600 " + path);
    }
}

/// The file's text; nullopt when there is no such file.
std::optional<std::string> readFile(const std::string& path) {
    // O_NONBLOCK: the path may name a pipe, which would wait for a writer.
    const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (file.get() < 0) {
        if (errno == ENOENT) return std::nullopt;
        failWithErrno(path, "cannot be read");
    }
    checkMode(path, file.get());
    std::string text(mostBytes + 1, '\0');
    std::size_t size = 0;
    while (size < text.size()) {
        const auto got = ::read(file.get(), text.data() + size, text.size() - size);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) failWithErrno(path, "cannot be read");
        if (got == 0) break;
        size += static_cast<std::size_t>(got);
    }
    if (size > mostBytes) fail(path, "is larger than 64 KiB, so it is no key file");
    text.resize(size);
    return text;
}

void writeWhole(const std::string& path, int descriptor, std::string_view text) {
    while (!text.empty()) {
        const auto put = ::write(descriptor, text.data(), text.size());
        if (put < 0 && errno == EINTR) continue;
        if (put < 0) failWithErrno(path, "cannot be made");
        text.remove_prefix(static_cast<std::size_t>(put));
    }
    // The mode that was asked for at creation went through the umask.
    if (fchmod(descriptor, 0600) != 0 || fsync(descriptor) != 0) {
        failWithErrno(path, "cannot be made");
    }
}

std::string folderOf(const std::string& path) {
    const auto slash = path.rfind('/');
    return slash == path.npos ? "." : path.substr(0, slash + 1);
}

void syncFolder(const std::string& path) {
    const Descriptor descriptor(::open(folderOf(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (descriptor.get() < 0 || fsync(descriptor.get()) != 0) {
        failWithErrno(path, "cannot be made durable");
    }
}

/// @throws std::runtime_error when the file could not be made there
void checkFolder(const std::string& path) {
    const auto folder = folderOf(path);
    struct stat status {};
    if (::stat(folder.c_str(), &status) != 0 || !S_ISDIR(status.st_mode)) {
        fail(path, "there is no folder " + folder +
                       ": create it, owned by the user that runs salond, or name another file");
    }
    if (::access(folder.c_str(), W_OK | X_OK) != 0) {
        fail(path, "cannot be made: let the user that runs salond write the folder " + folder);
    }
}

/// Makes the file under another name and links it into place: it appears whole or not at all, and
/// never over one that another daemon made meanwhile.
void makeFile(const std::string& path) {
    const auto temporary = path + '.' + encodeBase64(randomBytes(9), Alphabet::url);
    const auto line = encodeBase64(randomBytes(6), Alphabet::url) + ' ' +
                      encodeBase64(randomBytes(SecretKey::size), Alphabet::url) + '\n';
    const Descriptor file(
        ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (file.get() < 0) failWithErrno(path, "cannot be made");
    struct Remove {
        const std::string& name;
        ~Remove() { ::unlink(name.c_str()); }
    };
    {
        const Remove remove{temporary};
        writeWhole(path, file.get(), line);
        if (::link(temporary.c_str(), path.c_str()) != 0 && errno != EEXIST) {
            failWithErrno(path, "cannot be made");
        }
    }
    syncFolder(path);
}

bool isKeyId(std::string_view id) {
    return !id.empty() && id.size() <= 32 && std::all_of(id.begin(), id.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_';
    });
}

std::optional<SecretKey> parseKey(std::string_view line) {
    const auto space = line.find(' ');
    if (space == line.npos || !isKeyId(line.substr(0, space))) return std::nullopt;
    auto secret = decodeBase64(line.substr(space + 1), Alphabet::url);
    if (!secret || secret->size() != SecretKey::size) return std::nullopt;
    return SecretKey{std::string(line.substr(0, space)), std::move(*secret)};
}

} // namespace

std::vector<SecretKey> parseKeys(std::string_view text, const std::string& path) {
    std::vector<SecretKey> keys;
    for (int number = 1; !text.empty(); ++number) {
        const auto line = text.substr(0, text.find('\n'));
        text.remove_prefix(std::min(line.size() + 1, text.size()));
        const auto where = "line " + std::to_string(number);
        auto key = parseKey(line);
        if (!key) fail(path, where + " is not a key: a name, a space and 32 bytes in base64url");
        for (const auto& other : keys) {
            if (other.id == key->id) fail(path, where + " names " + key->id + " a second time");
        }
        keys.push_back(std::move(*key));
    }
    if (keys.empty()) fail(path, "holds no key: delete it, and the next start makes one");
    return keys;
}

std::vector<SecretKey> openKeyFile(const std::string& path) {
    if (const auto text = readFile(path)) return parseKeys(*text, path);
    checkFolder(path);
    makeFile(path);
    return readKeyFile(path);
}

void checkKeyFile(const std::string& path) {
    if (const auto text = readFile(path)) {
        parseKeys(*text, path);
    } else {
        checkFolder(path);
    }
}

std::vector<SecretKey> readKeyFile(const std::string& path) {
    const auto text = readFile(path);
    if (!text) fail(path, "is not there any more");
    return parseKeys(*text, path);
}

} // namespace salon::auth
