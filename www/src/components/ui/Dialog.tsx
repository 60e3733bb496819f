import { useEffect, useId, useRef, type ReactNode } from 'react';
import { Button } from './Button';
import { useSpeech } from '@/lib/texts';

/** A question that has to be answered first. The browser's own modal keeps the focus inside. */
export function Confirm({
    title,
    children,
    yes,
    onYes,
    onClose,
}: {
    title: string;
    children?: ReactNode;
    yes: string;
    onYes: () => void;
    onClose: () => void;
}) {
    const dialog = useRef<HTMLDialogElement>(null);
    const id = useId();
    const { t } = useSpeech();
    useEffect(() => dialog.current?.showModal(), []);
    return (
        <dialog
            ref={dialog}
            aria-labelledby={id}
            className="appear w-96 max-w-[calc(100vw-2rem)] rounded-2xl bg-raised p-6 shadow-[0_16px_48px_var(--shadow)]"
            onClose={onClose}
            onClick={(event) => event.target === dialog.current && dialog.current.close()}
        >
            <h2 id={id} className="text-lg font-semibold">
                {title}
            </h2>
            {children && <div className="mt-2 text-sm text-muted">{children}</div>}
            <div className="mt-6 flex flex-wrap justify-end gap-2">
                <Button onClick={() => dialog.current?.close()}>{t.cancel}</Button>
                <Button
                    look="danger"
                    onClick={() => {
                        dialog.current?.close();
                        onYes();
                    }}
                >
                    {yes}
                </Button>
            </div>
        </dialog>
    );
}
