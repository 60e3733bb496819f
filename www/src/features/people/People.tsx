import { Search } from 'lucide-react';
import { memo, useCallback, useEffect, useRef, useState } from 'react';
import { Avatar } from '@/components/ui/Avatar';
import { RowSkeletons } from '@/components/ui/Skeleton';
import { VirtualList } from '@/components/ui/VirtualList';
import { engine } from '@/lib/engine';
import { Link } from '@/lib/route';
import { explain, useSpeech } from '@/lib/texts';
import { ago } from '@/lib/time';
import { Problem } from '@/protocol/http';
import type { User } from '@/protocol/types';
import { presenceOf, usePeople } from '@/store/state';

// Everybody, in pages that are read as they come into sight, or those whom the search finds. The
// daemon searches; each key asks anew and forgets the question before.

const pageSize = 100;

interface Found {
    query: string;
    ids: number[];
    next: string | null;
}

function useSearch(query: string) {
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
        [query, speech],
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

const PersonRow = memo(function PersonRow({ id, tabIndex }: { id: number; tabIndex: 0 | -1 }) {
    const speech = useSpeech();
    const user = usePeople((people) => people.users.get(id));
    const presence = usePeople((people) => people.presence.get(id));
    if (!user) return null;
    const { status, lastSeen } = presence ?? presenceOf(usePeople.getState(), user);
    const state =
        status === 'offline' && lastSeen
            ? speech.t.lastSeen(ago(lastSeen, speech))
            : speech.t[status];
    return (
        <Link
            href={`/people/${id}`}
            data-item
            tabIndex={tabIndex}
            className="flex items-center gap-3 rounded-xl px-3 py-2.5 hover:bg-hover"
        >
            <Avatar user={user} size={44} status={status} />
            <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{user.display_name}</span>
                <span className="block truncate text-sm text-muted">
                    @{user.username} · {state}
                </span>
            </span>
        </Link>
    );
});

export function People() {
    const { t } = useSpeech();
    const [query, setQuery] = useState('');
    const { found, trouble, more } = useSearch(query);
    const ids = found?.ids ?? [];

    const onVisible = useCallback(
        (first: number, last: number) => {
            engine.presences.watch((found?.ids ?? []).slice(first, last + 1));
            if (last + 30 > (found?.ids.length ?? 0)) more();
        },
        [found, more],
    );
    useEffect(() => () => engine.presences.watch([]), []);

    return (
        <section aria-label={t.people} className="flex min-h-0 flex-1 flex-col">
            <div className="relative px-4 pb-3">
                <Search
                    size={18}
                    aria-hidden="true"
                    className="pointer-events-none absolute top-1/2 left-7 -translate-y-[calc(50%+0.375rem)] text-muted"
                />
                <input
                    type="search"
                    className="field pl-10"
                    aria-label={t.searchPeople}
                    placeholder={t.searchPeople}
                    value={query}
                    maxLength={64}
                    autoComplete="off"
                    spellCheck={false}
                    onChange={(event) => setQuery(event.target.value)}
                />
            </div>
            <p role="status" className="px-5 text-sm text-muted">
                {trouble ??
                    (found && ids.length === 0 ? (query ? t.nobodyFound : t.nobodyYet) : '')}
            </p>
            {!found && !trouble && <RowSkeletons />}
            <VirtualList
                label={t.people}
                items={ids}
                keyOf={(id) => id}
                row={(id, tabIndex) => <PersonRow id={id} tabIndex={tabIndex} />}
                onVisible={onVisible}
            />
        </section>
    );
}
