import {
    Bold,
    Code,
    Eye,
    Italic,
    Link2,
    List,
    Pencil,
    Quote,
    Reply,
    SendHorizontal,
    Smile,
    SquareCode,
    Type,
    X,
} from 'lucide-react';
import {
    memo,
    useCallback,
    useEffect,
    useImperativeHandle,
    useLayoutEffect,
    useRef,
    useState,
    type ClipboardEvent,
    type KeyboardEvent,
    type Ref,
} from 'react';
import { IconButton } from '@/components/ui/Button';
import { later } from '@/components/ui/later';
import { engine } from '@/lib/engine';
import { Markdown, plain } from '@/lib/markdown';
import { useSpeech } from '@/lib/texts';
import { uuid7 } from '@/protocol/ids';
import type { Message } from '@/protocol/types';
import { draftOf, keepDraft } from '@/store/drafts';
import { useSettings } from '@/store/settings';
import { amend } from './amend';
import type { Said } from './rows';

const EmojiPicker = later(() => import('./EmojiPicker').then((part) => part.EmojiPicker));

// Where one writes. Each key is kept as the conversation's draft; what is sent goes to the outbox,
// which shows it and never loses it.

export type Purpose =
    | { kind: 'new' }
    | { kind: 'reply'; to: Message; name: string }
    | { kind: 'edit'; said: Said };

export interface ComposerHandle {
    focus: () => void;
    insert: (text: string) => void;
}

interface Props {
    conversation: number;
    name: string;
    me: number;
    purpose: Purpose;
    onPurpose: (purpose: Purpose) => void;
    onSent: () => void;
    onEditLast: () => void;
    onUp: () => void;
    ref: Ref<ComposerHandle>;
}

const tallest = 220;
/** Where the style sheet makes the field as tall as its text, nothing has to be measured. */
const growsByItself = CSS.supports('field-sizing', 'content');
const typingEvery = 3000;
const typingPause = 4000;

/** Types into the field as a person would, so that undo works. */
function typeInto(field: HTMLTextAreaElement, text: string): void {
    field.focus();
    if (!document.execCommand('insertText', false, text)) {
        field.setRangeText(text, field.selectionStart, field.selectionEnd, 'end');
        field.dispatchEvent(new Event('input', { bubbles: true }));
    }
}

function wrap(field: HTMLTextAreaElement, before: string, after: string): void {
    const { selectionStart: start, selectionEnd: end, value } = field;
    typeInto(field, before + value.slice(start, end) + after);
    const at = start + before.length;
    field.setSelectionRange(at, at + (end - start));
}

function prefix(field: HTMLTextAreaElement, mark: string): void {
    const { selectionStart, selectionEnd, value } = field;
    const start = value.lastIndexOf('\n', selectionStart - 1) + 1;
    field.setSelectionRange(start, selectionEnd);
    const lines = value.slice(start, selectionEnd).split('\n');
    typeInto(field, lines.map((line) => mark + line).join('\n'));
}

function useTyping(conversation: number) {
    const told = useRef(0);
    const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
    const stop = useCallback(() => {
        clearTimeout(timer.current);
        if (told.current) engine.typing(conversation, false);
        told.current = 0;
    }, [conversation]);
    const go = useCallback(() => {
        if (Date.now() - told.current > typingEvery) {
            told.current = Date.now();
            engine.typing(conversation, true);
        }
        clearTimeout(timer.current);
        timer.current = setTimeout(stop, typingPause);
    }, [conversation, stop]);
    useEffect(() => stop, [stop]);
    return { go, stop };
}

