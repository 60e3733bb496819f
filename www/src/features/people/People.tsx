import { Search } from 'lucide-react';
import { memo, useCallback, useEffect, useState, type KeyboardEvent } from 'react';
import { Avatar } from '@/components/ui/Avatar';
import { Button } from '@/components/ui/Button';
import { RowSkeletons } from '@/components/ui/Skeleton';
import { VirtualList } from '@/components/ui/VirtualList';
import { engine } from '@/lib/engine';
import { go, Link } from '@/lib/route';
import { useSpeech } from '@/lib/texts';
import { ago } from '@/lib/time';
import { presenceOf, usePeople } from '@/store/state';
import { useSearch } from './search';

// Everybody, in pages that are read as they come into sight, or those whom the search finds. The
// daemon searches; each key asks anew and forgets the question before.

const pageSize = 100;

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
            className="flex items-center gap-3 rounded-xl px-3 py-2.5 hover:bg-hover focus-visible:-outline-offset-2"
        >
            <Avatar user={user} size={44} status={status} />
            <span className="min-w-0 flex-1">
                <span className="block truncate font-medium">{user.display_name}</span>
                <span className="flex text-sm text-muted">
                    <span className="truncate">@{user.username}</span>
                    <span className="max-w-full shrink-0 overflow-hidden text-ellipsis whitespace-pre"> · {state}</span>
                </span>
            </span>
        </Link>
    );
});

export function People() {
    const { t } = useSpeech();
    const [query, setQuery] = useState('');
    const { found, trouble, more, retry } = useSearch(query, pageSize);
    const ids = found?.ids ?? [];

    const onVisible = useCallback(
        (first: number, last: number) => {
            engine.presences.watch((found?.ids ?? []).slice(first, last + 1));
            if (last + 30 > (found?.ids.length ?? 0)) more();
        },
        [found, more],
    );
    useEffect(() => () => engine.presences.watch([]), []);

    function onKeyDown(event: KeyboardEvent<HTMLInputElement>) {
        if (event.nativeEvent.isComposing) return;
        const list = event.currentTarget.closest('section')?.querySelector<HTMLElement>('ul');
        if (event.key === 'ArrowDown') list?.querySelector<HTMLElement>('[data-item]')?.focus();
        else if (event.key === 'Enter' && query && found?.query === query && ids.length > 0)
            go(`/people/${ids[0]}`);
        else return;
        event.preventDefault();
    }

    return (
        <section aria-label={t.people} className="flex min-h-0 flex-1 flex-col">
            <div className="relative px-4 py-3 md:pt-0">
                <Search
                    size={18}
                    aria-hidden="true"
                    className="pointer-events-none absolute top-1/2 left-7 -translate-y-1/2 text-muted md:-translate-y-[calc(50%+0.375rem)]"
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
                    onKeyDown={onKeyDown}
                />
            </div>
            <p role="status" className="px-5 text-sm text-muted">
                {trouble ??
                    (found && ids.length === 0 ? (query ? t.nobodyFound : t.nobodyYet) : '')}
            </p>
            {trouble && (
                <Button className="mx-5 mt-2 self-start" onClick={retry}>
                    {t.retry}
                </Button>
            )}
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
