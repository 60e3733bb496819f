import { useEffect, useMemo, useRef } from 'react';
import { engine } from '@/lib/engine';
import { useSpeech } from '@/lib/texts';
import type { Message } from '@/protocol/types';
import { useConversations } from '@/store/state';
import type { Timeline } from '@/store/timeline';
import type { Quoted } from './Bubble';
import type { Row, Said } from './rows';

/**
 * What the messages on the screen answer. What is quoted and not in the window is asked for; until it
 * is here, and when there is none to be found, the answer is null.
 */
export function useQuotes(
    conversation: number,
    window: Timeline,
    seen: Row[],
    nameOf: (user: number) => string,
): (said: Said) => Quoted | null {
    const { t } = useSpeech();
    const found = useConversations((state) => state.quotes);
    const byId = useMemo(
        () => new Map(window.messages.map((message) => [message.id, message])),
        [window.messages],
    );
    const originalOf = (said: Said): Message | null | undefined =>
        said.replyTo === null ? null : (byId.get(said.replyTo) ?? found.get(said.replyTo));

    useEffect(() => {
        for (const row of seen) {
            if (row.kind !== 'said' || row.said.isDeleted) continue;
            if (originalOf(row.said) === undefined)
                engine.pages.quote(conversation, row.said.replyTo!);
        }
    });

    // The same object for the same words, so that a bubble is not drawn again for it.
    const made = useRef(new Map<string, Quoted>());
    return (said) => {
        const original = originalOf(said);
        if (!original) return null;
        const name = nameOf(original.from);
        const text = original.deleted ? t.messageDeleted : (original.content ?? '');
        const key = `${original.id}.${original.rev}.${name}.${t.messageDeleted}`;
        let quoted = made.current.get(key);
        if (!quoted) made.current.set(key, (quoted = { name, text }));
        return quoted;
    };
}
