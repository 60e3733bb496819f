#include "net/Corked.h"

#include <algorithm>
#include <vector>

namespace salon {

namespace {
thread_local int depth = 0;
thread_local std::vector<net::Corked*> waiting;
} // namespace

Cork::Cork() {
    ++depth;
}

Cork::~Cork() {
    if (--depth > 0) return;
    for (auto* corked : waiting) corked->wake();
    waiting.clear();
}

void net::Corked::wakeSoon() {
    if (depth == 0) {
        wake();
        return;
    }
    // A handful of reactors and lanes: a linear look is cheaper than a set.
    if (std::find(waiting.begin(), waiting.end(), this) == waiting.end()) waiting.push_back(this);
}

} // namespace salon
