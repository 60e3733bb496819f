#pragma once

#include "salon/Hub.h"

namespace salon::net {

/// Something whose wake-up can wait until the Cork on this thread is pulled.
class Corked {
public:
    virtual ~Corked() = default;
    /// Wakes whoever is to handle what was posted. Called once per cork and object.
    virtual void wake() = 0;
    /// Wakes now, or at the end of the outermost Cork on this thread.
    void wakeSoon();
};

} // namespace salon::net
