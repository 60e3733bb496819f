import { Laptop, Smartphone } from 'lucide-react';
import { useCallback, useEffect, useState } from 'react';
import { Button } from '@/components/ui/Button';
import { RowSkeletons } from '@/components/ui/Skeleton';
import { engine } from '@/lib/engine';
import { explain, useSpeech } from '@/lib/texts';
import { ago, full } from '@/lib/time';
import type { SessionInfo } from '@/protocol/types';
import { toast } from '@/store/toasts';

/** "Firefox, Linux" out of what a browser says of itself; empty when it says nothing known. */
export function deviceOf(agent: string): string {
    const find = (names: [RegExp, string][]) => names.find(([word]) => word.test(agent))?.[1];
    const browser = find([
        [/Edg\//, 'Edge'],
        [/OPR\//, 'Opera'],
        [/Firefox\//, 'Firefox'],
        [/Chrome\//, 'Chrome'],
        [/Safari\//, 'Safari'],
        [/curl\//, 'curl'],
    ]);
    const system = find([
        [/Android/, 'Android'],
        [/iPhone|iPad/, 'iOS'],
        [/Windows/, 'Windows'],
        [/Mac OS X/, 'macOS'],
        [/Linux/, 'Linux'],
    ]);
    return [browser, system].filter(Boolean).join(', ');
}

export function Sessions() {
    const speech = useSpeech();
    const { t } = speech;
    const [sessions, setSessions] = useState<SessionInfo[] | null>(null);
    const [trouble, setTrouble] = useState<string | null>(null);

    const read = useCallback(async () => {
        try {
            const answer = await engine.access.call<{ sessions: SessionInfo[] }>('/auth/sessions');
            setSessions(answer.sessions);
            setTrouble(null);
        } catch (error) {
            setTrouble(explain(error, speech));
        }
    }, [speech]);
    useEffect(() => void read(), [read]);

    async function end(session: SessionInfo) {
        try {
            await engine.access.call(`/auth/sessions/${session.id}`, { method: 'DELETE' });
            toast(t.sessionGone);
        } catch (error) {
            toast(explain(error, speech), 'bad');
        }
        await read();
    }

    if (trouble) {
        return (
            <p role="alert" className="text-sm text-danger">
                {trouble}{' '}
                <button type="button" className="underline" onClick={() => void read()}>
                    {t.retry}
                </button>
            </p>
        );
    }
    if (!sessions) return <RowSkeletons rows={2} />;
    return (
        <ul className="flex flex-col gap-2">
            {sessions.map((session) => {
                const device = deviceOf(session.user_agent) || t.unknownDevice;
                const Icon = /Mobile|Android|iPhone/.test(session.user_agent) ? Smartphone : Laptop;
                return (
                    <li
                        key={session.id}
                        className="flex flex-wrap items-center gap-3 rounded-xl border border-line px-4 py-3"
                    >
                        <Icon size={22} className="text-muted" aria-hidden="true" />
                        <div className="min-w-[min(10rem,100%)] flex-1 text-sm">
                            <p className="font-medium">
                                {device}
                                {session.current && (
                                    <span className="text-accent"> · {t.thisSession}</span>
                                )}
                            </p>
                            <p className="text-muted" title={full(session.last_used_at, speech)}>
                                {session.ip} · {t.usedAt(ago(session.last_used_at, speech))}
                            </p>
                        </div>
                        {!session.current && (
                            <Button
                                look="danger"
                                className="min-h-9 py-1"
                                aria-label={`${t.endSession}: ${device}, ${session.ip}`}
                                onClick={() => void end(session)}
                            >
                                {t.endSession}
                            </Button>
                        )}
                    </li>
                );
            })}
        </ul>
    );
}
