import type { ReactNode } from 'react';

/** A place with nothing to show: why, and the buttons that lead on. */
export function Notice({ words, children }: { words: string; children: ReactNode }) {
    return (
        <div
            role="alert"
            className="flex h-full flex-col items-center justify-center gap-4 p-6 text-center"
        >
            <h1>{words}</h1>
            <div className="flex gap-2">{children}</div>
        </div>
    );
}
