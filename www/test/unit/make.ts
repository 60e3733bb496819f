import type { Conversation, Message } from '../../src/protocol/types';

export function message(seq: number, more: Partial<Message> = {}): Message {
    return {
        id: 100 + seq,
        conversation: 7,
        seq,
        rev: seq,
        from: 2,
        content: `text ${seq}`,
        timestamp: new Date(Date.UTC(2026, 10, 20, 12, 0, seq)).toISOString(),
        edited_at: null,
        deleted: false,
        reply_to: null,
        state: 'sent',
        ...more,
    };
}

export const messages = (first: number, last: number): Message[] =>
    Array.from({ length: last - first + 1 }, (_, place) => message(first + place));

export function conversation(head: number, more: Partial<Conversation> = {}): Conversation {
    return {
        id: 7,
        kind: 'direct',
        name: null,
        topic: null,
        private: true,
        members: 2,
        seq: head,
        rev: head,
        unread: 0,
        last_message: head > 0 ? message(head) : null,
        receipts: [
            { user: 1, received: head, read: head },
            { user: 2, received: 0, read: 0 },
        ],
        peer: {
            id: 2,
            username: 'bob',
            display_name: 'Bob',
            avatar: null,
            role: 'user',
            online: false,
            last_seen: null,
        },
        ...more,
    };
}

/** What a browser calls localStorage: its keys are its own properties. */
export function memoryStorage(): Storage {
    const methods = {
        getItem: (key: string) => kept[key] ?? null,
        setItem: (key: string, value: string) => void (kept[key] = value),
        removeItem: (key: string) => void delete kept[key],
    };
    const kept = Object.create(methods) as Record<string, string>;
    return kept as unknown as Storage;
}
