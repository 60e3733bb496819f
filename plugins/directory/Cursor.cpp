#include "Cursor.h"

#include <Poco/Base64Decoder.h>
#include <Poco/Base64Encoder.h>
#include <Poco/Exception.h>

#include <charconv>
#include <sstream>

namespace salon::directory {

namespace {

constexpr int unpadded = Poco::BASE64_URL_ENCODING | Poco::BASE64_NO_PADDING;
// Between the parts: folded texts hold no control characters.
constexpr char separator = '\n';

std::optional<std::string> decode(std::string_view text) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    if (text.find_first_not_of(alphabet) != text.npos) return std::nullopt;
    std::istringstream in{std::string(text)};
    Poco::Base64Decoder decoder(in, unpadded);
    std::ostringstream out;
    try {
        decoder.exceptions(std::ios::badbit);
        out << decoder.rdbuf();
    } catch (const Poco::Exception&) {
        return std::nullopt;
    }
    return out.str();
}

} // namespace

std::string cursorOf(const Place& place) {
    std::ostringstream out;
    Poco::Base64Encoder encoder(out, unpadded);
    encoder.rdbuf()->setLineLength(0);
    encoder << place.word << separator << place.name << separator << place.user;
    encoder.close();
    return out.str();
}

std::optional<Place> readCursor(std::string_view cursor, std::string_view prefix) {
    const auto text = decode(cursor);
    if (!text) return std::nullopt;
    const auto first = text->find(separator);
    const auto second = first == text->npos ? first : text->find(separator, first + 1);
    if (second == text->npos) return std::nullopt;
    Place place{text->substr(0, first), text->substr(first + 1, second - first - 1), 0};
    const auto* const end = text->data() + text->size();
    const auto [stop, problem] = std::from_chars(text->data() + second + 1, end, place.user);
    if (problem != std::errc() || stop != end || place.user < 1) return std::nullopt;
    const bool fits = prefix.empty() ? place.word.empty() : place.word.starts_with(prefix);
    // Whatever else it says, only what cursorOf() writes is a cursor.
    if (!fits || cursorOf(place) != cursor) return std::nullopt;
    return place;
}

} // namespace salon::directory
