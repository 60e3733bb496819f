#include "store/lane/PlainGroup.h"

namespace salon::store {

void PlainGroup::apply(Session& session, std::span<Write* const> writes) {
    for (auto* write : writes) {
        session.execute("SAVEPOINT plain_write");
        if (!_run(*write, session)) {
            // Rows gathered for a bulk and not yet executed would be the next write's.
            session.dropStatements();
            session.execute("ROLLBACK TO SAVEPOINT plain_write");
        }
        session.execute("RELEASE SAVEPOINT plain_write");
    }
}

} // namespace salon::store
