import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

/**
 * A long list of links of which only the visible ones exist. One Tab stop; arrows, Home and End
 * move inside. Each item has to hold one element with `data-item`, which gets the focus.
 */
export function VirtualList<T>({
    label,
    items,
    keyOf,
    row,
    height = 68,
    onVisible,
}: {
    label: string;
    items: readonly T[];
    keyOf: (item: T) => number;
    row: (item: T, tabIndex: 0 | -1) => ReactNode;
    height?: number;
    onVisible?: (first: number, last: number) => void;
}) {
    const scroller = useRef<HTMLDivElement>(null);
    const [active, setActive] = useState(0);
    const wanted = useRef<number | null>(null);
    const list = useVirtualizer({
        count: items.length,
        getScrollElement: () => scroller.current,
        estimateSize: () => height,
        getItemKey: (index) => keyOf(items[index]!),
        overscan: 6,
    });
    const visible = list.getVirtualItems();
    const first = visible[0]?.index ?? 0;
    const last = visible.at(-1)?.index ?? 0;
    const tabStop = active >= first && active <= last ? active : first;

    useEffect(() => {
        if (items.length > 0) onVisible?.(first, last);
    }, [first, last, items, onVisible]);

    useEffect(() => {
        if (wanted.current === null) return;
        const item = scroller.current?.querySelector<HTMLElement>(
            `[data-index="${wanted.current}"] [data-item]`,
        );
        if (!item) return;
        wanted.current = null;
        item.focus({ preventScroll: true });
    });

    function onKeyDown(event: KeyboardEvent) {
        const steps: Record<string, number> = {
            ArrowDown: tabStop + 1,
            ArrowUp: tabStop - 1,
            PageDown: tabStop + 8,
            PageUp: tabStop - 8,
            Home: 0,
            End: items.length - 1,
        };
        if (!(event.key in steps)) return;
        event.preventDefault();
        const to = Math.max(0, Math.min(items.length - 1, steps[event.key]!));
        wanted.current = to;
        setActive(to);
        list.scrollToIndex(to, { align: 'auto' });
    }

    return (
        <div ref={scroller} className="scroll min-h-0 flex-1">
            <ul
                aria-label={label}
                onKeyDown={onKeyDown}
                className="relative"
                style={{ height: list.getTotalSize() }}
            >
                {visible.map((item) => (
                    <li
                        key={item.key}
                        ref={list.measureElement}
                        data-index={item.index}
                        className="absolute inset-x-0 top-0 px-2"
                        style={{ transform: `translateY(${item.start}px)` }}
                        onFocus={() => setActive(item.index)}
                    >
                        {row(items[item.index]!, item.index === tabStop ? 0 : -1)}
                    </li>
                ))}
            </ul>
        </div>
    );
}
