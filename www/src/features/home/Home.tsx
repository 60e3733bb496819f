import { MessagesSquare } from 'lucide-react';
import { Link } from '@/lib/route';
import { useSpeech } from '@/lib/texts';
import { useSession } from '@/store/state';

export function Home() {
    const { t } = useSpeech();
    const name = useSession((session) => session.me?.display_name ?? '');
    return (
        <div className="scroll flex h-full flex-col items-center p-6">
            <div className="m-auto flex max-w-md flex-col items-center text-center">
                <span className="flex size-20 items-center justify-center rounded-3xl bg-chosen text-accent">
                    <MessagesSquare size={36} aria-hidden="true" />
                </span>
                <h1 className="mt-6 text-3xl font-semibold tracking-tight break-words">
                    {t.welcome(name)}
                </h1>
                <p className="mt-3 text-balance text-muted">{t.welcomeHint}</p>
                <Link
                    href="/people"
                    className="mt-6 inline-flex min-h-11 items-center rounded-lg bg-solid px-5 text-sm font-medium text-white hover:bg-solid-hover"
                >
                    {t.welcomeButton}
                </Link>
            </div>
        </div>
    );
}
