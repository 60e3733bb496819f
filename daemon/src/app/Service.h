#pragma once

#include "app/Preparation.h"
#include "app/Signals.h"

namespace salon {

/// Starts everything in order, runs until SIGTERM or SIGINT, and stops everything in order:
///
///     start   store opened, address bound, schemas, plugins, lanes, sockets
///     stop    no more bytes read, lanes drained, events delivered, sockets closed, plugins
///
/// so that no client is heard before all is ready, and everything that was acknowledged is stored
/// and told before its listeners go. @throws what a part throws when it cannot start
void serve(Preparation& preparation, const Signals& signals);

} // namespace salon
