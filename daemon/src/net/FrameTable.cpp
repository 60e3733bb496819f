#include "net/FrameTable.h"

#include <algorithm>
#include <stdexcept>

namespace salon::net {

namespace {
constexpr std::uint16_t unknownKind = 1;
constexpr std::uint16_t controlKind = 2;
constexpr std::string_view typeMember = R"({"type":")";
} // namespace

FrameTable::FrameTable(Metrics* metrics) : _metrics(metrics), _sent(1) {
    pings = receivedCounter("ping");
    unknown = receivedCounter("unknown");
    invalid = receivedCounter("invalid");
    limited = receivedCounter("limited");
    otherReceived = receivedCounter("other");
    otherSent = sentCounter("other");
    // Their order is that of the kinds above.
    for (const auto* type : {"unknown", "control", "error", "pong"}) addSent(type);
}

Counter FrameTable::receivedCounter(const std::string& type) const {
    if (!_metrics) return {};
    return _metrics->counter(
        {"salon_frames_received_total", "WebSocket messages received, by type.", {{"type", type}}});
}

void FrameTable::add(const std::string& plugin, std::string type, FrameHandler handler) {
    const auto [place, fresh] =
        _handlers.try_emplace(std::move(type), Entry{plugin, std::move(handler), {}});
    if (!fresh) {
        throw std::logic_error("the frame type " + place->first + " of plugin " + plugin +
                               " is taken by plugin " + place->second.plugin);
    }
    place->second.received = receivedCounter(place->first);
}

const FrameTable::Entry* FrameTable::find(std::string_view type) const {
    const auto found = _handlers.find(type);
    return found == _handlers.end() ? nullptr : &found->second;
}

void FrameTable::addSent(const std::string& type) {
    if (_kinds.try_emplace(type, static_cast<std::uint16_t>(_sent.size())).second) {
        _sent.push_back(sentCounter(type));
    }
}

Counter FrameTable::sentCounter(const std::string& type) const {
    if (!_metrics) return {};
    return _metrics->counter({"salon_frames_sent_total",
                              "WebSocket frames put into outboxes, by type.",
                              {{"type", type}}});
}

/// The kind by the frame's first bytes, and lets the frame keep it.
std::uint16_t FrameTable::recognize(const SharedFrame& frame) const {
    constexpr unsigned char wholeText = 0x81; // FIN and opcode 1 (RFC 6455, 5.2)
    auto kind = unknownKind;
    if (static_cast<unsigned char>(frame.bytes().front()) != wholeText) {
        kind = controlKind;
    } else if (auto text = frame.payload(); text.starts_with(typeMember)) {
        text.remove_prefix(typeMember.size());
        const auto found = _kinds.find(text.substr(0, text.find('"')));
        if (found != _kinds.end()) kind = found->second;
    }
    frame.setKind(kind);
    return kind;
}

std::vector<std::string> FrameTable::types() const {
    std::vector<std::string> types{"ping"};
    for (const auto& [type, entry] : _handlers) types.push_back(type);
    std::sort(types.begin(), types.end());
    return types;
}

} // namespace salon::net
