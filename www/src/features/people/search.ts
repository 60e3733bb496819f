import { useCallback, useEffect, useRef, useState } from 'react';
import { engine } from '@/lib/engine';
import { explain, useSpeech } from '@/lib/texts';
import { Problem } from '@/protocol/http';
import type { User } from '@/protocol/types';

// Everybody, in pages, or those whom a search finds. The daemon searches; each key asks anew and
// forgets the question before.

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

    const more = useCallback(() => {
        if (found?.next && found.query === query && !asking.current) void ask(found);
    }, [found, query, ask]);

    return { found, trouble, more };
}
