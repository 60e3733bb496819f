import { ArrowLeft } from 'lucide-react';
import { useCallback, useEffect, useRef, useState, type RefObject } from 'react';
import { flushSync } from 'react-dom';
import { Avatar } from '@/components/ui/Avatar';
import { Button, IconButton } from '@/components/ui/Button';
import { Notice } from '@/components/ui/Notice';
import { BubbleSkeletons } from '@/components/ui/Skeleton';
import { engine } from '@/lib/engine';
import { go, goBack } from '@/lib/route';
import { explain, useSpeech } from '@/lib/texts';
import { ago } from '@/lib/time';
import type { Message, User } from '@/protocol/types';
import { useConversations, useNetwork, usePeople, useSession } from '@/store/state';
import { Composer, type ComposerHandle, type Purpose } from './Composer';
import type { Said } from './rows';
import { Timeline, type TimelineHandle } from './Timeline';

// One conversation: who it is with, what was said, and where to go on.

/** Reads what is missing; a sentence when that failed, and whether another try is in vain. */
function useOpened(id: number) {
    const speech = useSpeech();
    const ready = useConversations((state) => state.ready);
    const [trouble, setTrouble] = useState<{ words: string; isFinal: boolean } | null>(null);
    const [attempt, setAttempt] = useState(0);
    useEffect(() => {
        if (!ready) return;
        let isHere = true;
        let stopWaiting = () => {};
        setTrouble(null);
        engine
            .ensure(id)
            .then(() => engine.pages.open(id))
            .catch((error: unknown) => {
                const code = (error as { code?: string }).code;
                const isFinal =
                    code === 'not_found' || code === 'not_member' || code === 'bad_request';
                const words = isFinal ? speech.t.notFound : explain(error, speech);
                if (!isHere) return;
                setTrouble({ words, isFinal });
                if (isFinal) return;
                // A new connection is as good as the button.
                stopWaiting = useNetwork.subscribe((now, before) => {
                    if (now.live && !before.live) setAttempt((last) => last + 1);
                });
            });
        return () => {
            isHere = false;
            stopWaiting();
        };
    }, [id, ready, attempt, speech]);
    return { trouble, retry: () => setAttempt(attempt + 1) };
}

function Header({ peer, conversation }: { peer: User; conversation: number }) {
    const speech = useSpeech();
    const { t } = speech;
    const presence = usePeople((people) => people.presence.get(peer.id));
    const typing = useConversations((state) => state.typing.has(conversation));
    const [, tick] = useState(0);
    useEffect(() => {
        const timer = setInterval(() => tick((count) => count + 1), 30_000);
        return () => clearInterval(timer);
    }, []);
    const status = presence?.status ?? (peer.online ? 'online' : 'offline');
    const lastSeen = presence?.lastSeen ?? peer.last_seen;
    // Without a connection nobody knows.
    const isLost = useNetwork((network) => network.banner);
    let state: string = t[status];
    if (status === 'offline' && lastSeen) state = t.lastSeen(ago(lastSeen, speech));
    if (isLost) state = t.connecting;
    return (
        <header className="flex min-h-16 items-center gap-3 border-b border-line px-3 py-2 sm:px-5">
            <IconButton
                label={t.back}
                className="-ml-1 md:hidden"
                onClick={() => goBack('/', '/people')}
            >
                <ArrowLeft size={22} />
            </IconButton>
            <Avatar user={peer} size={40} status={isLost ? undefined : status} />
            <div className="min-w-0 flex-1">
                <h1 className="truncate leading-tight font-semibold">{peer.display_name}</h1>
                <p className="truncate text-sm text-muted" data-peer-state>
                    {typing ? (
                        <span className="text-accent">
                            {t.typing(peer.display_name)}
                            <span className="dots ml-1 inline-flex gap-0.5" aria-hidden="true">
                                {[0, 1, 2].map((dot) => (
                                    <span key={dot} className="size-1 rounded-full bg-current" />
                                ))}
                            </span>
                        </span>
                    ) : (
                        state
                    )}
                </p>
            </div>
        </header>
    );
}

