import { useCallback, useEffect, useRef, useState } from 'react';
import { engine } from '@/lib/engine';
import { explain, useSpeech } from '@/lib/texts';
import { Problem } from '@/protocol/http';
import type { User } from '@/protocol/types';
import { useNetwork } from '@/store/state';

// Everybody, in pages, or those whom a search finds. The daemon searches; each key asks anew and
// forgets the question before.

const newcomersEvery = 20_000;

export interface Found {
    query: string;
    ids: number[];
    next: string | null;
}

export function useSearch(query: string, pageSize: number) {
    const speech = useSpeech();
    const [found, setFound] = useState<Found | null>(null);
    const [trouble, setTrouble] = useState<string | null>(null);
    const asking = useRef<AbortController | null>(null);

    const ask = useCallback(
        async (after: Found | null) => {
            asking.current?.abort();
            const abort = new AbortController();
            asking.current = abort;
            const parts = new URLSearchParams({ limit: String(pageSize), q: query });
            if (after?.next) parts.set('after', after.next);
            try {
                const page = await engine.access.call<{ users: User[]; next: string | null }>(
                    `/users?${parts}`,
                    { signal: abort.signal },
                );
                engine.meet(page.users);
                const ids = page.users.map((each) => each.id).filter((id) => id !== engine.me);
                setFound({ query, ids: [...(after?.ids ?? []), ...ids], next: page.next });
                setTrouble(null);
            } catch (error) {
                if (error instanceof Problem && error.code === 'aborted') return;
                setTrouble(explain(error, speech));
            } finally {
                if (asking.current === abort) asking.current = null;
            }
        },
        [query, pageSize, speech],
    );

    useEffect(() => {
        void ask(null);
        return () => asking.current?.abort();
    }, [ask]);

    // What had no answer is asked again once there is a connection.
    const live = useNetwork((network) => network.live);
    const hasTrouble = trouble !== null;
    const wasLive = useRef(live);
    useEffect(() => {
        // The connection's coming is the reason, not each refusal.
        if (live && !wasLive.current && hasTrouble) void ask(null);
        wasLive.current = live;
    }, [live, hasTrouble, ask]);

    // Newcomers: while all who were found are on one page it is asked for again now and then.
    const isWhole = found !== null && found.next === null && found.ids.length < pageSize;
    useEffect(() => {
        if (!isWhole) return;
        const timer = setInterval(() => {
            if (!document.hidden && !asking.current) void ask(null);
        }, newcomersEvery);
        return () => clearInterval(timer);
    }, [isWhole, ask]);

    const more = useCallback(() => {
        if (found?.next && found.query === query && !asking.current) void ask(found);
    }, [found, query, ask]);

    return { found, trouble, more, retry: () => void ask(null) };
}
