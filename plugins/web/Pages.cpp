#include "Pages.h"

#include "ByteRange.h"

#include "salon/EntityTag.h"

#include <string>

namespace salon::web {

namespace {

constexpr std::string_view hashedFolder = "assets/";

/// Only what comes from here runs, is drawn, or is called; nobody may frame the page. What the
/// client needs beside files: data: and blob: for pictures that it draws itself.
constexpr const char* contentSecurityPolicy =
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "connect-src 'self'; font-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";
constexpr const char* permissionsPolicy =
    "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
    "magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

void guard(HttpResponse& response, bool secure) {
    auto& headers = response.headers;
    headers.emplace_back("Content-Security-Policy", contentSecurityPolicy);
    headers.emplace_back("Referrer-Policy", "no-referrer");
    headers.emplace_back("Permissions-Policy", permissionsPolicy);
    headers.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    headers.emplace_back("Cross-Origin-Resource-Policy", "same-origin");
    // RFC 6797, 7.2: never over a connection that is not secure.
    if (secure) headers.emplace_back("Strict-Transport-Security", "max-age=31536000");
}

/// Its part when the request is for one that there is (RFC 9110, 14), else the whole.
void fill(HttpResponse& response, const HttpRequest& request, const Site::Variant& variant) {
    const auto& bytes = variant.bytes;
    response.headers.emplace_back("Accept-Ranges", "bytes");
    const auto condition = request.header("If-Range");
    const bool ranged = request.method() == "GET" && (!condition || *condition == variant.tag);
    const auto range = parseRange(ranged ? request.header("Range") : std::nullopt, bytes.size());
    const auto whole = "/" + std::to_string(bytes.size());
    switch (range.kind) {
    case ByteRange::Kind::none:
        response.shared = bytes.part(0, bytes.size());
        return;
    case ByteRange::Kind::part:
        response.status = 206;
        response.headers.emplace_back("Content-Range",
                                      "bytes " + std::to_string(range.first) + "-" +
                                          std::to_string(range.first + range.size - 1) + whole);
        response.shared = bytes.part(range.first, range.size);
        return;
    case ByteRange::Kind::unsatisfiable:
        response.status = 416;
        response.headers.emplace_back("Content-Range", "bytes *" + whole);
        return;
    }
}

} // namespace

const Site::File* Pages::fileFor(std::string_view path, bool navigation) const {
    if (path.empty()) return &_site->index();
    if (const auto* file = _site->find(path)) return file;
    // A missing script answered with a page would be a riddle for whoever looks for the mistake; a
    // person's name in the address bar may well have a dot.
    const bool named = path.substr(path.rfind('/') + 1).find('.') != std::string_view::npos;
    if ((named && !navigation) || path.starts_with(hashedFolder) || path.starts_with("api/") ||
        path.starts_with("health/") || path == "api" || path == "health") {
        return nullptr;
    }
    return &_site->index();
}

HttpResponse Pages::answer(const HttpRequest& request, std::string_view path) const {
    const auto accept = request.header("Accept");
    const auto* file = fileFor(path, accept && accept->find("text/html") != std::string_view::npos);
    if (!file) return HttpResponse::problem({Code::notFound, "there is nothing at this path"});
    const auto coding = choose(request.header("Accept-Encoding"), file->there());
    const auto& variant = file->of(coding);
    HttpResponse response;
    response.contentType = file->type;
    response.headers = {{"ETag", variant.tag},
                        {"Cache-Control", path.starts_with(hashedFolder)
                                              ? "public, max-age=31536000, immutable"
                                              : "no-cache"},
                        {"Vary", "Accept-Encoding"}};
    guard(response, request.secure());
    if (namesTag(request.header("If-None-Match"), variant.tag)) {
        response.status = 304;
        return response;
    }
    fill(response, request, variant);
    if (coding != Coding::identity && response.status != 416)
        response.headers.emplace_back("Content-Encoding", std::string(word(coding)));
    return response;
}

} // namespace salon::web
