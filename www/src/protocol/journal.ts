import type { OutboxEntry } from './cache';

// What the outbox has not yet got into IndexedDB. A page that is closed or reloaded takes the writes
// with it that the browser has not begun; localStorage is written before the next key could be.

const prefix = 'salon.sent.';

export class Journal {
    private readonly place: string;

    constructor(user: number) {
        this.place = `${prefix}${user}.`;
    }

    add(entry: OutboxEntry): void {
        try {
            localStorage.setItem(this.place + entry.id, JSON.stringify(entry));
        } catch {
            // Full: IndexedDB is on its way to have it.
        }
    }

    remove(id: string): void {
        localStorage.removeItem(this.place + id);
    }

    entries(): OutboxEntry[] {
        const keys = Object.keys(localStorage).filter((key) => key.startsWith(this.place));
        return keys.flatMap((key) => {
            try {
                return [JSON.parse(localStorage.getItem(key) ?? '') as OutboxEntry];
            } catch {
                return [];
            }
        });
    }

    clear(): void {
        for (const { id } of this.entries()) this.remove(id);
    }
}
