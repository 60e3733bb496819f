import { Search } from 'lucide-react';
import { useEffect, useId, useMemo, useRef, useState, type KeyboardEvent } from 'react';
import { Avatar } from '@/components/ui/Avatar';
import { go } from '@/lib/route';
import { useSpeech } from '@/lib/texts';
import { presenceOf, useConversations, usePeople } from '@/store/state';
import { useSearch } from './search';

// Ctrl+K or ⌘K: the way to anybody in a few keys. Without a question it offers those one talked with
// last; the list is a listbox that the field steers (WAI-ARIA combobox pattern).

const most = 8;

/** Those one talked with, the last one first. */
function lately(): number[] {
    return [...useConversations.getState().byId.values()]
        .filter((room) => room.peer && room.last_message)
        .sort((a, b) => (a.last_message!.timestamp < b.last_message!.timestamp ? 1 : -1))
        .map((room) => room.peer!.id);
}

function Choice({ id, at, isChosen }: { id: number; at: string; isChosen: boolean }) {
    const user = usePeople((people) => people.users.get(id));
    const presence = usePeople((people) => people.presence.get(id));
    const row = useRef<HTMLDivElement>(null);
    useEffect(() => {
        if (isChosen) row.current?.scrollIntoView({ block: 'nearest' });
    }, [isChosen]);
    if (!user) return null;
    const { status } = presence ?? presenceOf(usePeople.getState(), user);
    return (
        <div
            ref={row}
            id={at}
            role="option"
            aria-selected={isChosen}
            data-person={id}
            className={`flex items-center gap-3 rounded-xl px-3 py-2 ${isChosen ? 'bg-chosen' : 'hover:bg-hover'}`}
        >
            <Avatar user={user} size={40} status={status} />
            <span className="min-w-0">
                <span className="block truncate font-medium">{user.display_name}</span>
                <span className="block truncate text-sm text-muted">@{user.username}</span>
            </span>
        </div>
    );
}

export function Switcher({ onClose }: { onClose: () => void }) {
    const { t } = useSpeech();
    const dialog = useRef<HTMLDialogElement>(null);
    const base = useId();
    const [query, setQuery] = useState('');
    const [place, setPlace] = useState(0);
    const { found, trouble } = useSearch(query, most + 1);
    const ready = useConversations((state) => state.ready);
    const recent = useMemo(() => (ready ? lately() : []), [ready]);
    const others = (found?.ids ?? []).filter((id) => query || !recent.includes(id));
    const ids = [...(query ? [] : recent), ...others].slice(0, most);
    const chosen = Math.min(place, ids.length - 1);
    useEffect(() => dialog.current?.showModal(), []);

    function choose(id: number | undefined) {
        if (id === undefined) return;
        dialog.current?.close();
        const known = [...useConversations.getState().byId.values()];
        const room = known.find((each) => each.peer?.id === id);
        go(room ? `/c/${room.id}` : `/people/${id}`);
    }
    function onKeyDown(event: KeyboardEvent) {
        if (event.nativeEvent.isComposing) return;
        const { length } = ids;
        if (event.key === 'ArrowDown') setPlace((chosen + 1) % Math.max(1, length));
        else if (event.key === 'ArrowUp') setPlace((chosen + length - 1) % Math.max(1, length));
        else if (event.key !== 'Enter') return;
        // What is shown while the answer is on its way belongs to another question.
        else if (!query || found?.query === query) choose(ids[chosen]);
        event.preventDefault();
    }
    const isEmpty = found?.query === query && ids.length === 0;
    return (
        <dialog
            ref={dialog}
            aria-label={t.searchPeople}
            onClose={onClose}
            onClick={(event) => {
                if (event.target === dialog.current) return dialog.current.close();
                const row = (event.target as Element).closest<HTMLElement>('[data-person]');
                if (row) choose(Number(row.dataset['person']));
            }}
            className="appear mt-[12vh] mb-auto w-md max-w-[calc(100vw-2rem)] rounded-2xl bg-raised shadow-[0_16px_48px_var(--shadow)]"
        >
            <div className="flex items-center gap-3 border-b border-line px-4">
                <Search size={18} aria-hidden="true" className="shrink-0 text-muted" />
                <input
                    type="text"
                    role="combobox"
                    aria-label={t.searchPeople}
                    aria-expanded={ids.length > 0}
                    aria-controls={`${base}-list`}
                    aria-activedescendant={ids.length > 0 ? `${base}-${ids[chosen]}` : undefined}
                    aria-autocomplete="list"
                    placeholder={t.searchPeople}
                    value={query}
                    maxLength={64}
                    autoComplete="off"
                    spellCheck={false}
                    onChange={(event) => {
                        setQuery(event.target.value);
                        setPlace(0);
                    }}
                    onKeyDown={onKeyDown}
                    className="h-13 min-w-0 flex-1 bg-transparent text-base outline-none placeholder:text-muted"
                />
            </div>
            <p role="status" className={trouble || isEmpty ? 'px-5 py-4 text-sm text-muted' : ''}>
                {trouble ?? (isEmpty ? t.nobodyFound : '')}
            </p>
            <div
                id={`${base}-list`}
                role="listbox"
                aria-label={t.people}
                className="scroll max-h-[55vh] p-2 empty:hidden"
            >
                {ids.map((id, index) => (
                    <Choice key={id} id={id} at={`${base}-${id}`} isChosen={index === chosen} />
                ))}
            </div>
        </dialog>
    );
}
