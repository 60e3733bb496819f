import { Check, CheckCheck, Clock, TriangleAlert } from 'lucide-react';
import { useSpeech } from '@/lib/texts';
import type { Tick } from '@/protocol/types';

/** How far one's own message has come: a sign, and a word for who sees none. */
export function TickMark({ tick }: { tick: Tick | 'sending' | 'failed' }) {
    const { t } = useSpeech();
    const words = {
        sending: t.sending,
        failed: t.failed,
        sent: t.sent,
        received: t.received,
        read: t.read,
    };
    const icons = {
        sending: Clock,
        failed: TriangleAlert,
        sent: Check,
        received: CheckCheck,
        read: CheckCheck,
    };
    const Icon = icons[tick];
    return (
        <span
            role="img"
            aria-label={words[tick]}
            title={words[tick]}
            data-tick={tick}
            className="inline-flex"
        >
            <Icon
                size={15}
                // A bolder mark, too, for who sees no colours.
                strokeWidth={tick === 'read' ? 3.25 : 2}
                className={tick === 'read' ? 'text-(--read)' : ''}
                aria-hidden="true"
            />
        </span>
    );
}
