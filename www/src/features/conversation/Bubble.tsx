import { Ellipsis, Reply } from 'lucide-react';
import { memo, useId, type KeyboardEvent, type MouseEvent, type ReactNode } from 'react';
import type { Anchor } from '@/components/ui/Menu';
import { TickMark } from '@/components/ui/TickMark';
import { engine } from '@/lib/engine';
import { isBig, Markdown, plain } from '@/lib/markdown';
import { explain, useSpeech } from '@/lib/texts';
import { clock, full } from '@/lib/time';
import { Problem } from '@/protocol/http';
import type { Message } from '@/protocol/types';
import { useLongPress } from './press';
import type { Said } from './rows';

// One message: what was said, when, and how far it has come.

export interface Quoted {
    name: string;
    text: string;
}

interface Props {
    said: Said;
    isOwn: boolean;
    isFirst: boolean;
    isLast: boolean;
    name: string;
    quoted: Quoted | null;
    tabIndex: 0 | -1;
    isFlashed: boolean;
    onMenu: (said: Said, at: Anchor) => void;
    onJump: (message: number) => void;
    onReply: (message: Message) => void;
    onTakeBack: (said: Said) => void;
}

function Foot({ said, isOwn }: { said: Said; isOwn: boolean }) {
    const speech = useSpeech();
    return (
        <span
            className={`float-right mt-1.5 -mb-0.5 ml-3 flex translate-y-0.5 items-center gap-1 text-xs whitespace-nowrap ${isOwn && !said.isDeleted ? 'text-own-quiet' : 'text-muted'}`}
        >
            {said.isEdited && !said.isDeleted && <span>{speech.t.edited}</span>}
            <time
                dateTime={new Date(said.timestamp).toISOString()}
                title={full(said.timestamp, speech)}
            >
                {clock(said.timestamp, speech)}
            </time>
            {said.tick && <TickMark tick={said.tick} />}
        </span>
    );
}

function Trouble({ said, onTakeBack }: { said: Said; onTakeBack: Props['onTakeBack'] }) {
    const speech = useSpeech();
    const { t } = speech;
    const entry = said.entry!;
    let why = explain(new Problem(entry.code ?? '', entry.detail ?? ''), speech);
    if (entry.kind === 'edit' && entry.code === 'forbidden') why = t.editWindow;
    // The limit is the server's own, and is named by its refusal.
    const isTooLong = entry.code === 'too_large';
    const most = /\d+/.exec(entry.detail ?? '')?.[0];
    if (isTooLong && most) why = t.tooLong(most);
    const button = 'rounded px-1 font-medium underline underline-offset-2';
    return (
        <div role="alert" className="mt-1 max-w-full text-right text-sm text-danger">
            <span>
                {t.failed}. {why}
            </span>{' '}
            <span className="inline-flex flex-wrap gap-1">
                {!isTooLong && (
                    <button
                        type="button"
                        className={button}
                        onClick={() => engine.outbox.retry(entry.id)}
                    >
                        {t.retry}
                    </button>
                )}
                {entry.kind !== 'delete' && (
                    <button type="button" className={button} onClick={() => onTakeBack(said)}>
                        {t.edit}
                    </button>
                )}
                <button
                    type="button"
                    className={button}
                    onClick={() => engine.outbox.discard(entry.id)}
                >
                    {t.discard}
                </button>
            </span>
        </div>
    );
}

function cornersOf(isOwn: boolean, isFirst: boolean, isLast: boolean): string {
    if (isOwn)
        return `${isFirst ? '' : 'rounded-tr-md'} ${isLast ? 'rounded-br-sm' : 'rounded-br-md'}`;
    return `${isFirst ? '' : 'rounded-tl-md'} ${isLast ? 'rounded-bl-sm' : 'rounded-bl-md'}`;
}

function anchorOf(element: Element): Anchor {
    const box = element.getBoundingClientRect();
    return { x: box.left, y: box.bottom + 4 };
}

