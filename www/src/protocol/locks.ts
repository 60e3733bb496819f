// Web Locks, by which the tabs of a browser agree. Pages over plain http from another machine have
// none; there each tab is as good as alone: it gets what it asks for, and what two of them do twice
// the daemon takes once.

const locks = (): LockManager | undefined => navigator.locks;

/** Runs `what` while holding the name, alone or with others who share it. */
export async function hold<T>(
    name: string,
    what: () => Promise<T>,
    mode: LockMode = 'exclusive',
): Promise<T> {
    return locks()?.request(name, { mode }, what) ?? what();
}

/** The names that any tab holds. */
export async function held(): Promise<Set<string>> {
    const { held: all = [] } = (await locks()?.query()) ?? {};
    return new Set(all.map((lock) => lock.name ?? ''));
}
