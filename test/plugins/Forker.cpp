#include "salon/Plugin.h"

#include <sys/prctl.h>
#include <unistd.h>

#include <csignal>

// GET /fork makes a child that has every socket that the daemon has now, and keeps them until the
// daemon ends; as a child does for a moment between fork and exec.

namespace {

class Forker final : public salon::Plugin {
public:
    void start(salon::Host& host) override {
        host.http().add("GET", "/fork", salon::Access::open,
                        [](const salon::HttpRequest&, const salon::Responder& responder) {
                            if (::fork() == 0) keepAll();
                            responder.send(salon::HttpResponse::noContent());
                        });
    }

private:
    [[noreturn]] static void keepAll() {
        ::prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;) ::pause();
    }
};

} // namespace

SALON_PLUGIN(Forker)
const salon::Migration SALON_PLUGIN_SCHEMA[] = {{0, nullptr, nullptr, nullptr}};
