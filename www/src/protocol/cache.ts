import { deleteDB, openDB, type DBSchema, type IDBPDatabase } from 'idb';
import { Journal } from './journal';
import type { Conversation, Message, OwnUser } from './types';

// What this browser keeps of one user: the outbox, which must not be lost, and a copy of the newest
// part of each conversation, which may. One database a user, so that nobody reads another's.

export type EntryKind = 'send' | 'edit' | 'delete';

/** Something the person has done and the daemon has not confirmed. */
export interface OutboxEntry {
    id: string;
    kind: EntryKind;
    conversation: number;
    /** Of an edit or a deletion. */
    message: number | null;
    content: string;
    replyTo: number | null;
    at: number;
    /** The tab that sends it. */
    owner: string;
    state: 'waiting' | 'failed';
    /** Why it failed: a code of the protocol, and what a hook of the server said. */
    code: string | null;
    detail: string | null;
}

export interface CachedPage {
    conversation: number;
    /** Of the conversation, when these messages were its newest. */
    rev: number;
    messages: Message[];
    older: boolean;
}

interface Schema extends DBSchema {
    outbox: { key: string; value: OutboxEntry };
    conversations: { key: number; value: Conversation };
    pages: { key: number; value: CachedPage };
    own: { key: string; value: OwnUser };
}

export class Cache {
    private constructor(
        private readonly db: IDBPDatabase<Schema>,
        private readonly journal: Journal,
    ) {}

    static nameOf(user: number): string {
        return `salon-${user}`;
    }

    static async open(user: number): Promise<Cache> {
        const db = await openDB<Schema>(Cache.nameOf(user), 1, {
            upgrade(base) {
                base.createObjectStore('outbox', { keyPath: 'id' });
                base.createObjectStore('conversations', { keyPath: 'id' });
                base.createObjectStore('pages', { keyPath: 'conversation' });
                base.createObjectStore('own');
            },
            blocking: (_current, _blocked, event) => (event.target as IDBDatabase).close(),
        });
        return new Cache(db, new Journal(user));
    }

    static async erase(user: number): Promise<void> {
        new Journal(user).clear();
        await deleteDB(Cache.nameOf(user));
    }

    close(): void {
        this.db.close();
    }

    async own(): Promise<OwnUser | undefined> {
        return this.db.get('own', 'me');
    }

    async keepOwn(user: OwnUser): Promise<void> {
        await this.db.put('own', user, 'me');
    }

    async conversations(): Promise<Conversation[]> {
        return this.db.getAll('conversations');
    }

    async page(conversation: number): Promise<CachedPage | undefined> {
        return this.db.get('pages', conversation);
    }

    /** Conversations and pages go together: a page is good for one rev of its conversation. */
    async keep(conversations: Conversation[], pages: CachedPage[]): Promise<void> {
        const write = this.db.transaction(['conversations', 'pages'], 'readwrite');
        for (const each of conversations) void write.objectStore('conversations').put(each);
        for (const each of pages) void write.objectStore('pages').put(each);
        await write.done;
    }

    /** Forgets the copies and keeps the outbox: what the session's end by others leaves. */
    async forgetCopies(): Promise<void> {
        const write = this.db.transaction(['conversations', 'pages', 'own'], 'readwrite');
        void write.objectStore('conversations').clear();
        void write.objectStore('pages').clear();
        void write.objectStore('own').clear();
        await write.done;
    }

    async outbox(): Promise<OutboxEntry[]> {
        const posted = await this.db.getAll('outbox');
        const known = new Set(posted.map((entry) => entry.id));
        return [...posted, ...this.journal.entries().filter((entry) => !known.has(entry.id))];
    }

    /** Survives the page's end at once, and the browser's when this resolves. */
    async post(entry: OutboxEntry): Promise<void> {
        this.journal.add(entry);
        const write = this.db.transaction('outbox', 'readwrite', { durability: 'strict' });
        void write.store.put(entry);
        await write.done;
        this.journal.remove(entry.id);
    }

    async withdraw(id: string): Promise<void> {
        this.journal.remove(id);
        await this.db.delete('outbox', id);
    }
}
