#pragma once

namespace salon {

/// How the kernel shares a processor between this thread and others that want it too; each asks
/// for itself, at its start. What a kernel does not know it leaves out.
namespace ThreadTurns {

/// Of a thread that people wait for: short turns, and so one soon after it was woken, even while
/// others compute (sched_setattr(2), a slice of its own: Linux 6.12 and later).
void soon();

/// Of a thread that computes for long: what others leave, a seventieth beside one that wants all.
void yielding();

} // namespace ThreadTurns

} // namespace salon
