import { useEffect, useLayoutEffect, useState, type ComponentType, type ReactNode } from 'react';
import { speak, useSpeech } from '@/lib/texts';
import { toast } from '@/store/toasts';
import { Button } from './Button';

/**
 * A part of the client that is loaded when it is first wanted, or before, by `load`. Not React's
 * `lazy`: that holds whatever comes soon after its fallback back for 300 ms, which was most of the
 * time of a reload. Where a part cannot be loaded its place says so and offers to try again; a part
 * that can be closed (`onClose`) is closed instead, and the rest of the screen lives on.
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
        const [state, setState] = useState<'coming' | 'here' | 'missing'>('coming');
        const { onClose } = props as { onClose?: () => void };
        useLayoutEffect(() => {
            if (Part || state !== 'coming') return;
            load().then(
                () => setState('here'),
                () => setState('missing'),
            );
        }, [state]);
        useEffect(() => {
            if (state !== 'missing' || !onClose) return;
            toast(speak().t.partMissing, 'bad');
            onClose();
        }, [state, onClose]);
        if (Part) return <Part {...(props as unknown as Props)} />;
        if (state !== 'missing') return fallback;
        return onClose ? null : <Missing onRetry={() => setState('coming')} />;
    }
    return Object.assign(Later, { load });
}

function Missing({ onRetry }: { onRetry: () => void }) {
    const { t } = useSpeech();
    return (
        <div role="alert" className="flex h-full flex-col items-center justify-center gap-3 p-6">
            <p className="text-center text-muted">{t.partMissing}</p>
            <Button onClick={onRetry}>{t.retry}</Button>
        </div>
    );
}
