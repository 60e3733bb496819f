import { useSpeech } from '@/lib/texts';

const command = /Mac|iP(hone|ad)/.test(navigator.platform) ? '⌘' : 'Ctrl';

/** What can be done without the mouse, for who has a keyboard. */
export function Keys() {
    const { t } = useSpeech();
    const keys: [string, string][] = [
        [`${command} K`, t.keySearch],
        ['Alt ↑ ↓', t.keyNext],
        ['↑', t.keyEditLast],
        ['Page ↑', t.keyMessages],
        ['Esc', t.keyEscape],
        [`${command} B · I · E`, t.keyMarks],
    ];
    return (
        <div className="@container">
            <dl className="grid items-baseline gap-x-4 gap-y-2 text-sm @min-[16rem]:grid-cols-[auto_1fr]">
                {keys.map(([key, what]) => (
                    <div key={key} className="contents">
                        <dt>
                            <kbd className="rounded-md border border-edge px-1.5 py-0.5 text-xs whitespace-nowrap">
                                {key}
                            </kbd>
                        </dt>
                        <dd className="text-muted">{what}</dd>
                    </div>
                ))}
            </dl>
        </div>
    );
}
