import { Cache, type CachedPage, type OutboxEntry } from '@/protocol/cache';
import type { Conversation, OwnUser } from '@/protocol/types';
import { useConversations } from './state';

// The copies of this browser, written a moment after something changed. They may fail in silence:
// without them Salon is only slower to start.

const pause = 250;
const kept = 50;

export class Copies {
    private cache: Cache | null = null;
    private opening: Promise<Opened> | null = null;
    private dirty = new Set<number>();
    private timer: ReturnType<typeof setTimeout> | undefined;

    open(user: number): Promise<Opened> {
        this.opening ??= this.read(user);
        return this.opening;
    }

    private async read(user: number): Promise<Opened> {
        const cache = await Cache.open(user);
        this.cache = cache;
        const [own, conversations] = await Promise.all([cache.own(), cache.conversations()]);
        return { cache, own, conversations };
    }

    async close(user: number | undefined, erase: boolean): Promise<void> {
        clearTimeout(this.timer);
        const cache = this.cache;
        this.cache = null;
        this.opening = null;
        this.dirty.clear();
        if (!cache || user === undefined) return;
        // What was typed survives an end that the person did not ask for.
        await cache.forgetCopies().catch(() => {});
        cache.close();
        if (erase) await Cache.erase(user).catch(() => {});
    }

    async outbox(): Promise<OutboxEntry[]> {
        return this.cache ? this.cache.outbox() : [];
    }

    keepOwn(user: OwnUser): void {
        this.cache?.keepOwn(user).catch(() => {});
    }

    async page(conversation: number): Promise<CachedPage | undefined> {
        return this.cache?.page(conversation).catch(() => undefined);
    }

    /** One tab writes what all are told; each writes what it alone has read. */
    mark(conversation: number, leads: boolean): void {
        if (!leads && !useConversations.getState().timelines.has(conversation)) return;
        this.dirty.add(conversation);
        this.timer ??= setTimeout(() => void this.write(), pause);
    }

    async write(): Promise<void> {
        clearTimeout(this.timer);
        this.timer = undefined;
        if (!this.cache || this.dirty.size === 0) return;
        const { byId, timelines } = useConversations.getState();
        const conversations: Conversation[] = [];
        const pages: CachedPage[] = [];
        for (const id of this.dirty) {
            const room = byId.get(id);
            // With a gap in it a copy would be believed whole.
            if (!room || room.seenRev > room.rev) continue;
            const { seenRev: _seen, ...conversation } = room;
            conversations.push(conversation);
            const timeline = timelines.get(id);
            if (!timeline || timeline.newer) continue;
            const messages = timeline.messages.slice(-kept);
            const older = timeline.older || timeline.messages.length > kept;
            pages.push({ conversation: id, rev: room.rev, messages, older });
        }
        this.dirty.clear();
        await this.cache.keep(conversations, pages).catch(() => {});
    }
}

export interface Opened {
    cache: Cache;
    own: OwnUser | undefined;
    conversations: Conversation[];
}
