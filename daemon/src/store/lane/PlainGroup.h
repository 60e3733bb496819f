#pragma once

#include "salon/Store.h"

namespace salon::store {

/// The group of Store::write(): each write is a function of its own, under a savepoint of its own,
/// so that a refusal undoes what that one wrote and its neighbours commit.
class PlainGroup final : public WriteGroup {
public:
    /// Runs a write; false when what it wrote shall not stay.
    using Run = bool (*)(Write& write, Session& session);
    explicit PlainGroup(Run run) : _run(run) {}

    void prepare(Session&, std::span<Write* const>) override {}
    void apply(Session& session, std::span<Write* const> writes) override;
    void committed() override {}
    void rolledBack() override {}

private:
    Run _run;
};

} // namespace salon::store
