import { create } from 'zustand';
import type { OutboxEntry } from '@/protocol/cache';
import type { Conversation, Message, OwnUser, Shown, User } from '@/protocol/types';
import type { Timeline } from './timeline';

// All that the screens show, in four stores. Only the Engine writes them; a screen takes the part
// it shows, and is drawn again when that part is another object.

export type Phase = 'starting' | 'out' | 'in';

export interface SessionState {
    phase: Phase;
    me: OwnUser | null;
    session: number | null;
    /** Why one was shown out: worth a sentence on the login screen. */
    ended: boolean;
    /** Why this page's connection was ended for good: one's others are too many, or it sent too much. */
    stopped: 'replaced' | 'refused' | null;
}

export const useSession = create<SessionState>(() => ({
    phase: 'starting',
    me: null,
    session: null,
    ended: false,
    stopped: null,
}));

export interface NetworkState {
    /** Whether live frames come and everything missed is here. */
    live: boolean;
    /** Whether it has been gone for so long that it is worth a banner. */
    banner: boolean;
}

export const useNetwork = create<NetworkState>(() => ({ live: false, banner: false }));

export interface Presence {
    status: Shown;
    lastSeen: string | null;
}

export interface PeopleState {
    users: ReadonlyMap<number, User>;
    presence: ReadonlyMap<number, Presence>;
}

export const usePeople = create<PeopleState>(() => ({ users: new Map(), presence: new Map() }));

export type Loading = 'no' | 'first' | 'older' | 'newer' | 'failed';

export interface Room extends Conversation {
    /** The greatest rev that any frame has named: above `rev` there is a gap. */
    seenRev: number;
}

export interface ConversationsState {
    /** Whether the list is known, from the daemon or from the cache. */
    ready: boolean;
    byId: ReadonlyMap<number, Room>;
    timelines: ReadonlyMap<number, Timeline>;
    loading: ReadonlyMap<number, Loading>;
    /** Until when somebody types: conversation, then user, then milliseconds. */
    typing: ReadonlyMap<number, ReadonlyMap<number, number>>;
    outbox: readonly OutboxEntry[];
    /** Messages that others quote and no window holds, by id; null when there is none to be found. */
    quotes: ReadonlyMap<number, Message | null>;
}

export const useConversations = create<ConversationsState>(() => ({
    ready: false,
    byId: new Map(),
    timelines: new Map(),
    loading: new Map(),
    typing: new Map(),
    outbox: [],
    quotes: new Map(),
}));

/** A copy of the map with one entry set, or taken out when the value is undefined. */
export function withEntry<K, V>(map: ReadonlyMap<K, V>, key: K, value: V | undefined): Map<K, V> {
    const copy = new Map(map);
    if (value === undefined) copy.delete(key);
    else copy.set(key, value);
    return copy;
}

export function presenceOf(state: PeopleState, user: User): Presence {
    return (
        state.presence.get(user.id) ?? {
            status: user.online ? 'online' : 'offline',
            lastSeen: user.last_seen,
        }
    );
}

export function totalUnread(state: ConversationsState): number {
    let sum = 0;
    for (const each of state.byId.values()) sum += each.unread;
    return sum;
}
