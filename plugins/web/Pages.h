#pragma once

#include "Site.h"

#include "salon/Http.h"

#include <memory>
#include <string_view>

namespace salon::web {

/// The answer to GET and HEAD for a path of the web client. Any thread.
///
/// A file that is there is answered with it; a path of the client's own, such as `/people/7`, with
/// index.html; a name with an extension (unless a browser navigates there), what is below
/// `assets/`, and the daemon's own paths (`api/`, `health/`) are `not_found`. What is below
/// `assets/` bears its content's hash in its name and is `immutable`; everything else is asked for
/// again each time, which an ETag makes cheap.
class Pages {
public:
    explicit Pages(std::shared_ptr<const Site> site) : _site(std::move(site)) {}
    HttpResponse answer(const HttpRequest& request, std::string_view path) const;
    /// Whether a file of this very name is there.
    bool has(std::string_view path) const { return path.empty() || _site->find(path); }

private:
    const Site::File* fileFor(std::string_view path, bool navigation) const;
    std::shared_ptr<const Site> _site;
};

} // namespace salon::web
