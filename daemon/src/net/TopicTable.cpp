#include "net/TopicTable.h"

namespace salon::net {

void TopicTable::add(Topic topic, unsigned reactor) {
    (*shard(topic).lock())[topic.handle] |= Mask{1} << reactor;
}

void TopicTable::remove(Topic topic, unsigned reactor) {
    auto table = shard(topic).lock();
    const auto found = table->find(topic.handle);
    if (found == table->end()) return;
    found->second &= ~(Mask{1} << reactor);
    if (found->second == 0) table->erase(found);
}

TopicTable::Mask TopicTable::find(Topic topic) const {
    auto table = shard(topic).lock();
    const auto found = table->find(topic.handle);
    return found == table->end() ? 0 : found->second;
}

} // namespace salon::net
