// Stands for an extension: refuses, rewrites and listens, as the hooks of the conversations allow.
#include "salon/Plugin.h"
#include "salon/conversations/Messages.h"

#include <stdexcept>

namespace conversations = salon::conversations;

class Censor final : public salon::Plugin {
public:
    void start(salon::Host& host) override {
        auto& log = host.log();
        host.bus().before<conversations::SendMessage>(
            10, [](conversations::SendMessage& message) -> salon::Result<void> {
                if (message.content.find("spam") != std::string::npos) {
                    return salon::Error{salon::Code::rejected, "no spam in this house"};
                }
                if (message.content == "broken") throw std::runtime_error("the censor stumbled");
                if (message.content == "void") message.content = " ";
                if (message.content == "merde") message.content = "m****";
                return {};
            });
        host.bus().before<conversations::EditMessage>(
            10, [](conversations::EditMessage& message) -> salon::Result<void> {
                if (message.content == "spam") {
                    return salon::Error{salon::Code::rejected, "no spam by the back door"};
                }
                if (message.content == "merde") message.content = "m****";
                return {};
            });
        host.bus().after<conversations::MessageSent>(
            [&log](const conversations::MessageSent& message) {
                log.information(
                    "heard", {{"content", message.content}, {"seq", std::to_string(message.seq)}});
                if (message.content == "trip") throw std::runtime_error("the listener stumbled");
            });
    }
};

const salon::Migration SALON_PLUGIN_SCHEMA[] = {{0, nullptr, nullptr, nullptr}};
SALON_PLUGIN(Censor)
