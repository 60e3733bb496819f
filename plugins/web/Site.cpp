#include "Site.h"

#include "MediaType.h"

#include "salon/EntityTag.h"

#include <fstream>
#include <stdexcept>
#include <system_error>

namespace salon::web {

namespace {

namespace fs = std::filesystem;

std::string contentOf(const fs::path& file, std::size_t size) {
    std::ifstream input(file, std::ios::binary);
    std::string bytes(size, '\0');
    if (!input || !input.read(bytes.data(), static_cast<std::streamsize>(size))) {
        throw std::runtime_error("cannot read " + file.string());
    }
    return bytes;
}

bool isHidden(const fs::path& name) {
    return name.string().starts_with('.') && name != ".well-known";
}

} // namespace

std::array<bool, codings> Site::File::there() const {
    std::array<bool, codings> result{};
    for (std::size_t i = 0; i < codings; ++i) result[i] = variants[i].has_value();
    return result;
}

std::shared_ptr<const Site> Site::read(const fs::path& root, std::size_t most) {
    auto site = std::make_shared<Site>();
    std::error_code problem;
    fs::recursive_directory_iterator entry(root, problem);
    if (problem) {
        throw std::runtime_error("cannot read the folder " + root.string() + ": " +
                                 problem.message());
    }
    for (; entry != fs::recursive_directory_iterator(); ++entry) {
        if (isHidden(entry->path().filename()) || entry->is_symlink()) {
            entry.disable_recursion_pending();
            continue;
        }
        if (!entry->is_regular_file()) continue;
        const auto size = entry->file_size();
        // A file may be larger than what is left by any amount: no sum that could overflow.
        if (size > most - site->_bytes) {
            throw std::runtime_error("the files in " + root.string() + " have more than " +
                                     std::to_string(most) +
                                     " bytes; remove some or raise web.max_size");
        }
        site->_bytes += size;
        const auto bytes = contentOf(entry->path(), size);
        File file{mediaType(entry->path().filename().string()), {}};
        file.variants.back() = Variant{SharedBytes(bytes), entityTag(bytes)};
        site->_files.emplace(entry->path().lexically_relative(root).generic_string(),
                             std::move(file));
    }
    if (!site->find("index.html")) {
        throw std::runtime_error("there is no index.html in " + root.string());
    }
    site->attachCodings();
    return site;
}

void Site::attachCodings() {
    for (auto place = _files.begin(); place != _files.end();) {
        auto next = std::next(place);
        for (const auto coding : {Coding::brotli, Coding::gzip}) {
            const std::string_view name = place->first;
            if (!name.ends_with(suffix(coding))) continue;
            const auto plain = _files.find(name.substr(0, name.size() - suffix(coding).size()));
            if (plain == _files.end()) continue;
            plain->second.variants[static_cast<std::size_t>(coding)] =
                std::move(place->second.variants.back());
            _files.erase(place);
            break;
        }
        place = next;
    }
}

const Site::File* Site::find(std::string_view path) const {
    const auto found = _files.find(path);
    return found == _files.end() ? nullptr : &found->second;
}

} // namespace salon::web
