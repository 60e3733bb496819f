import { useEffect, useRef, type TouchEvent } from 'react';
import type { Anchor } from '@/components/ui/Menu';

const long = 450;
/** Pixels that a finger may move while it rests. */
const tremor = 10;

/**
 * A finger that rests on something, for browsers that make no `contextmenu` of it (iOS); where one
 * comes as well, it finds the same menu open. Links keep what the browser does with them.
 */
export function useLongPress(onPress: (at: Anchor) => void) {
    const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
    const start = useRef<Anchor>({ x: 0, y: 0 });
    const stop = () => clearTimeout(timer.current);
    useEffect(() => stop, []);
    return {
        onTouchStart(event: TouchEvent) {
            stop();
            if (event.touches.length > 1 || (event.target as Element).closest('a,button')) return;
            const { clientX: x, clientY: y } = event.touches[0]!;
            start.current = { x, y };
            timer.current = setTimeout(() => {
                navigator.vibrate?.(10);
                onPress({ x, y });
            }, long);
        },
        onTouchMove(event: TouchEvent) {
            const { clientX, clientY } = event.touches[0]!;
            const { x, y } = start.current;
            if (Math.hypot(clientX - x, clientY - y) > tremor) stop();
        },
        onTouchEnd: stop,
        onTouchCancel: stop,
    };
}
