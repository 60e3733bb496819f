import { useVirtualizer, defaultRangeExtractor, type Range } from '@tanstack/react-virtual';
import { ArrowDown } from 'lucide-react';
import {
    useCallback,
    useEffect,
    useImperativeHandle,
    useLayoutEffect,
    useMemo,
    useRef,
    useState,
    type KeyboardEvent,
    type Ref,
} from 'react';
import { Confirm } from '@/components/ui/Dialog';
import { Menu, type Anchor } from '@/components/ui/Menu';
import { engine } from '@/lib/engine';
import { useSpeech } from '@/lib/texts';
import { day } from '@/lib/time';
import type { Message, User } from '@/protocol/types';
import { useConversations, type Room } from '@/store/state';
import type { Timeline as Window } from '@/store/timeline';
import { amend } from './amend';
import { Bubble } from './Bubble';
import { useJump } from './jump';
import { menuOf } from './menu';
import { useQuotes } from './quotes';
import { rowsOf, type Row, type Said } from './rows';

// The messages, of which only the visible ones exist. The window is anchored at its end: older pages
// come in above without moving what is read, and who is at the end stays there. One Tab stop; the
// arrows go from message to message, Enter opens what can be done with one.

export interface TimelineHandle {
    toEnd: () => void;
    focus: () => void;
    /** The newest own message that can be edited. */
    lastOwn: () => Said | null;
}

interface Props {
    room: Room;
    peer: User;
    window: Window;
    me: number;
    myName: string;
    /** The watermark of the person when the conversation was opened. */
    lineAfter: number | null;
    onReply: (message: Message) => void;
    onEdit: (said: Said) => void;
    onTakeBack: (said: Said) => void;
    onLeave: () => void;
    ref: Ref<TimelineHandle>;
}

const near = 10;
const nearEnd = 90;
/** Milliseconds after which the first place to look at is reached. */
const settling = 400;

function estimate(row: Row): number {
    if (row.kind !== 'said') return row.kind === 'top' ? 72 : 44;
    const lines = Math.ceil(row.said.content.length / 52) || 1;
    return 26 + lines * 22 + (row.isFirst ? 10 : 2) + (row.said.replyTo ? 50 : 0);
}

