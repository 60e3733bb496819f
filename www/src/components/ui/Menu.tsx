import {
    useEffect,
    useLayoutEffect,
    useRef,
    useState,
    type KeyboardEvent,
    type ReactNode,
} from 'react';

export interface MenuItem {
    label: string;
    icon: ReactNode;
    onChoose: () => void;
    isDangerous?: boolean;
}

export interface Anchor {
    x: number;
    y: number;
}

/**
 * A menu at a point of the window (WAI-ARIA menu pattern): arrows, Home and End move, Escape and a
 * press outside close. Whoever opens it gets the focus back.
 */
export function Menu({
    label,
    items,
    at,
    onClose,
}: {
    label: string;
    items: MenuItem[];
    at: Anchor;
    onClose: () => void;
}) {
    const menu = useRef<HTMLDivElement>(null);
    const [place, setPlace] = useState<Anchor>(at);
    const close = useRef(onClose);
    close.current = onClose;

    useLayoutEffect(() => {
        const { width, height } = menu.current!.getBoundingClientRect();
        setPlace({
            x: Math.max(8, Math.min(at.x, innerWidth - width - 8)),
            y: at.y + height + 8 > innerHeight ? Math.max(8, at.y - height) : at.y,
        });
    }, [at]);

    useEffect(() => {
        const before = document.activeElement as HTMLElement | null;
        menu.current?.querySelector<HTMLElement>('[role=menuitem]')?.focus();
        const outside = (event: PointerEvent) => {
            if (!menu.current?.contains(event.target as Node)) close.current();
        };
        document.addEventListener('pointerdown', outside);
        return () => {
            document.removeEventListener('pointerdown', outside);
            if (document.activeElement === document.body || !document.activeElement) {
                before?.focus();
            }
        };
    }, []);

    function onKeyDown(event: KeyboardEvent) {
        const all = [...menu.current!.querySelectorAll<HTMLElement>('[role=menuitem]')];
        const now = all.indexOf(document.activeElement as HTMLElement);
        const moves: Record<string, number> = {
            ArrowDown: (now + 1) % all.length,
            ArrowUp: (now - 1 + all.length) % all.length,
            Home: 0,
            End: all.length - 1,
        };
        if (event.key === 'Escape' || event.key === 'Tab') onClose();
        else if (event.key in moves) all[moves[event.key]!]?.focus();
        else return;
        event.preventDefault();
        event.stopPropagation();
    }

    return (
        <div
            ref={menu}
            role="menu"
            aria-label={label}
            tabIndex={-1}
            onKeyDown={onKeyDown}
            style={{ left: place.x, top: place.y }}
            className="appear fixed z-40 w-max max-w-[calc(100vw-1rem)] min-w-44 rounded-xl border border-line bg-raised p-1.5 shadow-[0_12px_36px_var(--shadow)]"
        >
            {items.map((item) => (
                <button
                    key={item.label}
                    type="button"
                    role="menuitem"
                    tabIndex={-1}
                    className={`flex w-full items-center gap-3 rounded-lg px-3 py-2 text-left text-sm hover:bg-hover focus-visible:bg-hover ${item.isDangerous ? 'text-danger' : ''}`}
                    onClick={() => {
                        onClose();
                        item.onChoose();
                    }}
                >
                    {item.icon}
                    {item.label}
                </button>
            ))}
        </div>
    );
}
