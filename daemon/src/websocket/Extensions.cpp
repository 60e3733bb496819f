#include "websocket/Extensions.h"

#include "http/HttpSyntax.h"

#include <utility>
#include <vector>

namespace salon::net {

namespace {

struct Parameter {
    std::string name;
    std::optional<std::string> value;
};

struct Offer {
    std::string name;
    std::vector<Parameter> parameters;
};

// extension-list = 1#( token *( ";" token [ "=" ( token | quoted-string ) ] ) ), where what is
// quoted is a token too (RFC 6455, 9.1).
class Parser {
public:
    explicit Parser(std::string_view field) : _rest(field) {}

    /// nullopt when it is malformed.
    std::optional<std::vector<Offer>> parse() {
        std::vector<Offer> offers;
        for (;;) {
            skipSpace();
            if (!at(',') && !_rest.empty() && !parseOffer(offers.emplace_back())) {
                return std::nullopt;
            }
            if (_rest.empty()) return offers;
            if (!take(',')) return std::nullopt;
        }
    }

private:
    bool parseOffer(Offer& offer) {
        offer.name = takeToken();
        if (offer.name.empty()) return false;
        while (take(';')) {
            auto& parameter = offer.parameters.emplace_back();
            parameter.name = takeToken();
            if (parameter.name.empty()) return false;
            if (!take('=')) continue;
            auto value = at('"') ? takeQuoted() : takeToken();
            if (!isToken(value)) return false;
            parameter.value = std::move(value);
        }
        return true;
    }

    bool at(char c) const { return _rest.starts_with(c); }
    void skipSpace() {
        while (at(' ') || at('\t')) _rest.remove_prefix(1);
    }
    /// With the space before and behind it.
    bool take(char c) {
        skipSpace();
        if (!at(c)) return false;
        _rest.remove_prefix(1);
        skipSpace();
        return true;
    }
    std::string takeToken() {
        std::size_t size = 0;
        while (size < _rest.size() && isToken(_rest.substr(size, 1))) ++size;
        std::string token(_rest.substr(0, size));
        _rest.remove_prefix(size);
        return token;
    }
    /// Empty when it does not end.
    std::string takeQuoted() {
        std::string text;
        for (std::size_t i = 1; i < _rest.size(); ++i) {
            if (_rest[i] == '"') {
                _rest.remove_prefix(i + 1);
                return text;
            }
            if (_rest[i] == '\\' && ++i == _rest.size()) break;
            text += _rest[i];
        }
        return {};
    }

    std::string_view _rest;
};

/// 8 to 15, without a leading zero (RFC 7692, 7.1.2.1).
std::optional<std::uint8_t> bitsOf(std::string_view value) {
    if (value == "8" || value == "9") return static_cast<std::uint8_t>(value[0] - '0');
    if (value.size() == 2 && value[0] == '1' && value[1] >= '0' && value[1] <= '5') {
        return static_cast<std::uint8_t>(10 + value[1] - '0');
    }
    return std::nullopt;
}

constexpr std::size_t knownParameters = 4; // RFC 7692, 7.1

/// Of an offer of few parameters.
bool isNamedTwice(const Offer& offer) {
    for (std::size_t i = 0; i < offer.parameters.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            if (offer.parameters[i].name == offer.parameters[j].name) return true;
        }
    }
    return false;
}

/// False when the offer cannot be met with it.
bool apply(const Parameter& parameter, DeflateTerms& terms) {
    const auto& value = parameter.value;
    if (parameter.name == "server_no_context_takeover") {
        terms.serverTakeover = false;
        return !value;
    }
    if (parameter.name == "client_no_context_takeover") {
        terms.clientTakeover = false;
        return !value;
    }
    if (parameter.name == "client_max_window_bits" && !value) return true;
    const auto bits = value ? bitsOf(*value) : std::nullopt;
    if (!bits) return false;
    if (parameter.name == "server_max_window_bits") {
        terms.serverBits = *bits;
        return true;
    }
    // It is a hint, which need not be taken up (7.1.2.2). A client whose zlib has no window of 8
    // bits could not keep its own word.
    terms.clientBits = *bits == 8 ? 15 : *bits;
    return parameter.name == "client_max_window_bits";
}

} // namespace

std::string DeflateTerms::answer() const {
    std::string answer = "permessage-deflate";
    if (!serverTakeover) answer += "; server_no_context_takeover";
    if (!clientTakeover) answer += "; client_no_context_takeover";
    if (serverBits) answer += "; server_max_window_bits=" + std::to_string(*serverBits);
    if (clientBits < 15) answer += "; client_max_window_bits=" + std::to_string(clientBits);
    return answer;
}

Negotiation negotiate(std::string_view field, WebSocketRoute::Compression compression) {
    using Compression = WebSocketRoute::Compression;
    const auto offers = Parser(field).parse();
    if (!offers) return {.malformed = true};
    if (compression == Compression::none) return {};
    for (const auto& offer : *offers) {
        if (!equalsWithoutCase(offer.name, "permessage-deflate")) continue;
        if (offer.parameters.size() > knownParameters || isNamedTwice(offer)) continue;
        DeflateTerms terms;
        bool met = true;
        for (const auto& parameter : offer.parameters) met = met && apply(parameter, terms);
        if (!met) continue;
        if (compression == Compression::alone) {
            terms.serverTakeover = false;
            terms.clientTakeover = false;
            // Between two messages nothing is kept that a smaller window would make smaller.
            terms.clientBits = 15;
        }
        return {.deflate = terms};
    }
    return {};
}

} // namespace salon::net
