import type { Changes, Conversation, Message, ServerFrame } from '../../src/protocol/types';
import { conversation as describe } from './make';

// A daemon by the words of man/salon-protocol.7, without a network: it answers at once. Its pages
// are short, so that small stories need several.

const pageSize = 7;

export const me = 1;
export const bob = 2;

interface Talk {
    id: number;
    rev: number;
    messages: Message[];
    /** Watermarks, and at which rev each moved last. */
    marks: Map<number, { received: number; read: number; at: number }>;
}

type Frame = Record<string, unknown>;

export class Refusal extends Error {
    constructor(
        readonly status: number,
        readonly code: string,
    ) {
        super(code);
    }
}

export class World {
    readonly talks = new Map<number, Talk>();
    private readonly kept = new Map<string, Frame>();
    private ids = 1000;

    /** `tell`: a frame to all connections of the one user but the one that did it. */
    constructor(
        private readonly random: () => number,
        private readonly tell: (frame: ServerFrame, but: unknown) => void,
    ) {}

    talk(id: number): Talk {
        const found = this.talks.get(id);
        if (found) return found;
        const marks = new Map([me, bob].map((user) => [user, { received: 0, read: 0, at: -1 }]));
        const made: Talk = { id, rev: 0, messages: [], marks };
        this.talks.set(id, made);
        return made;
    }

    send(from: number, talk: Talk, content: string, id: string, by: unknown = null): Frame {
        const before = this.kept.get(id);
        if (before) return before;
        talk.rev += 1;
        const message: Message = {
            id: this.ids++,
            conversation: talk.id,
            seq: talk.messages.length + 1,
            rev: talk.rev,
            from,
            content,
            timestamp: new Date().toISOString(),
            edited_at: null,
            deleted: false,
            reply_to: null,
            state: 'sent',
        };
        talk.messages.push(message);
        const { seq, rev, timestamp } = message;
        const place = { conversation: talk.id, message: message.id, seq, rev, timestamp };
        const to = from === me ? bob : me;
        this.tell({ type: 'dm', ...place, from, to, content }, by);
        this.kept.set(id, { type: 'ack', id, ...place });
        return this.kept.get(id)!;
    }

    /** Null as content deletes. */
    revise(talk: Talk, seq: number, content: string | null, id: string, by: unknown = null): Frame {
        const message = talk.messages[seq - 1]!;
        if (message.deleted && content !== null) throw new Refusal(409, 'conflict');
        if (message.content !== content) {
            talk.rev += 1;
            const edited_at = content === null ? null : new Date().toISOString();
            talk.messages[seq - 1] = {
                ...message,
                rev: talk.rev,
                content,
                edited_at,
                deleted: content === null,
            };
            const place = { conversation: talk.id, message: message.id, seq, rev: talk.rev };
            if (content === null) this.tell({ type: 'deleted', ...place }, by);
            else this.tell({ type: 'edited', ...place, content, edited_at: edited_at! }, by);
        }
        const { rev, edited_at } = talk.messages[seq - 1]!;
        const place = { conversation: talk.id, message: message.id, seq, rev };
        return { type: 'ack', id, ...place, ...(edited_at ? { edited_at } : {}) };
    }

    has(id: string): boolean {
        return this.kept.has(id);
    }

    mark(user: number, talk: Talk, word: 'received' | 'read', seq: number): void {
        const mark = talk.marks.get(user)!;
        const to = Math.min(seq, talk.messages.length);
        if (mark[word] >= to) return;
        mark[word] = to;
        mark.received = Math.max(mark.received, mark.read);
        mark.at = talk.rev;
        const { received, read } = mark;
        this.tell({ type: 'receipt', conversation: talk.id, user, received, read }, null);
    }

    conversation(talk: Talk): Conversation {
        const { read } = talk.marks.get(me)!;
        return describe(talk.messages.length, {
            id: talk.id,
            rev: talk.rev,
            unread: talk.messages.filter((m) => m.from !== me && !m.deleted && m.seq > read).length,
            last_message: talk.messages.at(-1) ?? null,
            receipts: this.receipts(talk),
        });
    }

    /** What HTTP answers. Throws Refusal. */
    answer(path: string): unknown {
        if (path === '/users/me') return { id: me };
        if (path.startsWith('/conversations?')) {
            const all = [...this.talks.values()].filter((talk) => talk.messages.length > 0);
            return { conversations: all.map((talk) => this.conversation(talk)), next: null };
        }
        const [, id, part, query] = /^\/conversations\/(\d+)\/?(\w*)\??(.*)$/.exec(path) ?? [];
        const talk = this.talks.get(Number(id));
        if (!talk) throw new Refusal(404, 'not_found');
        const asked = new URLSearchParams(query);
        if (part === 'changes') return this.changes(talk, Number(asked.get('since')));
        if (part === 'messages') return this.page(talk, asked);
        return this.conversation(talk);
    }

    /** What answers a `resume`. */
    resume(have: Record<string, number>): ServerFrame[] {
        const frames: ServerFrame[] = [];
        for (const talk of this.talks.values()) {
            const since = have[talk.id];
            const place = { type: 'changes' as const, conversation: talk.id };
            const moved = Math.max(...[...talk.marks.values()].map(({ at }) => at));
            if (since === talk.rev && moved < since) continue;
            if (since !== undefined) {
                frames.push({ ...place, ...this.changes(talk, since) });
            } else if (talk.messages.length > 0) {
                const { messages, more } = this.page(talk, new URLSearchParams());
                const conversation_info = this.conversation(talk);
                const receipts = this.receipts(talk);
                frames.push({ ...place, messages, more, rev: talk.rev, receipts, conversation_info });
            }
        }
        return frames;
    }

    private receipts(talk: Talk) {
        return [...talk.marks].map(([user, { received, read }]) => ({ user, received, read }));
    }

    private page(talk: Talk, asked: URLSearchParams): { messages: Message[]; more: boolean } {
        if (asked.has('after')) {
            const rest = talk.messages.slice(Number(asked.get('after')));
            return { messages: rest.slice(0, pageSize), more: rest.length > pageSize };
        }
        const before = asked.has('before') ? Number(asked.get('before')) - 1 : undefined;
        const rest = talk.messages.slice(0, before);
        return { messages: rest.slice(-pageSize), more: rest.length > pageSize };
    }

    private changes(talk: Talk, since: number): Changes {
        const all = talk.messages.filter((each) => each.rev > since).sort((a, b) => a.rev - b.rev);
        const messages = all.slice(0, Math.floor(this.random() * 4));
        const more = messages.length < all.length;
        const rev = more ? (messages.at(-1)?.rev ?? since) : talk.rev;
        return { messages, rev, receipts: this.receipts(talk), more };
    }
}
