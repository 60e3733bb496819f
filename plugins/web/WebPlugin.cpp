// Serves the web client: the files of `web.root`, read into memory at the start and again on SIGHUP
// (Site), with their codings, ranges and headers (Pages).

#include "Pages.h"

#include "salon/Guarded.h"
#include "salon/Plugin.h"

#include <exception>
#include <filesystem>
#include <memory>
#include <stdexcept>
#include <string>
#include <system_error>

namespace salon::web {

class WebPlugin final : public Plugin {
public:
    void declare(Settings& settings) override {
        settings.declare({.key = "web.root",
                          .type = Setting::Type::path,
                          .standard = "/usr/share/salon/www",
                          .sentence = "The folder of the web client that is served at /; without "
                                      "such a folder nothing is."});
        settings.declare({.key = "web.max_size",
                          .type = Setting::Type::size,
                          .standard = "64MiB",
                          .sentence = "What all files of the web client may have together; they "
                                      "are kept in memory.",
                          .least = 1024,
                          .most = 1LL << 30});
    }

    std::vector<Obstacle> obstacles(const Configuration& configuration) override {
        const auto root = configuration.text("web.root");
        std::error_code ignored;
        if (!std::filesystem::exists(root, ignored)) {
            return {{"web.root = " + root +
                         ": there is no such folder, so that no web client is served; install it "
                         "or name its folder",
                     false}};
        }
        try {
            Site::read(root, static_cast<std::size_t>(configuration.integer("web.max_size")));
        } catch (const std::exception& failure) {
            return {{failure.what()}};
        }
        return {};
    }

    void start(Host& host) override {
        _log = &host.log();
        _root = host.configuration().text("web.root");
        _most = static_cast<std::size_t>(host.configuration().integer("web.max_size"));
        read();
        host.onReload([this] { read(); });
        host.http().addHeadOnly(
            "GET", "/{path...}", Access::open,
            [this](const HttpRequest& request, const Responder& responder) {
                const auto pages = current();
                responder.send(pages ? pages->answer(request, request.segment("path")) : nothing());
            });
        for (const auto* method : {"POST", "PUT", "PATCH", "DELETE"}) {
            host.http().addHeadOnly(method, "/{path...}", Access::open,
                                    [this](const HttpRequest& request, const Responder& responder) {
                                        responder.send(refusal(request.segment("path")));
                                    });
        }
        host.http().addHeadOnly("OPTIONS", "/{path...}", Access::open,
                                [this](const HttpRequest& request, const Responder& responder) {
                                    responder.send(choices(request.segment("path")));
                                });
    }

private:
    static HttpResponse nothing() {
        return HttpResponse::problem({Code::notFound, "there is nothing at this path"});
    }

    std::shared_ptr<const Pages> current() { return *_pages.lock(); }

    HttpResponse refusal(std::string_view path) {
        const auto pages = current();
        if (!pages || !pages->has(path)) return nothing();
        auto problem = HttpResponse::problem({Code::methodNotAllowed, "this path takes GET, HEAD"});
        problem.headers.emplace_back("Allow", "GET, HEAD");
        return problem;
    }

    HttpResponse choices(std::string_view path) {
        const auto pages = current();
        if (!pages || !pages->has(path)) return nothing();
        auto answer = HttpResponse::noContent();
        answer.headers.emplace_back("Allow", "GET, HEAD");
        return answer;
    }

    /// @throws what Site::read throws; the pages stay as they were
    void read() {
        std::error_code ignored;
        if (!std::filesystem::exists(_root, ignored)) {
            // As while a new one is put in its place: the old one is served on.
            if (current()) throw std::runtime_error("web.root is not there: " + _root);
            _log->information("no web client", {{"web.root", _root}});
            return;
        }
        const auto site = Site::read(_root, _most);
        *_pages.lock() = std::make_shared<const Pages>(site);
        _log->information("web client", {{"files", std::to_string(site->files())},
                                         {"bytes", std::to_string(site->bytes())}});
    }

    Log* _log = nullptr;
    std::string _root;
    std::size_t _most = 0;
    Guarded<std::shared_ptr<const Pages>> _pages;
};

} // namespace salon::web

using salon::web::WebPlugin;
SALON_PLUGIN(WebPlugin)