export const Composer = memo(function Composer(props: Props) {
    const { conversation, name, me, purpose, onPurpose } = props;
    const { t } = useSpeech();
    const enterSends = useSettings((settings) => settings.enterSends);
    const [text, setText] = useState(() => draftOf(me, conversation));
    const [isFormatting, setFormatting] = useState(false);
    const [isPreview, setPreview] = useState(false);
    const [hasEmoji, setEmoji] = useState(false);
    const field = useRef<HTMLTextAreaElement>(null);
    const typing = useTyping(conversation);
    const editing = purpose.kind === 'edit' ? purpose.said : null;

    useImperativeHandle(
        props.ref,
        () => ({
            focus: () => field.current?.focus(),
            insert: (more) => typeInto(field.current!, more),
        }),
        [],
    );

    // An edit borrows the field; the draft comes back afterwards. Both in the same drawing, so that
    // no key comes between.
    const [borrower, setBorrower] = useState<Said | null>(null);
    if (borrower !== editing) {
        setBorrower(editing);
        setText(editing ? editing.content : draftOf(me, conversation));
    }
    useLayoutEffect(() => {
        if (!editing || !field.current) return;
        const end = field.current.value.length;
        field.current.focus();
        field.current.setSelectionRange(end, end);
    }, [editing]);

    useLayoutEffect(() => {
        const area = field.current;
        if (!area || growsByItself) return;
        area.style.height = 'auto';
        area.style.height = `${Math.min(tallest, area.scrollHeight)}px`;
    }, [text, isPreview]);

    function change(next: string) {
        setText(next);
        if (editing) return;
        keepDraft(me, conversation, next);
        if (next.trim()) typing.go();
        else typing.stop();
    }

    function send() {
        const content = text.trim();
        if (!content) return;
        setPreview(false);
        setEmoji(false);
        if (editing) {
            amend(editing, content);
            onPurpose({ kind: 'new' });
        } else {
            engine.send(
                conversation,
                content,
                purpose.kind === 'reply' ? purpose.to.id : null,
                uuid7(),
            );
            keepDraft(me, conversation, '');
            setText('');
            typing.stop();
            if (purpose.kind !== 'new') onPurpose({ kind: 'new' });
            props.onSent();
        }
        field.current?.focus();
    }

    const marks: Record<string, () => void> = {
        b: () => wrap(field.current!, '**', '**'),
        i: () => wrap(field.current!, '*', '*'),
        e: () => wrap(field.current!, '`', '`'),
        k: () => wrap(field.current!, '[', '](https://)'),
    };

    function onKeyDown(event: KeyboardEvent<HTMLTextAreaElement>) {
        // The key that ends a composition belongs to it; Safari tells by the code of old alone.
        if (event.nativeEvent.isComposing || event.keyCode === 229) return;
        const isPlain = !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
        const isCommand = (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey;
        if (event.key === 'Enter') {
            if (isCommand || (enterSends ? isPlain : event.shiftKey)) {
                event.preventDefault();
                send();
            }
        } else if (event.key === 'Escape' && (hasEmoji || purpose.kind !== 'new')) {
            event.preventDefault();
            if (hasEmoji) setEmoji(false);
            else onPurpose({ kind: 'new' });
        } else if (event.key === 'ArrowUp' && isPlain && !text) {
            event.preventDefault();
            props.onEditLast();
        } else if (event.key === 'PageUp' && !text) {
            event.preventDefault();
            props.onUp();
        } else if (isCommand && event.key in marks) {
            // Without chosen words it is the search for people, as everywhere else.
            const { selectionStart, selectionEnd } = event.currentTarget;
            if (event.key === 'k' && selectionStart === selectionEnd) return;
            event.preventDefault();
            event.stopPropagation();
            marks[event.key]!();
        }
    }

    /** An address that is pasted over chosen words becomes their link. */
    function onPaste(event: ClipboardEvent<HTMLTextAreaElement>) {
        const { selectionStart, selectionEnd, value } = event.currentTarget;
        const words = value.slice(selectionStart, selectionEnd);
        const address = event.clipboardData.getData('text/plain').trim();
        if (!words || /[[\]\n]|:\/\//.test(words) || !/^https?:\/\/[^\s<>()]+$/.test(address))
            return;
        event.preventDefault();
        typeInto(event.currentTarget, `[${words}](${address})`);
    }

    const tools = [
        { label: `${t.bold} (Ctrl+B)`, icon: <Bold size={18} />, use: marks['b']! },
        { label: `${t.italic} (Ctrl+I)`, icon: <Italic size={18} />, use: marks['i']! },
        { label: `${t.code} (Ctrl+E)`, icon: <Code size={18} />, use: marks['e']! },
        {
            label: t.codeBlock,
            icon: <SquareCode size={18} />,
            use: () => wrap(field.current!, '```\n', '\n```'),
        },
        { label: `${t.link} (Ctrl+K)`, icon: <Link2 size={18} />, use: marks['k']! },
        { label: t.quote, icon: <Quote size={18} />, use: () => prefix(field.current!, '> ') },
        { label: t.list, icon: <List size={18} />, use: () => prefix(field.current!, '- ') },
    ];

    return (
        <form
            className="@container relative border-t border-line bg-surface px-2 pt-2 pb-[max(0.5rem,env(safe-area-inset-bottom))] sm:px-3"
            onSubmit={(event) => {
                event.preventDefault();
                send();
            }}
        >
            {purpose.kind !== 'new' && (
                <PurposeLine purpose={purpose} onCancel={() => onPurpose({ kind: 'new' })} />
            )}
            {isFormatting && (
                <div role="toolbar" aria-label={t.formatting} className="flex flex-wrap">
                    {tools.map((tool) => (
                        <IconButton
                            key={tool.label}
                            label={tool.label}
                            disabled={isPreview}
                            onClick={tool.use}
                        >
                            {tool.icon}
                        </IconButton>
                    ))}
                    <IconButton
                        label={t.preview}
                        aria-pressed={isPreview}
                        className={isPreview ? 'bg-chosen text-accent' : ''}
                        onClick={() => setPreview(!isPreview)}
                    >
                        <Eye size={18} />
                    </IconButton>
                </div>
            )}
            {isPreview && (
                <div
                    data-preview
                    aria-label={t.preview}
                    role="region"
                    tabIndex={0}
                    className="scroll mb-2 max-h-[min(13rem,25dvh)] min-h-12 rounded-xl border border-line px-3.5 py-2.5"
                >
                    <Markdown text={text} />
                </div>
            )}
            <div className="flex flex-wrap items-end justify-end gap-1">
                <IconButton
                    label={t.formatting}
                    aria-pressed={isFormatting}
                    className={isFormatting ? 'text-accent' : ''}
                    onClick={() => {
                        setFormatting(!isFormatting);
                        setPreview(false);
                    }}
                >
                    <Type size={20} />
                </IconButton>
                <IconButton
                    label={t.emoji}
                    aria-expanded={hasEmoji}
                    onClick={() => setEmoji(!hasEmoji)}
                >
                    <Smile size={20} />
                </IconButton>
                <textarea
                    ref={field}
                    rows={1}
                    value={text}
                    aria-label={t.composer(name)}
                    placeholder={t.composerHint}
                    className={`scroll max-h-[min(220px,30dvh)] min-h-10 min-w-32 flex-1 @max-[18rem]:order-first @max-[18rem]:basis-full field-sizing-content resize-none rounded-2xl border border-edge bg-surface px-3.5 py-2 text-base leading-[1.4] placeholder:text-muted focus-visible:outline-offset-[-1px] ${isPreview ? '@max-[18rem]:hidden' : ''}`}
                    onChange={(event) => change(event.target.value)}
                    onKeyDown={onKeyDown}
                    onPaste={onPaste}
                    onBlur={typing.stop}
                    enterKeyHint={enterSends ? 'send' : 'enter'}
                />
                <button
                    type="submit"
                    // The field keeps the focus, and a phone its keyboard.
                    onPointerDown={(event) => event.preventDefault()}
                    aria-label={editing ? t.save : t.send}
                    title={editing ? t.save : t.send}
                    disabled={!text.trim()}
                    className="flex size-10 shrink-0 items-center justify-center rounded-full bg-solid text-white transition-opacity hover:bg-solid-hover disabled:opacity-40"
                >
                    <SendHorizontal size={19} />
                </button>
            </div>
            {hasEmoji && (
                <EmojiPicker
                    onPick={(emoji) => typeInto(field.current!, emoji)}
                    onClose={() => {
                        setEmoji(false);
                        field.current?.focus();
                    }}
                />
            )}
        </form>
    );
});

function PurposeLine({
    purpose,
    onCancel,
}: {
    purpose: Exclude<Purpose, { kind: 'new' }>;
    onCancel: () => void;
}) {
    const { t } = useSpeech();
    const isReply = purpose.kind === 'reply';
    const text = isReply ? purpose.to.content : purpose.said.content;
    return (
        <div className="mb-2 flex items-center gap-3 rounded-xl border-l-3 border-accent bg-hover py-1 pr-1 pl-3 text-sm">
            <span className="text-accent" aria-hidden="true">
                {isReply ? <Reply size={18} /> : <Pencil size={18} />}
            </span>
            <div className="min-w-0 flex-1">
                <p className="font-medium">{isReply ? t.replyTo(purpose.name) : t.editing}</p>
                <p className="truncate text-muted">{plain(text ?? '')}</p>
            </div>
            <IconButton label={isReply ? t.cancelReply : t.cancel} onClick={onCancel}>
                <X size={18} />
            </IconButton>
        </div>
    );
}
