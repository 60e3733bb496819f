import { memo, useEffect, useMemo, type ReactNode } from 'react';
import { Avatar } from '@/components/ui/Avatar';
import { RowSkeletons } from '@/components/ui/Skeleton';
import { TickMark } from '@/components/ui/TickMark';
import { VirtualList } from '@/components/ui/VirtualList';
import { plain } from '@/lib/markdown';
import { go, Link } from '@/lib/route';
import { useSpeech, type Speech } from '@/lib/texts';
import { brief, full } from '@/lib/time';
import { draftOf } from '@/store/drafts';
import { useConversations, usePeople, useSession, type Room } from '@/store/state';

// One's conversations, the one with the latest message first.

function lastWords(room: Room, me: number, { t }: Speech): string {
    const last = room.last_message;
    if (!last) return '';
    if (last.deleted) return t.messageDeleted;
    const text = plain(last.content ?? '');
    return last.from === me ? `${t.youPrefix} ${text}` : text;
}

const ConversationRow = memo(function ConversationRow({
    id,
    tabIndex,
    isOpen,
}: {
    id: number;
    tabIndex: 0 | -1;
    isOpen: boolean;
}) {
    const speech = useSpeech();
    const { t } = speech;
    const me = useSession((session) => session.me?.id ?? 0);
    const room = useConversations((state) => state.byId.get(id));
    const pending = useConversations((state) =>
        state.outbox.findLast((each) => each.conversation === id && each.kind === 'send'),
    );
    const typing = useConversations((state) => state.typing.get(id));
    const peer = usePeople((people) => people.users.get(room?.peer?.id ?? 0)) ?? room?.peer;
    const presence = usePeople((people) => people.presence.get(peer?.id ?? 0));
    if (!room || !peer) return null;
    // One's own that is not sent yet is the latest, unless something came after it.
    const saidAt = Date.parse(room.last_message?.timestamp ?? '') || 0;
    const unsent = pending && pending.at >= saidAt ? pending : null;
    const draft = isOpen ? '' : draftOf(me, id);
    const status = presence?.status ?? (peer.online ? 'online' : 'offline');
    let words = unsent ? `${t.youPrefix} ${plain(unsent.content)}` : lastWords(room, me, speech);
    const tone = typing ? 'text-accent' : room.unread > 0 ? 'text-ink' : 'text-muted';
    if (typing) words = t.typing(peer.display_name) + '…';
    return (
        <Link
            href={`/c/${id}`}
            data-item
            tabIndex={tabIndex}
            aria-current={isOpen ? 'page' : undefined}
            className={`flex items-center gap-3 rounded-xl px-3 py-2.5 focus-visible:-outline-offset-2 ${isOpen ? 'bg-chosen' : 'hover:bg-hover'}`}
        >
            <Avatar user={peer} size={44} status={status} />
            <span className="min-w-0 flex-1">
                <span className="flex items-baseline gap-2">
                    <span
                        className={`flex-1 truncate ${room.unread > 0 ? 'font-semibold' : 'font-medium'}`}
                    >
                        {peer.display_name}
                    </span>
                    {room.last_message && (
                        <time
                            dateTime={room.last_message.timestamp}
                            title={full(room.last_message.timestamp, speech)}
                            className="shrink-0 text-xs text-muted"
                        >
                            {brief(room.last_message.timestamp, speech)}
                        </time>
                    )}
                </span>
                <span className="flex items-center gap-2">
                    {pending?.state === 'failed' && (
                        <span className="flex text-danger">
                            <TickMark tick="failed" />
                        </span>
                    )}
                    {unsent?.state === 'waiting' && (
                        <span className="flex text-muted">
                            <TickMark tick="sending" />
                        </span>
                    )}
                    <span
                        className={`flex-1 truncate text-sm ${tone}`}
                    >
                        {draft && !typing ? (
                            <>
                                <span className="text-danger">{t.draft}</span> {draft.slice(0, 200)}
                            </>
                        ) : (
                            words
                        )}
                    </span>
                    {room.unread > 0 && (
                        <span
                            data-unread
                            className="min-w-5 shrink-0 rounded-full bg-solid px-1.5 py-0.5 text-center text-xs font-semibold text-white"
                        >
                            <span aria-hidden="true">{room.unread > 99 ? '99+' : room.unread}</span>
                            <span className="sr-only">{t.unread(speech.many(room.unread))}</span>
                        </span>
                    )}
                </span>
            </span>
        </Link>
    );
});

/** In the order of the list: by their last message, those that wait to be sent included. */
function ordered(byId: ReadonlyMap<number, Room>, waiting: ReadonlyMap<number, number>): number[] {
    const timeOf = (room: Room) =>
        Math.max(waiting.get(room.id) ?? 0, Date.parse(room.last_message?.timestamp ?? '') || 0);
    return [...byId.values()]
        .filter((room) => room.last_message || waiting.has(room.id))
        .map((room) => ({ id: room.id, at: timeOf(room) }))
        .sort((a, b) => b.at - a.at)
        .map((each) => each.id);
}

export function Conversations({ open, welcome }: { open: number | null; welcome: ReactNode }) {
    const { t } = useSpeech();
    const ready = useConversations((state) => state.ready);
    const byId = useConversations((state) => state.byId);
    const outbox = useConversations((state) => state.outbox);
    const ids = useMemo(() => {
        const waiting = new Map(
            outbox
                .filter((each) => each.kind === 'send')
                .map((each) => [each.conversation, each.at]),
        );
        return ordered(byId, waiting);
    }, [byId, outbox]);
    // Alt with an arrow: the conversation above or below, as everywhere where people talk a lot.
    useEffect(() => {
        const onKey = (event: KeyboardEvent) => {
            const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
            const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey;
            if (step === 0 || !event.altKey || !isPlain) return;
            const next = ids[open === null ? 0 : ids.indexOf(open) + step];
            if (next === undefined) return;
            event.preventDefault();
            go(`/c/${next}`);
        };
        document.addEventListener('keydown', onKey);
        return () => document.removeEventListener('keydown', onKey);
    }, [ids, open]);
    return (
        <section aria-label={t.chats} className="flex min-h-0 flex-1 flex-col">
            {!ready && <RowSkeletons />}
            {ready && ids.length === 0 && (
                <>
                    <div className="px-6 py-10 text-center text-sm max-md:hidden">
                        <p className="font-medium">{t.noConversations}</p>
                        <p className="mt-1 text-muted">{t.noConversationsHint}</p>
                    </div>
                    <div className="min-h-0 flex-1 md:hidden">{welcome}</div>
                </>
            )}
            {ids.length > 0 && (
                <VirtualList
                    label={t.chats}
                    items={ids}
                    keyOf={(id) => id}
                    row={(id, tabIndex) => (
                        <ConversationRow id={id} tabIndex={tabIndex} isOpen={id === open} />
                    )}
                />
            )}
        </section>
    );
}
