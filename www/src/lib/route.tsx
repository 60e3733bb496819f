import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from 'react';

// Where one is: the path of the address bar. Each step remembers the path that it came from, so that
// an arrow back is the browser's own step back where that leads to the same place, and people who
// use both do not walk in circles.

interface Step {
    from?: string;
}

const listeners = new Set<() => void>();

function listen(listener: () => void): () => void {
    listeners.add(listener);
    addEventListener('popstate', listener);
    return () => {
        listeners.delete(listener);
        removeEventListener('popstate', listener);
    };
}

const here = () => location.pathname;

/** The present path; whoever asks is drawn again when it changes. */
export const usePath = (): string => useSyncExternalStore(listen, here);

/** Goes to a path of Salon. A replaced step is forgotten: no way back leads to it. */
export function go(path: string, { replace = false } = {}): void {
    if (path === here() && !replace) return;
    const old = history.state as Step | null;
    const step: Step = replace ? { ...old } : { from: here() };
    history[replace ? 'replaceState' : 'pushState'](step, '', path);
    for (const listener of listeners) listener();
}

/** Back to the first of these places, or to whichever of them one came from. */
export function goBack(...places: [string, ...string[]]): void {
    const { from } = (history.state as Step | null) ?? {};
    if (from !== undefined && places.includes(from)) history.back();
    else go(places[0], { replace: true });
}

/** What follows `place` in the path, `/c/7` after `/c/`; null when one is elsewhere. */
export function within(path: string, place: string): string | null {
    if (!path.startsWith(place)) return null;
    const rest = path.slice(place.length).replace(/\/$/, '');
    return rest && !rest.includes('/') ? rest : null;
}

/** A link within Salon. New tabs and windows stay the browser's. */
export function Link({
    href,
    children,
    ...rest
}: AnchorHTMLAttributes<HTMLAnchorElement> & { href: string }) {
    function onClick(event: MouseEvent<HTMLAnchorElement>) {
        const isOther = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
        if (isOther || event.button !== 0) return;
        event.preventDefault();
        go(href);
    }
    return (
        <a href={href} onClick={onClick} {...rest}>
            {children}
        </a>
    );
}