export const Bubble = memo(function Bubble(props: Props) {
    const { said, isOwn, isFirst, isLast, name, quoted, tabIndex, isFlashed, onMenu } = props;
    const { t } = useSpeech();
    const id = useId();
    const text = said.isDeleted ? t.messageDeleted : said.content;
    const isLarge = !said.isDeleted && !said.replyTo && isBig(said.content);
    const hasActions = !said.isDeleted && said.message !== null;

    function onKeyDown(event: KeyboardEvent<HTMLElement>) {
        if (event.target !== event.currentTarget || !hasActions) return;
        const isMenuKey = event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey);
        if (event.key !== 'Enter' && event.key !== ' ' && !isMenuKey) return;
        event.preventDefault();
        onMenu(said, anchorOf(event.currentTarget.querySelector('[data-bubble]')!));
    }
    // What the browser offers for a link or for chosen words is better than the menu.
    function onContextMenu(event: MouseEvent<HTMLElement>) {
        const isTaken = (event.target as Element).closest('a') || getSelection()?.toString();
        if (!hasActions || isTaken) return;
        event.preventDefault();
        onMenu(said, { x: event.clientX, y: event.clientY });
    }
    const press = useLongPress((at) => hasActions && onMenu(said, at));

    let look = isOwn ? 'bg-own text-white [--read:#7fe7ff]' : 'bg-other text-ink';
    if (said.isDeleted) look = 'border border-line text-muted italic';
    else if (isLarge) look = 'text-ink';
    return (
        <article
            tabIndex={tabIndex}
            aria-label={name}
            aria-describedby={id}
            onKeyDown={onKeyDown}
            data-own={isOwn}
            className={`group flex flex-col px-3 sm:px-5 ${isOwn ? 'items-end' : 'items-start'} ${isFirst ? 'pt-2.5' : 'pt-0.5'} outline-none`}
        >
            <div
                className={`flex max-w-full items-center gap-1 ${isOwn ? 'flex-row-reverse' : ''}`}
            >
                <div
                    id={id}
                    data-bubble
                    onContextMenu={onContextMenu}
                    {...press}
                    className={`said ${isLarge ? 'flex items-end' : 'flow-root'} max-w-[min(36rem,78vw)] min-w-0 rounded-2xl px-3.5 py-2 leading-snug group-focus-visible:outline-2 group-focus-visible:outline-offset-2 group-focus-visible:outline-accent md:max-w-[min(36rem,52vw)] ${look} ${cornersOf(isOwn, isFirst, isLast)} ${isFlashed ? 'ring-3 ring-away' : ''}`}
                >
                    {said.replyTo !== null && !said.isDeleted && (
                        <Quote quoted={quoted} onJump={() => props.onJump(said.replyTo!)} />
                    )}
                    {isLarge ? (
                        <span className="-ml-2 text-5xl leading-tight">{text}</span>
                    ) : said.isDeleted ? (
                        <span>{text}</span>
                    ) : (
                        <Markdown text={text} />
                    )}
                    <Foot said={said} isOwn={isOwn && !isLarge} />
                </div>
                {hasActions && (
                    <div
                        className={`flex shrink-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 [@media(hover:none)]:hidden ${isOwn ? 'flex-row-reverse' : ''}`}
                    >
                        <BubbleButton label={t.reply} onPress={() => props.onReply(said.message!)}>
                            <Reply size={18} />
                        </BubbleButton>
                        <BubbleButton
                            label={t.actions}
                            onPress={(button) => onMenu(said, anchorOf(button))}
                        >
                            <Ellipsis size={18} />
                        </BubbleButton>
                    </div>
                )}
            </div>
            {said.tick === 'failed' && said.entry && (
                <Trouble said={said} onTakeBack={props.onTakeBack} />
            )}
        </article>
    );
});

/** For the pointer: who uses the keyboard has the menu. */
function BubbleButton({
    label,
    onPress,
    children,
}: {
    label: string;
    onPress: (button: Element) => void;
    children: ReactNode;
}) {
    return (
        <button
            type="button"
            tabIndex={-1}
            aria-label={label}
            title={label}
            onClick={(event) => onPress(event.currentTarget)}
            className="flex size-8 items-center justify-center rounded-full text-muted hover:bg-hover hover:text-ink"
        >
            {children}
        </button>
    );
}

/** The menu has a way there too. */
function Quote({ quoted, onJump }: { quoted: Quoted | null; onJump: () => void }) {
    const { t } = useSpeech();
    return (
        <button
            type="button"
            tabIndex={-1}
            disabled={!quoted}
            onClick={onJump}
            className="mb-1.5 block w-full min-w-0 rounded-lg border-l-3 border-current bg-current/10 px-2.5 py-1 text-left text-sm"
        >
            <span className="text-inherit">
                <span className="block truncate font-semibold">
                    {quoted?.name ?? t.originalGone}
                </span>
                {quoted && <span className="line-clamp-2 break-words">{plain(quoted.text)}</span>}
            </span>
        </button>
    );
}
