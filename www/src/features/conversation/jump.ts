import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { engine } from '@/lib/engine';
import { explain, speak } from '@/lib/texts';
import { toast } from '@/store/toasts';
import type { Row } from './rows';

const flashing = 1600;

/**
 * The way to one message, wherever in the history it is: what is not in the window is read around it
 * first. `show` brings a row to the middle of the screen; the message is marked for a moment.
 */
export function useJump(conversation: number, rows: Row[], show: (place: number) => void) {
    const [goal, setGoal] = useState<number | null>(null);
    const [flashed, setFlashed] = useState<number | null>(null);
    const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
    useEffect(() => () => clearTimeout(timer.current), []);

    const jump = useCallback(
        (message: number) => {
            engine.pages.around(conversation, message).then(
                (isThere) => {
                    if (isThere) setGoal(message);
                    else toast(speak().t.messageGone);
                },
                (error: unknown) => toast(explain(error, speak()), 'bad'),
            );
        },
        [conversation],
    );

    useLayoutEffect(() => {
        if (goal === null) return;
        const isGoal = (row: Row) => row.kind === 'said' && row.said.message?.id === goal;
        const place = rows.findIndex(isGoal);
        if (place < 0) return;
        setGoal(null);
        show(place);
        setFlashed(goal);
        clearTimeout(timer.current);
        timer.current = setTimeout(() => setFlashed(null), flashing);
    }, [goal, rows, show]);

    return { jump, flashed };
}
