#include "SharedBytes.h"

#include <algorithm>

namespace salon::web {

SharedBytes::SharedBytes(std::string_view bytes) : _size(bytes.size()) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(pieceSize, bytes.size()))) {
        _pieces.push_back(SharedFrame::encoded(bytes.substr(0, pieceSize)));
    }
}

std::vector<SharedFrame> SharedBytes::part(std::size_t first, std::size_t size) const {
    std::vector<SharedFrame> pieces;
    pieces.reserve(size / pieceSize + 2);
    while (size > 0) {
        const auto& piece = _pieces[first / pieceSize];
        const auto wanted = piece.bytes().substr(first % pieceSize, size);
        const bool whole = wanted.size() == piece.bytes().size();
        pieces.push_back(whole ? piece : SharedFrame::encoded(wanted));
        first += wanted.size();
        size -= wanted.size();
    }
    return pieces;
}

} // namespace salon::web
