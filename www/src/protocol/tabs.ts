import { uuid7 } from './ids';
import { held, hold } from './locks';

// The tabs of one browser. Each has a name and holds a lock of that name for as long as it lives,
// so that the others can tell whose outbox entries are orphans. One of them leads: it notifies,
// keeps the copies, and adopts orphans. The one that the person looks at holds a lock that says so.

const alive = 'salon.tab.';
const looking = 'salon.looking';
const forEver = () => new Promise<never>(() => {});

export class Tabs {
    readonly id = uuid7();
    private leading = false;
    private lookAway: (() => void) | null = null;
    private readonly channel = new BroadcastChannel('salon.tabs');
    /** When this tab leads, and whenever another one went. */
    onOrphans: () => void = () => {};

    constructor() {
        void hold(alive + this.id, forEver);
        void hold('salon.leader', () => {
            this.leading = true;
            this.onOrphans();
            return forEver();
        });
        this.channel.onmessage = () => {
            // Its locks go a moment after its last word.
            if (this.leading) setTimeout(() => this.onOrphans(), 500);
        };
        addEventListener('pagehide', () => this.channel.postMessage('bye'));
        const look = () => this.look(!document.hidden && document.hasFocus());
        for (const event of ['focus', 'blur']) addEventListener(event, look);
        document.addEventListener('visibilitychange', look);
        look();
    }

    get leads(): boolean {
        return this.leading;
    }

    /** Whether the person looks at any of the tabs. */
    async isLookedAt(): Promise<boolean> {
        return this.lookAway !== null || (await held()).has(looking);
    }

    async living(): Promise<Set<string>> {
        const names = [...(await held())].filter((name) => name.startsWith(alive));
        return new Set(names.map((name) => name.slice(alive.length)));
    }

    private look(isHere: boolean): void {
        if (isHere === (this.lookAway !== null)) return;
        if (!isHere) {
            this.lookAway!();
            this.lookAway = null;
            return;
        }
        const away = new Promise<void>((resolve) => (this.lookAway = resolve));
        void hold(looking, () => away, 'shared');
    }
}