export function Timeline(props: Props) {
    const { room, peer, window: messages, me, myName, lineAfter, onReply, onEdit } = props;
    const speech = useSpeech();
    const { t, many } = speech;
    const scroller = useRef<HTMLDivElement>(null);
    const allEntries = useConversations((state) => state.outbox);
    const loading = useConversations((state) => state.loading.get(room.id) ?? 'no');
    const [active, setActive] = useState<string | null>(null);
    const [menu, setMenu] = useState<{ said: Said; at: Anchor } | null>(null);
    const [doomed, setDoomed] = useState<Said | null>(null);
    const [isAway, setAway] = useState(false);
    const wanted = useRef<string | null>(null);
    const placed = useRef(false);
    const [isSettled, setSettled] = useState(false);
    const settle = useRef<ReturnType<typeof setTimeout>>(undefined);
    const atEnd = useRef(true);

    const rows = useMemo(() => {
        const entries = allEntries.filter((each) => each.conversation === room.id);
        return rowsOf(messages, entries, { me, receipts: room.receipts, lineAfter });
    }, [messages, allEntries, room.id, room.receipts, me, lineAfter]);

    const places = useMemo(() => new Map(rows.map((row, place) => [row.key, place])), [rows]);
    const lastSaid = rows.findLast((row) => row.kind === 'said')?.key ?? null;
    const tabStop = active !== null && places.has(active) ? active : lastSaid;

    const list = useVirtualizer({
        count: rows.length,
        getScrollElement: () => scroller.current,
        estimateSize: (place) => estimate(rows[place]!),
        getItemKey: useCallback((place: number) => rows[place]!.key, [rows]),
        anchorTo: 'end',
        followOnAppend: true,
        scrollEndThreshold: nearEnd,
        paddingEnd: 12,
        overscan: 8,
        // What has the focus keeps existing, wherever one scrolls.
        rangeExtractor: (range: Range) => {
            const visible = defaultRangeExtractor(range);
            const kept = active === null ? undefined : places.get(active);
            if (kept === undefined || visible.includes(kept)) return visible;
            return [...visible, kept].sort((a, b) => a - b);
        },
    });
    // A row above what is read may change after an older page has come in, when its author's run
    // goes on there: that must not move what is read, in whatever direction one scrolls.
    list.shouldAdjustScrollPositionOnItemSizeChange = (item, _delta, instance) => {
        const top = instance.scrollOffset ?? 0;
        return item.end <= top + 1 || (item.start < top && !instance.itemSizeCache.has(item.key));
    };
    const items = list.getVirtualItems();
    const first = list.range?.startIndex ?? 0;
    const last = list.range?.endIndex ?? 0;

    useLayoutEffect(() => {
        if (placed.current || rows.length < 2) return;
        placed.current = true;
        const line = places.get('line');
        atEnd.current = line === undefined;
        if (line === undefined) list.scrollToEnd();
        else list.scrollToIndex(line, { align: 'start' });
    }, [rows, places, list]);

    // What was missed comes in above what waits to be sent: nothing is appended that one would follow.
    const shape = useRef({ count: 0, end: null as string | null });
    useLayoutEffect(() => {
        const before = shape.current;
        shape.current = { count: rows.length, end: rows.at(-1)?.key ?? null };
        const isAbove = rows.length > before.count && shape.current.end === before.end;
        if (isAbove && placed.current && atEnd.current) list.scrollToEnd();
    }, [rows, list]);

    // The way to a row is by its number, until it is reached: a page that came in above meanwhile
    // would move the goal.
    const isThere = rows.length > 1;
    const unsettle = useCallback(() => {
        setSettled(false);
        clearTimeout(settle.current);
        settle.current = setTimeout(() => setSettled(true), settling);
    }, []);
    useEffect(() => {
        if (isThere) unsettle();
        return () => clearTimeout(settle.current);
    }, [isThere, unsettle]);

    useEffect(() => {
        if (!isSettled || loading !== 'no') return;
        if (first < near && messages.older) void engine.pages.older(room.id);
        else if (last > rows.length - near && messages.newer) void engine.pages.newer(room.id);
    }, [isSettled, first, last, rows.length, messages.older, messages.newer, loading, room.id]);

    const look = useCallback(() => {
        const box = scroller.current;
        if (!box || !placed.current) return;
        const below = box.scrollHeight - box.scrollTop - box.clientHeight;
        atEnd.current = below <= nearEnd;
        setAway(messages.newer || below > 240);
        if (document.hidden || !document.hasFocus()) return;
        const end = list.range?.endIndex ?? rows.length - 1;
        for (let place = Math.min(end, rows.length - 1); place > 0; --place) {
            const row = rows[place]!;
            if (row.kind !== 'said' || !row.said.message) continue;
            return engine.receipts.read(room.id, row.said.message.seq);
        }
    }, [list, rows, room.id, messages.newer]);

    useEffect(() => {
        const frame = requestAnimationFrame(look);
        addEventListener('focus', look);
        document.addEventListener('visibilitychange', look);
        return () => {
            cancelAnimationFrame(frame);
            removeEventListener('focus', look);
            document.removeEventListener('visibilitychange', look);
        };
    }, [look, first, last]);

    // The field below grows and keyboards come up: who reads the end goes on reading the end.
    useEffect(() => {
        const watch = new ResizeObserver(() => {
            if (placed.current && atEnd.current) list.scrollToEnd();
        });
        if (scroller.current) watch.observe(scroller.current);
        return () => watch.disconnect();
    }, [list]);

    const toEnd = useCallback(async () => {
        if (messages.newer) await engine.pages.startAnew(room.id).catch(() => {});
        setActive(null);
        list.scrollToEnd();
    }, [list, messages.newer, room.id]);

    const giveFocus = useCallback(() => {
        if (wanted.current === null) return;
        const key = CSS.escape(wanted.current);
        const row = scroller.current?.querySelector<HTMLElement>(`[data-key="${key}"] > article`);
        if (!row) return;
        wanted.current = null;
        row.focus({ preventScroll: true });
    }, []);

    const focusRow = useCallback(
        (key: string, align: 'auto' | 'center' = 'auto') => {
            const place = places.get(key);
            if (place === undefined) return;
            wanted.current = key;
            setActive(key);
            list.scrollToIndex(place, { align });
            giveFocus();
        },
        [list, places, giveFocus],
    );

    useImperativeHandle(
        props.ref,
        () => ({
            toEnd: () => void toEnd(),
            focus: () => tabStop && focusRow(tabStop),
            lastOwn: () => {
                const all = rows.flatMap((row) => (row.kind === 'said' ? [row.said] : []));
                return all.findLast((s) => s.message && s.from === me && !s.isDeleted) ?? null;
            },
        }),
        [toEnd, focusRow, tabStop, rows, me],
    );

    // A row that was out of sight exists only after the next drawing.
    useEffect(giveFocus);

    function onKeyDown(event: KeyboardEvent) {
        if ((event.target as Element).tagName !== 'ARTICLE' || event.altKey || event.ctrlKey)
            return;
        if (event.key === 'Escape') {
            event.preventDefault();
            return props.onLeave();
        }
        const said = rows.filter((row) => row.kind === 'said');
        const now = said.findIndex((row) => row.key === tabStop);
        const steps: Record<string, number> = {
            ArrowUp: now - 1,
            ArrowDown: now + 1,
            PageUp: now - 8,
            PageDown: now + 8,
            Home: 0,
            End: said.length - 1,
        };
        if (!(event.key in steps)) return;
        event.preventDefault();
        const to = said[Math.max(0, Math.min(said.length - 1, steps[event.key]!))];
        if (to) focusRow(to.key);
    }

    const show = useCallback(
        (place: number) => {
            unsettle();
            focusRow(rows[place]!.key, 'center');
        },
        [rows, focusRow, unsettle],
    );
    const { jump, flashed } = useJump(room.id, rows, show);
    const openMenu = useCallback((said: Said, at: Anchor) => setMenu({ said, at }), []);

    const nameOf = (user: number) => (user === me ? myName : peer.display_name);
    const seen = items.map((item) => rows[item.index]!);
    const quotedBy = useQuotes(room.id, messages, seen, nameOf);

    function itemsOf(said: Said) {
        const deeds = {
            onReply: () => onReply(said.message!),
            onQuoted: quotedBy(said) ? () => jump(said.replyTo!) : null,
            own:
                said.from === me
                    ? { onEdit: () => onEdit(said), onDelete: () => setDoomed(said) }
                    : null,
        };
        return menuOf(said, deeds, speech);
    }

    function content(row: Row) {
        if (row.kind === 'said') {
            return (
                <Bubble
                    said={row.said}
                    isOwn={row.said.from === me}
                    isFirst={row.isFirst}
                    isLast={row.isLast}
                    name={nameOf(row.said.from)}
                    quoted={quotedBy(row.said)}
                    tabIndex={row.key === tabStop ? 0 : -1}
                    isFlashed={flashed !== null && row.said.message?.id === flashed}
                    onMenu={openMenu}
                    onJump={jump}
                    onReply={onReply}
                    onTakeBack={props.onTakeBack}
                />
            );
        }
        if (row.kind === 'day') return <Day timestamp={row.timestamp} />;
        if (row.kind === 'line') {
            return (
                <div className="flex items-center gap-3 px-5 pt-4 pb-1 text-sm font-medium text-accent">
                    <span className="h-px flex-1 bg-accent/40" />
                    {t.newMessages}
                    <span className="h-px flex-1 bg-accent/40" />
                </div>
            );
        }
        return (
            <Top
                text={
                    messages.older
                        ? loading === 'failed'
                            ? t.loadFailed
                            : ''
                        : t.beginning(peer.display_name)
                }
                isLoading={messages.older && loading !== 'failed'}
                onRetry={loading === 'failed' ? () => void engine.pages.older(room.id) : null}
            />
        );
    }

    return (
        <div className="relative flex min-h-0 flex-1 flex-col">
            <div
                ref={scroller}
                data-timeline
                onScroll={look}
                onKeyDown={onKeyDown}
                className="scroll flex min-h-0 flex-1 flex-col [overflow-anchor:none]"
            >
                <ol
                    aria-label={t.timeline(peer.display_name)}
                    aria-live="off"
                    className="relative mt-auto w-full shrink-0"
                    style={{ height: list.getTotalSize() }}
                >
                    {items.map((item) => {
                        const row = rows[item.index]!;
                        return (
                            <li
                                key={item.key}
                                ref={list.measureElement}
                                data-index={item.index}
                                data-key={row.key}
                                data-kind={row.kind}
                                onFocus={() => row.kind === 'said' && setActive(row.key)}
                                className="absolute inset-x-0 top-0 flow-root"
                                style={{ transform: `translateY(${item.start}px)` }}
                            >
                                {content(row)}
                            </li>
                        );
                    })}
                </ol>
            </div>
            {isAway && (
                <button
                    type="button"
                    onClick={() => void toEnd()}
                    aria-label={room.unread > 0 ? t.toNewestCount(many(room.unread)) : t.toNewest}
                    title={t.toNewest}
                    className="appear absolute right-4 bottom-3 flex size-11 items-center justify-center rounded-full border border-line bg-raised text-ink shadow-[0_4px_16px_var(--shadow)] hover:bg-hover"
                >
                    <ArrowDown size={20} />
                    {room.unread > 0 && (
                        <span className="absolute -top-1.5 -right-1 min-w-5 rounded-full bg-solid px-1.5 text-xs leading-5 font-semibold text-white">
                            {room.unread > 99 ? '99+' : room.unread}
                        </span>
                    )}
                </button>
            )}
            {menu && (
                <Menu
                    label={t.actions}
                    items={itemsOf(menu.said)}
                    at={menu.at}
                    onClose={() => setMenu(null)}
                />
            )}
            {doomed && (
                <Confirm
                    title={t.deleteTitle}
                    yes={t.delete}
                    onYes={() => amend(doomed, null)}
                    onClose={() => setDoomed(null)}
                >
                    {t.deleteHint}
                </Confirm>
            )}
        </div>
    );
}

function Day({ timestamp }: { timestamp: string | number }) {
    const speech = useSpeech();
    return (
        <div className="flex justify-center pt-4 pb-1">
            <span className="rounded-full bg-hover px-3 py-1 text-xs font-medium text-muted first-letter:uppercase">
                {day(timestamp, speech)}
            </span>
        </div>
    );
}

function Top({
    text,
    isLoading,
    onRetry,
}: {
    text: string;
    isLoading: boolean;
    onRetry: (() => void) | null;
}) {
    const { t } = useSpeech();
    if (isLoading) {
        return (
            <div className="flex flex-col gap-2 px-5 pt-4" role="img" aria-label={t.loadingOlder}>
                <div className="skeleton h-9 w-2/5 rounded-2xl" />
            </div>
        );
    }
    return (
        <div className="px-6 pt-6 pb-2 text-center text-sm text-muted">
            {text}{' '}
            {onRetry && (
                <button
                    type="button"
                    className="font-medium text-accent underline"
                    onClick={onRetry}
                >
                    {t.retry}
                </button>
            )}
        </div>
    );
}
