import { useLayoutEffect, useState, type ComponentType, type ReactNode } from 'react';

/**
 * A part of the client that is loaded when it is first wanted, or before, by `load`. Not React's
 * `lazy`: that holds whatever comes soon after its fallback back for 300 ms, which was most of the
 * time of a reload. A part that cannot be loaded is a fault of the screen that wanted it.
 */
export function later<Props extends object>(fetch: () => Promise<ComponentType<Props>>) {
    let Part: ComponentType<Props> | null = null;
    let coming: Promise<void> | null = null;
    const load = () =>
        (coming ??= fetch().then(
            (part) => void (Part = part),
            (error: unknown) => {
                coming = null;
                throw error;
            },
        ));
    function Later({ fallback = null, ...props }: Props & { fallback?: ReactNode }) {
        const [, redraw] = useState<unknown>(null);
        useLayoutEffect(() => {
            if (Part) return;
            load().then(
                () => redraw({}),
                (error: unknown) =>
                    redraw(() => {
                        throw error;
                    }),
            );
        }, []);
        return Part ? <Part {...(props as unknown as Props)} /> : fallback;
    }
    return Object.assign(Later, { load });
}
