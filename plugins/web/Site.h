#pragma once

#include "Coding.h"
#include "SharedBytes.h"

#include <array>
#include <cstddef>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace salon::web {

/// A folder of files as it was when it was read, all of it in memory: a request is a look into a
/// table, and no path can name anything outside. Never changes; any thread.
class Site {
public:
    struct Variant {
        SharedBytes bytes;
        std::string tag; ///< a strong ETag (RFC 9110, 8.8.3), quotes included
    };
    struct File {
        std::string_view type;
        std::array<std::optional<Variant>, codings> variants; ///< the identity is always there
        const Variant& of(Coding coding) const {
            return *variants[static_cast<std::size_t>(coding)];
        }
        std::array<bool, codings> there() const;
    };

    /// Reads every regular file below `root`. Names that begin with a dot (but `.well-known`) and
    /// symbolic links are left out; NAME.br and NAME.gz are codings of NAME where that exists.
    /// @throws std::runtime_error with a sentence: not a folder, unreadable, no index.html, more
    /// than `most` bytes together
    static std::shared_ptr<const Site> read(const std::filesystem::path& root, std::size_t most);

    /// By its path below the root, `assets/app.js`; null when it is not there.
    const File* find(std::string_view path) const;
    const File& index() const { return _files.at("index.html"); }
    std::size_t files() const { return _files.size(); }
    std::size_t bytes() const { return _bytes; }

private:
    void attachCodings();
    std::map<std::string, File, std::less<>> _files;
    std::size_t _bytes = 0;
};

} // namespace salon::web
