import { uuid7 } from './ids';

// The tabs of one browser. Each has a name and holds a lock of that name for as long as it lives,
// so that the others can tell whose outbox entries are orphans. One of them leads: it notifies,
// keeps the copies, and adopts orphans.

const alive = 'salon.tab.';

export class Tabs {
    readonly id = uuid7();
    private leading = false;
    private readonly channel = new BroadcastChannel('salon.tabs');
    /** When this tab leads, and whenever another one went. */
    onOrphans: () => void = () => {};

    constructor() {
        void navigator.locks.request(alive + this.id, () => new Promise(() => {}));
        void navigator.locks.request('salon.leader', () => {
            this.leading = true;
            this.onOrphans();
            return new Promise(() => {});
        });
        this.channel.onmessage = () => {
            // Its locks go a moment after its last word.
            if (this.leading) setTimeout(() => this.onOrphans(), 500);
        };
        addEventListener('pagehide', () => this.channel.postMessage('bye'));
    }

    get leads(): boolean {
        return this.leading;
    }

    async living(): Promise<Set<string>> {
        const { held = [] } = await navigator.locks.query();
        const names = held.map((lock) => lock.name ?? '').filter((name) => name.startsWith(alive));
        return new Set(names.map((name) => name.slice(alive.length)));
    }
}
