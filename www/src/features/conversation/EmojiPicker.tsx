import { EmojiPicker as Picker } from 'frimousse';
import { useEffect, useRef } from 'react';
import { useSpeech } from '@/lib/texts';

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
    useEffect(() => {
        box.current?.querySelector('input')?.focus();
        const outside = (event: PointerEvent) => {
            const form = box.current?.closest('form');
            if (!form?.contains(event.target as Node)) onClose();
        };
        document.addEventListener('pointerdown', outside);
        return () => document.removeEventListener('pointerdown', outside);
    }, [onClose]);
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
            className="appear absolute bottom-full left-2 z-30 mb-2 max-w-[calc(100vw-1rem)] rounded-2xl border border-line bg-raised shadow-[0_12px_36px_var(--shadow)]"
        >
            <Picker.Root
                locale={locale.startsWith('fr') ? 'fr' : 'en'}
                emojibaseUrl="/emoji"
                columns={8}
                onEmojiSelect={({ emoji }) => onPick(emoji)}
                className="flex h-80 w-[21rem] max-w-full flex-col"
            >
                <Picker.Search
                    aria-label={t.emojiSearch}
                    placeholder={t.emojiSearch}
                    className="field m-2 w-auto"
                />
                <Picker.Viewport className="scroll relative flex-1 outline-none">
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
                                    className="px-2"
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
