#pragma once

#include "salon/Hub.h"

#include <memory>
#include <vector>

namespace salon::presence {

/// A user's connections: one, as most have, in place, and room elsewhere for more.
class ConnectionSet {
public:
    bool empty() const { return _first == ConnectionId::none; }
    void add(ConnectionId connection) {
        if (empty()) {
            _first = connection;
            return;
        }
        if (!_more) _more = std::make_unique<std::vector<ConnectionId>>();
        _more->push_back(connection);
    }
    /// False when it was not there.
    bool remove(ConnectionId connection) {
        if (_first != connection) return _more && std::erase(*_more, connection) > 0;
        _first = ConnectionId::none;
        if (!_more) return true;
        if (!_more->empty()) {
            _first = _more->back();
            _more->pop_back();
        }
        if (_more->empty()) _more.reset();
        return true;
    }
    void appendTo(std::vector<ConnectionId>& list) const {
        if (!empty()) list.push_back(_first);
        if (_more) list.insert(list.end(), _more->begin(), _more->end());
    }

private:
    ConnectionId _first = ConnectionId::none;
    std::unique_ptr<std::vector<ConnectionId>> _more;
};

} // namespace salon::presence
