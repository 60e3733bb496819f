import {
    defaultEmojiDataResolver,
    EmojiPicker as Picker,
    type EmojiDataResolver,
} from 'frimousse';
import { useEffect, useLayoutEffect, useRef, useState, type ChangeEvent } from 'react';
import { fold } from '@/lib/fold';
import { useSpeech } from '@/lib/texts';
import { findable } from './emojiSearch';

const readEmojis: EmojiDataResolver = async (locale, options) =>
    findable(await defaultEmojiDataResolver(locale, options));

/** The picker reads what to look for from the event; the field keeps what was typed. */
function foldSearch(event: ChangeEvent<HTMLInputElement>) {
    Object.assign(event, { target: { value: fold(event.target.value) } });
}

interface Room {
    columns: number;
    height: number;
    bottom: number | '100%';
}

/** What fits: letters may be large and the screen small, and the composer grows with its text. */
function roomOf(list: HTMLElement, form: HTMLElement): Room {
    const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
    const { top, bottom } = form.getBoundingClientRect();
    const columns = Math.floor((list.clientWidth - 0.5 * rem) / (2.5 * rem));
    // With hardly any room above the composer, the picker goes over it and leaves a strip to tap.
    const isOver = top < 10 * rem;
    const room = isOver ? Math.min(bottom, window.innerHeight) - 2 * rem : top - rem;
    return {
        columns: Math.max(1, Math.min(8, columns)),
        height: Math.min(20 * rem, room),
        bottom: isOver ? Math.max(0, bottom - window.innerHeight) : '100%',
    };
}

/** A picker above the composer. Its data is Salon's own file, read when it is first opened. */
export function EmojiPicker({
    onPick,
    onClose,
}: {
    onPick: (emoji: string) => void;
    onClose: () => void;
}) {
    const { t, locale } = useSpeech();
    const box = useRef<HTMLDivElement>(null);
    const [room, setRoom] = useState<Room>();
    const close = useRef(onClose);
    close.current = onClose;
    useLayoutEffect(() => {
        const own = box.current!;
        const form = own.closest('form')!;
        const list = own.querySelector<HTMLElement>('[frimousse-viewport]')!;
        const measure = () => setRoom(roomOf(list, form));
        measure();
        const sizes = new ResizeObserver(measure);
        sizes.observe(list);
        sizes.observe(form);
        window.addEventListener('resize', measure);
        return () => {
            sizes.disconnect();
            window.removeEventListener('resize', measure);
        };
    }, []);
    useEffect(() => {
        box.current?.querySelector('input')?.focus();
        const outside = (event: PointerEvent) => {
            const form = box.current?.closest('form');
            if (!form?.contains(event.target as Node)) close.current();
        };
        document.addEventListener('pointerdown', outside);
        return () => document.removeEventListener('pointerdown', outside);
    }, []);
    return (
        <div
            ref={box}
            role="dialog"
            aria-label={t.emoji}
            onKeyDown={(event) => {
                if (event.key !== 'Escape') return;
                event.stopPropagation();
                onClose();
            }}
            style={{ height: room?.height, bottom: room?.bottom }}
            className="appear absolute left-2 z-30 mb-2 w-[22rem] max-w-[calc(100%-1rem)] overflow-hidden rounded-2xl border border-line bg-raised shadow-[0_12px_36px_var(--shadow)]"
        >
            <Picker.Root
                locale={locale.startsWith('fr') ? 'fr' : 'en'}
                emojibaseUrl="/emoji"
                resolveEmojiData={readEmojis}
                columns={room?.columns ?? 8}
                onEmojiSelect={({ emoji }) => onPick(emoji)}
                className="flex h-full flex-col"
            >
                <Picker.Search
                    aria-label={t.emojiSearch}
                    placeholder={t.emojiSearch}
                    onChange={foldSearch}
                    className="field m-2 w-auto shrink-0"
                />
                <Picker.Viewport className="scroll relative min-h-0 flex-1 outline-none">
                    <Picker.Loading className="absolute inset-0 flex items-center justify-center text-sm text-muted">
                        {t.working}
                    </Picker.Loading>
                    <Picker.Empty className="absolute inset-0 flex items-center justify-center text-sm text-muted">
                        {t.emojiNone}
                    </Picker.Empty>
                    <Picker.List
                        className="pb-1 select-none"
                        components={{
                            CategoryHeader: ({ category, ...rest }) => (
                                <div
                                    className="bg-raised px-3 py-1.5 text-xs font-medium text-muted"
                                    {...rest}
                                >
                                    {category.label}
                                </div>
                            ),
                            // ARIA counts from one, the picker from nought.
                            Row: ({ children, ...rest }) => (
                                <div
                                    className="px-1"
                                    {...rest}
                                    aria-rowindex={(rest['aria-rowindex'] ?? 0) + 1}
                                >
                                    {children}
                                </div>
                            ),
                            Emoji: ({ emoji, ...rest }) => (
                                <button
                                    {...rest}
                                    role="gridcell"
                                    aria-colindex={(rest['aria-colindex'] ?? 0) + 1}
                                    type="button"
                                    className={`flex size-10 items-center justify-center rounded-lg text-2xl ${emoji.isActive ? 'bg-chosen' : ''}`}
                                >
                                    {emoji.emoji}
                                </button>
                            ),
                        }}
                    />
                </Picker.Viewport>
            </Picker.Root>
        </div>
    );
}
