import { memo } from 'react';
import { colourOf, initials, inkOn } from '@/lib/colour';
import type { Shown } from '@/protocol/types';
import { useSpeech } from '@/lib/texts';

interface Person {
    id: number;
    display_name: string;
    avatar: string | null;
}

const sizes = {
    40: 'size-10 text-sm',
    44: 'size-11 text-base',
    72: 'size-18 text-2xl',
};

export const Avatar = memo(function Avatar({
    user,
    size = 40,
    status,
}: {
    user: Person;
    size?: keyof typeof sizes;
    status?: Shown | undefined;
}) {
    const background = colourOf(user);
    return (
        <span className="relative inline-block shrink-0" data-avatar={user.id}>
            <span
                aria-hidden="true"
                className={`flex items-center justify-center rounded-full font-semibold select-none ${sizes[size]}`}
                style={{ background, color: inkOn(background) }}
            >
                {initials(user.display_name)}
            </span>
            {status && <Dot status={status} className="absolute -right-0.5 -bottom-0.5" />}
        </span>
    );
});

const colours: Record<Shown, string> = {
    online: 'bg-online',
    away: 'bg-away',
    busy: 'bg-busy',
    offline: 'bg-offline',
};

/** Whether somebody is there: a colour, a shape for who sees no colours, and a word. */
export function Dot({ status, className = '' }: { status: Shown; className?: string }) {
    const { t } = useSpeech();
    return (
        <span
            role="img"
            aria-label={t[status]}
            title={t[status]}
            data-status={status}
            className={`inline-flex size-3.5 items-center justify-center rounded-full bg-panel ${className}`}
        >
            <span
                className={`flex size-2.5 items-center justify-center rounded-full ${colours[status]}`}
            >
                {status === 'offline' && <span className="size-1 rounded-full bg-panel" />}
                {status === 'busy' && <span className="h-0.5 w-1.5 rounded-full bg-panel" />}
            </span>
        </span>
    );
}