/** Who types while nothing has the focus, or a message, means the field. */
function useTypingAnywhere(composer: RefObject<ComposerHandle | null>) {
    useEffect(() => {
        const onKey = (event: globalThis.KeyboardEvent) => {
            const isCommand = event.ctrlKey || event.metaKey || event.altKey;
            if (event.key.length !== 1 || isCommand || event.defaultPrevented) return;
            const at = document.activeElement;
            if (at === document.body || at?.id === 'place' || at?.tagName === 'ARTICLE') {
                composer.current?.focus();
            }
        };
        document.addEventListener('keydown', onKey);
        return () => document.removeEventListener('keydown', onKey);
    }, [composer]);
}

export function Conversation({ id }: { id: number }) {
    const { t } = useSpeech();
    const { trouble, retry } = useOpened(id);
    const room = useConversations((state) => state.byId.get(id));
    const window = useConversations((state) => state.timelines.get(id));
    const me = useSession((session) => session.me);
    const known = usePeople((people) => people.users.get(room?.peer?.id ?? 0));
    const peer = known ?? room?.peer;
    const [purpose, setPurpose] = useState<Purpose>({ kind: 'new' });
    const timeline = useRef<TimelineHandle>(null);
    const composer = useRef<ComposerHandle>(null);
    const myId = me?.id ?? 0;

    // Where the person was, as long as the conversation stays open.
    const [line, setLine] = useState<{ after: number | null } | null>(null);
    if (!line && room && window) {
        const read = room.receipts.find((each) => each.user === myId)?.read ?? 0;
        setLine({ after: room.unread > 0 ? read : null });
    }

    const isWide = matchMedia('(min-width: 48rem) and (hover: hover)').matches;
    useEffect(() => {
        if (isWide) composer.current?.focus();
    }, [isWide, peer?.id]);

    const reply = useCallback(
        (message: Message) => {
            const name = message.from === myId ? t.you : (peer?.display_name ?? '');
            setPurpose({ kind: 'reply', to: message, name });
            composer.current?.focus();
        },
        [myId, peer?.display_name, t],
    );
    const edit = useCallback((said: Said) => setPurpose({ kind: 'edit', said }), []);
    const takeBack = useCallback(
        (said: Said) => {
            if (said.message) return edit(said);
            // What is edited has borrowed the field: the draft is back before this joins it.
            flushSync(() => setPurpose((now) => (now.kind === 'edit' ? { kind: 'new' } : now)));
            composer.current?.insert(said.content);
            engine.outbox.discard(said.entry!.id);
        },
        [edit],
    );
    const leave = useCallback(() => composer.current?.focus(), []);

    const editLast = useCallback(() => {
        const own = timeline.current?.lastOwn();
        if (own) edit(own);
    }, [edit]);
    const toEnd = useCallback(() => timeline.current?.toEnd(), []);
    const toMessages = useCallback(() => timeline.current?.focus(), []);
    useTypingAnywhere(composer);

    const notice = trouble && (
        <Notice words={trouble.words}>
            <Button onClick={() => go('/', { replace: true })}>{t.back}</Button>
            {!trouble.isFinal && (
                <Button look="solid" onClick={retry}>
                    {t.retry}
                </Button>
            )}
        </Notice>
    );
    if (notice && (!room || (trouble.isFinal && !window))) return notice;
    if (!room || !peer || !me) {
        return (
            <div className="flex h-full flex-col" aria-busy="true">
                <BubbleSkeletons />
            </div>
        );
    }
    return (
        <div className="flex h-full flex-col">
            <Header peer={peer} conversation={id} />
            {window && line ? (
                <Timeline
                    ref={timeline}
                    room={room}
                    peer={peer}
                    window={window}
                    me={myId}
                    myName={t.you}
                    lineAfter={line.after}
                    onReply={reply}
                    onEdit={edit}
                    onTakeBack={takeBack}
                    onLeave={leave}
                />
            ) : (
                <div className="flex min-h-0 flex-1 flex-col">{notice ?? <BubbleSkeletons />}</div>
            )}
            <Composer
                ref={composer}
                conversation={id}
                name={peer.display_name}
                me={myId}
                purpose={purpose}
                onPurpose={setPurpose}
                onSent={toEnd}
                onEditLast={editLast}
                onUp={toMessages}
            />
        </div>
    );
}
